"""RSS, Atom and RDF by feedparser, which forgives much; what it cannot know is prepared for it in `repair`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta, tzinfo
from typing import Any

import feedparser

from pipeline.article import unique
from pipeline.errors import Unreadable
from pipeline.feed_state import Hints
from pipeline.outside import language_tag, web_address
from pipeline.wires.dates import zone_of
from pipeline.wires.items import Item, Markup, Surroundings, entries_of, media_topic
from pipeline.wires.markup import line_of
from pipeline.wires.parsed import Parsed
from pipeline.wires.repair import Document, repaired

ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_CONFUSION = (ValueError, KeyError, AttributeError, TypeError, IndexError, AssertionError, RecursionError, LookupError)
_DAYS = {name: day for day, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_TOMBSTONE = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?deleted-entry\b([^<>]{1,4000})>")
_REFERENCE = re.compile(r"\bref\s*=\s*[\"']([^\"']{1,2000})[\"']")
_WHEN = re.compile(r"\bwhen\s*=\s*[\"']([^\"']{1,80})[\"']")
_WRITERS = frozenset({"author", "reporter", "writer", "journalist"})


def parse_syndication(document: Document, *, url: str | None, limit: int) -> Parsed:
    """Return what a feed document says; a broken one gives what stands before the break."""
    ready = repaired(document, limit=limit)
    result = _feedparser(ready.text)
    feed: dict[str, Any] = result["feed"]
    around = Surroundings(url or web_address(_text(feed, "link")), _text(feed, "language"), _zone(feed))
    items = [_item(entry) for entry in result["entries"][:limit]]
    entries, problems = entries_of([*items, *_killed(ready.text)], around)
    return Parsed(
        format=_format(document, result.get("version") or ""),
        title=line_of(_text(feed, "title") or ""),
        language=language_tag(around.language),
        entries=entries,
        hints=_hints(feed, ready.text),
        problems=(*_breaks(ready, result, len(items)), *problems),
        truncated=ready.truncated,
    )


def _feedparser(text: str) -> dict[str, Any]:
    # A stream, because feedparser would take bytes for the name of a file or an address to open.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        result: dict[str, Any] = feedparser.parse(
            stream, response_headers=_HEADERS, resolve_relative_uris=False, sanitize_html=False
        )
    except _CONFUSION as error:
        raise Unreadable(f"the feed is damaged beyond repair ({type(error).__name__})") from error
    return result


def _format(document: Document, version: str) -> str:
    if document.root == "feed" or version.startswith("atom"):
        return "atom"
    return "rdf" if document.root == "rdf" else "rss"


def _breaks(document: Document, result: dict[str, Any], number: int) -> Iterator[str]:
    if document.broken:
        yield f"the document breaks off; {number} complete items were kept"
    if result.get("bozo"):
        reason = " ".join(str(result.get("bozo_exception", "")).split())[:120]
        yield f"the XML is broken ({reason}); what could be saved was kept"


def _item(entry: dict[str, Any]) -> Item:
    named = (f"{_text(tag, 'scheme') or ''}/{_text(tag, 'term') or ''}" for tag in _dicts(entry, "tags"))
    topics = map(media_topic, named)
    return Item(
        guid=_text(entry, "id"),
        link=_link(entry),
        headline=_text(entry, "title") or "",
        summary=_markup(entry, "summary"),
        content=_content(entry),
        authors=_authors(entry),
        language=_language(entry),
        published=(_text(entry, "published") or _text(entry, "created"), _parts(entry, "published")),
        updated=(_text(entry, "updated"), _parts(entry, "updated")),
        subjects=unique([topic for topic in topics if topic]),
        urgency=_of_any_namespace(entry, "urgency"),
        priority=_of_any_namespace(entry, "priority"),
    )


def _link(entry: dict[str, Any]) -> str | None:
    """Return the link; a guid serves only where it is an address."""
    link = _text(entry, "link")
    if link and link == _text(entry, "id") and not web_address(link):
        return None
    if link:
        return link
    return next((_text(other, "href") for other in _dicts(entry, "links") if other.get("rel") == "alternate"), None)


def _markup(entry: dict[str, Any], key: str) -> Markup:
    detail = _mapping(entry, f"{key}_detail")
    return Markup(_text(entry, key) or "", plain=detail.get("type") == "text/plain")


def _content(entry: dict[str, Any]) -> Markup:
    """Return the longest content in the document that is text."""
    texts = [
        Markup(_text(content, "value") or "", plain=content.get("type") == "text/plain")
        for content in _dicts(entry, "content")
        if str(content.get("type", "text/html")) in {"text/plain", "text/html", "application/xhtml+xml"}
    ]
    return max(texts, key=lambda markup: len(markup.text), default=Markup())


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    names = [_text(author, "name") for author in _dicts(entry, "authors")]
    names = [name for name in names if name] or [_text(entry, "author")]
    if not any(names):
        credited = [credit for credit in _dicts(entry, "media_credit") if _text(credit, "role") in _WRITERS]
        names = [_text(credit, "content") for credit in credited]
    return unique([line_of(name) for name in names if name and "@" not in name])


def _language(entry: dict[str, Any]) -> str | None:
    content = next(iter(_dicts(entry, "content")), {})
    details = (_mapping(entry, "title_detail"), _mapping(entry, "summary_detail"), content)
    return _text(entry, "language") or next(
        (tag for tag in (_text(detail, "language") for detail in details) if tag), None
    )


def _of_any_namespace(entry: dict[str, Any], name: str) -> str | None:
    for key in entry:
        if key == name or key.endswith(f"_{name}"):
            return _text(entry, key)
    return None


def _killed(text: str) -> Iterator[Item]:
    """Yield a kill for each tombstone (RFC 6721)."""
    for tombstone in _TOMBSTONE.findall(text):
        if reference := _REFERENCE.search(tombstone):
            when = _WHEN.search(tombstone)
            yield Item(guid=reference[1], updated=(when[1] if when else None, None), killed=True)


def _zone(feed: dict[str, Any]) -> tzinfo:
    return zone_of(_text(feed, "updated")) or zone_of(_text(feed, "published")) or UTC


def _hints(feed: dict[str, Any], text: str) -> Hints:
    ttl, period = _number(feed, "ttl"), _PERIODS.get((_text(feed, "sy_updateperiod") or "").lower())
    frequency = _number(feed, "sy_updatefrequency") or 1
    if period is None and "sy_updatefrequency" in feed:
        period = _PERIODS["daily"]
    hours = {int(hour) % 24 for hour in _skipped(text, "hour") if re.fullmatch(r"\d{1,2}", hour) and int(hour) <= 24}
    days = {_DAYS[day[:3].lower()] for day in _skipped(text, "day") if day[:3].lower() in _DAYS}
    return Hints(
        ttl_minutes=ttl,
        skip_hours=frozenset(hours),
        skip_days=frozenset(days),
        update_period=timedelta(hours=period) / frequency if period else None,
    )


def _skipped(text: str, unit: str) -> list[str]:
    """Return what stands in `skipHours` or `skipDays`; feedparser keeps only the last of them."""
    start = re.search(f"<skip{unit}s\\b", text, re.IGNORECASE)
    part = text[start.start() : start.start() + 2_000] if start else ""
    part = re.split(f"</skip{unit}s", part, maxsplit=1, flags=re.IGNORECASE)[0]
    return re.findall(f"<{unit}>\\s{{0,20}}(\\w{{1,12}})", part, re.IGNORECASE)


def _number(values: dict[str, Any], key: str) -> int | None:
    text = _text(values, key) or ""
    return int(text) if re.fullmatch(r"[1-9]\d{0,6}", text) else None


def _text(values: dict[str, Any], key: str) -> str | None:
    # dict.get, because feedparser's own answers `updated` with `published` and warns.
    value = dict.get(values, key)
    return value.strip() or None if isinstance(value, str) else None


def _parts(values: dict[str, Any], key: str) -> Sequence[int] | None:
    value = dict.get(values, f"{key}_parsed")
    return tuple(value) if value else None


def _mapping(values: dict[str, Any], key: str) -> dict[str, Any]:
    value = values.get(key)
    return value if isinstance(value, dict) else {}


def _dicts(values: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = values.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
