"""Read: an entry becomes a whole article; the page behind it is fetched where the feed asks for that.

What cannot be fetched now is tried again later; what cannot be had at all goes on with the feed's own
text, and the problem says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from pipeline.article import Article
from pipeline.errors import FetchFailed, RefusedAddress, WirewatchError
from pipeline.fetch import PAGE_ACCEPT, Request, Response
from pipeline.read import Page, needs_page, read_page
from pipeline.stages import boundary
from pipeline.stages.boundary import SetAside
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

STAGE = "read"
_TRIES = 3


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Complete the articles that wait for it; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now)
    wanted = {article.id: article for article in claimed.articles if _wants_page(services, article)}
    whole = [article for article in claimed.articles if article.id not in wanted]
    _keep(services, report, [_with_body(article) for article in whole], now=now)
    for article_id, answer in _answers(services, wanted, now):
        _apply(services, report, wanted[article_id], answer, claimed.attempts[article_id], now)
        services.progress(STAGE, report.counts["read"], report.claimed)
    return report.done()


def _wants_page(services: Services, article: Article) -> bool:
    feeds = {feed.id: feed for feed in services.configuration.feeds}
    full_text = any(feeds[one].full_text for one in article.feeds if one in feeds)
    return needs_page(article, full_text=full_text)


def _answers(
    services: Services, wanted: dict[str, Article], now: datetime
) -> Iterator[tuple[str, Response | WirewatchError]]:
    local = {feed.id for feed in services.configuration.feeds if feed.local}
    requests: dict[str, Request] = {}
    for article in wanted.values():
        request = Request(url=str(article.url), local=not local.isdisjoint(article.feeds), accept=PAGE_ACCEPT)
        try:
            if services.robots.allowed(request.url, now=now, local=request.local):
                requests[article.id] = request
            else:
                yield article.id, RefusedAddress("robots.txt asks to leave this page alone", subject=request.url)
        except WirewatchError as error:
            yield article.id, error
    yield from services.fetcher.many(requests)


def _apply(  # noqa: PLR0913 - one answer and what surrounds it
    services: Services,
    report: StageReport,
    article: Article,
    answer: Response | WirewatchError,
    attempts: int,
    now: datetime,
) -> None:
    if isinstance(answer, Response) and (answer.status == 429 or answer.status >= 500):
        answer = FetchFailed(f"the server answered {answer.status}", subject=article.url, status=answer.status)
    if isinstance(answer, FetchFailed) and attempts + 1 < _TRIES:
        with services.store.transaction() as transaction:
            until = now + boundary.back_off(attempts)
            transaction.work.postpone(STAGE, services.worker, [article.id], until=until)
        report.count(postponed=1)
        return
    if isinstance(answer, Response) and answer.status != 200:
        answer = RefusedAddress(f"the page answered {answer.status}", subject=article.url)
    if isinstance(answer, WirewatchError):
        _keep(services, report, [_with_body(article)], now=now, problem=str(answer))
        return
    page = boundary.attempt(partial(_page, answer), article.id)
    if isinstance(page, SetAside):
        _keep(services, report, [_with_body(article)], now=now, problem=page.reason)
    else:
        report.count(fetched=1)
        _keep(services, report, [_with_page(article, page)], now=now)


def _page(answer: Response) -> Page:
    return read_page(answer.body, url=answer.url, content_type=answer.content_type)


def _with_page(article: Article, page: Page) -> Article:
    if len(page.body) <= len(article.body or article.summary):
        return _with_body(article)
    return article.changed(
        body=page.body,
        headline=article.headline or page.headline or "",
        byline=article.byline or page.byline,
        published=article.published or page.published,
        language=article.language or page.language,
        complete=True,
    )


def _with_body(article: Article) -> Article:
    return article if article.body else article.changed(body=article.summary)


def _keep(
    services: Services, report: StageReport, articles: list[Article], *, now: datetime, problem: str | None = None
) -> None:
    if not articles:
        return
    with services.store.transaction() as transaction:
        mine = transaction.work.finish(STAGE, services.worker, [article.id for article in articles])
        for article in articles:
            if article.id in mine:
                transaction.articles.save(article)
                if problem:
                    transaction.problems.record(STAGE, f"article:{article.id}", problem, now=now)
        transaction.work.add(mine, "dedup", now=now)
    report.count(read=len(mine), problems=len(mine) if problem else 0)
