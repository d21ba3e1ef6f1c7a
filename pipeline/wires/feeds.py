"""Which format is this document, and what is in it?"""

from __future__ import annotations

import html
import re

from pipeline.errors import Unreadable
from pipeline.outside import charset, decode, web_address
from pipeline.wires.jsonfeed import parse_json_feed
from pipeline.wires.parsed import Parsed
from pipeline.wires.repair import find_root
from pipeline.wires.syndication import ROOTS, parse_syndication

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_OTHER_FILES = {
    b"\x1f\x8b": "gzip-compressed data",
    b"PK\x03\x04": "a ZIP archive",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
}
_HTML = frozenset({"html", "head", "body", "div", "p", "script", "meta", "title", "table", "span", "center", "h1"})
_FEED_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)", re.IGNORECASE)
_ADDRESS = re.compile(r"href\s*=\s*(?:\"([^\"]{1,1000})\"|'([^']{1,1000})'|([^\s\"'>]{1,1000}))", re.IGNORECASE)


def parse(data: bytes, *, content_type: str | None, url: str | None, limit: int = 2000) -> Parsed:
    """Return the first `limit` entries of a feed document and what it says about itself.

    `content_type` and `url` are those of the answer; relative links are resolved against `url`.
    Raises `Unreadable`, with a message that says what the bytes look like, if they are no feed.
    """
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("the answer is empty")
    for start, name in _OTHER_FILES.items():
        if data.startswith(start):
            raise Unreadable(f"this is {name}, no feed")
    in_document = _DECLARED.search(data[:1_000])
    text = decode(data, declared=(charset(content_type), in_document and in_document[1].decode("ascii", "replace")))
    if text.lstrip()[:1] in {"{", "["}:
        return parse_json_feed(text.strip(), url=url, limit=limit)
    document = find_root(text)
    if document is None:
        raise Unreadable("this is plain text, no feed", hint="open the address in a browser to see what it says")
    if document.root in ROOTS:
        return parse_syndication(document, url=url, limit=limit)
    raise _refusal(document.root, text, url)


def _refusal(root: str, text: str, url: str | None) -> Unreadable:
    if root not in _HTML and "<!doctype html" not in text[:2_000].lower():
        return Unreadable(f"this is XML with the root element `{root[:60]}`, no feed")
    feeds = ", ".join(f"`{address}`" for address in _feeds_named(text[:200_000], url))
    hint = f"the page names these feeds: {feeds}" if feeds else "the page names no feed; look for its RSS address"
    return Unreadable("this is an HTML page, no feed", hint=hint)


def _feeds_named(page: str, url: str | None) -> list[str]:
    links = [link for link in _FEED_LINK.findall(page) if _FEED_TYPE.search(link)]
    found = [_ADDRESS.search(link) for link in links]
    addresses = [web_address(html.unescape(next(filter(None, one.groups()))), base=url) for one in found if one]
    return [address for address in dict.fromkeys(addresses) if address][:5]
