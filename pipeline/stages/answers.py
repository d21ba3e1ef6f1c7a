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
from pipeline.wires import Parsed, parse

_MOST_TOLD = 20


@dataclass(frozen=True)
class Answer:
    """Entries, validators and problems of one poll.

    `payload` is the body, where something was wrong with it. `more` says that a folder has files left for the next poll.
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
    )


def read_files(files: FolderReading, *, limit: int) -> Answer:
    """Return what the new files of a folder brought, the newest first; a file that cannot be read is a problem of its own.

    It ends with the file that brings the entries to `limit`.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    delivered = 0
    for file in files:
        delivered += not isinstance(file.problem, FetchFailed)
        if file.problem:
            problems.append(f"`{file.name}`: {file.problem}")
            continue
        parsed = boundary.attempt(partial(_parse_file, file, limit), file.name)
        if isinstance(parsed, SetAside):
            problems.append(f"`{file.name}`: {parsed.reason}")
            continue
        entries[:0] = parsed.entries
        problems.extend(f"`{file.name}`: {one}" for one in _with_truncation(parsed.problems, parsed.truncated, limit))
        if len(entries) >= limit:
            break
    return Answer(
        tuple(entries),
        "folder",
        _shortened(problems),
        unchanged=not (entries or problems),
        etag=files.cursor,
        more=delivered > 0 and files.waiting > 0,
    )


def _parse_file(file: FolderFile, limit: int) -> Parsed:
    return parse(file.data, content_type=None, url=None, limit=limit)


def _shortened(problems: list[str]) -> tuple[str, ...]:
    rest = len(problems) - _MOST_TOLD
    return (*problems[:_MOST_TOLD], f"{rest} more problems with files of this folder") if rest > 0 else (*problems,)


def _with_truncation(problems: tuple[str, ...], truncated: int, limit: int) -> tuple[str, ...]:
    if not truncated:
        return problems
    return (*problems, f"{truncated} entries over the limit of {limit} were left out")
