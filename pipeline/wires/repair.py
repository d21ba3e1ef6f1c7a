"""XML as it comes, made fit for a strict parser: no document type, no unknown entities, not too many items.

Nothing is expanded here: declarations of entities go unread, so that no bomb can explode.
Every step takes time in proportion to the length of the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.wires.dates import read_moment

_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]{0,99}):)?([A-Za-z_][\w.-]{0,99})")
_SUBSET_END = re.compile(r"\]\s*>")
_ITEM_START = re.compile(r"<(?:[A-Za-z_][\w.-]{0,99}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,99}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_DATE = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,99}:)?(?:pubdate|date|published|updated)\s*>([^<]{1,100})<", re.IGNORECASE
)
# CDATA and comments are passed over; the second half of each pair swallows an unclosed one in a single step.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|&(?:([A-Za-z]\w{0,31});|#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));)?",
    re.DOTALL,
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """XML from its root element on. `truncated` items were cut off because of the limit; `broken` says that the end is missing."""

    text: str
    prefix: str
    root: str
    truncated: int = 0
    broken: bool = False


def find_root(text: str) -> Document | None:
    """Return the document without what stands before its root element, or None if there is none."""
    position = text.find("<")
    while position != -1:
        if root := _ROOT.match(text, position):
            return Document(text[position:], root[1] or "", root[2].lower())
        position = text.find("<", _end_of_prologue_part(text, position))
    return None


def repaired(document: Document, *, limit: int) -> Document:
    """Return `document` with at most `limit` items, closed if its end is missing, and with known entities only.

    The first items are kept, or the last ones where the document is dated from old to new.
    """
    text = _FORBIDDEN.sub("", document.text)
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    name = f"{document.prefix}:{document.root}" if document.prefix else document.root
    tail = text[ends[-1] :] if ends else text
    broken = (
        f"</{name}" not in tail.lower()
        if document.prefix == document.prefix.lower()
        else f"</{document.prefix}:" not in tail
    )
    truncated = max(0, len(ends) - limit)
    if truncated or (broken and ends):
        text = _kept(text, ends, limit) + (_closing(text) if broken else tail)
    return Document(_AMPERSAND.sub(_entity, text), document.prefix, document.root, truncated, broken)


def _kept(text: str, ends: list[int], limit: int) -> str:
    """Return `text` up to its last item, with at most `limit` items."""
    if len(ends) <= limit:
        return text[: ends[-1]]
    start = _ITEM_START.search(text)
    if start and _is_newer(text[ends[-2] : ends[-1]], text[start.start() : ends[0]]):
        return text[: start.start()] + text[ends[-limit - 1] : ends[-1]]
    return text[: ends[limit - 1]]


def _is_newer(item: str, other: str) -> bool:
    moment, before = (read_moment(found[1]) if (found := _ITEM_DATE.search(one)) else None for one in (item, other))
    return moment is not None and before is not None and moment > before


def _closing(text: str) -> str:
    """Return end tags for what is open around the items: the root and, in RSS, the channel."""
    root = _ROOT.match(text)
    name = root[0][1:] if root else ""
    channel = re.search(r"<((?:[A-Za-z_][\w.-]{0,99}:)?channel)\b", text[:20_000])
    is_open = channel and f"</{channel[1]}" not in text
    return (f"</{channel[1]}>" if channel and is_open else "") + f"</{name}>"


def _end_of_prologue_part(text: str, start: int) -> int:
    """Return where the comment, instruction or declaration that begins at `start` ends."""
    if text.startswith("<!--", start):
        return _after(text, "-->", start)
    if text.startswith("<?", start):
        return _after(text, "?>", start)
    if text[start : start + 9].upper() == "<!DOCTYPE":
        closing, subset = text.find(">", start), text.find("[", start)
        if -1 < subset < closing:
            end = _SUBSET_END.search(text, subset)
            return end.end() if end else len(text)
    return _after(text, ">", start) if text.startswith("<!", start) else start + 1


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return len(text) if found == -1 else found + len(mark)


def _entity(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if not found[0].startswith("&") or name in _OF_XML:
        return found[0]
    if name:
        return f"&amp;{name};"
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return f"&#{code};" if _is_character(code) else ""
    return "&amp;"


def _is_character(code: int) -> bool:
    """Tell whether XML 1.0 allows the character; one that it forbids would cost the whole document."""
    return code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
