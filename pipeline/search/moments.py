"""Dates in queries: `2026-11`, `2026-11-03T10:00Z`, `now-24h`, `now/d`, `2026-11-01||+1M/d`.

A date stands for its whole span: `2026-11` for a month, `now/d` for a day, a full time for a
millisecond. So `<=2026-11-03` takes the third in and `>2026-11-03` begins on the fourth. All is UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2})"
    r"(?:[T ](?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]{1,9})?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_STEP = re.compile(r"([+-])([0-9]{0,6})([yMwdhHms])|/([yMwdhHms])")
_LENGTHS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "H": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_FINEST = {"month": "y", "day": "M", "hour": "d", "minute": "h", "second": "m", "fraction": "s"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in milliseconds since 1970, from `start` to below `end`."""

    start: int
    end: int


def read_span(text: str, now: datetime) -> Span:
    """Return the span that `text` stands for; `ValueError` where it is no date."""
    try:
        start, end, steps = _anchor(text, now)
        for step in _split(steps):
            start, end = _apply(step, start, end)
    except OverflowError as error:
        raise ValueError(f"`{text}` is out of the calendar") from error
    return Span(milliseconds(start), milliseconds(end))


def milliseconds(moment: datetime) -> int:
    """Return `moment` as whole milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def _anchor(text: str, now: datetime) -> tuple[datetime, datetime, str]:
    if text.startswith("now"):
        start = _EPOCH + milliseconds(now) * _MILLISECOND
        return start, start + _MILLISECOND, text.removeprefix("now").removeprefix("||")
    date, _, steps = text.partition("||")
    if not (match := _DATE.fullmatch(date)):
        raise ValueError(f"`{text}` is not a date")
    start = _moment(match)
    unit = next((unit for part, unit in _FINEST.items() if match[part] is None), None)
    return start, _shift(start, unit, 1) if unit else start + _MILLISECOND, steps


def _moment(match: re.Match[str]) -> datetime:
    numbers = [int(match[part] or least) for part, least in (("year", 1), ("month", 1), ("day", 1))]
    times = [int(match[part] or 0) for part in ("hour", "minute", "second")]
    fraction = timedelta(milliseconds=int((match["fraction"] or ".0")[1:4].ljust(3, "0")))
    return datetime(*numbers, *times, tzinfo=UTC) - _offset(match["zone"]) + fraction  # type: ignore[misc,arg-type]


def _offset(zone: str | None) -> timedelta:
    if zone in (None, "Z"):
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _split(steps: str) -> list[re.Match[str]]:
    found = list(_STEP.finditer(steps))
    if "".join(step[0] for step in found) != steps:
        raise ValueError(f"`{steps}` is no date calculation")
    return found


def _apply(step: re.Match[str], start: datetime, end: datetime) -> tuple[datetime, datetime]:
    if unit := step[4]:
        return _floor(start, unit), _shift(_floor(end - _MILLISECOND, unit), unit, 1)
    count = int(step[2] or 1) * (-1 if step[1] == "-" else 1)
    return _shift(start, step[3], count), _shift(end, step[3], count)


def _shift(moment: datetime, unit: str, count: int) -> datetime:
    if unit in _LENGTHS:
        return moment + _LENGTHS[unit] * count
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
    first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
    last_day = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(moment.day, last_day.day))


def _floor(moment: datetime, unit: str) -> datetime:
    if unit in "hHms":
        return _EPOCH + (moment - _EPOCH) // _LENGTHS[unit] * _LENGTHS[unit]
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "w":
            return day - timedelta(days=day.weekday())
        case "M":
            return day.replace(day=1)
        case "y":
            return day.replace(month=1, day=1)
        case _:
            return day
