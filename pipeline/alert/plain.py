"""Words and links from outside, made fit to be shown: nothing in them steers a mail program or a reader's eye.

Control characters end headers early; bidirectional controls make text and addresses read as what they are not.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MARKS = re.compile("[\u061c\u200e\u200f\u200b\u2060]")
_NOT_IN_A_LINK = re.compile('[\\s"<>\\\\^`{|}\u061c\u200b-\u200f\u2060]')
_LONGEST_LINK = 2000


def printable(text: str) -> str:
    """Return `text` without control characters (but tab and line feed), bidirectional controls and surrogates."""
    return _CONTROLS.sub("", text)


def one_line(text: str, longest: int) -> str:
    """Return `text` as one line of at most `longest` characters, fit for a header or a heading."""
    head = text[: longest * 4]
    line = " ".join(_MARKS.sub("", printable(head.replace("\u2028", " ").replace("\u2029", " "))).split())
    return cut(line, longest) if len(text) == len(head) else cut(f"{line} …", longest)


def cut(text: str, longest: int) -> str:
    """Return `text`, or as many of its words as fit with a `…` into `longest` characters."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    space = head.rfind(" ")
    return (head[:space] if space > longest * 2 // 3 else head).rstrip(" ,;:-\u2013…") + "…"


def web_link(url: str | None, *, longest: int = _LONGEST_LINK) -> str | None:
    """Return `url` if it is safe to offer for a click: http or https, a host, no login in it, not overlong; else None."""
    link = (url or "").strip().replace(" ", "%20")
    if not link or len(link) > longest or printable(link) != link or _NOT_IN_A_LINK.search(link):
        return None
    try:
        parts = urlsplit(link)
        sound = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return link if sound else None
