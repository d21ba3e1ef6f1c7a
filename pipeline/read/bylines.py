"""Who wrote a report: `Von Anna Beispiel, dpa`, `By Jane Doe`, `Par Jean Exemple`, `（记者 王小明）`, `(Reporting by …)`."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.read.agencies import agency_named

_NAME = r"[^\W\d_][\w'’.-]{0,30}"
_NOBLE = r"(?:von|van|de|der|den|di|da|del|do|dos|zu|al|bin|ter|la|le|und|and|et|y|i|e|en|og|och|и|та|й)"
_BYLINE = re.compile(
    r"(?:Von|By|Par|Por|Di|Door|Af|Av|Autor(?:ka|zy|in)?:|Автор(?:ы|и)?:|Text:|Tekst:|Texto:|От|Від|VON|BY|PAR|POR|DI|DOOR)"
    rf"[ \t](?P<names>{_NAME}(?:[ \t](?:{_NOBLE}[ \t]){{0,2}}{_NAME}){{1,7}})"
    r"(?:,[ \t]?(?P<agency>[\w-]{2,20}(?:[ -/][\w-]{2,20})?))?[ \t.]{0,3}(?:\n|$)"
)
_LOWER_START = re.compile(rf"(?!{_NOBLE}\b)[^\W\d_A-Z]")
_CHINESE = re.compile(
    r"[（(](?:[记記]者|编辑)[:：\s]?\s?(?P<names>[\u3400-\u9fff]{2,4}(?:[、\s]\s?[\u3400-\u9fff]{2,4}){0,3})[)）]\s?"
)
_REPORTERS = re.compile(
    rf"\(?Reporting by (?P<names>{_NAME}(?:,? (?:{_NOBLE} ){{0,1}}{_NAME}){{1,12}}?)(?: in [^;.\n)]{{2,40}})?\s?(?:[;.)\n]|$)"
)


class Byline(NamedTuple):
    """The names, their agency, and how many characters the byline takes."""

    names: str
    agency: str | None
    length: int


def read_byline(start: str) -> Byline | None:
    r"""Return the byline that `start` begins with.

    >>> read_byline("Von Anna Beispiel, dpa\nBERLIN (dpa) - ").names
    'Anna Beispiel'
    """
    if found := _CHINESE.match(start):
        return Byline(found["names"], None, found.end())
    found = _BYLINE.match(start)
    if not found or any(_is_lower(word) for word in found["names"].split()):
        return None
    return Byline(found["names"].rstrip("."), agency_named(found["agency"] or ""), found.end())


def reporters(end: str) -> str | None:
    """Return the names in `(Reporting by …)` at the end of a text."""
    found = _REPORTERS.search(end) if "Reporting by" in end else None
    return found["names"] if found else None


def _is_lower(word: str) -> bool:
    return bool(_LOWER_START.match(word)) and not word[0].isupper()
