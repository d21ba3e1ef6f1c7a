"""When is a feed silent, by its own rhythm?"""

from datetime import date, timedelta

import pytest

from pipeline.stages.feed_health import silent_since

DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)  # a Wednesday


def days(*ages: int) -> list[date]:
    """The days that lie so many days back."""
    return sorted(TODAY - age * DAY for age in ages)


def test_a_feed_with_news_every_day_is_missed_after_two_days_without() -> None:
    assert silent_since(days(*range(2, 12)), today=TODAY) is None
    assert silent_since(days(*range(3, 12)), today=TODAY) == TODAY - 3 * DAY


def test_a_weekly_is_missed_after_two_weeks() -> None:
    assert silent_since(days(14, 21, 28, 35, 42), today=TODAY) is None
    assert silent_since(days(15, 22, 29, 36, 43), today=TODAY) == TODAY - 15 * DAY


def test_nobody_misses_on_monday_a_feed_that_never_works_at_the_weekend() -> None:
    monday = date(2026, 11, 23)
    weekdays = [monday - age * DAY for age in range(30, 2, -1) if (monday - age * DAY).weekday() < 5]

    assert silent_since(weekdays, today=monday) is None


@pytest.mark.parametrize("ages", [(), (30,), (20, 21, 22, 23)])
def test_a_feed_without_a_rhythm_is_never_silent(ages: tuple[int, ...]) -> None:
    assert silent_since(days(*ages), today=TODAY) is None


def test_only_the_two_months_before_the_last_news_make_the_rhythm() -> None:
    assert silent_since(days(5, 6, 7, 8, 9, 10, 100), today=TODAY) == TODAY - 5 * DAY
