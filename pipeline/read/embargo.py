"""Until when does an embargo in a text hold?

    SPERRFRIST: 12.11.2026, 06.00 Uhr        EMBARGOED UNTIL 0600 GMT, NOV 12        Embargo jusqu'au 12/11/2026 à 6h00

Whatever is in doubt holds longer, never shorter: of several ends the last counts, a day without an hour counts to
its end, an hour without a day is the next such hour. What cannot be read has no end: a person must look at it.

The zone is the one that is named, else that of the hour's word (`Uhr`: Berlin), else that of the agency's language;
English without a zone is taken in New York, which is later than London. `11/12/2026` is a day in December but in
English, where nobody can tell; nor can anybody tell what `12.11` is, or an hour in local time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

_LONGEST = 300
_FARTHEST = timedelta(days=366)
_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan jän ene gen sty янв січ",
            "feb fév fev lut фев лют",
            "mar mär mrz maa março мар бер",
            "apr avr abr kwi апр кві",
            "mai may mag mei maj maio май мая тра",
            "jun juin giu cze июн чер",
            "jul juil lug lip июл лип",
            "aug aoû aou ago sie авг сер",
            "sep set wrz сен вер",
            "oct okt ott out paź окт жов",
            "nov lis ноя лис",
            "dec dez déc dic gru дек гру",
        ),
        start=1,
    )
    for start in starts.split()
}
_WEEKDAYS = {
    start: number
    for number, starts in enumerate(
        (
            "montag monday lundi lunes lunedì maandag poniedział понедельник понеділ",
            "dienstag tuesday mardi martes martedì dinsdag wtor вторник вівтор",
            "mittwoch wednesday mercredi miércoles mercoledì woensdag środ сред серед",
            "donnerstag thursday jeudi jueves giovedì donderdag czwart четверг четвер",
            "freitag friday vendredi viernes venerdì vrijdag piąt пятниц п'ятниц",
            "samstag sonnabend saturday samedi sábado sabato zaterdag sobot суббот субот",
            "sonntag sunday dimanche domingo domenica zondag niedziel воскресень неділ",
        )
    )
    for start in starts.split()
}
_SLASHED = re.compile(r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])")
_NUMERIC = (
    re.compile(r"\b(?P<year>\d{4})(?:-|\s?年\s?)(?P<month>\d{1,2})(?:-|\s?月\s?)(?P<day>\d{1,2})\b\s?日?"),
    re.compile(
        r"(?<![\d.:])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?:\s?(?P<year>\d{4}|\d{2})(?![\d.:]|\s?(?:uhr|h\b)))?"
    ),
    _SLASHED,
    re.compile(r"(?<![\d:.])(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
)
_NAMED = (
    re.compile(
        r"(?<![\d:.])(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s(?:de\s)?(?P<name>[^\W\d_]{3,12})\.?(?:,?\s(?:de\s)?(?P<year>\d{4}))?"
    ),
    re.compile(r"(?P<name>[^\W\d_]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:.h])(?:,?\s(?P<year>\d{4}))?"),
)
_HOUR = re.compile(
    r"(?<![\d.:/])(?:(?P<hour>\d{1,2})(?P<sign>[.:h：])\s?(?P<minute>\d{2})|(?P<four>\d{4})(?=\s?(?:hrs|hours|uhr|gmt|utc|z\b|[ecmp][sd]?t\b|bst|cest?))"
    r"|(?P<bare>\d{1,2})(?=\s?(?:uhr|uur|h\b|hrs|a\.?m|p\.?m|horas|heures|ore\b|[时時点]|мск|gmt|utc)))(?![\d/])\s?"
    r"(?P<half>[ap]\.?m\.?(?![^\W\d_]))?(?P<behind>[^\d]{0,24})"
)
_ZONES: dict[str, timezone | str] = {
    "gmt": UTC, "utc": UTC, "z": UTC, "ut": UTC, "bst": timezone(timedelta(hours=1)),
    "mez": timezone(timedelta(hours=1)), "cet": timezone(timedelta(hours=1)),
    "mesz": timezone(timedelta(hours=2)), "cest": timezone(timedelta(hours=2)),
    "et": "America/New_York", "est": timezone(timedelta(hours=-5)), "edt": timezone(timedelta(hours=-4)),
    "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "pst": timezone(timedelta(hours=-8)), "pdt": timezone(timedelta(hours=-7)),
    "uhr": "Europe/Berlin", "uur": "Europe/Amsterdam", "мск": "Europe/Moscow", "msk": "Europe/Moscow",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong",
}  # fmt: skip
_OF_LANGUAGE = {
    "de": "Europe/Berlin", "fr": "Europe/Paris", "es": "Europe/Madrid", "it": "Europe/Rome", "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "ru": "Europe/Moscow", "uk": "Europe/Kyiv", "cs": "Europe/Prague",
    "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "sv": "Europe/Stockholm", "da": "Europe/Copenhagen",
    "fi": "Europe/Helsinki", "tr": "Europe/Istanbul", "zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul",
}  # fmt: skip
_ELSEWHERE = "America/New_York"
_HOUR_WORDS = frozenset({"uhr", "uur"})
_UNIT = re.compile(
    r"\s?(?:uhr|uur|hrs|hours|horas|heures|h\b|a\.?m|p\.?m|gmt|utc|bst|m?e[sz]{1,2}\b|ces?t|[ecmp][sd]?t\b|мск|msk)"
)
_BEFORE_HOUR = re.compile(r"\b(?:ore|alle|godz\.?|godziny|kl\.?|as|às|las|um|at)\s?$")
_ELSEWHERES_TIME = re.compile(r"ortszeit|local time|heure locale|hora local|ora locale")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TOMORROW = re.compile(r"\b(?:tomorrow|morgen|demain|mañana|domani|jutro|amanhã|завтра)\b|明[天日]")
_TODAY = re.compile(r"\b(?:today|heute|aujourd'hui|hoy|oggi|vandaag|dziś|hoje|сегодня|сьогодні)\b|今[天日]")
_OVER = re.compile(
    r"aufgehoben|abgelaufen|entfällt|keine sperrfrist|\blifted\b|no longer|\blevé\b|levantado|снято|знято",
    re.IGNORECASE,
)


class _Hour(NamedTuple):
    """An hour as written, a day later for 24 o'clock, and its zone if one is named."""

    at: time
    later: timedelta
    zone: tzinfo | None


