"""What may be fetched from a site, by its robots.txt (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from pipeline.errors import FetchFailed, RefusedAddress, TooLarge, WirewatchError
from pipeline.fetch.exchange import Request, Response
from pipeline.fetch.fetcher import Fetcher
from pipeline.fetch.guard import check_url

_KEPT = timedelta(hours=24)
_KEPT_FAILURE = timedelta(minutes=10)
_MAX_SITES = 4096
_MAX_BYTES = 512_000  # RFC 9309 2.5: at least 500 KiB must be read
_TIMEOUT = 10.0
_AGENT_LINE = re.compile(r"[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^#]*)", re.IGNORECASE)

_Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Site:
    asked: datetime
    rules: Protego | None
    failure: FetchFailed | RefusedAddress | None = None

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.asked < (_KEPT_FAILURE if self.failure else _KEPT)


class Robots:
    """The rules of the sites asked so far, each kept for 24 hours.

    A site without robots.txt (4xx) allows everything. One that does not answer within 10 seconds, or answers 5xx, allows
    nothing until it can be asked again: `FetchFailed` says when in `retry_after`.
    """

    def __init__(self, fetcher: Fetcher, user_agent: str) -> None:
        self._fetcher = fetcher
        self._product = re.split(r"[/\s]", user_agent, maxsplit=1)[0].lower()
        self._sites: dict[_Key, _Site] = {}

    def learn(self, requests: Iterable[Request], *, now: datetime) -> None:
        """Ask the sites of `requests` for their rules, many at a time, so that the other methods need not wait for them."""
        wanted: set[_Key] = set()
        for request in requests:
            with suppress(RefusedAddress):
                wanted.add(_key(request.url, local=request.local))
        questions = {
            (address, local): Request(address, local=local, accept="text/plain, */*;q=0.1", timeout=_TIMEOUT)
            for address, local in sorted(wanted)
            if not self._knows((address, local), now)
        }
        for key, answer in self._fetcher.many(questions):
            self._remember(key, self._site(answer, now), now)

    def allowed(self, url: str, *, now: datetime, local: bool = False) -> bool:
        """Tell whether `url` may be fetched. Raises `FetchFailed`, or `RefusedAddress` as the fetcher does."""
        rules = self._rules(url, now, local=local)
        return rules is None or rules.can_fetch(url, self._product)

    def crawl_delay(self, url: str, *, now: datetime, local: bool = False) -> float | None:
        """Return the seconds that the site wants between two requests, if it says so. Raises as `allowed` does."""
        rules = self._rules(url, now, local=local)
        return None if rules is None else rules.crawl_delay(self._product)

    def _knows(self, key: _Key, now: datetime) -> bool:
        site = self._sites.get(key)
        return site is not None and site.is_fresh(now)

    def _rules(self, url: str, now: datetime, *, local: bool) -> Protego | None:
        key = _key(url, local=local)
        if not self._knows(key, now):
            self.learn([Request(url, local=local)], now=now)
        site = self._sites[key]
        if isinstance(site.failure, RefusedAddress):
            raise RefusedAddress(site.failure.message, hint=site.failure.hint, subject=url)
        if site.failure:
            wait = (site.asked + _KEPT_FAILURE - now).total_seconds()
            hint = "without it the site's pages are not fetched; it is asked again later"
            message = f"`{key[0]}` gave no answer: {site.failure.message}"
            raise FetchFailed(message, hint=hint, subject=url, retry_after=wait)
        return site.rules

    def _site(self, answer: Response | WirewatchError, now: datetime) -> _Site:
        if isinstance(answer, (FetchFailed, RefusedAddress)):
            return _Site(now, None, answer)
        if isinstance(answer, TooLarge):
            # RFC 9309 2.3.1.2: too many redirects count as if there were no file
            return _Site(now, None)
        if isinstance(answer, WirewatchError):
            raise answer
        if answer.status >= 500 or answer.status == 429:
            return _Site(now, None, FetchFailed(f"HTTP {answer.status}", status=answer.status))
        if not 200 <= answer.status < 300:
            return _Site(now, None)
        text = answer.body[:_MAX_BYTES].decode("utf-8-sig", "replace")
        return _Site(now, Protego.parse("\n".join(self._relevant(text))))

    def _relevant(self, text: str) -> Iterator[str]:
        """Give all foreign agents one name: thousands of them would multiply with the rules that they share."""
        for line in text.splitlines():
            match = _AGENT_LINE.match(line)
            if match is None or (name := match[1].strip(" \t*").lower()) == "" or name in self._product:
                yield line
            else:
                yield "User-agent: -"

    def _remember(self, key: _Key, site: _Site, now: datetime) -> None:
        if len(self._sites) >= _MAX_SITES:
            self._sites = {key: site for key, site in self._sites.items() if site.is_fresh(now)}
        if len(self._sites) >= _MAX_SITES:
            self._sites.clear()
        self._sites[key] = site


def _key(url: str, *, local: bool) -> _Key:
    """Return the address of the rules for `url`; raises `RefusedAddress`."""
    return str(check_url(url, local=local).join("/robots.txt")), local
