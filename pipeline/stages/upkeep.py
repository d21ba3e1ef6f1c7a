"""Upkeep: how things stand; repair the projection, forget what is too old, try again what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline.article import Article
from pipeline.config import Feed
from pipeline.feed_state import FeedState
from pipeline.stages.chain import STAGES
from pipeline.stages.index import STAGE as INDEX
from pipeline.stages.index import is_public, shown
from pipeline.stages.services import Services
from pipeline.store import Store, Transaction

if TYPE_CHECKING:
    from pipeline.search import Rejected, Replacement

_BATCH = 500
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
    """Fill the index that `fresh` makes with every enriched article of the store, and put it into use; returns how many.

    Articles that change meanwhile are not lost: those that cannot have been seen are written in a second pass.
    """
    index = fresh()
    try:
        count = _fill(services, index, now)
        rejected = _catch_up(services, index, now)
        index.adopt()
    finally:
        index.close()
    with services.store.transaction() as transaction:
        for refusal in rejected:
            transaction.problems.record(INDEX, f"article:{refusal.id}", refusal.reason, now=now)
    return count - len(rejected)


def _fill(services: Services, index: Replacement, now: datetime) -> int:
    count = 0
    with services.store.reading() as transaction:
        known = transaction.articles.counts()["articles"]
        wanted = (shown(one) for one in transaction.articles.all(enriched=True) if _belongs(services, one, now))
        while batch := list(islice(wanted, _BATCH)):
            index.write(batch)
            count += len(batch)
            services.progress("reindex", count, known)
    return count


def _catch_up(services: Services, index: Replacement, now: datetime) -> list[Rejected]:
    """Write what changed while the index was filled; returns what it does not take."""
    indexed = dict(index.ids())
    with services.store.reading() as transaction:
        stored = _versions(services, transaction, now)
        wrong = [one for one, version in stored.items() if indexed.get(one) != version]
        rejected: list[Rejected] = []
        for start in range(0, len(wrong), _BATCH):
            batch = transaction.articles.many(wrong[start : start + _BATCH]).values()
            rejected += index.write([shown(one) for one in batch])
    if stray := [one for one in indexed if one not in stored]:
        index.write([], remove=stray)
    return rejected


def _versions(services: Services, transaction: Transaction, now: datetime) -> dict[str, int]:
    """Return id and version of every article that the index should have."""
    everything = transaction.articles.all(enriched=True)
    return {one.id: one.version for one in everything if _belongs(services, one, now)}


def _belongs(services: Services, article: Article, now: datetime) -> bool:
    """Return whether the article is public, and of a month that the index keeps."""
    keep = services.settings.index_retention
    if keep is None:
        return is_public(article, now=now)
    oldest = (now - keep).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return is_public(article, now=now) and article.first_seen >= oldest


def housekeeping(services: Services, *, now: datetime) -> dict[str, int]:
    """Forget fingerprints that lie outside the dedup window, and let differences between store and index be repaired."""
    outlived = services.index.tidy(now=now, keep=services.settings.index_retention)
    indexed = dict(services.index.ids())
    with services.store.reading() as transaction:
        stored = _versions(services, transaction, now)
    wrong = [one for one, version in stored.items() if indexed.get(one) != version]
    stray = [one for one in indexed if one not in stored]
    if stray:
        services.index.write([], remove=stray)
    with services.store.transaction() as transaction:
        forgotten = transaction.copies.forget(now - 2 * services.settings.dedup_window)
        transaction.work.add(wrong, INDEX, now=now)
    return {
        "fingerprints_forgotten": forgotten,
        "articles_to_index_again": len(wrong),
        "strays_removed": len(stray),
        "articles_outlived": outlived,
    }


def retry(store: Store, names: Collection[str] | None, *, now: datetime) -> int:
    """Let the subjects of problems wait for their stage again (all open ones if `names` is None); returns how many."""
    with store.transaction(wide=True) as transaction:
        chosen = [one for one in transaction.problems.latest() if names is None or one.id in names]
        states = transaction.feeds.states()
        for one in chosen:
            kind, _, subject = one.subject.partition(":")
            if kind == "article":
                transaction.work.add(set(transaction.articles.many([subject])), one.stage, now=now)
            elif kind == "feed" and subject in states:
                transaction.feeds.revive(_afresh(states[subject], now))
            elif kind == "message":
                transaction.ledger.retry([subject], now=now)
            transaction.problems.close(subject=one.subject, stage=one.stage)
    return len(chosen)


def _afresh(state: FeedState, now: datetime) -> FeedState:
    """Return the state without what would make the feed answer that nothing is new, or a folder leave out its files."""
    return state.changed(next_poll=now, retired=None, body_hash=None, etag=None, last_modified=None)
