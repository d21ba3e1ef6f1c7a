"""What a feed answered, read: the entries with all that must be remembered of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from pipeline.article import Entry
from pipeline.errors import FetchFailed
from pipeline.feed_state import Hints
from pipeline.fetch import FolderFile, FolderReading, Response
from pipeline.stages import boundary
from pipeline.stages.boundary import SetAside
from pipeline.wires import parse

_MOST_CLOSED = 20
_MORE_CLOSED = "more files of this folder cannot be read"


@dataclass(frozen=True)
class Answer:
    """Entries, validators and problems of one poll.

    `payload` is the body, where something was wrong with it. `more` says that a folder has files left for the next poll.
    `elapsed` is what the answer took, in seconds; a folder takes none.
    """

    entries: tuple[Entry, ...] = ()
    format: str | None = None
    problems: tuple[str, ...] = ()
    unchanged: bool = False
    expired: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None
    hints: Hints | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: bytes | None = None
    more: bool = False
    elapsed: float | None = None


def read_answer(response: Response, body_hash: str | None, *, limit: int) -> Answer:
    """Return what a 200 brought; a body that is the same as before is not parsed. Raises `Unreadable`.

    A body that could not be read in full is remembered without validators, so that it comes again.
    """
    digest = sha256(response.body).hexdigest()
    if digest == body_hash:
        return Answer(
            unchanged=True,
            etag=response.etag,
            last_modified=response.last_modified,
            body_hash=digest,
            moved_to=response.moved_to,
            headers=response.headers,
            elapsed=response.elapsed,
        )
    parsed = parse(response.body, content_type=response.content_type, url=response.url, limit=limit)
    whole = not parsed.problems
    return Answer(
        entries=parsed.entries,
        format=parsed.format,
        problems=_with_truncation(parsed.problems, parsed.truncated, limit),
        expired=parsed.expired,
        etag=response.etag if whole else None,
        last_modified=response.last_modified if whole else None,
        body_hash=digest,
        moved_to=response.moved_to,
        hints=parsed.hints,
        headers=response.headers,
        payload=None if whole else response.body,
        elapsed=response.elapsed,
    )


def read_files(files: FolderReading, *, limit: int) -> Answer:
    """Return what the new files of a folder brought, the newest first; a file that cannot be read is a problem of its own.

    It ends with the file that brings the entries to `limit`. Files that cannot be opened come again, so that a few of
    them stand for all.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    closed: list[str] = []
    delivered = 0
    for file in files:
        if isinstance(file.problem, FetchFailed):
            closed.append(f"`{file.name}`: {file.problem}")
            continue
        delivered += 1
        found, odd = _read_file(file, limit)
        entries[:0] = found
        problems.extend(f"`{file.name}`: {one}" for one in odd)
        if len(entries) >= limit:
            break
    told = (*problems, *closed[:_MOST_CLOSED], *([_MORE_CLOSED] if len(closed) > _MOST_CLOSED else []))
    more = delivered > 0 and files.waiting > 0
    return Answer(tuple(entries), "folder", told, unchanged=not (entries or told), etag=files.cursor, more=more)


def _read_file(file: FolderFile, limit: int) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries of a file and what is wrong with it."""
    if file.problem:
        return (), (str(file.problem),)
    parsed = boundary.attempt(partial(parse, file.data, content_type=None, url=None, limit=limit), file.name)
    if isinstance(parsed, SetAside):
        return (), (parsed.reason,)
    return parsed.entries, _with_truncation(parsed.problems, parsed.truncated, limit)


def _with_truncation(problems: tuple[str, ...], truncated: int, limit: int) -> tuple[str, ...]:
    if not truncated:
        return problems
    return (*problems, f"{truncated} entries over the limit of {limit} were left out")
