"""When was it published? Dates as feeds write them, in many languages, always day before month.

`05/01/2026` is the fifth of January; `01/25/2026` is no date. A moment without a zone is taken in the zone
given, UTC by default. Years outside 1900 to 2199 are placeholders of some software and give None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_LONGEST = 80
# English, German, French, Spanish, Italian, Dutch, Polish, Czech, Slovak, Ukrainian, Russian, Portuguese.
_MONTH_NAMES = """
january jan januar jänner jän januari janvier janv enero ene gennaio gen stycznia styczeń sty ledna leden januára січня січень січ января январь янв janeiro
february feb februar feber februari février fevrier févr fév febrero febbraio lutego luty lut února únor februára лютого лютий лют февраля февраль фев fevereiro fev
march mar märz mär mrz maart mrt mars marzo marca marzec března březen березня березень бер марта март мар março
april apr avril avr abril abr aprile kwietnia kwiecień kwi dubna duben apríla квітня квітень кві апреля апрель апр
may mai mei mayo maggio mag maja maj května květen mája травня травень тра мая май maio
june jun juni juin junio giugno giu czerwca czerwiec cze června červen júna червня червень чер июня июнь июн junho
july jul juli juillet juil julio luglio lug lipca lipiec lip července červenec júla липня липень лип июля июль июл julho
august aug augustus août aout agosto ago sierpnia sierpień sie srpna srpen augusta серпня серпень сер августа август авг
september sep sept septembre septiembre settembre set września wrzesień wrz září septembra вересня вересень вер сентября сентябрь сен сент setembro
october oct oktober okt octobre octubre ottobre ott października październik paź října říjen októbra жовтня жовтень жов октября октябрь окт outubro out
november nov novembre noviembre listopada listopad lis novembra листопада листопад лис ноября ноябрь ноя нояб novembro
december dec dezember dez décembre déc diciembre dic dicembre grudnia grudzień gru prosince prosinec decembra грудня грудень гру декабря декабрь дек dezembro
"""
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.strip().splitlines(), start=1) for name in names.split()
}
# Names that mean one thing in the news; hours east of Greenwich. IST, BST and others mean several.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "mez": 1, "cet": 1, "met": 1, "mesz": 2, "cest": 2,
    "mest": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "trt": 3, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "ast": -4, "adt": -3,
}  # fmt: skip

_CLOCK = re.compile(
    r"(?:(?<=\dt)|(?<![\d.:,]))(\d{1,2})(?::|h|：|(?=\s*uhr))(\d{2})?(?::(\d{2})(?:[.,]\d+)?)?(?!\d)\s*(uhr\b|[ap]\.?m\b\.?)?"
)
_CLOCK_WITH_POINT = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})()(?![\d.])\s*(uhr\b)")
_CLOCK_IN_CHINESE = re.compile(r"(\d{1,2})\s*[时時点]\s*(?:(\d{1,2})\s*分)?(?:(\d{1,2})\s*秒)?()")
_OFFSET = re.compile(r"(?:utc|gmt|\b|(?<=\s)|^)([+\-−])(\d{1,2}):?(\d{2})?\b")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})t?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?(z|[+-]\d{4})?")
_IN_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})")
_MONTH_NAMED = re.compile(
    r"(\d{1,2})(?:\.|er|st|nd|rd|th|º)?[\s-]*(?:de\s+|of\s+)?([^\W\d_]+)\.?,?[\s-]*(?:de\s+)?'?(\d{4}|\d{2})"
)
_MONTH_LEADS = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WORD = re.compile(r"[^\W\d_]+")


def read_moment(text: str | None, *, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that `text` names, in UTC, or None. `zone` holds where `text` names none.

    >>> read_moment("Mo, 05 Jan 2026 10:00 MEZ").isoformat()
    '2026-01-05T09:00:00+00:00'
    """
    text = " ".join((text or "")[: _LONGEST + 1].lower().split())
    if not text or len(text) > _LONGEST:
        return None
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, offset = compact.groups()
        clock = (int(hour or 0), int(minute or 0), int(second or 0))
        return _moment((int(year), int(month), int(day)), clock, _zone(offset or "") or zone)
    time_of_day, rest, behind = _take_clock(text)
    found, rest = _take_zone(behind, rest)
    date = _date(rest)
    return _moment(date, time_of_day, found or zone) if date else None


def from_parts(parts: Sequence[int] | None) -> datetime | None:
    """Return the UTC moment of a nine-part time as feedparser gives it, or None."""
    if not parts or len(parts) < 6:
        return None
    return _moment((parts[0], parts[1], parts[2]), (parts[3], parts[4], parts[5]), UTC)


def zone_of(text: str | None) -> tzinfo | None:
    """Return the zone that a date names, if it does."""
    _, rest, behind = _take_clock(" ".join((text or "")[:_LONGEST].lower().split()))
    return _take_zone(behind, rest)[0]


def _take_clock(text: str) -> tuple[tuple[int, int, int], str, str]:
    """Return the time of day, the text without it, and what follows it."""
    for pattern in (_CLOCK, _CLOCK_WITH_POINT, _CLOCK_IN_CHINESE):
        if found := pattern.search(text):
            hour, minute, second = (int(part or 0) for part in found.groups()[:3])
            half = (found[4] or "")[:1]
            if half in {"a", "p"}:
                hour = hour % 12 + (12 if half == "p" else 0)
            return (
                (hour, minute, min(second, 59)),
                text[: found.start()] + " " + text[found.end() :],
                text[found.end() :],
            )
    return (0, 0, 0), text, ""


def _take_zone(behind: str, rest: str) -> tuple[tzinfo | None, str]:
    """Return the zone named behind the time of day, and `rest` without it."""
    behind = behind.strip()
    zone = _zone(behind)
    return (zone, rest[: len(rest) - len(behind)]) if zone else (None, rest)


def _zone(text: str) -> tzinfo | None:
    if found := _OFFSET.search(text):
        hours, minutes = int(found[2]), int(found[3] or 0)
        offset = timedelta(hours=hours, minutes=minutes) * (1 if found[1] == "+" else -1)
        return timezone(offset) if abs(offset) < timedelta(hours=24) else None
    for word in _WORD.findall(text):
        if word in _ZONES:
            return timezone(timedelta(hours=_ZONES[word]))
    return None


def _date(text: str) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.search(text) or _IN_CHINESE.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.search(text):
        return _full_year(found[3]), int(found[2]), int(found[1])
    if (found := _MONTH_NAMED.search(text)) and found[2] in _MONTHS:
        return _full_year(found[3]), _MONTHS[found[2]], int(found[1])
    if (found := _MONTH_LEADS.search(text)) and found[1] in _MONTHS:
        return int(found[3]), _MONTHS[found[1]], int(found[2])
    return None


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < 70 else 1900)


def _moment(date: tuple[int, int, int], clock: tuple[int, int, int], zone: tzinfo) -> datetime | None:
    hour, minute, second = clock
    if not 1900 <= date[0] <= 2199:
        return None
    try:
        midnight = datetime(*date, tzinfo=zone)
        if (hour, minute) == (24, 0):
            return (midnight + timedelta(days=1)).astimezone(UTC)
        return midnight.replace(hour=hour, minute=minute, second=min(second, 59)).astimezone(UTC)
    except ValueError:
        return None
