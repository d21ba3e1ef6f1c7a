"""What wire text gives away about itself: agency, dateline, byline.

    AUSTIN (dpa-AFX) - Der Satellitenbetreiber …        KYIV, Nov 3 (Reuters) - The ministry …
    КИЇВ, 3 листопада (Укрінформ) - …                   新华社北京11月3日电 …

A dateline names an agency that we know; `NATO (Nordatlantikpakt) - ` is none. Only the beginning and
the end of a text are looked at, so that the time taken does not depend on its length.
"""

from __future__ import annotations

import re

from pipeline.article import Dateline, WireConventions
from pipeline.read.agencies import AGENCIES, agency_named

_WINDOW = 300
_DASH = r"\s{0,3}[-–—:]{1,2}(?=\s)"
_HEAD = r"(?P<head>[^()（）\n.!?;]{0,60}(?:\.[^()（）\n.!?;]{0,30}){0,2})"
_WITH_BRACKETS = re.compile(
    rf"{_HEAD}[(（]\s?(?P<agency>[^()（）\n]{{2,40}}?)\s?[)）](?P<dash>{_DASH})?(?P<date>\s{{0,2}}\d{{1,2}}\.\d{{1,2}}\.?{_DASH})?"
)
_WITH_SLASHES = re.compile(
    rf"(?P<head>[^/()\n!?;]{{2,60}}?)\s{{0,2}}[./]\s?/(?P<agency>[^/\n]{{2,30}})/(?P<dash>[.]?{_DASH}|[.]?\s)"
)
_IN_CHINESE = "|".join(
    sorted(
        (name for names in AGENCIES.values() for name in names if "\u3400" <= name[0] <= "\u9fff"),
        key=len,
        reverse=True,
    )
)
_CHINESE = re.compile(
    rf"(?P<agency>{_IN_CHINESE})\s?(?P<place>[\u3400-\u9fff·]{{2,8}}?)(?P<date>(?:\d{{1,2}}月)?\d{{1,2}}日)[电電][\s　]{{0,3}}"
)
_CHINESE_BRACKETS = re.compile(
    rf"[（(](?P<agency>{_IN_CHINESE})(?:(?P<reporter>[记記]者[\u3400-\u9fff]{{2,4}})?(?P<place>[\u3400-\u9fff]{{2,3}})"
    r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)[电電]?)?[）)]"
)
_WITH_POINTS = re.compile(
    r"(?P<head>[^\W\d_][\w -]{1,30}\.\s\d{1,2}\s[^\W\d_]{3,12})\.\s(?P<agency>[^\W\d_][\w-]{2,20})(?P<dash>\.|\s{0,2}[-–—])(?=\s)"
)
_MONTH = r"(?:\d{1,2}\s?月|\d{1,2}[.]\d{1,2}[.]?|[^\W\d_]{3,12}\.?)"
_DATE = re.compile(
    rf"(?:^|[,.\s])\s?((?:{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\.?\s{_MONTH}(?:\s\d{{4}})?|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2,4}})?))\s?$"
)
_NAME = r"[^\W\d_][\w'’.-]{0,30}"
_NOBLE = r"(?:von|van|de|der|den|di|da|del|zu|al|bin|ter|la|le|und|and|et|y|i)"
_BYLINE = re.compile(
    rf"(?:Von|By|Par|Por|Di|Autor:|Автор:|От)[ \t](?P<names>{_NAME}(?:[ \t](?:{_NOBLE}[ \t]){{0,2}}{_NAME}){{1,7}})"
    r"(?:,[ \t]?(?P<agency>[\w-]{2,20}(?:[ -/][\w-]{2,20})?))?[ \t.]{0,3}(?:\n|$)"
)
_LOWER_START = re.compile(rf"(?!{_NOBLE}\b)[^\W\d_A-Z]")
_CREDITS = (
    re.compile(r"(?:\bQuelle|\bSource|\bFonte|\bFuente|\bŹródło|\bИсточник|\bДжерело)\s?:\s?(?P<agency>[^\n.;]{2,40})"),
    re.compile(r"©\s?(?:\d{4}\s)?(?P<agency>[\w-]{2,20})(?=,|\s|$)"),
    re.compile(r"/(?P<agency>[A-Za-z-]{2,12})\s{0,2}$"),
    re.compile(r"[(（](?P<agency>[^()（）\n]{2,30})[)）]\s{0,3}\.?$"),
)
_SLASHED = re.compile(r"(?:^|\s)/?\w{2,4}(?:/[\w-]{2,4}){1,4}/?\s{0,2}$")
_REPORTERS = re.compile(
    rf"\(?Reporting by (?P<names>{_NAME}(?:,? (?:{_NOBLE} ){{0,1}}{_NAME}){{1,12}}?)(?: in [^;.\n)]{{2,40}})?\s?(?:[;.)\n]|$)"
)

