"""Read: an entry becomes a whole article; the page behind it is fetched where the feed asks for that.

What cannot be fetched now is tried again later; what cannot be had at all goes on with the feed's own
text, and the problem says why. An embargo that only the text names holds the article as one of the format does; where
nobody can tell until when, it is withheld, and the problem says so. A run takes half a lease and one answer's time at most: what it did not come to is
given back, and what another worker took over meanwhile is dropped.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial

from pipeline.article import Article, Status
from pipeline.errors import FetchFailed, RefusedAddress, WirewatchError
from pipeline.fetch import Response, retry_after
from pipeline.read import Page, embargo_end, needs_page, read_conventions, read_page
from pipeline.stages import boundary
from pipeline.stages.boundary import SetAside
from pipeline.stages.pages import LONGEST_REST, Plan, plan_pages
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

STAGE = "read"
AGAIN = "`wirewatch housekeeping` lets it be tried again"
"""The detail of a problem that may be over by itself."""
_NO_END = "withheld: nobody can tell when its embargo ends: `{}`"
_MOST_TOLD = 120
_TRIES = 3
_LONGEST_WAIT = timedelta(minutes=10)
_LATER = timedelta(seconds=LONGEST_REST)


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Complete the articles that wait for it; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now)
    wanted = {article.id: article for article in claimed.articles if _wants_page(services, article)}
    whole = [article for article in claimed.articles if article.id not in wanted]
    _keep(services, report, [_with_body(article) for article in whole], now=now)
    if wanted:
        _fetch(services, report, wanted, claimed.attempts, now=now)
    return report.done()


def _wants_page(services: Services, article: Article) -> bool:
    feeds = {feed.id: feed for feed in services.configuration.feeds}
    full_text = any(feeds[one].full_text for one in article.feeds if one in feeds)
    return needs_page(article, full_text=full_text)


def _fetch(
    services: Services,
    report: StageReport,
    wanted: Mapping[str, Article],
    attempts: Mapping[str, int],
    *,
    now: datetime,
) -> None:
    patience = services.settings.lease.total_seconds() / 2
    plan = plan_pages(services, wanted.values(), now=now)
    left = dict(wanted)
    with closing(_answers(services, plan)) as answers:
        for article_id, answer in answers:
            _apply(services, report, left.pop(article_id), answer, attempts[article_id], now)
            services.progress(STAGE, report.counts["read"], report.claimed)
            if report.elapsed() > patience:
                break
    if left:
        with services.store.transaction() as transaction:
            transaction.work.postpone(STAGE, services.worker, list(left), until=now + _LATER, tried=False)
        report.count(postponed=len(left))


def _answers(services: Services, plan: Plan) -> Generator[tuple[str, Response | WirewatchError], None, None]:
    yield from plan.refusals.items()
    yield from services.fetcher.many(plan.requests)


def _apply(  # noqa: PLR0913 - one answer and what surrounds it
    services: Services,
    report: StageReport,
    article: Article,
    answer: Response | WirewatchError,
    attempts: int,
    now: datetime,
) -> None:
    if isinstance(answer, Response) and answer.status != 200:
        answer = _refusal(answer, now)
    if isinstance(answer, FetchFailed) and (wait := _wait(answer, attempts)):
        with services.store.transaction() as transaction:
            transaction.work.postpone(STAGE, services.worker, [article.id], until=now + wait)
        report.count(postponed=1)
        return
    page = answer if isinstance(answer, WirewatchError) else boundary.attempt(partial(_page, answer), article.id)
    if isinstance(page, Page):
        report.count(fetched=1)
        _keep(services, report, [_with_page(article, page)], now=now)
    else:
        reason = page.reason if isinstance(page, SetAside) else str(page)
        detail = AGAIN if isinstance(page, FetchFailed) else ""
        _keep(services, report, [_with_body(article)], now=now, problem=reason, detail=detail)


def _refusal(answer: Response, now: datetime) -> WirewatchError:
    if answer.status == 429 or answer.status >= 500:
        wait = retry_after(answer.headers, now)
        return FetchFailed(f"the page answered {answer.status}", status=answer.status, retry_after=wait)
    return RefusedAddress(f"the page answered {answer.status}")


def _wait(failure: FetchFailed, attempts: int) -> timedelta | None:
    """Return how long to wait for another try; None if that would take too long for news, or was tried often enough."""
    asked = timedelta(seconds=failure.retry_after or 0.0)
    if attempts + 1 >= _TRIES or asked > _LONGEST_WAIT:
        return None
    return max(asked, boundary.back_off(attempts))


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


def _attempted(article: Article) -> tuple[Article, str | None]:
    noted = boundary.attempt(partial(_noted, article), article.id)
    return (article, noted.reason) if isinstance(noted, SetAside) else noted


def _noted(article: Article) -> tuple[Article, str | None]:
    """Return the article with what the notes in its text say, which is weaker than what its format says, and a problem with them."""
    notes = read_conventions(article.body, headline=article.headline)
    if notes.corrected and article.status is Status.USABLE:
        article = article.changed(status=Status.CORRECTED)
    if not notes.embargo or article.embargo_until or article.status is Status.KILLED:
        return article, None
    until = embargo_end(notes.embargo, received=article.timestamp, language=article.language)
    if until is None:
        return article.changed(status=Status.WITHHELD), _NO_END.format(notes.embargo[:_MOST_TOLD])
    return article.changed(embargo_until=until), None


def _keep(  # noqa: PLR0913 - an article and what is to be told about it
    services: Services,
    report: StageReport,
    articles: list[Article],
    *,
    now: datetime,
    problem: str | None = None,
    detail: str = "",
) -> None:
    if not articles:
        return
    noted = {article.id: _attempted(article) for article in articles}
    with services.store.transaction() as transaction:
        mine = transaction.work.finish(STAGE, services.worker, list(noted))
        transaction.articles.save(*(article for article, _ in noted.values() if article.id in mine))
        told = {one: [said for said in (problem, noted[one][1]) if said] for one in sorted(mine)}
        for article_id, reasons in told.items():
            for reason in reasons:
                about = detail if reason == problem else ""
                transaction.problems.record(STAGE, f"article:{article_id}", reason, detail=about, now=now)
        transaction.work.add(mine, "dedup", now=now)
    report.count(read=len(mine), problems=sum(map(len, told.values())))
