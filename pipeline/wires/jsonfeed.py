"""JSON Feed 1 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.article import unique
from pipeline.errors import Unreadable
from pipeline.feed_state import Hints
from pipeline.outside import language_tag, web_address
from pipeline.wires.dates import read_moment
from pipeline.wires.items import Item, Markup, Surroundings, entries_of, items_in_words, media_topic
from pipeline.wires.markup import line_of
from pipeline.wires.parsed import Parsed


def parse_json_feed(text: str, *, url: str | None, limit: int) -> Parsed:
    """Return what a JSON Feed says. Raises `Unreadable` for other JSON and for JSON that breaks off."""
    feed = _loaded(text)
    raw: list[Any] = feed["items"]
    around = Surroundings(
        url or web_address(_text(feed, "feed_url")) or web_address(_text(feed, "home_page_url")),
        _text(feed, "language"),
    )
    newest = _newest(raw, limit)
    items = [_item(item) for item in newest if isinstance(item, dict)]
    entries, problems = entries_of(items, around)
    strange = len(newest) - len(items)
    return Parsed(
        format="jsonfeed",
        title=line_of(_text(feed, "title") or ""),
        language=language_tag(around.language),
        entries=entries,
        hints=Hints(),
        problems=(*([f"{items_in_words(strange)} of a strange kind left out"] if strange else []), *problems),
        truncated=max(0, len(raw) - limit),
        expired=feed.get("expired") is True,
    )


def _newest(items: list[Any], limit: int) -> list[Any]:
    """Return the first items, or the last ones where the list is dated from old to new."""
    if len(items) <= limit:
        return items
    first, last = (
        read_moment(_text(item, "date_published")) if isinstance(item, dict) else None for item in (items[0], items[-1])
    )
    return items[-limit:] if first and last and last > first else items[:limit]


def _loaded(text: str) -> Mapping[str, Any]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"broken JSON{where}", hint="the answer may have been cut off; it is tried again") from error
    if isinstance(feed, dict) and isinstance(feed.get("items"), list):
        version = feed.get("version")
        items = feed["items"]
        if (isinstance(version, str) and "jsonfeed.org/version/" in version) or any(
            map(_looks_like_an_item, items[:3])
        ):
            return feed
    raise Unreadable("JSON, but no JSON Feed: it has no list `items`", hint="look for the feed's address on the site")


def _looks_like_an_item(item: object) -> bool:
    return isinstance(item, dict) and bool({"content_html", "content_text", "date_published"} & set(item))


def _item(item: Mapping[str, Any]) -> Item:
    content, plain = _text(item, "content_html"), _text(item, "content_text")
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    link = _text(item, "url") or _text(item, "external_url")
    guid = item.get("id")
    return Item(
        guid=str(guid)[:4_000] if isinstance(guid, str | int) else None,
        link=link or (web_address(guid) if isinstance(guid, str) else None),
        headline=_text(item, "title") or "",
        summary=Markup(_text(item, "summary") or "", plain=True),
        content=Markup(content) if content else Markup(plain or "", plain=True),
        authors=unique([line_of(name) for name in _names(item)]),
        language=_text(item, "language"),
        published=(published, None),
        updated=(updated, None),
        subjects=unique([topic for topic in map(media_topic, _strings(item, "tags")) if topic]),
    )


def _names(item: Mapping[str, Any]) -> list[str]:
    authors = item.get("authors")
    several = authors if isinstance(authors, list) else [item.get("author")]
    return [name for author in several if isinstance(author, dict) and (name := _text(author, "name"))]


def _strings(values: Mapping[str, Any], key: str) -> list[str]:
    value = values.get(key)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    return value.strip() or None if isinstance(value, str) else None
