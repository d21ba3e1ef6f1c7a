"""What makes two entries the same article: the guid, else the address, else headline and date.

Never the feed an entry came through: one article in three feeds of a publisher is one article.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit, urlunsplit

from pipeline.article import Entry

_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm|at|mtm|pk|piwik|hsa|ns|wt|mc|vero|oly)_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|xtor|xtref|xtcr|ocid|cmpid|s_cid|icid|ftag|_ga|_gl|_hsenc|_hsmi|guccounter|guce_\w+|mkt_tok|li_fat_id"
    r"|ref_src|ref_url|spm|trk|wprov",
    re.IGNORECASE,
)


def canonical_url(url: str) -> str:
    """Return `url` without fragment, tracking tags and letter-case noise.

    >>> canonical_url("HTTPS://Wire.example:443/a?utm_source=x&id=7#top")
    'https://wire.example/a?id=7'
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host or parts.scheme not in _PORTS:
        return url
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", _without_tracking(parts.query), ""))


def article_id(provider: str, entry: Entry) -> str:
    """Return the stable id of the article that `entry` is a version of: 20 hexadecimal digits.

    `provider` is the id of the source. White space makes no difference.
    """
    if guid := " ".join((entry.guid or "").split()):
        facts = ["guid", guid]
    elif entry.url:
        facts = ["url", canonical_url(entry.url)]
    else:
        words = " ".join((entry.headline or entry.summary or entry.body).split())
        facts = ["words", words, entry.published.isoformat() if entry.published else ""]
    return hashlib.sha256("\0".join([provider, *facts]).encode()).hexdigest()[:20]


def _without_tracking(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0]))
