"""A short name for a feed that was given none."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

_WITHOUT_MEANING = frozenset({"www", "rss", "feed", "feeds", "news", "m", "co", "com", "org", "net", "gov", "ac", "or"})
_LONGEST = 60


def identifier_of(url: str, taken: Collection[str]) -> str:
    """Return an id that is not `taken`, made from the host of `url`; for a folder, from its name.

    >>> identifier_of("https://www.example.org/news.rss", ())
    'example'
    >>> identifier_of("file:///srv/Press%20Office/", {"press-office"})
    'press-office-2'
    """
    name = _slug(_name(url)) or "feed"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _name(url: str) -> str:
    try:
        address = urlsplit(url)
        host = address.hostname or ""
    except ValueError:
        return ""
    if address.scheme == "file":
        return unquote(address.path).rstrip("/").rpartition("/")[2]
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return host
    labels = host.split(".")
    return "-".join([label for label in labels[:-1] if label not in _WITHOUT_MEANING] or labels[:1])


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST].strip("-")
