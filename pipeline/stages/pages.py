"""Which of the pages behind articles may be fetched now? robots.txt decides, and how long a site wants to rest between two.

All sites are asked for their robots.txt together, so that one which does not answer delays nobody but itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.article import Article
from pipeline.errors import RefusedAddress, WirewatchError
from pipeline.fetch import PAGE_ACCEPT, Request
from pipeline.stages.services import Services

LONGEST_REST = 30.0
"""Seconds that a batch waits for sites with a `Crawl-delay`, and the longest delay that is kept."""


@dataclass
class Plan:
    """Requests and refusals by article id, and the articles whose site wants a rest first."""

    requests: dict[str, Request] = field(default_factory=dict)
    refusals: dict[str, WirewatchError] = field(default_factory=dict)
    resting: list[str] = field(default_factory=list)


def plan_pages(services: Services, articles: Collection[Article], *, now: datetime) -> Plan:
    """Decide for each article's page whether it is fetched now, later or never; asks for robots.txt where needed."""
    plan, taken = Plan(), Counter[str]()
    wanted = {article.id: _request(services, article) for article in articles}
    services.robots.learn(wanted.values(), now=now)
    for article_id, request in wanted.items():
        site = urlsplit(request.url).netloc
        try:
            pause = _pause(services, request, now)
        except WirewatchError as error:
            plan.refusals[article_id] = error
            continue
        if pause and taken[site] * pause >= LONGEST_REST:
            plan.resting.append(article_id)
        else:
            taken[site] += 1
            plan.requests[article_id] = Request(request.url, local=request.local, accept=request.accept, pause=pause)
    return plan


def _request(services: Services, article: Article) -> Request:
    local = {feed.id for feed in services.configuration.feeds if feed.local}
    return Request(url=str(article.url), local=not local.isdisjoint(article.feeds), accept=PAGE_ACCEPT)


def _pause(services: Services, request: Request, now: datetime) -> float:
    """Return the seconds that the site wants between two requests; raises if the page must not be fetched now."""
    if not services.robots.allowed(request.url, now=now, local=request.local):
        raise RefusedAddress("robots.txt asks to leave this page alone", subject=request.url)
    delay = services.robots.crawl_delay(request.url, now=now, local=request.local)
    return min(max(delay or 0.0, 0.0), LONGEST_REST)
