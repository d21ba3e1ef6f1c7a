"""HTML to plain text: paragraphs stand apart by one blank line, list items and rows on lines of their own.

Scripts, styles and forms go with their text. Text that was escaped twice is read twice.
The result is plain text and may hold `<` and `&`; whoever shows it as HTML must escape it.
"""

from __future__ import annotations

import html
import re

import nh3

from pipeline.outside import one_line, tame

MAXIMUM_HEADLINE = 1_000
MAXIMUM_BODY = 1_000_000

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "dl",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "figure",
        "figcaption",
        "hr",
    ]
)
_LINES = frozenset({"br", "tr", "dt", "dd"})
_CELLS = frozenset({"td", "th"})
_KEPT = set(_BLOCKS | _LINES | _CELLS | {"li"})
_GONE = {
    "script", "style", "template", "iframe", "object", "svg", "math", "noscript", "noembed", "noframes", "textarea",
    "select", "button", "head", "title", "audio", "video", "canvas",
}  # fmt: skip

_TAG = re.compile(r"<(/?)([a-z0-9]+)>")
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_FLAT = frozenset({"p", "li", "br", "img", "hr", "td", "tr", "th", "input", "meta", "link", "wbr", "source", "option"})
# The HTML parser takes quadratic time on elements nested by the thousand.
_DEEPEST = 250
_ESCAPED_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|figure|blockquote|table|script|style|iframe)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ESCAPED_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# Without tags a line feed within a sentence is a wrapped line, and one after its end a paragraph.
_WRAPPED = re.compile(r"(?<![.!?:…\"»“\n])\n(?!\s)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def text_of(markup: str, *, plain: bool = False, limit: int = MAXIMUM_BODY) -> str:
    r"""Return HTML `markup` (with `plain`: text that may yet be escaped HTML) as plain text of at most `limit` characters.

    >>> text_of("<p>Kiel&nbsp;w&auml;chst.</p><script>x()</script><ul><li>eins<li>zwei</ul>")
    'Kiel wächst.\n\n- eins\n- zwei'
    """
    text = tame(markup[: 2 * limit])
    if not plain or _ESCAPED_TAG.search(text):
        text = _rendered(text)
        if _ESCAPED_TAG.search(text):
            text = _rendered(text)
    if _ESCAPED_ENTITY.search(text):
        text = html.unescape(text)
    return _tidy(tame(text))[:limit].rstrip()


def line_of(markup: str, *, limit: int = MAXIMUM_HEADLINE) -> str:
    """Return HTML `markup` as plain text on one line."""
    return one_line(text_of(markup, limit=4 * limit), limit=limit)


def _rendered(markup: str) -> str:
    if "<" not in markup or not _ANY_TAG.search(markup):
        return html.unescape(_WRAPPED.sub(" ", markup))
    if _is_too_deep(markup):
        return html.unescape(_ANY_TAG.sub(" ", markup))
    if "<p" not in markup and "<br" not in markup and "<div" not in markup:
        markup = _BLANK_LINE.sub("<p>", markup)
    clean = nh3.clean(markup, tags=_KEPT, clean_content_tags=_GONE, attributes={}, link_rel=None)
    return html.unescape(_TAG.sub(_break, " ".join(clean.split())).replace("\x00", ""))


def _is_too_deep(markup: str) -> bool:
    depth = deepest = 0
    for closing, name in _ANY_TAG.findall(markup):
        if name.lower() not in _FLAT:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _break(tag: re.Match[str]) -> str:
    closing, name = tag.groups()
    if name in _BLOCKS:
        return "\n\n"
    if name in _CELLS:
        return "\t" if closing else ""
    if closing:
        return ""
    return "\n- " if name == "li" else "\n"


def _tidy(text: str) -> str:
    """Return `text` without spaces at line ends, with at most one blank line in a row and no lonely bullets."""
    kept: list[str] = []
    bullet = ""
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = " ".join(raw.split())
        if line == "-":
            bullet = "- "
        elif line:
            kept.append(bullet + line)
            bullet = ""
        elif kept and kept[-1] and not bullet:
            kept.append("")
    return "\n".join(kept).strip()