_SMALL_WORDS = frozenset(
    {"DE", "DEL", "DU", "DES", "AM", "AN", "IM", "DER", "SUR", "UPON", "LA", "LE", "VON", "OF", "НА"}
)
_ABBREVIATED = frozenset({"USA", "UK", "EU", "UN", "DC", "D.C.", "UAE", "США", "ОАЭ"})


def read_conventions(text: str, *, headline: str = "") -> WireConventions:
    """Return what `text` says of its agency, dateline and byline.

    >>> read_conventions("KYIV, Nov 3 (Reuters) - The bridge is open.").dateline.place
    'Kyiv'
    """
    start = text[:_WINDOW].lstrip("\ufeff \t\n\u3000")
    end = text[-_WINDOW:].rstrip()
    byline, by_agency, start = _take_byline(start)
    dateline, agency = _dateline(start)
    reporters = _REPORTERS.search(end)
    return WireConventions(
        agency=agency or by_agency or _credit(end) or _headline_credit(headline),
        dateline=dateline,
        byline=byline or (reporters["names"] if reporters else None),
    )


def after_dateline(text: str) -> str:
    """Return `text` without its byline and dateline, as it is compared with copies that lack them."""
    start = text[:_WINDOW]
    _, _, rest = _take_byline(start.lstrip("\ufeff \t\n\u3000"))
    dateline, _ = _dateline(rest)
    if dateline is None:
        return text
    return (rest[rest.index(dateline.text) + len(dateline.text) :].lstrip(" -–—:") + text[_WINDOW:]).lstrip()


def _take_byline(start: str) -> tuple[str | None, str | None, str]:
    """Return names, their agency, and the text below the byline."""
    found = _BYLINE.match(start)
    if not found or any(_LOWER_START.match(word) for word in found["names"].split()):
        return None, None, start
    names = found["names"].rstrip(".")
    return names, agency_named(found["agency"] or ""), start[found.end() :].lstrip()


def _dateline(start: str) -> tuple[Dateline | None, str | None]:
    if found := _CHINESE.match(start) or _CHINESE_BRACKETS.match(start):
        line = Dateline(text=found[0].strip(), place=found["place"], date=found["date"]) if found["date"] else None
        return line, agency_named(found["agency"])
    for pattern in (_WITH_BRACKETS, _WITH_SLASHES, _WITH_POINTS):
        if (found := pattern.match(start)) and (agency := agency_named(found["agency"])):
            return _with_head(found, agency)
    return None, None


def _with_head(found: re.Match[str], agency: str) -> tuple[Dateline | None, str | None]:
    """Return the dateline if its beginning looks like a place; `(dpa)` within a sentence is none."""
    head = found["head"].strip(" ,/")
    date = _DATE.search(head)
    place = head[: date.start()].strip(" ,") if date else head
    place = place.rstrip(".") if place.count(".") == 1 else place
    dashed = bool(found["dash"] or found.groupdict().get("date"))
    if not dashed and not date:
        return None, None
    if not place:
        return None, agency
    if not _is_place(place):
        return None, None
    return Dateline(text=found[0].strip(" -–—:"), place=_title_case(place), date=date[1] if date else None), agency


def _is_place(text: str) -> bool:
    """Tell whether `text` can be places: a few words, the first of each in capitals."""
    words = re.split(r"[\s/,]+", text)
    return (
        len(words) <= 6
        and all(word[:1].isupper() or not word[:1].isalpha() or len(word) <= 4 for word in words)
        and (words[0][:1].isupper() or not words[0].isascii())
    )


def _title_case(place: str) -> str:
    """Return `AUSTIN` as `Austin`, `RIO DE JANEIRO` as `Rio de Janeiro`, and `Berlin` unchanged."""
    words = re.split(r"([\s/,-]+)", place)
    return "".join(_word_in_title_case(word, first=not number) for number, word in enumerate(words))


def _word_in_title_case(word: str, *, first: bool) -> str:
    if not word.isupper() or word in _ABBREVIATED:
        return word
    return word.lower() if word in _SMALL_WORDS and not first else word.capitalize()


def _credit(end: str) -> str | None:
    for pattern in _CREDITS:
        if (found := pattern.search(end)) and (agency := agency_named(found["agency"])):
            return agency
    if found := _SLASHED.search(end):
        return next((name for part in found[0].strip().split("/") if (name := _of_slashed(part))), None)
    if re.search(r"Reporting by .{3,200}(?:[;.]\s?(?:\w+ )?[Ee]diting by)", end):
        return "Reuters"
    return None


def _of_slashed(part: str) -> str | None:
    """Return the agency of `/abc/DP/xyz`, the way dpa-AFX signs."""
    return "dpa-AFX" if part == "DP" else agency_named(part)


def _headline_credit(headline: str) -> str | None:
    found = re.search(r"[(\[]([^()\[\]]{2,20})[)\]]\s{0,3}$", headline[-60:])
    return agency_named(found[1]) if found else None
