"""Upkeep: how things stand; repair the projection, forget what is too old, try again what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.config import Feed
from pipeline.feed_state import FeedState
from pipeline.stages import health, journal, projection, read
from pipeline.stages.chain import STAGES
from pipeline.stages.feed_health import tell_of_feeds
from pipeline.stages.projection import INDEX, differences
from pipeline.stages.retention import forget_articles, forget_problems
from pipeline.stages.services import Services
from pipeline.store import Problem, Store, Transaction

if TYPE_CHECKING:
    from pipeline.search import Replacement

_STILL_NEWS, _PAUSE, _TRIES_AGAIN = timedelta(days=3), timedelta(hours=1), 3

_REMEMBERED = ("last_polled", "last_success", "last_changed", "next_poll", "last_status", "last_error", "retired")


def condition(transaction: Transaction, configured: Sequence[Feed]) -> dict[str, Any]:
    """Return how things stand: counts, what waits in each stage, the outbox, and every feed that is configured or was polled."""
    waiting = transaction.work.waiting()
    states, articles = transaction.feeds.states(), transaction.articles.by_feed()
    by_id = {feed.id: feed for feed in configured}
    return {
        "counts": transaction.articles.counts() | {"open_problems": transaction.problems.count()},
        "waiting": {stage: vars(waiting[stage]) for stage in STAGES if stage in waiting},
        "outbox": transaction.ledger.outbox(),
        "feeds": [
            _feed(one, by_id.get(one), states.get(one), articles.get(one, 0)) for one in sorted({*by_id, *states})
        ],
    }


def _feed(feed_id: str, feed: Feed | None, state: FeedState | None, articles: int) -> dict[str, Any]:
    known = {name: getattr(state, name, None) for name in _REMEMBERED}
    return {
        "feed": feed_id,
        "url": state.url if state else feed.url if feed else None,
        "configured": feed is not None,
        "enabled": feed.enabled if feed else False,
        "articles": articles,
        **known,
        "failures": state.failures if state else 0,
    }


def reindex(services: Services, fresh: Callable[[], Replacement], *, now: datetime) -> int:
    """Fill the index that `fresh` makes with the store's articles, and the journal's indices; returns how many articles."""
    count = projection.reindex(services, fresh, now=now)
    journal.rewrite(services, now=now)
    return count


def housekeeping(services: Services, *, now: datetime) -> dict[str, int]:
    """Forget what is too old, let be tried again what may go well now, tell the operators how the feeds are, repair the index.

    May be broken off anywhere and run again, also beside another. What needs the index comes last, for it may be away.
    """
    counts = {
        "problems_tried_again": retry_transient(services.store, now=now),
        "problems_forgotten": forget_problems(services.store, now=now),
        "articles_forgotten": forget_articles(services, now=now),
    }
    with services.store.transaction() as transaction:
        counts["fingerprints_forgotten"] = transaction.copies.forget(now - 2 * services.settings.dedup_window)
        counts["journal_rows_forgotten"] = transaction.journal.forget(now - services.settings.journal_retention)
    counts["bytes_given_back"] = services.store.tidy()
    arrivals, feeds = health.check(services, now=now), tell_of_feeds(services, now=now)
    counts |= {"feeds_ailing": feeds.counts["ailing"], "mails": arrivals.counts["told"] + feeds.counts["told"]}
    return counts | _repair(services, now=now)


def _repair(services: Services, *, now: datetime) -> dict[str, int]:
    outlived = services.index.tidy(now=now, keep=services.settings.index_retention)
    if services.journal_index:
        services.journal_index.tidy(now=now, keep=services.settings.journal_retention)
    again = strays = 0
    for missing, gone in differences(services, services.index.ids(), now=now):
        if gone:
            services.index.write([], remove=gone)
        with services.store.transaction() as transaction:
            transaction.work.add([one.id for one in missing], INDEX, now=now)
        again, strays = again + len(missing), strays + len(gone)
    return {
        "articles_to_index_again": again,
        "strays_removed": strays,
        "articles_outlived": outlived,
    }


def retry(store: Store, names: Collection[str] | None, *, now: datetime) -> int:
    """Let the subjects of problems wait for their stage again (all open ones if `names` is None); returns how many."""
    with store.transaction(wide=True) as transaction:
        chosen = [one for one in transaction.problems.latest() if names is None or one.id in names]
        _let_wait_again(transaction, chosen, now=now)
    return len(chosen)


def retry_transient(store: Store, *, now: datetime) -> int:
    """Let pages be fetched again that could not be for a reason that may be over; returns how many.

    An hour after the last try at the earliest, three times in all, and as long as the article is news. Everything else
    that was set aside waits for a person, or is tried again by its stage.
    """
    with store.transaction(wide=True) as transaction:
        chosen = transaction.problems.repeatable(
            read.AGAIN, since=now - _STILL_NEWS, before=now - _PAUSE, most=_TRIES_AGAIN
        )
        _let_wait_again(transaction, chosen, now=now)
    return len(chosen)


def _let_wait_again(transaction: Transaction, chosen: Sequence[Problem], *, now: datetime) -> None:
    states = transaction.feeds.states()
    for one in chosen:
        kind, _, subject = one.subject.partition(":")
        if kind == "article":
            transaction.work.add(set(transaction.articles.many([subject])), one.stage, now=now)
        elif kind == "feed" and subject in states:
            transaction.feeds.revive(_afresh(states[subject], now))
        elif kind == "message":
            transaction.ledger.retry([subject], now=now)
        elif kind == "journal" and (record := transaction.journal.hold(subject)):
            transaction.journal.write(record, now=now)
        transaction.problems.close(subject=one.subject, stage=one.stage)


def _afresh(state: FeedState, now: datetime) -> FeedState:
    """Return the state without what would make the feed answer that nothing is new, or a folder leave out its files."""
    return state.changed(next_poll=now, retired=None, body_hash=None, etag=None, last_modified=None)
