"""What an HTML page says about its article: schema.org (JSON-LD) first, then Open Graph and meta tags, then the visible page.

Pages are written by strangers: a canonical address counts only within the site that the page came from.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from pipeline.article import unique
from pipeline.outside import one_line, web_address

_LONGEST_DATA = 500_000
_ARTICLE_TYPES = ("Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting", "PressRelease")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.date",
    "date",
    "pubdate",
)


class Tree(Protocol):
    """A parsed page."""

    def xpath(self, path: str, /) -> list[Any]:
        """Return what an XPath 1.0 expression finds."""
        ...


class Metadata:
    """Reads one parsed page; every answer is None where the page is silent."""

    def __init__(self, tree: Tree, *, url: str) -> None:
        self._tree = tree
        self._url = url
        self._article = next(_articles(tree), {})
        self._meta = _meta_tags(tree)

    def headline(self) -> str | None:
        """Return the headline without the name of the site, as far as the page tells them apart."""
        stated = _string(self._article.get("headline")) or self._meta.get("og:title")
        shown = self._first_text("//h1") or self._first_text("//title")
        return one_line(html.unescape(stated or shown or ""), limit=1_000) or None

    def byline(self) -> str | None:
        """Return the names of the authors."""
        stated = [name for name in _names(self._article.get("author")) if "@" not in name and "://" not in name]
        other = self._meta.get("author", "")
        return (
            one_line(", ".join(unique(stated)) or ("" if "://" in other or "@" in other else other), limit=300) or None
        )

    def published(self) -> datetime | None:
        """Return when the article was first published."""
        stated = [_string(self._article.get("datePublished")), *(self._meta.get(name) for name in _DATES)]
        shown = [str(moment) for moment in self._tree.xpath("//time/@datetime")[:3]]
        return next((moment for text in [*stated, *shown] if (moment := _moment(text))), None)

    def language(self) -> str | None:
        """Return the language as the page names it, unchecked."""
        found = self._tree.xpath("/html/@lang | /html/@xml:lang")
        return str(found[0]) if found else _string(self._article.get("inLanguage")) or self._meta.get("og:locale")

    def canonical_url(self) -> str | None:
        """Return the page's own address, if it lies on the same site."""
        stated = [str(link) for link in self._tree.xpath("//link[@rel='canonical']/@href")[:1]]
        address = web_address((stated or [self._meta.get("og:url", "")])[0], base=self._url)
        return address if address and _site(address) == _site(self._url) else None

    def _first_text(self, path: str) -> str | None:
        found = self._tree.xpath(path)
        return " ".join("".join(found[0].itertext()).split()) if found else None


def _meta_tags(tree: Tree) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in tree.xpath("//meta[@content]")[:500]:
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        if name and tag.get("content").strip():
            tags.setdefault(name.lower(), tag.get("content").strip())
    return tags


def _articles(tree: Tree) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']")[:20]:
        text = (script.text or "")[:_LONGEST_DATA]
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            kinds = thing.get("@type")
            if any(kind in _ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield thing


def _things(data: object) -> Iterator[dict[str, Any]]:
    for thing in data if isinstance(data, list) else [data]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _names(author: object) -> list[str]:
    several = author if isinstance(author, list) else [author]
    names = [one.get("name") if isinstance(one, dict) else one for one in several]
    return [html.unescape(name).strip() for name in names if isinstance(name, str) and name.strip()]


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1900 <= moment.year <= 2199 else None


def _site(url: str) -> str:
    """Return the last two labels of the host, about what one publisher owns."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
