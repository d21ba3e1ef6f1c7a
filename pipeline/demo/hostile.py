"""What a hostile or careless outlet does to a feed: the document's head, and items that attack whoever reads them.

The attacks are the plain ones of every textbook, aimed at addresses that nobody has: header injection into mail,
scripts, entity bombs, external entities, links to places a reader must not follow, text that hides what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from pipeline.demo.formats import rss_item
from pipeline.demo.texts import Behaviour

LONG_HEADLINE = 300 * 1024
METADATA_LINK = "http://169.254.169.254/latest/meta-data/"

_PREFIX = "tag:open-tipline.example,2026:"
_DOCTYPE = (
    "<!DOCTYPE rss [\n"
    ' <!ENTITY lol "lol">\n'
    + "".join(
        f' <!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">\n' if n > 1 else f' <!ENTITY lol1 "{"&lol;" * 10}">\n'
        for n in range(1, 10)
    )
    + ' <!ENTITY file SYSTEM "file:///etc/hostname">\n]>\n'
)
_BIDI = "Quarterly report \u202egnp.exe\u202c and \u2067more\u2069 \u200bto\u200b read"


def spoil(text: str, behaviour: Behaviour, *, started: datetime) -> str:
    """Return the RSS document as an outlet of this behaviour delivers it."""
    spoilers: dict[Behaviour, Callable[[str, datetime], str]] = {"broken": _broken, "hostile": _hostile}
    return spoilers[behaviour](text, started) if behaviour in spoilers else text


def _broken(text: str, _started: datetime) -> str:
    """An ampersand that nobody escaped, and an end that never arrived."""
    last = text.rindex("<content:encoded>")
    return text.replace("&amp; S", "& S")[: last + 60]


def _hostile(text: str, started: datetime) -> str:
    declaration, _, document = text.partition("\n")
    head, _, items = document.partition("  <item>")
    return f"{declaration}\n{_DOCTYPE}{head}{_items(started)}  <item>{items}"


def _items(started: datetime) -> str:
    past = format_datetime(started - timedelta(minutes=77))
    future = format_datetime(started + timedelta(days=4000))
    return "".join(
        (
            _item("injection", "Harmless news&#13;&#10;Bcc: everyone@victim.example&#13;&#10;X-Evil: yes", past),
            _item(
                "script",
                "Garden show opens",
                past,
                summary=escape('<script>alert("x")</script><img src=x onerror=alert(1)>Roses.'),
            ),
            _item("javascript", "Click here for free roses", past, link="javascript:alert(document.cookie)"),
            _item("metadata", "Inside the cloud", past, link=METADATA_LINK),
            _item("file", "Read this file", past, link="file:///etc/hostname"),
            _item("bomb", "&lol9;", past, summary="A laugh a minute"),
            _item("external", "Who are you?", past, summary="My name is &file;"),
            _item("long", "A very long headline " * (LONG_HEADLINE // 21), past),
            _item("bidi", _BIDI, past),
            _item("future", "News from the day after tomorrow", future),
            _item("twice", "One guid, first article", past),
            _item("twice", "One guid, second article", past),
            "  <item></item>\n",
        )
    )


def _item(name: str, title: str, date: str, *, link: str | None = None, summary: str = "Nothing to see.") -> str:
    fields = [('guid isPermaLink="false"', f"{_PREFIX}{name}"), ("pubDate", date), ("description", summary)]
    return rss_item(title, [*fields, ("link", link)] if link else fields)