class _Unreadable(ValueError):
    """Nobody can tell when this is."""


def is_dated(note: str) -> bool:
    """Tell whether `note` names a day or an hour, be it a possible one or not."""
    text = _plain(note)
    if _HOUR.search(text) or any(pattern.search(text) for pattern in _NUMERIC):
        return True
    return any(_month(found["name"]) for pattern in _NAMED for found in pattern.finditer(text))


def is_over(note: str) -> bool:
    """Tell whether `note` says that there is no embargo any more."""
    return bool(_OVER.search(note[:_LONGEST]))


def embargo_end(note: str, *, received: datetime, language: str | None = None) -> datetime | None:
    """Return the UTC moment when what `note` says is over, seen from `received`; None if it cannot be read.

    An end more than a year away is taken for a mistake. One that has passed is returned as it stands.

    >>> embargo_end("SPERRFRIST: 12.11.2026, 06.00 Uhr", received=datetime(2026, 11, 11, tzinfo=UTC)).isoformat()
    '2026-11-12T05:00:00+00:00'
    """
    text, spoken = _plain(note), (language or "").partition("-")[0].lower()
    usual = ZoneInfo("Europe/Berlin" if text.startswith("sperr") else _OF_LANGUAGE.get(spoken, _ELSEWHERE))
    try:
        ends = list(_ends(text, received, usual, day_first=spoken in _OF_LANGUAGE))
    except (ValueError, OverflowError):
        return None
    return max(ends) if ends and max(ends) <= received + _FARTHEST else None


