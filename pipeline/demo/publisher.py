"""How do the outlets' web servers answer? Feeds with validators, pages, `robots.txt`, and their bad days.

A `Publisher` keeps what a server must remember: which issue is out, and how often the failing outlet has failed.
It knows no sockets; `server.py` puts it on the wire.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock

from pipeline.demo.formats import CONTENT_TYPES, render
from pipeline.demo.hostile import spoil
from pipeline.demo.pages import ROBOTS, article_page, front_page
from pipeline.demo.texts import WireFeed

FAILURES = 2


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def poll_path(feed: WireFeed) -> str:
    """The path a reader of `feed` has in its configuration; for a feed that moved, the old one."""
    return f"/{feed.id}/moved-away" if feed.behaviour == "moved" else feed.path


def document(feed: WireFeed, *, issue: int, started: datetime, base_url: str) -> bytes:
    """Return the bytes of `feed` at `issue`, spoiled if the outlet spoils them."""
    whole = render(feed, feed.at(issue), started=started, base_url=base_url)
    return spoil(whole.decode(feed.encoding), feed.behaviour, started=started).encode(feed.encoding)


class Publisher:
    """Answers for all outlets; safe to ask from many threads."""

    def __init__(self, feeds: tuple[WireFeed, ...], *, started: datetime, base_url: str) -> None:
        self._feeds = {feed.path: feed for feed in feeds if feed.format != "folder"}
        self._moved = {poll_path(feed): feed.path for feed in feeds if feed.behaviour == "moved"}
        self._outlets = {feed.id: feed for feed in feeds}
        self._started = started
        self._base_url = base_url
        self._issue = 1
        self._failed: Counter[str] = Counter()
        self._lock = Lock()

    def publish(self, issue: int) -> None:
        """Put `issue` out: feeds and pages change from the next answer on."""
        with self._lock:
            self._issue = issue

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Return the answer to a GET of `path` with the request's `headers`, whose names are in lower case."""
        if path == "/robots.txt":
            return _page(ROBOTS.encode(), "text/plain")
        if path in self._moved:
            return Answer(301, {"Location": self._base_url + self._moved[path]})
        if (feed := self._feeds.get(path)) is None:
            return self._web_page(path)
        return self._failure(feed) or self._feed(feed, headers)

    def _failure(self, feed: WireFeed) -> Answer | None:
        with self._lock:
            if feed.behaviour != "fails-twice" or self._failed[feed.id] >= FAILURES:
                return None
            self._failed[feed.id] += 1
        return Answer(503, {"Retry-After": "0", "Content-Type": "text/plain"}, b"back in a moment\n")

    def _feed(self, feed: WireFeed, headers: Mapping[str, str]) -> Answer:
        body = document(feed, issue=self._issue, started=self._started, base_url=self._base_url)
        changed = max(article.updated(self._started) for article in feed.at(self._issue)).astimezone(UTC)
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        validators = {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "no-cache"}
        if _unchanged(headers, etag, changed):
            return Answer(304, validators)
        content = {"Content-Type": f"{CONTENT_TYPES[feed.format]}; charset={feed.encoding}"}
        if feed.gzip and "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body, mtime=0)
            content |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Answer(200, validators | content, body)

    def _web_page(self, path: str) -> Answer:
        outlet, _, slug = path.removeprefix("/").partition("/")
        if (feed := self._outlets.get(outlet)) is None:
            return _page(b"<!DOCTYPE html><title>404</title><p>not found</p>", status=404)
        if not slug:
            return _page(front_page(feed, base_url=self._base_url))
        for article in feed.at(self._issue):
            if article.slug == slug:
                return _page(article_page(feed, article, started=self._started, base_url=self._base_url))
        return _page(b"<!DOCTYPE html><title>404</title><p>not found</p>", status=404)


def _page(body: bytes, content_type: str = "text/html", *, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": f"{content_type}; charset=utf-8"}, body)


def _unchanged(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """RFC 9110, 13.1.3: `If-None-Match` makes `If-Modified-Since` count for nothing."""
    if (wanted := headers.get("if-none-match")) is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return etag in tags or "*" in tags
    try:
        return parsedate_to_datetime(headers["if-modified-since"]) >= changed
    except (KeyError, ValueError, TypeError):
        return False
