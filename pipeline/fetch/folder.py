"""Feeds that are folders: agencies deliver files, and each file is read once.

Only regular files lying directly in the folder count; links, devices and sub-folders do not, nor hidden files, nor those
whose ending says that they are still being written. The cursor names the files already read by their name, size, time and
inode, and not by a point in time: a file moved in with an old date is not missed, and a clock set back does no harm.
"""

from __future__ import annotations

import base64
import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.errors import FetchFailed, RefusedAddress, TooLarge, WirewatchError
from pipeline.fetch.exchange import Limits

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".writing", ".lock", "~")
_SETTLED = timedelta(seconds=2)
_MARK = 8
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file as it was delivered; with a `problem` there is no `data`. `modified` is aware UTC."""

    name: str
    data: bytes
    modified: datetime
    problem: WirewatchError | None = None


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    size: int
    modified_ns: int
    inode: int

    @property
    def mark(self) -> bytes:
        words = f"{self.size}:{self.modified_ns}:{self.inode}:".encode() + os.fsencode(self.name)
        return blake2b(words, digest_size=_MARK).digest()

    @property
    def shown(self) -> str:
        return os.fsencode(self.name).decode("utf-8", "replace")


def folder_path(url: str) -> Path:
    """Return the folder that `url`, such as `file:///var/wire`, means; raises `RefusedAddress` for anything else."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.startswith("/") or "\0" in path:
        raise RefusedAddress(
            f"`{url}` names no folder of this machine", hint="write `file:///path/to/folder`", subject=url
        )
    return Path(path)


class FolderReading(Iterator[FolderFile]):
    """The files of a folder not read before, the oldest first; `cursor` then says what has been read.

    At most `max_files` come, not counting those that cannot be opened: they would stand in the way of all others.
    """

    def __init__(self, path: Path, listed: list[_Listed], since: str | None, limits: Limits, max_files: int) -> None:
        seen = _marks(since)
        self._path = path
        self._limits = limits
        self._read = {file.mark for file in listed} & seen
        self._waiting = deque(file for file in listed if file.mark not in seen)
        self._room = max_files

    @property
    def cursor(self) -> str:
        """What to hand in as `since` the next time: all files handed out so far, those of earlier times included."""
        return base64.b64encode(b"".join(sorted(self._read))).decode("ascii")

    @property
    def waiting(self) -> int:
        """How many files have not been handed out."""
        return len(self._waiting)

    def __next__(self) -> FolderFile:
        while self._room and self._waiting:
            listed = self._waiting.popleft()
            file = _read(self._path, listed, self._limits.wire_bytes)
            if file is not None:
                if not isinstance(file.problem, FetchFailed):
                    self._read.add(listed.mark)
                    self._room -= 1
                return file
        raise StopIteration


def read_folder(
    path: Path, *, since: str | None, limits: Limits, max_files: int, now: datetime | None = None
) -> FolderReading:
    """Return the files in `path` that are not in the cursor `since`, at most `max_files`; what is left comes next time.

    A file larger than `limits.wire_bytes` comes with a `TooLarge` problem, once; one that cannot be opened with a
    `FetchFailed` problem, each time. Files that change while they are read, or changed within the two seconds before
    `now`, wait for the next time. Raises `FetchFailed` if the folder cannot be read.
    """
    try:
        with os.scandir(path) as entries:
            listed = [file for entry in entries if (file := _listed(entry)) is not None]
    except OSError as error:
        hint = "the path must be a folder that this user may read"
        raise FetchFailed(
            f"the folder `{path}` cannot be read: {error.strerror}", hint=hint, subject=str(path)
        ) from error
    if now is not None:
        since_ns, now_ns = ((moment.timestamp()) * 1e9 for moment in (now - _SETTLED, now))
        listed = [file for file in listed if not since_ns < file.modified_ns <= now_ns]
    return FolderReading(path, sorted(listed, key=lambda file: (file.modified_ns, file.name)), since, limits, max_files)


def _listed(entry: os.DirEntry[str]) -> _Listed | None:
    if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
        return None
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return _Listed(entry.name, found.st_size, found.st_mtime_ns, found.st_ino)


def _read(folder: Path, listed: _Listed, limit: int) -> FolderFile | None:
    """Return the file, or None if it is no more what was listed."""
    modified = datetime.fromtimestamp(listed.modified_ns // 1_000_000_000, UTC)
    shown = f"{folder}/{listed.shown}"
    if listed.size > limit:
        problem = TooLarge(f"the file `{shown}` is larger than {limit:,} bytes", subject=shown)
        return FolderFile(listed.shown, b"", modified, problem)
    try:
        data = _stable_bytes(folder / listed.name, listed)
    except FileNotFoundError:
        return None
    except OSError as error:
        failed = FetchFailed(f"the file `{shown}` cannot be read: {error.strerror}", subject=shown)
        return FolderFile(listed.shown, b"", modified, failed)
    return None if data is None else FolderFile(listed.shown, data, modified)


def _stable_bytes(path: Path, listed: _Listed) -> bytes | None:
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        before = os.fstat(file.fileno())
        if (before.st_ino, before.st_size, before.st_mtime_ns) != (listed.inode, listed.size, listed.modified_ns):
            return None
        data = file.read(listed.size + 1)
        after = os.fstat(file.fileno())
    is_same = len(data) == listed.size and after.st_mtime_ns == listed.modified_ns
    return data if is_same else None


def _marks(cursor: str | None) -> frozenset[bytes]:
    """Return the marks in a cursor; one that is damaged counts as empty, so that nothing is missed."""
    try:
        raw = base64.b64decode(cursor or "", validate=True)
    except ValueError:
        return frozenset()
    return frozenset(raw[start : start + _MARK] for start in range(0, len(raw), _MARK))
