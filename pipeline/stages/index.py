"""Index: the search index follows the store. It is a projection; whatever fails here can be repeated.

A withheld article is in no index, an embargoed one waits; of a killed one only a stub remains.
"""

from __future__ import annotations

from datetime import datetime

from pipeline.article import Article, Status
from pipeline.errors import SearchUnavailable
from pipeline.stages import boundary
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

STAGE = "index"
_BATCH = 500
"""So many at a time: a commit of the embedded index costs the same for one, and a server can work on several portions."""


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Index the articles that wait for it; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now, most=_BATCH)
    if not claimed.articles:
        return report.done()
    public = [shown(article) for article in claimed.articles if is_public(article, now=now)]
    hidden = [article for article in claimed.articles if not is_public(article, now=now)]
    try:
        rejected = services.index.write(public, remove=[article.id for article in hidden])
    except SearchUnavailable as error:
        boundary.give_back(services, STAGE, claimed.articles, claimed.attempts, now=now)
        report.stopped = f"{error}; {error.hint}" if error.hint else str(error)
        return report.done()
    refused = [one for one in rejected if not one.outdated]
    embargoed = {article.id: article.embargo_until for article in hidden if article.embargo_until}
    with services.store.transaction() as transaction:
        done = [one.id for one in claimed.articles if not (embargoed.get(one.id) or now) > now]
        mine = transaction.work.finish(STAGE, services.worker, done)
        for article_id, until in embargoed.items():
            if until and until > now:
                transaction.work.postpone(STAGE, services.worker, [article_id], until=until)
        for refusal in refused:
            transaction.problems.record(STAGE, f"article:{refusal.id}", refusal.reason, now=now)
    report.count(indexed=len(public) - len(rejected), removed=len(hidden), problems=len(refused), finished=len(mine))
    return report.done()


def is_public(article: Article, *, now: datetime) -> bool:
    """Return whether the article may be shown: it is not withheld and its embargo is over."""
    embargoed = article.embargo_until is not None and article.embargo_until > now
    return article.status is not Status.WITHHELD and not embargoed


def shown(article: Article) -> Article:
    """Return what the index gets of an article: of a killed one only the stub."""
    if article.status is not Status.KILLED:
        return article
    return article.changed(body="", summary="", subheadline=None, mentions=(), topic_evidence={})
