"""Index: the search index follows the store. It is a projection; whatever fails here can be repeated.

A withheld article is in no index, an embargoed one waits; of a killed one only a stub remains. An embedded index
that turns out to be damaged is built again from the store, beside whatever can still be read of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.article import Article
from pipeline.errors import IndexDamaged, SearchUnavailable
from pipeline.stages import boundary, journal
from pipeline.stages.projection import INDEX as STAGE
from pipeline.stages.projection import is_public, reindex, shown
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

if TYPE_CHECKING:
    from pipeline.search import Rejected

_BATCH = 500
"""So many at a time: a commit of the embedded index costs the same for one, and a server can work on several portions."""


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Index the articles that wait for it, and when none is left the journal; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now, most=_BATCH)
    if claimed.articles:
        _index(services, report, claimed.articles, now=now)
    if report.claimed < min(limit, _BATCH) and not report.stopped:
        journal.project(services, report, now=now)
    return report.done()


def _index(services: Services, report: StageReport, articles: Sequence[Article], *, now: datetime) -> None:
    public = [shown(article) for article in articles if is_public(article, now=now)]
    hidden = [article.id for article in articles if not is_public(article, now=now)]
    try:
        rejected = _write(services, report, public, hidden, now=now)
    except SearchUnavailable as error:
        boundary.give_back(services, STAGE, articles, now=now)
        report.stopped = f"{error}; {error.hint}" if error.hint else str(error)
        return
    _settle(services, report, articles, [one for one in rejected if not one.outdated], now=now)
    report.count(indexed=len(public) - len(rejected), removed=len(hidden))


def _write(
    services: Services, report: StageReport, public: Sequence[Article], hidden: Sequence[str], *, now: datetime
) -> list[Rejected]:
    try:
        return services.index.write(public, remove=hidden)
    except IndexDamaged:
        services.reopen_index()
    try:
        # Another process may have built it again in this moment.
        return services.index.write(public, remove=hidden)
    except IndexDamaged:
        if services.replacement is None:
            raise
        report.count(rebuilt=reindex(services, services.replacement, now=now))
        services.reopen_index()
    return services.index.write(public, remove=hidden)


def _settle(
    services: Services, report: StageReport, articles: Sequence[Article], refused: Sequence[Rejected], *, now: datetime
) -> None:
    embargoed = {one.id: one.embargo_until for one in articles if one.embargo_until and one.embargo_until > now}
    done = [one.id for one in articles if one.id not in embargoed]
    reasons = {one.id: one.reason for one in refused}
    with services.store.transaction() as transaction:
        mine = transaction.work.finish(STAGE, services.worker, done)
        boundary.put_off(transaction, services, STAGE, embargoed, now=now)
        for article_id in sorted(mine & reasons.keys()):
            transaction.problems.record(STAGE, f"article:{article_id}", reasons[article_id], now=now)
        transaction.problems.solved([f"article:{one}" for one in sorted(mine - reasons.keys())], STAGE)
    if lost := [one for one in done if one not in mine]:
        # Whoever took these over may have written first, and a withheld article would be in the index again.
        with services.store.transaction() as transaction:
            transaction.work.add(transaction.articles.enriched(lost), STAGE, now=now)
    report.count(finished=len(mine), problems=len(mine & reasons.keys()))
