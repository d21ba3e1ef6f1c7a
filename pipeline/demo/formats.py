"""Articles → bytes of a feed: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed.

Pure: the same articles, start and address give the same bytes. Feeds marked `full_text` carry a teaser only; the
text stands on the page behind the entry. Guids are `tag:` URIs, so that they outlive the port.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from pipeline.demo.texts import Format, WireArticle, WireFeed

CONTENT_TYPES: dict[Format, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "jsonfeed": "application/feed+json",
    "folder": "application/rss+xml",
}
_GERMAN_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")


def render(feed: WireFeed, articles: Sequence[WireArticle], *, started: datetime, base_url: str) -> bytes:
    """Return the feed document with `articles`, in the feed's format and encoding."""
    text = _RENDERERS[feed.format](feed, articles, started, base_url)
    return text.encode(feed.encoding, "xmlcharrefreplace")


def page_url(feed: WireFeed, article: WireArticle, base_url: str) -> str:
    """Where the article's page stands."""
    return f"{base_url}/{feed.id}/{article.slug}"


def paragraphs_as_html(article: WireArticle) -> str:
    """The body as `<p>` elements."""
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)


def rss_item(title: str, fields: Sequence[tuple[str, str]]) -> str:
    """One RSS item; `title` and the values are XML already."""
    lines = "".join(f"    <{name}>{value}</{name.split(' ')[0]}>\n" for name, value in fields)
    return f"  <item>\n    <title>{title}</title>\n{lines}  </item>\n"


def day_first(moment: datetime, *, weekday: bool) -> str:
    """A date as German editors type it: `Mo, 05 Jan 2026 10:00` or `05.01.2026 10:00`."""
    if weekday:
        return f"{_GERMAN_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M}"
    return f"{moment:%d.%m.%Y %H:%M}"


def _rss(feed: WireFeed, articles: Sequence[WireArticle], started: datetime, base_url: str) -> str:
    items = "".join(_rss_entry(feed, article, started, base_url) for article in articles)
    return (
        f'<?xml version="1.0" encoding="{feed.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"  <title>{escape(feed.name)}</title>\n  <link>{base_url}/{feed.id}/</link>\n"
        f"  <description>{escape(feed.source_name)}</description>\n  <language>{feed.language}</language>\n"
        f"{items}</channel>\n</rss>\n"
    )


def _rss_entry(feed: WireFeed, article: WireArticle, started: datetime, base_url: str) -> str:
    fields = [
        ("link", escape(page_url(feed, article, base_url))),
        ('guid isPermaLink="false"', escape(article.guid)),
        ("pubDate", _rss_date(feed, article, started)),
        ("description", escape(_teaser(article))),
    ]
    if article.byline:
        fields.append(("dc:creator", escape(article.byline)))
    if not feed.full_text:
        fields.append(("content:encoded", escape(paragraphs_as_html(article))))
    return rss_item(escape(article.headline), fields)


def _rss_date(feed: WireFeed, article: WireArticle, started: datetime) -> str:
    published = article.published(started)
    if feed.dates == "day-first":
        return day_first(published, weekday=article.minutes_ago % 2 == 0)
    return format_datetime(published)


def _rdf(feed: WireFeed, articles: Sequence[WireArticle], started: datetime, base_url: str) -> str:
    listed = "".join(f'    <rdf:li rdf:resource="{escape(article.guid)}"/>\n' for article in articles)
    items = "".join(_rdf_entry(feed, article, started, base_url) for article in articles)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f'<channel rdf:about="{base_url}{feed.path}">\n  <title>{escape(feed.name)}</title>\n'
        f"  <link>{base_url}/{feed.id}/</link>\n  <description>{escape(feed.source_name)}</description>\n"
        f"  <dc:language>{feed.language}</dc:language>\n"
        f"  <items>\n   <rdf:Seq>\n{listed}   </rdf:Seq>\n  </items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _rdf_entry(feed: WireFeed, article: WireArticle, started: datetime, base_url: str) -> str:
    return (
        f'<item rdf:about="{escape(article.guid)}">\n  <title>{escape(article.headline)}</title>\n'
        f"  <link>{escape(page_url(feed, article, base_url))}</link>\n"
        f"  <description>{escape(_teaser(article))}</description>\n"
        f"  <dc:date>{article.published(started).isoformat()}</dc:date>\n"
        f"  <content:encoded>{escape(paragraphs_as_html(article))}</content:encoded>\n</item>\n"
    )


def _atom(feed: WireFeed, articles: Sequence[WireArticle], started: datetime, base_url: str) -> str:
    entries = "".join(_atom_entry(feed, article, started, base_url) for article in articles)
    newest = max(article.updated(started) for article in articles)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}">\n'
        f"  <id>tag:{feed.id}.example,2026:feed</id>\n  <title>{escape(feed.name)}</title>\n"
        f"  <author><name>{escape(feed.source_name)}</name></author>\n"
        f'  <link rel="self" href="{base_url}{feed.path}"/>\n  <updated>{newest.isoformat()}</updated>\n'
        f"{entries}</feed>\n"
    )


def _atom_entry(feed: WireFeed, article: WireArticle, started: datetime, base_url: str) -> str:
    author = f"    <author><name>{escape(article.byline)}</name></author>\n" if article.byline else ""
    content = f'    <content type="html">{escape(paragraphs_as_html(article))}</content>\n'
    return (
        f"  <entry>\n    <id>{escape(article.guid)}</id>\n    <title>{escape(article.headline)}</title>\n"
        f'    <link rel="alternate" href="{escape(page_url(feed, article, base_url))}"/>\n'
        f"    <published>{article.published(started).isoformat()}</published>\n"
        f"    <updated>{article.updated(started).isoformat()}</updated>\n{author}"
        f"    <summary>{escape(_teaser(article))}</summary>\n{'' if feed.full_text else content}  </entry>\n"
    )


def _jsonfeed(feed: WireFeed, articles: Sequence[WireArticle], started: datetime, base_url: str) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.name,
        "home_page_url": f"{base_url}/{feed.id}/",
        "feed_url": f"{base_url}{feed.path}",
        "language": feed.language,
        "items": [_json_item(feed, article, started, base_url) for article in articles],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_item(feed: WireFeed, article: WireArticle, started: datetime, base_url: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": article.guid,
        "url": page_url(feed, article, base_url),
        "title": article.headline,
        "summary": _teaser(article),
        "date_published": article.published(started).isoformat(),
        "date_modified": article.updated(started).isoformat(),
        "language": article.language,
    }
    if article.byline:
        item["authors"] = [{"name": article.byline}]
    return item if feed.full_text else item | {"content_html": paragraphs_as_html(article)}


def _teaser(article: WireArticle) -> str:
    return article.summary or article.paragraphs[0]


_RENDERERS: dict[Format, Callable[[WireFeed, Sequence[WireArticle], datetime, str], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "jsonfeed": _jsonfeed,
    "folder": _rss,
}
