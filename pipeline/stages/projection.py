"""The search index as a projection of the store: what belongs into it, how it is filled anew, where the two differ.

A withheld or embargoed article is in no index, nor is one of a month that the index does not keep; of a killed one only a stub is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING

from pipeline.article import Article, Status
from pipeline.stages.services import Services
from pipeline.store import Transaction

if TYPE_CHECKING:
    from pipeline.search import Rejected, Replacement

INDEX = "index"
_BATCH = 500


def is_public(article: Article, *, now: datetime) -> bool:
    """Return whether the article may be shown: it is not withheld and its embargo is over."""
    embargoed = article.embargo_until is not None and article.embargo_until > now
    return article.status is not Status.WITHHELD and not embargoed


def shown(article: Article) -> Article:
    """Return what the index gets of an article: of a killed one only the stub."""
    if article.status is not Status.KILLED:
        return article
    return article.changed(body="", summary="", subheadline=None, mentions=(), topic_evidence={})


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


def differences(
    services: Services, indexed: Iterable[tuple[str, int]], *, now: datetime
) -> Iterator[tuple[list[Article], list[str]]]:
    """Yield, batch by batch, which articles the index lacks, as they are now, and which ids it has but should not have.

    `indexed` is id and version of what it has, in the order of ids. What waits to be enriched anew is left as it is.
    """
    with services.store.reading() as transaction:
        differing = _differing(_expected(services, transaction, now), indexed)
        while batch := list(islice(differing, _BATCH)):
            with services.store.reading() as present:
                yield _settled(services, present, batch, now)


def _fill(services: Services, index: Replacement, now: datetime) -> int:
    count = 0
    with services.store.reading() as transaction:
        known = transaction.articles.counts()["articles"]
        wanted = (shown(one) for one in transaction.articles.all(enriched=True) if _belongs(services, one, now))
        while batch := list(islice(wanted, _BATCH)):
            index.write(batch)
            count += len(batch)
            services.progress("reindex", count, known)
    services.progress("reindex", count, count)
    return count


def _catch_up(services: Services, index: Replacement, now: datetime) -> list[Rejected]:
    """Write what changed while the index was filled; returns what it does not take."""
    rejected: list[Rejected] = []
    for missing, gone in differences(services, index.ids(), now=now):
        rejected += index.write([shown(one) for one in missing], remove=gone)
    return rejected


def _expected(services: Services, transaction: Transaction, now: datetime) -> Iterator[tuple[str, int]]:
    """Yield id and version of every article that the index should have, in the order of ids."""
    for one in transaction.articles.outlines():
        if one.embargoed:
            whole = transaction.articles.many([one.id])
            if one.id not in whole or not is_public(whole[one.id], now=now):
                continue
        if one.status is not Status.WITHHELD and _is_kept(services, one.first_seen, now):
            yield one.id, one.version


def _differing(expected: Iterable[tuple[str, int]], indexed: Iterable[tuple[str, int]]) -> Iterator[str]:
    both = merge(((one, "store", version) for one, version in expected), ((one, "index", at) for one, at in indexed))
    for article_id, found in groupby(both, key=itemgetter(0)):
        versions = {side: version for _, side, version in found}
        if versions.get("store") != versions.get("index"):
            yield article_id


def _settled(
    services: Services, transaction: Transaction, article_ids: Collection[str], now: datetime
) -> tuple[list[Article], list[str]]:
    known = transaction.articles.many(article_ids)
    enriched = transaction.articles.enriched(article_ids)
    belong = {one for one in enriched if _belongs(services, known[one], now)}
    gone = [one for one in article_ids if one not in known or one in enriched - belong]
    return [known[one] for one in article_ids if one in belong], gone


def _belongs(services: Services, article: Article, now: datetime) -> bool:
    return is_public(article, now=now) and _is_kept(services, article.first_seen, now)


def _is_kept(services: Services, first_seen: datetime, now: datetime) -> bool:
    """Return whether the article is of a month that the index keeps."""
    keep = services.settings.index_retention
    if keep is None:
        return True
    return first_seen >= (now - keep).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
