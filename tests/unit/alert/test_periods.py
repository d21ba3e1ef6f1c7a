"""When is a digest due? Against a clock that is read minute by minute, through summer time and back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.alert import due, following, latest
from pipeline.config import Digest

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
# Half-hour summer time, changes at midnight, two changes a year for Ramadan, a day that was skipped.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
)


def a_digest(**changes: Any) -> Digest:
    fields = {"id": "morning", "name": "Morning", "to": ("desk@example.org",), "every": "day", "at": "02:30"}
    return Digest(**fields | {"zone": "Europe/Berlin"} | changes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


digests = st.builds(
    a_digest,
    every=st.sampled_from(("day", *DAYS)),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - set by `timezones`


def read_minute_by_minute(zone: str, day: date, hour: time) -> datetime:
    """The first minute at which the clock on the wall shows `hour` on `day`, or has gone past it."""
    wall, minute = datetime.combine(day, hour), datetime.combine(day, hour, UTC) - timedelta(hours=27)
    place = ZoneInfo(zone)
    while minute.astimezone(place).replace(tzinfo=None) < wall:
        minute += MINUTE
    return minute


@given(st.sampled_from(ZONES), st.dates(date(2005, 1, 1), date(2037, 12, 31)), st.times())
@example("Europe/Berlin", date(2026, 3, 29), time(2, 30))
@example("Europe/Berlin", date(2026, 10, 25), time(2, 30))
@example("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15))
@example("America/Sao_Paulo", date(2018, 11, 4), time(0, 0))
@example("Pacific/Apia", date(2011, 12, 30), time(6, 30))
def test_it_is_due_when_the_clock_on_the_wall_shows_the_hour_for_the_first_time_or_leaps_over_it(
    zone: str, day: date, hour: time
) -> None:
    hour = hour.replace(second=0, microsecond=0)
    digest = a_digest(zone=zone, at=hour)

    expected = read_minute_by_minute(zone, day, hour)

    assert latest(digest, expected) == expected
    assert latest(digest, expected - MINUTE) < expected
    assert following(digest, expected - MINUTE) == expected
    assert following(digest, expected) > expected


@given(digests, moments, st.lists(st.integers(-20 * 24 * 60, 20 * 24 * 60), max_size=30))
def test_periods_follow_one_another_without_gap_or_overlap_whenever_somebody_asks(
    digest: Digest, begun: datetime, asked: list[int]
) -> None:
    first = last_end = latest(digest, begun)
    periods = []
    for minutes in asked:  # in no order: a clock that jumps, workers that are behind
        now = begun + minutes * MINUTE
        period = due(digest, last_end, now)
        if period:
            assert period.end <= now
            periods.append(period)
            last_end = period.end

    assert [period.start for period in periods] == [first, *(period.end for period in periods)][: len(periods)]
    assert all(period.start < period.end for period in periods)


@given(digests, moments)
def test_asked_every_hour_it_tells_at_each_of_its_moments_once(digest: Digest, begun: datetime) -> None:
    last_end = latest(digest, begun)
    expected, ends = [following(digest, last_end)], []
    while expected[-1] < begun + 2 * WEEK:
        expected.append(following(digest, expected[-1]))

    for hour in range(24 * 14):
        period = due(digest, last_end, begun + timedelta(hours=hour))
        if period:
            ends.append(period.end)
            last_end = period.end

    assert ends == [one for one in expected if one <= begun + timedelta(hours=24 * 14 - 1)]
    assert len(ends) in ((12, 13, 14, 15) if digest.every == "day" else (1, 2, 3))


@given(digests.filter(lambda one: one.every != "day"), moments)
def test_a_weekly_one_tells_on_its_day_of_the_week(digest: Digest, now: datetime) -> None:
    local = latest(digest, now).astimezone(ZoneInfo(digest.zone))

    leapt = local.time() != digest.at
    assert leapt or DAYS[local.weekday()] == digest.every


def test_an_hour_that_the_change_to_summer_time_skips_is_made_up_for_at_once() -> None:
    period = due(a_digest(), at("2026-03-28T01:30"), at("2026-03-29T12:00"))

    assert period == (at("2026-03-28T01:30"), at("2026-03-29T01:00"))


@pytest.mark.parametrize("now", ["2026-10-25T00:30", "2026-10-25T01:29", "2026-10-25T01:30", "2026-10-26T01:29"])
def test_an_hour_that_comes_twice_counts_once(now: str) -> None:
    period = due(a_digest(), at("2026-10-24T00:30"), at(now))

    assert period == (at("2026-10-24T00:30"), at("2026-10-25T00:30"))
    assert due(a_digest(), period.end, at(now)) is None


def test_a_week_that_was_missed_is_one_period() -> None:
    period = due(a_digest(at="06:30"), at("2026-11-03T05:30"), at("2026-11-10T09:00"))

    assert period == (at("2026-11-03T05:30"), at("2026-11-10T05:30"))


def test_a_clock_that_was_set_back_finds_nothing_due() -> None:
    assert due(a_digest(), at("2026-11-03T01:30"), at("2026-11-01T12:00")) is None


def test_a_new_hour_neither_repeats_nor_leaves_out_anything() -> None:
    told_until = at("2026-11-03T05:30")

    period = due(a_digest(at="08:00"), told_until, at("2026-11-03T07:00"))

    assert period == (told_until, at("2026-11-03T07:00"))
