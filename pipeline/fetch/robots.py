"""What may be fetched from a site, by its robots.txt (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from pipeline.errors import FetchFailed, TooLarge
from pipeline.fetch.exchange import Request
from pipeline.fetch.fetcher import Fetcher
from pipeline.fetch.guard import check_url

_KEPT = timedelta(hours=24)
_KEPT_FAILURE = timedelta(minutes=10)
_MAX_SITES = 4096
_MAX_BYTES = 512_000  # RFC 9309 2.5: at least 500 KiB must be read
_AGENT_LINE = re.compile(r"[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Site:
    asked: datetime
    rules: Protego | None
    failure: str | None = None

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.asked < (_KEPT_FAILURE if self.failure else _KEPT)


class Robots:
    """The rules of the sites asked so far, each kept for 24 hours.

    A site without robots.txt (4xx) allows everything. One that does not answer, or answers 5xx, allows nothing until it
    can be asked again: `FetchFailed` says when in `retry_after`.
    """

    def __init__(self, fetcher: Fetcher, user_agent: str) -> None:
        self._fetcher = fetcher
        self._product = re.split(r"[/\s]", user_agent, maxsplit=1)[0].lower()
        self._sites: dict[tuple[str, bool], _Site] = {}

    def allowed(self, url: str, *, now: datetime, local: bool = False) -> bool:
        """Tell whether `url` may be fetched. Raises `FetchFailed`, or `RefusedAddress` as the fetcher does."""
        rules = self._rules(url, now, local=local)
        return rules is None or rules.can_fetch(url, self._product)

    def crawl_delay(self, url: str, *, now: datetime, local: bool = False) -> float | None:
        """Return the seconds that the site wants between two requests, if it says so. Raises as `allowed` does."""
        rules = self._rules(url, now, local=local)
        return None if rules is None else rules.crawl_delay(self._product)

    def _rules(self, url: str, now: datetime, *, local: bool) -> Protego | None:
        address = str(check_url(url, local=local).join("/robots.txt"))
        site = self._sites.get((address, local))
        if site is None or not site.is_fresh(now):
            site = self._ask(address, now, local=local)
            self._remember((address, local), site, now)
        if site.failure:
            wait = (site.asked + _KEPT_FAILURE - now).total_seconds()
            hint = "without it the site's pages are not fetched; it is asked again later"
            raise FetchFailed(f"`{address}` gave no answer: {site.failure}", hint=hint, subject=url, retry_after=wait)
        return site.rules

    def _ask(self, address: str, now: datetime, *, local: bool) -> _Site:
        try:
            response = self._fetcher.get(Request(address, local=local, accept="text/plain, */*;q=0.1"))
        except TooLarge:
            # RFC 9309 2.3.1.2: too many redirects count as if there were no file
            return _Site(now, None)
        except FetchFailed as error:
            return _Site(now, None, error.message)
        if response.status >= 500 or response.status == 429:
            return _Site(now, None, f"HTTP {response.status}")
        if not 200 <= response.status < 300:
            return _Site(now, None)
        text = response.body[:_MAX_BYTES].decode("utf-8-sig", "replace")
        return _Site(now, Protego.parse("\n".join(self._relevant(text))))

    def _relevant(self, text: str) -> Iterator[str]:
        """Give all foreign agents one name: thousands of them would multiply with the rules that they share."""
        for line in text.splitlines():
            match = _AGENT_LINE.match(line)
            if match is None or (name := match[1].strip(" \t*").lower()) == "" or name in self._product:
                yield line
            else:
                yield "User-agent: -"

    def _remember(self, key: tuple[str, bool], site: _Site, now: datetime) -> None:
        if len(self._sites) >= _MAX_SITES:
            self._sites = {key: site for key, site in self._sites.items() if site.is_fresh(now)}
        if len(self._sites) >= _MAX_SITES:
            self._sites.clear()
        self._sites[key] = site
