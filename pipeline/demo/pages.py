"""Articles → the web pages behind the entries, with all that stands around the text on a newspaper's site.

Navigation, a cookie banner, an advertisement, teasers and a footer surround the article; none of it belongs into the
full text. The texts of this furniture are in the outlet's language, so that language alone does not give it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from pipeline.demo.formats import page_url, paragraphs_as_html
from pipeline.demo.texts import WireArticle, WireFeed

ROBOTS = "User-agent: *\nDisallow: /rheintal-bote/intern/\n"

_STYLE = "body{font-family:Georgia,serif;max-width:44rem;margin:auto} .banner{position:fixed;bottom:0}"


@dataclass(frozen=True)
class _Furniture:
    sections: tuple[str, ...]
    cookies: str
    advertisement: str
    more: str
    footer: str


_GERMAN = _Furniture(
    sections=("Start", "Politik", "Wirtschaft", "Sport", "Region", "Anzeigen", "Abo"),
    cookies="Wir und unsere 214 Partner möchten Cookies setzen. Alle annehmen? Einstellungen ändern",
    advertisement="Anzeige: Treppenlifte zum Herbstpreis, jetzt Prospekt anfordern!",
    more="Das könnte Sie auch interessieren",
    footer="Impressum · Datenschutz · Newsletter bestellen · Alles auf dieser Seite ist erfunden.",
)
_ENGLISH = _Furniture(
    sections=("Home", "World", "Business", "Sport", "Local", "Classifieds", "Subscribe"),
    cookies="We and our 214 partners would like to store cookies. Accept all? Manage choices",
    advertisement="Advertisement: stairlifts at autumn prices, ask for our brochure today!",
    more="More you may like",
    footer="Imprint · Privacy · Sign up for our newsletter · Everything on this page is invented.",
)


def article_page(feed: WireFeed, article: WireArticle, *, started: datetime, base_url: str) -> bytes:
    """Return the article's page as UTF-8 HTML."""
    furniture = _GERMAN if feed.language == "de" else _ENGLISH
    return (
        f'<!DOCTYPE html>\n<html lang="{article.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(article.headline)} | {escape(feed.source_name)}</title>\n"
        f'<link rel="canonical" href="{escape(page_url(feed, article, base_url))}">\n'
        f'<meta property="og:type" content="article">\n<style>{_STYLE}</style>\n'
        f"<script>window.consent = null;</script>\n</head>\n<body>\n{_header(feed, furniture)}"
        f"<main>\n{_article(article, started, furniture)}{_teasers(feed, article, furniture)}</main>\n"
        f'<div class="banner cookie-consent" role="dialog"><p>{furniture.cookies}</p><button>OK</button></div>\n'
        f'<footer class="footer"><p>{furniture.footer}</p></footer>\n</body>\n</html>\n'
    ).encode()


def front_page(feed: WireFeed, *, base_url: str) -> bytes:
    """Return the outlet's start page, which names its feed."""
    return (
        f'<!DOCTYPE html>\n<html lang="{feed.language}"><head><meta charset="utf-8">'
        f"<title>{escape(feed.source_name)}</title>"
        f'<link rel="alternate" title="{escape(feed.name)}" href="{base_url}{feed.path}"></head>'
        f"<body><h1>{escape(feed.source_name)}</h1></body></html>\n"
    ).encode()


def _header(feed: WireFeed, furniture: _Furniture) -> str:
    links = "".join(f'<li><a href="/{feed.id}/">{name}</a></li>' for name in furniture.sections)
    return f'<header class="site-header"><a href="/{feed.id}/">{escape(feed.source_name)}</a>\n<nav><ul>{links}</ul></nav></header>\n'


def _article(article: WireArticle, started: datetime, furniture: _Furniture) -> str:
    published = article.published(started).isoformat()
    byline = f'<p class="byline author" rel="author">{escape(article.byline)}</p>\n' if article.byline else ""
    first, _, rest = paragraphs_as_html(article).partition("\n")
    return (
        f"<article>\n<h1>{escape(article.headline)}</h1>\n{byline}"
        f'<time datetime="{published}">{published[:10]}</time>\n<div class="article-body">\n{first}\n'
        f'<aside class="advert ad">{furniture.advertisement}</aside>\n{rest}\n</div>\n</article>\n'
    )


def _teasers(feed: WireFeed, article: WireArticle, furniture: _Furniture) -> str:
    others = [other for other in feed.at(1) if other.guid != article.guid][:3]
    links = "".join(f'<li><a href="/{feed.id}/{other.slug}">{escape(other.headline)}</a></li>' for other in others)
    return f'<aside class="related"><h2>{furniture.more}</h2><ul>{links}</ul></aside>\n'
