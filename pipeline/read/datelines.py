"""The first words of a report: where it was filed, when, and by which agency.

    AUSTIN (dpa-AFX) - Der Satellitenbetreiber …        KYIV, Nov 3 (Reuters) - The ministry …
    (ANSA) - ROMA, 03 NOV - Il ponte …                  МОСКВА, 3 ноя - РИА Новости. Мост …
    София, 3 ноември /БТА/. Мостът …                    新华社北京11月3日电 …

A dateline names an agency that we know, or has a date; `NATO (Nordatlantikpakt) - ` is none. Three agencies set no dash behind
their name; with all others a dash or a date must stand there, so that `(dpa)` within a sentence is no dateline.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.article import Dateline
from pipeline.read.agencies import AGENCIES, agency_named

_DASH = r"(?:\s{0,3}\.?[-–—:=]{1,2}(?=\s)|\s?--(?=\S))"
_HEAD = r"(?P<head>[^()（）\n.!?;]{0,60}(?:\.[^()（）\n.!?;]{0,30}){0,4}(?:\([^\W\d_]{2,20}\)\s(?=\())?)"
_IN_BRACKETS = re.compile(
    rf"{_HEAD}[(（]\s?(?P<agency>[^()（）\n]{{2,40}}?)\s?[)）](?P<dash>{_DASH})?(?P<date>\s{{0,2}}\d{{1,2}}\.\d{{1,2}}\.?{_DASH})?"
)
_IN_SLASHES = re.compile(
    rf"(?P<head>[^/()\n!?;]{{2,60}}?)\s{{0,2}}[./]?\s?/(?P<agency>[^/\n]{{2,40}})/(?P<dash>[.]?{_DASH}|[.]?\s)"
)
_BEHIND_POINTS = re.compile(
    r"(?P<head>[^\W\d_][\w -]{1,30}\.\s\d{1,2}\s[^\W\d_]{3,12})\.\s(?P<agency>[^\W\d_][\w.-]{2,20}?)(?P<dash>\.|\s{0,2}[-–—])(?=\s)"
)
_BEFORE = re.compile(
    r"[(（]?(?P<agency>[^()（）\n-]{2,40}?)[)）]?\s?[-–—]\s?(?P<head>[^()\n!?;]{2,60}?\d[^()\n!?;]{0,20}?)(?P<dash>\s?[-–—]{1,2})(?=\s)"
)
_BEHIND_DATE = re.compile(
    r"(?P<head>[^()\n!?;]{1,60}?\d[^()\n!?;]{0,20}?)(?:\s[-–—]|,)\s(?P<agency>[^\W\d_][\w -]{1,20}?)(?P<dash>\.|\s?[-–—]{1,2})(?=\s)"
)
_HAN, _KANA = "\u3400-\u9fff", "\u3040-\u30ff"
_IN_EAST_ASIA = "|".join(
    sorted(
        (name for names in AGENCIES.values() for name in names if "\u3040" <= name[0] <= "\u9fff"),
        key=len,
        reverse=True,
    )
)
_EAST_ASIAN = (
    re.compile(
        rf"(?P<agency>{_IN_EAST_ASIA})\s?(?P<place>[{_HAN}·]{{2,8}}?)?(?P<date>(?:\d{{1,2}}月)?\d{{1,2}}日)[电電][\s\u3000]{{0,3}}"
    ),
    re.compile(
        rf"[（(](?P<agency>{_IN_EAST_ASIA})(?:(?:[记記]者(?P<reporter>[{_HAN}]{{2,4}}))?(?P<place>[{_HAN}]{{2,3}})"
        r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)[电電]?)?[）)]"
    ),
    re.compile(
        rf"[【\[［](?P<place>[{_HAN}{_KANA}]{{2,12}}?)?\s?(?P<date>(?:\d{{1,2}}月)?\d{{1,2}}日)?[\s=＝]?"
        rf"(?P<agency>{_IN_EAST_ASIA}|AFP|AP)[】\]］](?:\s?-)?\s{{0,2}}"
    ),
    re.compile(
        r"[（(](?P<place>[\uac00-\ud7a3·]{2,12})=(?P<agency>[\uac00-\ud7a3\d]{2,8})[）)](?P<date>)\s"
        r"(?:(?P<reporter>[\uac00-\ud7a3]{2,4})\s(?:기자|특파원)\s=\s)?"
    ),
)
_MONTH = r"(?:\d{1,2}\s?月|\d{1,2}[.]\d{1,2}[.]?|[^\W\d_]{3,12}\.?)"
_DATE = re.compile(
    rf"(?:^|[,.\s])\s?((?:\d{{4}}\.\s[^\W\d_]{{3,12}}\s\d{{1,2}}\.(?:,\s[^\W\d_]{{3,12}})?|{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?|"
    rf"\d{{1,2}}\.?\s(?:de\s)?{_MONTH}(?:\s(?:de\s)?\d{{4}})?|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2,4}})?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?))\s?,?\s?$"
)
_LEADING_DATE = re.compile(r"(\d{1,2}\.?\s[^\W\d_]{3,12}),\s(?=[^\W\d_])")
_AGENCY_ONLY = re.compile(r"[^\W\d_][\w.-]{2,20}")
_UNDASHED = frozenset({"KNA", "epd", "SID"})
_NO_PLACE = frozenset({"der", "die", "das", "ein", "eine", "am", "im"})
_BEGINS_SENTENCE = re.compile(r"\.?\s{1,2}[^\W\d_]")
_AROUND = " -–—:=."
_SMALL_WORDS = frozenset(
    {"DE", "DEL", "DU", "DES", "AM", "AN", "IM", "DER", "SUR", "UPON", "LA", "LE", "VON", "OF", "НА"}
)
_ABBREVIATED = frozenset({"USA", "UK", "EU", "UN", "DC", "D.C.", "UAE", "США", "ОАЭ"})


class Filed(NamedTuple):
    """What a dateline says, and how many characters it takes with the dash behind it."""

    dateline: Dateline | None
    agency: str | None
    reporter: str | None
    length: int


def read_dateline(start: str) -> Filed | None:
    """Return the dateline that `start` begins with. It may name an agency only: `(Bloomberg) -- `.

    >>> read_dateline("ROMA (ANSA) - Il ponte è aperto.").dateline.place
    'Roma'
    """
    for pattern in _EAST_ASIAN:
        if (found := pattern.match(start)) and (agency := agency_named(found["agency"])):
            return _east_asian(found, agency)
    for pattern in (_BEFORE, _IN_BRACKETS, _IN_SLASHES, _BEHIND_POINTS, _BEHIND_DATE):
        if (found := pattern.match(start)) and (filed := _filed(found, agency_named(found["agency"]))):
            return filed
    return None


def _east_asian(found: re.Match[str], agency: str) -> Filed:
    place, date, reporter = found["place"], found["date"] or None, found.groupdict().get("reporter")
    line = Dateline(text=found[0].strip(_AROUND + "\u3000"), place=place, date=date) if place or date else None
    return Filed(line, agency, reporter, found.end())


def _filed(found: re.Match[str], agency: str | None) -> Filed | None:
    """Return the dateline if its beginning looks like places or a date; `(dpa)` within a sentence is none."""
    place, date = _place_and_date(found["head"].strip(" ,/-–—"))
    dashed = bool(found["dash"] or found.groupdict().get("date"))
    if not _is_dateline(found, agency, place, date, dashed=dashed):
        return None
    if not place and not date:
        return Filed(None, agency, None, found.end())
    line = Dateline(text=found[0].strip(_AROUND), place=_title_case(place) if place else None, date=date)
    return Filed(line, agency, None, found.end())


def _place_and_date(head: str) -> tuple[str, str | None]:
    if found := _LEADING_DATE.match(head):
        return head[found.end() :].strip(" ,"), found[1]
    date = _DATE.search(head)
    place = head[: date.start()].strip(" ,-–—") if date else head
    is_sentence = place.count(".") == 1 and "," not in place
    return place.rstrip(".") if is_sentence else place, date[1] if date else None


def _is_dateline(found: re.Match[str], agency: str | None, place: str, date: str | None, *, dashed: bool) -> bool:
    if place and not _is_place(place):
        return False
    if agency is None:
        # An agency that we do not know stands in brackets between a place with a date and a dash.
        return bool(found.re is _IN_BRACKETS and place and date and dashed and _AGENCY_ONLY.fullmatch(found["agency"]))
    if found.re in (_BEFORE, _BEHIND_DATE):
        return date is not None
    return bool(dashed or date or _undashed(found, agency, place))


def _undashed(found: re.Match[str], agency: str, place: str) -> bool:
    behind = _BEGINS_SENTENCE.match(found.string, found.end())
    return agency in _UNDASHED and behind is not None and behind[0][-1].isupper() and 0 < len(place.split()) <= 3


def _is_place(text: str) -> bool:
    """Tell whether `text` can be places: a few words, the first of each in capitals."""
    words = re.split(r"[\s/,]+", text)
    return (
        len(words) <= 6
        and words[0].casefold() not in _NO_PLACE
        and all(_begins_name(word) or not word[:1].isalpha() or len(word) <= 4 for word in words)
        and (_begins_name(words[0]) or not words[0].isascii())
    )


def _begins_name(word: str) -> bool:
    """Tell whether a word begins with a capital, or in a script that has none."""
    letter = word[:1]
    return letter.isupper() or (letter.isalpha() and letter.lower() == letter.upper())


def _title_case(place: str) -> str:
    """Return `AUSTIN` as `Austin`, `RIO DE JANEIRO` as `Rio de Janeiro`, and `Berlin` unchanged."""
    words = re.split(r"([\s/,-]+)", place)
    return "".join(_word_in_title_case(word, first=not number) for number, word in enumerate(words))


def _word_in_title_case(word: str, *, first: bool) -> str:
    if not word.isupper() or word in _ABBREVIATED:
        return word
    return word.lower() if word in _SMALL_WORDS and not first else word.capitalize()
