"""Poll: asks the feeds that are due, and keeps what they bring.

The articles of a feed, the work that waits on them and the feed's new state are one transaction: a
crash between them is not possible, and a crash before it makes the next poll bring the same again. What two
feeds of one publisher bring is kept one after the other, since both may carry the same article.
A run takes half a lease and one answer's time at most; feeds that it did not come to are given back.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from pipeline.config.models import Feed
from pipeline.errors import FetchFailed, Unreadable, WirewatchError
from pipeline.feed_state import FeedState
from pipeline.fetch import (
    Request,
    Response,
    after_failure,
    after_gone,
    after_not_modified,
    after_success,
    current,
    folder_path,
    is_due,
    read_folder,
    retry_after,
)
from pipeline.stages import boundary, journal
from pipeline.stages.answers import Answer, read_answer, read_files
from pipeline.stages.arrivals import Arrivals, by_address, identified, sort_out
from pipeline.stages.boundary import SetAside
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Record, Transaction

STAGE = "poll"
_FAILURES_TO_TELL = 3


@dataclass(frozen=True)
class _Due:
    feed: Feed
    state: FeedState


def run(services: Services, *, limit: int, now: datetime, among: Collection[str] | None = None) -> StageReport:
    """Poll up to `limit` feeds that are due (of those whose ids are `among`); safe to run again and side by side."""
    report = StageReport(STAGE, now)
    due = _claim(services, limit=limit, now=now, among=among)
    patience = services.settings.lease.total_seconds() / 2
    left = set(due)
    with closing(_answers(services, due, now=now)) as answers:
        for feed_id, answer in answers:
            left.remove(feed_id)
            _settle(services, report, due[feed_id], answer, now=now)
            services.progress(STAGE, len(due) - len(left), len(due))
            if report.elapsed() > patience:
                break
    if left:
        with services.store.transaction() as transaction:
            transaction.feeds.release(left, services.worker)
    report.claimed = len(due) - len(left)
    return report.done()


def due(services: Services, *, now: datetime) -> dict[str, str]:
    """Return the ids of the feeds that are due, each with the address that would be asked."""
    with services.store.reading() as transaction:
        states = transaction.feeds.states()
    feeds = [feed for feed in services.configuration.feeds if feed.enabled]
    known = [(feed, current(states.get(feed.id), feed, now)) for feed in feeds]
    return {feed.id: state.url for feed, state in known if is_due(state, feed, now)}


def _claim(services: Services, *, limit: int, now: datetime, among: Collection[str] | None) -> dict[str, _Due]:
    feeds = {feed.id: feed for feed in services.configuration.feeds}
    wanted = [one for one in due(services, now=now) if among is None or one in among][:limit]
    if not wanted:
        return {}
    with services.store.transaction() as transaction:
        taken = transaction.feeds.claim(wanted, services.worker, now=now, lease=services.settings.lease)
        states = transaction.feeds.states()
    known = {one: current(states.get(one), feeds[one], now) for one in taken}
    return {one: _Due(feeds[one], known[one]) for one in wanted if one in taken}


def _answers(
    services: Services, due: Mapping[str, _Due], *, now: datetime
) -> Generator[tuple[str, Answer | WirewatchError | Response], None, None]:
    requests: dict[str, Request] = {}
    for feed_id, one in due.items():
        if one.feed.url.startswith("file:"):
            yield feed_id, _folder(services, one, now=now)
        else:
            state = one.state
            requests[feed_id] = Request(
                url=state.url, etag=state.etag, last_modified=state.last_modified, local=one.feed.local
            )
    yield from services.fetcher.many(requests)


def _folder(services: Services, one: _Due, *, now: datetime) -> Answer | WirewatchError:
    limit = services.settings.feed_max_entries
    try:
        files = read_folder(
            folder_path(one.feed.url), since=one.state.etag, limits=services.limits, max_files=limit, now=now
        )
        return read_files(files, limit=limit)
    except WirewatchError as error:
        return error


def _settle(
    services: Services, report: StageReport, one: _Due, answer: Answer | WirewatchError | Response, *, now: datetime
) -> None:
    if isinstance(answer, Response) and answer.status == 200:
        read = partial(read_answer, answer, one.state.body_hash, limit=services.settings.feed_max_entries)
        reading = boundary.attempt(read, one.feed.id)
        answer = _unreadable(reading) if isinstance(reading, SetAside) else reading
    if isinstance(answer, Answer):
        kept = boundary.attempt(partial(_keep, services, report, one, answer, now=now), one.feed.id)
        if not isinstance(kept, SetAside):
            return
        answer = _unreadable(kept)
    if isinstance(answer, WirewatchError):
        _fail(services, report, one, answer, now=now, telling=not isinstance(answer, FetchFailed))
    else:
        _without_body(services, report, one, answer, now=now)


def _unreadable(one: SetAside) -> Unreadable:
    return Unreadable(one.reason, hint=one.detail)


def _keep(services: Services, report: StageReport, one: _Due, answer: Answer, *, now: datetime) -> None:
    subject = f"feed:{one.feed.id}"
    publisher = one.feed.source or one.feed.id
    with services.store.transaction(alone=f"{STAGE} {publisher}") as transaction:
        if not transaction.feeds.hold(one.feed.id, services.worker):
            return
        arrivals = _arrive(transaction, one.feed, answer, now=now)
        new, changed, problems = len(arrivals.new), len(arrivals.versions), arrivals.problems
        state = after_success(
            one.state,
            one.feed,
            changed=bool(new or changed),
            now=now,
            spread=_spread(one, now),
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_hash=answer.body_hash,
            moved_to=answer.moved_to,
            new_entries=new,
            hints=answer.hints,
            headers=answer.headers,
        )
        if answer.expired:
            state = state.changed(retired="the feed says that it has ended")
        if answer.more:
            state = state.changed(next_poll=now)
        transaction.feeds.save(state, services.worker)
        transaction.journal.write(_record(one, state, answer, arrivals, now=now), now=now)
        _close_problems(transaction, one, answer)
        for reason in (*answer.problems, *problems):
            transaction.problems.record(STAGE, subject, reason, now=now, payload=answer.payload)
    report.count(changed=int(bool(new or changed)), unchanged=int(not (new or changed)))
    report.count(new=new, versions=changed, entries=len(answer.entries), problems=len(answer.problems) + len(problems))


def _record(one: _Due, state: FeedState, answer: Answer, arrivals: Arrivals, *, now: datetime) -> Record:
    """Return what the journal says; what a feed brings at its first poll was there before, and is not late."""
    first = one.state.last_success is None
    return journal.of_poll(
        one.feed,
        state,
        "changed" if arrivals.new or arrivals.versions else "unchanged",
        now=now,
        seconds=answer.elapsed,
        delays=() if first else journal.delays(arrivals.new, now=now),
        entries=len(answer.entries),
        new=len(arrivals.new),
        versions=len(arrivals.versions),
        problems=len(answer.problems) + len(arrivals.problems),
    )


def _close_problems(transaction: Transaction, one: _Due, answer: Answer) -> None:
    """Close what is over now: all of an address, which is read anew each time; of a folder, whose files are not, its failure."""
    subject = f"feed:{one.feed.id}"
    if one.feed.url.startswith("file:"):
        if one.state.last_error:
            transaction.problems.close(subject=subject, stage=STAGE, reason=one.state.last_error)
    elif one.state.failures or not answer.unchanged:
        transaction.problems.close(subject=subject, stage=STAGE)


def _arrive(transaction: Transaction, feed: Feed, answer: Answer, *, now: datetime) -> Arrivals:
    entries = identified(feed, answer.entries)
    known = transaction.articles.received(list(entries))
    entries = by_address(feed, entries, known)
    known |= transaction.articles.received([one for one in entries if one not in known])
    arrivals = sort_out(feed, entries, known, now=now)
    transaction.articles.add(*arrivals.new)
    for article in sorted(arrivals.versions, key=lambda one: one.id):
        transaction.articles.replace(article, now=now)
    transaction.articles.seen(arrivals.contents, feed.id, now=now)
    transaction.work.restart([article.id for article in (*arrivals.new, *arrivals.versions)], "read", now=now)
    return arrivals


def _without_body(services: Services, report: StageReport, one: _Due, answer: Response, *, now: datetime) -> None:
    """Settle a 304, a 410 or another answer of no use."""
    if answer.status == 304:
        state = after_not_modified(
            one.state,
            one.feed,
            now=now,
            spread=_spread(one, now),
            etag=answer.etag,
            last_modified=answer.last_modified,
            moved_to=answer.moved_to,
            headers=answer.headers,
        )
        report.count(unchanged=1)
        record = journal.of_poll(one.feed, state, "unchanged", now=now, seconds=answer.elapsed)
        _save(services, state, record, now=now, recovered=one.state.failures > 0)
    elif answer.status == 410:
        report.count(failed=1, problems=1)
        state = after_gone(one.state, now=now)
        record = journal.of_poll(one.feed, state, "gone", now=now, seconds=answer.elapsed, problems=1)
        _save(services, state, record, problem=state.retired or "gone (HTTP 410)", now=now)
    else:
        wait = retry_after(answer.headers, now)
        error = FetchFailed(f"the server answered {answer.status}", status=answer.status, retry_after=wait)
        _fail(services, report, one, error, now=now, telling=answer.status in {401, 403, 404})


def _fail(  # noqa: PLR0913 - a failure and what surrounds it
    services: Services, report: StageReport, one: _Due, error: WirewatchError, *, now: datetime, telling: bool
) -> None:
    status, wait = (error.status, error.retry_after) if isinstance(error, FetchFailed) else (None, None)
    state = after_failure(
        one.state, reason=str(error), now=now, spread=_spread(one, now), status=status, retry_after=wait
    )
    told = telling or state.failures >= _FAILURES_TO_TELL
    report.count(failed=1, problems=int(told))
    record = journal.of_poll(one.feed, state, "failed", now=now, problems=int(told))
    _save(services, state, record, problem=str(error) if told else None, detail=error.hint or "", now=now)


def _save(  # noqa: PLR0913 - a state and what is to be told about it
    services: Services,
    state: FeedState,
    record: Record,
    *,
    now: datetime,
    problem: str | None = None,
    detail: str = "",
    recovered: bool = False,
) -> None:
    subject = f"feed:{state.feed_id}"
    with services.store.transaction() as transaction:
        kept = transaction.feeds.save(state, services.worker)
        if kept:
            transaction.journal.write(record, now=now)
        if kept and recovered:
            transaction.problems.close(subject=subject, stage=STAGE)
        if kept and problem:
            transaction.problems.record(STAGE, subject, problem, detail=detail, now=now)


def _spread(one: _Due, now: datetime) -> float:
    return Random(f"{one.feed.id} {now.isoformat()}").random()  # noqa: S311 - no secret
