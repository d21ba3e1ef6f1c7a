"""What the journal says of a poll and of an alert, and how it gets into small search indices of its own, for dashboards.

A row is written in the transaction in which the thing happens, so that none is lost and none is told twice. The embedded
index has no use for them: there the rows are only kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from pipeline.article import Article, clean_text
from pipeline.config.models import Feed, Watch
from pipeline.errors import SearchUnavailable
from pipeline.feed_state import FeedState
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Record, Recorded, Transaction

if TYPE_CHECKING:
    from pipeline.search import Rejected

Outcome = Literal["changed", "unchanged", "failed", "gone"]
_STAGE = "index"
_BATCH = 1_000
_MOST_BATCHES = 20
"""So many in one run: alerts wait for the index stage."""
_MOST_TEXT = 1_000
_SHORTEST_REST, _LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)


def of_poll(  # noqa: PLR0913 - a poll is these things
    feed: Feed,
    state: FeedState,
    outcome: Outcome,
    *,
    now: datetime,
    seconds: float | None = None,
    delays: Sequence[float] = (),
    **counts: int,
) -> Record:
    """Return the row of a poll; `state` is the feed's after it, `seconds` what the answer took, `counts` what it brought.

    `delays` are how late new articles came, in seconds.
    """
    told = {
        "feeds": feed.id,
        "source": {"id": feed.source or feed.id, "name": feed.source_name or feed.name},
        "outcome": outcome,
        "status": state.last_status if feed.url.startswith("http") else None,
        "failures": state.failures or None,
        "error": clean_text(state.last_error)[:_MOST_TEXT] if state.last_error else None,
        "seconds": None if seconds is None else round(seconds, 3),
        "delay_seconds": round(median(delays), 3) if delays else None,
        "worst_delay_seconds": round(max(delays), 3) if delays else None,
        **{name: count or None for name, count in counts.items()},
    }
    return Record(f"{feed.id}@{now.isoformat()}", "polls", now, _without_gaps(told))


def delays(articles: Collection[Article], *, now: datetime) -> list[float]:
    """Return how many seconds after their publication the articles came; one that is dated ahead came at once."""
    return [max(0.0, (now - one.published).total_seconds()) for one in articles if one.published]


def of_alert(alert: Recorded, watch: Watch, article: Article, *, recipients: int) -> Record:
    """Return the row of an alert that was raised just now. Who gets it is not told, only how many."""
    told = {
        "id": alert.id,
        "watches": watch.id,
        "watch_name": watch.name,
        "article_id": article.id,
        "story_id": alert.story_id,
        "headline": article.headline[:_MOST_TEXT],
        "url": article.url,
        "source": {"id": article.source.id, "name": article.source.name},
        "feeds": list(article.feeds) or None,
        "agency": article.agency,
        "language": article.language,
        "topics": list(article.topics) or None,
        "why": [f"{name}: {value}" for name, values in alert.reasons.items() for value in _each(values)],
        "published": article.timestamp.isoformat(),
        "lag_seconds": alert.lag_seconds,
        "recipients": recipients,
        "reached": 0,
        "state": "waiting",
    }
    return Record(alert.id, "alerts", alert.created, _without_gaps(told))


def tell_delivery(transaction: Transaction, alert_id: str | None, *, now: datetime) -> None:
    """Write into the alert's row what has become of its messages so far; a digest has no row, nor have the oldest alerts."""
    record = transaction.journal.hold(alert_id) if alert_id else None
    if record is None:
        return
    deliveries = transaction.ledger.deliveries([record.id])
    sent = [one.sent for one in deliveries if one.sent]
    waiting = any(one.state == "waiting" for one in deliveries)
    told: dict[str, Any] = {"reached": len(sent), "state": "sent" if sent else "waiting" if waiting else "refused"}
    if sent:
        told["sent"] = min(sent).isoformat()
        if (lag := record.document.get("lag_seconds")) is not None:
            told["sent_lag_seconds"] = round(lag + max((min(sent) - record.at).total_seconds(), 0.0), 3)
    transaction.journal.write(replace(record, document={**record.document, **told}), now=now)


def project(services: Services, report: StageReport, *, now: datetime) -> None:
    """Put the rows that wait into the search index, if it is one that takes them; safe to run again and side by side."""
    for _ in range(_MOST_BATCHES if services.journal_index else 0):
        with services.store.transaction() as transaction:
            records = transaction.journal.claim(services.worker, limit=_BATCH, now=now, lease=services.settings.lease)
        if not records or not _projected(services, report, records, now=now):
            return


def rewrite(services: Services, *, now: datetime) -> int:
    """Build the indices of the journal anew from the store, if there are any; returns how many rows they have."""
    if services.journal_index is None:
        return 0
    with services.store.reading() as transaction:
        count, rejected = services.journal_index.rebuild(transaction.journal.all())
    with services.store.transaction() as transaction:
        _note(transaction, rejected, now=now)
    return count


def _projected(services: Services, report: StageReport, records: list[Record], *, now: datetime) -> bool:
    assert services.journal_index is not None
    try:
        rejected = [one for one in services.journal_index.write(records) if not one.outdated]
    except SearchUnavailable as error:
        rest = min(max((now - records[0].at) / 10, _SHORTEST_REST), _LONGEST_REST)
        with services.store.transaction() as transaction:
            transaction.journal.rest(services.worker, until=now + rest)
        report.stopped = f"{error}; {error.hint}" if error.hint else str(error)
        return False
    with services.store.transaction() as transaction:
        transaction.journal.finish(records)
        _note(transaction, rejected, now=now)
    report.count(journal=len(records) - len(rejected), problems=len(rejected))
    return True


def _note(transaction: Transaction, rejected: Collection[Rejected], *, now: datetime) -> None:
    for refusal in rejected:
        transaction.problems.record(_STAGE, f"journal:{refusal.id}", refusal.reason, now=now)


def _each(values: object) -> list[object]:
    return [one for one in (values if isinstance(values, list | tuple) else [values]) if one]


def _without_gaps(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