def _plain(note: str) -> str:
    return " ".join(note[:_LONGEST].casefold().replace("’", "'").split())


def _ends(text: str, received: datetime, usual: tzinfo, *, day_first: bool) -> Iterator[datetime]:
    if _ELSEWHERES_TIME.search(text):
        raise _Unreadable
    # Without an hour the day counts to its end.
    hours = list(_hours(text)) or [_Hour(time(0), timedelta(days=1), None)]
    is_timed = hours[0] != _Hour(time(0), timedelta(days=1), None)
    for hour in hours:
        zone = hour.zone or usual
        local = received.astimezone(zone)
        days = list(_dates(text, local.date(), day_first=day_first)) or list(_days_by_name(text, local.date()))
        for day in days:
            yield datetime.combine(day + hour.later, hour.at, zone).astimezone(UTC)
        if is_timed and not days:
            if len(hours) > 1:
                raise _Unreadable
            yield _next(hour, local).astimezone(UTC)


def _next(hour: _Hour, local: datetime) -> datetime:
    today = datetime.combine(local.date() + hour.later, hour.at, local.tzinfo)
    return today if today >= local else datetime.combine(today.date() + timedelta(days=1), hour.at, local.tzinfo)


def _hours(text: str) -> Iterator[_Hour]:
    for pattern in _NUMERIC:
        text = pattern.sub(" ; ", text)
    for found in _HOUR.finditer(text):
        if found["sign"] == "." and not _UNIT.match(found["behind"]) and not _BEFORE_HOUR.search(text[: found.start()]):
            raise _Unreadable
        hour, minute = _clock(found)
        later = timedelta(days=1 if (hour, minute) == (24, 0) else 0)
        yield _Hour(time(0 if later else hour, minute), later, _zone(found["behind"]))


def _clock(found: re.Match[str]) -> tuple[int, int]:
    if four := found["four"]:
        return int(four[:2]), int(four[2:])
    hour = int(found["hour"] or found["bare"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return hour, int(found["minute"] or 0)


def _zone(behind: str) -> tzinfo | None:
    words = [word for word in _WORD.findall(behind) if word in _ZONES]
    named = next((_ZONES[word] for word in sorted(words, key=_HOUR_WORDS.__contains__)), None)
    return ZoneInfo(named) if isinstance(named, str) else named


def _dates(text: str, near: date, *, day_first: bool) -> Iterator[date]:
    """Return the days that `text` names; without a year, those nearest to `near`."""
    for pattern in (*_NUMERIC, *_NAMED):
        for found in pattern.finditer(text):
            parts = found.groupdict()
            month = _month(parts["name"]) if "name" in parts else int(parts["month"])
            if month is None:
                continue
            day = int(parts["day"])
            if pattern is _SLASHED and not day_first:
                month, day = _in_english(month, day)
            yield _day(parts.get("year"), month, day, near)
            text = text[: found.start()] + ";" * (found.end() - found.start()) + text[found.end() :]


def _in_english(month: int, day: int) -> tuple[int, int]:
    if month <= 12 and day <= 12 and month != day:
        raise _Unreadable
    return (day, month) if month > 12 else (month, day)


def _day(year: str | None, month: int, day: int, near: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    possible = []
    for step in (-1, 0, 1):
        with suppress(ValueError):  # 29 February
            possible.append(date(near.year + step, month, day))
    return min(possible, key=lambda one: abs(one - near))


def _month(name: str) -> int | None:
    return next((_MONTHS[name[:size]] for size in (5, 4, 3) if name[:size] in _MONTHS), None)


def _days_by_name(text: str, today: date) -> Iterator[date]:
    if _TOMORROW.search(text):
        yield today + timedelta(days=1)
    if _TODAY.search(text):
        yield today
    for word in _WORD.findall(text):
        number = next((number for start, number in _WEEKDAYS.items() if word.startswith(start)), None)
        if number is not None:
            yield today + timedelta(days=(number - today.weekday()) % 7)
