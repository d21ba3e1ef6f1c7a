"""Enrich: what an article is about. A copy takes over what its original has, and keeps what it says itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pipeline.article import Article
from pipeline.stages import boundary
from pipeline.stages.boundary import SetAside
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

if TYPE_CHECKING:
    from pipeline.enrich import Enricher

STAGE = "enrich"


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Enrich the articles that wait for it; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now)
    if not claimed.articles:
        return report.done()
    results = _enriched(services.enricher, claimed.articles)
    done = {one.id: one for one in results if isinstance(one, Article)}
    with services.store.transaction(wide=True) as transaction:
        for one in results:
            if isinstance(one, SetAside):
                boundary.put_aside(transaction, services, STAGE, one, now=now)
        mine = transaction.work.finish(STAGE, services.worker, list(done))
        places = transaction.copies.places(mine)
        heads = {place.duplicate_of for place in places.values() if place.duplicate_of}
        originals = transaction.articles.many(transaction.articles.enriched(heads - mine))
        originals |= {one: done[one] for one in mine}
        whole = []
        for article_id in sorted(mine):
            original = originals.get(places[article_id].duplicate_of or "")
            whole.append(services.enricher.inherit(done[article_id], original) if original else done[article_id])
        transaction.articles.save(*whole, enriched=True)
        again = transaction.articles.enriched(transaction.copies.followers(mine) - mine)
        transaction.work.add(again, STAGE, now=now)
        transaction.problems.solved([f"article:{one}" for one in sorted(mine)], STAGE)
        for stage in ("index", "alert"):
            transaction.work.add(mine, stage, now=now)
    report.count(enriched=len(mine), followers=len(again), problems=len(results) - len(done))
    return report.done()


def _enriched(enricher: Enricher, articles: Sequence[Article]) -> list[Article | SetAside]:
    """Return each article enriched; if one fails them all, each is tried alone."""
    together = boundary.attempt(lambda: enricher.enrich(articles), articles[0].id)
    if not isinstance(together, SetAside):
        return list(together)
    return [boundary.attempt(partial(_alone, enricher, article), article.id) for article in articles]


def _alone(enricher: Enricher, article: Article) -> Article:
    return enricher.enrich([article])[0]
