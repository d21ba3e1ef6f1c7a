"""What a feed answered, read: the entries with all that must be remembered of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from pipeline.article import Entry
from pipeline.errors import WirewatchError
from pipeline.feed_state import Hints
from pipeline.fetch import FolderReading, Response
from pipeline.wires import parse


@dataclass(frozen=True)
class Answer:
    """Entries, validators and problems of one poll. `payload` is the body, where something was wrong with it."""

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
    """Return what the new files of a folder brought; a file that cannot be read is a problem of its own."""
    entries: list[Entry] = []
    problems: list[str] = []
    for file in files:
        try:
            if file.problem:
                raise file.problem
            parsed = parse(file.data, content_type=None, url=None, limit=limit)
        except WirewatchError as error:
            problems.append(f"`{file.name}`: {error}")
            continue
        entries.extend(parsed.entries)
        problems.extend(f"`{file.name}`: {one}" for one in _with_truncation(parsed.problems, parsed.truncated, limit))
    return Answer(tuple(entries), "folder", tuple(problems), unchanged=not (entries or problems), etag=files.cursor)


def _with_truncation(problems: tuple[str, ...], truncated: int, limit: int) -> tuple[str, ...]:
    if not truncated:
        return problems
    return (*problems, f"{truncated} entries over the limit of {limit} were left out")
