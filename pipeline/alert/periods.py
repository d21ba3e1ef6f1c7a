"""When is a digest due, and for which time? By the clock on the wall of its readers, in summer and in winter.

A digest has a moment on each of its days: the first time that the clock of its zone shows the hour. Where the clock leaps over
the hour, it is the moment of the leap. Its periods end at such moments, and each begins where the one before ended: they
follow one another without gap or overlap, whenever and however often somebody asks.

Pure: no clock, no store.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.config.models import Digest

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


class Period(NamedTuple):
    """A time, from after `start` up to and including `end`, both in UTC."""

    start: datetime
    end: datetime


def due(digest: Digest, last_end: datetime, now: datetime) -> Period | None:
    """Return the period of which `digest` has to tell at `now`, all since the last one's end; None: nothing is due.

    However many moments were missed there is one period. A clock that was set back finds nothing due.
    """
    end = latest(digest, now)
    return Period(last_end, end) if end > last_end else None


def latest(digest: Digest, now: datetime) -> datetime:
    """Return the last moment of `digest` up to `now`, in UTC."""
    today = now.astimezone(ZoneInfo(digest.zone)).date()
    return max(one for one in _moments(digest, today - 9 * _DAY, days=12) if one <= now)


def following(digest: Digest, after: datetime) -> datetime:
    """Return the first moment of `digest` after `after`, in UTC."""
    day = after.astimezone(ZoneInfo(digest.zone)).date()
    return min(one for one in _moments(digest, day - 2 * _DAY, days=12) if one > after)


def _moments(digest: Digest, first: date, *, days: int) -> list[datetime]:
    dates = (first + number * _DAY for number in range(days))
    return [_moment(digest, day) for day in dates if digest.every in ("day", _DAYS[day.weekday()])]


def _moment(digest: Digest, day: date) -> datetime:
    """The first instant at which the wall clock shows the hour, or has leapt over it."""
    wall = datetime.combine(day, digest.at, ZoneInfo(digest.zone))
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # In a gap the reading by the offset before lies after the leap, and that by the offset after before it (PEP 495).
    return first if first <= second else _leap(ZoneInfo(digest.zone), second, first)


def _leap(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second, between the two, from which on the zone's clock differs from UTC as it does at `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
