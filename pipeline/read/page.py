"""An HTML page → the article on it, or the reason why there is none."""

from __future__ import annotations

import re

from trafilatura import bare_extraction, load_html

from pipeline.article import Article, Moment, Status, Value
from pipeline.errors import Unreadable
from pipeline.outside import charset, decode, language_tag, length_in_words, tame, web_address
from pipeline.read.metadata import Metadata, Tree

MAXIMUM_BODY = 1_000_000
_SHORT = 60
_WALL_LIMIT = 150
# Parsers recurse; a page nested deeper than this is an attack or an accident.
_DEEPEST = 400
# An article has a few hundred elements; extraction takes quadratic time in them.
_MOST_ELEMENTS = 60_000
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_FLAT = frozenset(
    {"p", "li", "br", "img", "hr", "td", "tr", "th", "dt", "dd", "input", "meta", "link", "wbr", "source", "option"}
)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", ""})
_OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")
_WALLS = (
    (
        "a consent wall stands before the text",
        re.compile(
            r"cookie|consent|einwilligung|zustimm|datenschutz|akzeptieren|accept all|privacy|tout accepter|werbung",
            re.IGNORECASE,
        ),
    ),
    (
        "the page wants JavaScript before it shows its text",
        re.compile(
            r"(?:enable|requires?|activate|aktivieren|benötigt)\b.{0,40}javascript|javascript\b.{0,40}(?:enabled?|aktivieren)",
            re.IGNORECASE,
        ),
    ),
    (
        "a robot check stands before the text",
        re.compile(
            r"captcha|are you (?:a )?(?:human|robot)|checking your browser|unusual traffic|kein roboter", re.IGNORECASE
        ),
    ),
)


class Page(Value):
    """The article on a page, in plain text; paragraphs of `body` stand apart by a blank line."""

    headline: str | None
    body: str
    byline: str | None
    published: Moment | None
    language: str | None
    canonical_url: str | None


def needs_page(article: Article, *, full_text: bool) -> bool:
    """Tell whether the page behind `article` is worth fetching. `full_text` is the feed's switch."""
    readable = article.status in {Status.USABLE, Status.CORRECTED}
    return full_text and readable and not article.complete and web_address(article.url) is not None


def read_page(html: bytes, *, url: str, content_type: str | None) -> Page:
    """Return the article on the page. Raises `Unreadable`, with the reason, if there is no text on it."""
    text = _characters(html, content_type)
    tree = load_html(text)
    if tree is None:
        raise Unreadable("this is no HTML page", subject=url)
    metadata = Metadata(tree, url=url)
    headline = metadata.headline()
    body = _without_first_line(_body(tree), headline)
    _refuse_walls(body, text, url)
    return Page(
        headline=headline,
        body=body,
        byline=metadata.byline(),
        published=metadata.published(),
        language=language_tag(metadata.language()),
        canonical_url=metadata.canonical_url(),
    )


def _characters(html: bytes, content_type: str | None) -> str:
    if not html.strip():
        raise Unreadable("the page is empty")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES:
        raise Unreadable(f"this is `{kind[:60]}`, no HTML page")
    if html.startswith(_OTHER_FILES):
        raise Unreadable("this is binary data, no HTML page")
    in_page = _META_CHARSET.search(html[:4_000])
    text = decode(html, declared=(charset(content_type), in_page and in_page[1].decode("ascii", "replace")))
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text.replace("\0", ""))
    if "<" not in text:
        raise Unreadable("this is plain text, no HTML page")
    tags = _TAG.findall(text)
    if len(tags) > _MOST_ELEMENTS or _depth(tags) > _DEEPEST:
        raise Unreadable("the page has too many elements, or they are nested too deeply")
    return text


def _depth(tags: list[tuple[str, str]]) -> int:
    depth = deepest = 0
    for closing, name in tags:
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _body(tree: Tree) -> str:
    """Return the text by the fast way, and by the thorough one only if that found little."""
    fast = _extracted(tree, fast=True)
    if length_in_words(fast) >= _SHORT:
        return fast
    return max(fast, _extracted(tree, fast=False), key=length_in_words)


def _without_first_line(body: str, headline: str | None) -> str:
    """Return `body` without the headline that extraction takes for its first paragraph."""
    first, _, rest = body.partition("\n\n")
    return rest if headline and first.casefold() == headline.casefold() else body


def _extracted(tree: Tree, *, fast: bool) -> str:
    try:
        document = bare_extraction(tree, fast=fast, include_comments=False, include_tables=False)
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError, IndexError, KeyError) as error:
        raise Unreadable(f"the page cannot be taken apart ({type(error).__name__})") from error
    text: str = getattr(document, "text", None) or ""
    lines = [" ".join(line.split()) for line in tame(text[:MAXIMUM_BODY]).splitlines()]
    return _paragraphs([line for line in lines if line])


def _paragraphs(lines: list[str]) -> str:
    pieces: list[str] = []
    for line in lines:
        follows = line.startswith("- ") and pieces and pieces[-1].rpartition("\n")[2].startswith("- ")
        pieces.append(("\n" if follows else "\n\n") + line)
    return "".join(pieces).strip()


def _refuse_walls(body: str, page: str, url: str) -> None:
    words = length_in_words(body)
    if words < _WALL_LIMIT:
        shown = body if words else re.sub(r"<[^<>]{0,2000}>", " ", page[:100_000])
        for reason, pattern in _WALLS:
            if len(set(pattern.findall(shown.lower()))) >= (3 if pattern is _WALLS[0][1] else 1):
                raise Unreadable(reason, subject=url, hint="the summary from the feed stands in its place")
    if not words:
        raise Unreadable("there is no text on the page", subject=url)
