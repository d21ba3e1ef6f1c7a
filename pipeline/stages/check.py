"""Does a feed work? Fetches it once, with the guards and limits of a poll, and keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipeline.config.models import Feed
from pipeline.errors import FetchFailed, Unreadable, WirewatchError
from pipeline.fetch import Fetcher, Limits, Request, Response, folder_path, read_folder
from pipeline.stages import boundary
from pipeline.stages.answers import Answer, read_answer, read_files
from pipeline.stages.boundary import SetAside


@dataclass(frozen=True)
class Finding:
    """What a feed gave. `problem` is why it does not work, or what is odd although it works."""

    feed_id: str
    url: str
    entries: int = 0
    format: str | None = None
    newest: datetime | None = None
    full_text: int = 0
    moved_to: str | None = None
    problem: str | None = None

    @property
    def works(self) -> bool:
        """Whether entries came."""
        return self.entries > 0


def check(fetcher: Fetcher, feeds: Sequence[Feed], *, limits: Limits, limit: int) -> Iterator[Finding]:
    """Fetch each feed and say what was found, as answers come in."""
    remote: dict[int, Request] = {}
    for number, feed in enumerate(feeds):
        if feed.url.startswith("file:"):
            yield _folder(feed, limits=limits, limit=limit)
        else:
            remote[number] = Request(url=feed.url, local=feed.local)
    for number, answer in fetcher.many(remote):
        yield _judged(feeds[number], answer, limit)


def _folder(feed: Feed, *, limits: Limits, limit: int) -> Finding:
    try:
        files = read_folder(folder_path(feed.url), since=None, limits=limits, max_files=limit)
    except WirewatchError as error:
        return _failed(feed, error)
    return _finding(feed, read_files(files, limit=limit))


def _judged(feed: Feed, answer: Response | WirewatchError, limit: int) -> Finding:
    if isinstance(answer, WirewatchError):
        return _failed(feed, answer)
    if answer.status != 200:
        return _failed(feed, FetchFailed(f"the server answered {answer.status}"))
    reading = boundary.attempt(partial(read_answer, answer, None, limit=limit), feed.id)
    if isinstance(reading, SetAside):
        return _failed(feed, Unreadable(reading.reason, hint=reading.detail))
    return _finding(feed, reading)


def _failed(feed: Feed, error: WirewatchError) -> Finding:
    return Finding(feed.id, feed.url, problem=f"{error} ({error.hint})" if error.hint else str(error))


def _finding(feed: Feed, answer: Answer) -> Finding:
    dates = [entry.published for entry in answer.entries if entry.published]
    problems = list(answer.problems)
    if answer.moved_to and answer.moved_to != feed.url:
        problems.append(f"moved for good to {answer.moved_to}")
    if not answer.entries and not problems:
        problems.append("no entries")
    return Finding(
        feed.id,
        feed.url,
        entries=len(answer.entries),
        format=answer.format,
        newest=max(dates, default=None),
        full_text=sum(entry.complete for entry in answer.entries),
        moved_to=answer.moved_to,
        problem="; ".join(problems) or None,
    )
