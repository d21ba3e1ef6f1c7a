"""Which moment does a date name, however it is written?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wires.dates import from_parts, read_moment

TEN = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T10:00:00Z",
        "2026-01-05T10:00:00.250Z",
        "2026-01-05T12:00+02:00",
        "2026-01-05T11:00:00+0100",
        "2026-01-05 10:00:00",
        "2026/01/05 10:00",
        "20260105T100000Z",
        "20260105T110000+0100",
        "Mon, 05 Jan 2026 10:00:00 GMT",
        "Mon, 05 Jan 26 10:00 UTC",
        "Mon, 05-Jan-2026 10:00:00 GMT",
        "Mon Jan  5 10:00:00 2026",
        "January 5, 2026 10:00 am",
        "Mo, 05 Jan 2026 10:00",
        "Mo., 5.1.2026 - 11:00 Uhr MEZ",
        "5. Januar 2026, 10.00 Uhr",
        "5. Jänner 2026, 10 Uhr",
        "5.1.26 10:00",
        "05.01.2026 10:00",
        "05/01/2026 10:00",
        "le 5 janvier 2026 à 10h00",
        "5 de enero de 2026 10:00",
        "5 stycznia 2026 10:00",
        "5 января 2026 г. 13:00 МСК",
        "Пн, 05 січ 2026 12:00:00 +0200",
        "2026年1月5日 10:00",
        "2026年1月5日10時00分",
    ],
)
def test_it_is_ten_on_the_fifth_of_january(text: str) -> None:
    assert read_moment(text) == TEN


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("MEZ", 1),
        ("MESZ", 2),
        ("CET", 1),
        ("CEST", 2),
        ("EET", 2),
        ("MSK", 3),
        ("EST", -5),
        ("EDT", -4),
        ("PST", -8),
        ("UTC+3", 3),
    ],
)
def test_a_zone_name_is_not_taken_for_utc(zone: str, hours: int) -> None:
    assert read_moment(f"Mon, 05 Jan 2026 10:00:00 {zone}") == TEN - timedelta(hours=hours)


@pytest.mark.parametrize("text", ["01/25/2026", "01.25.2026 10:00", "1-13-2026"])
def test_the_month_never_comes_first(text: str) -> None:
    assert read_moment(text) is None


def test_an_ambiguous_date_is_read_day_first() -> None:
    assert read_moment("01/02/2026") == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0000-00-00", "1601-01-01"])
def test_a_placeholder_is_no_date(text: str) -> None:
    assert read_moment(text) is None


@pytest.mark.parametrize("text", [None, "", "gestern", "2026", "30.02.2026", "2026-02-30", "10:00", "x" * 500])
def test_what_names_no_day_is_no_date(text: str | None) -> None:
    assert read_moment(text) is None


def test_a_date_without_a_zone_is_in_the_zone_of_its_feed() -> None:
    moment = read_moment("05.01.2026 12:00", zone=timezone(timedelta(hours=2)))

    assert moment == TEN


def test_twenty_four_o_clock_is_the_next_midnight() -> None:
    assert read_moment("2026-01-05T24:00:00Z") == datetime(2026, 1, 6, tzinfo=UTC)


def test_a_leap_second_is_read() -> None:
    assert read_moment("2026-01-05T10:00:60Z") == TEN + timedelta(seconds=59)


def test_parts_out_of_range_are_no_date() -> None:
    assert from_parts((2026, 13, 1, 0, 0, 0, 0, 0, 0)) is None


@given(st.text(max_size=120))
def test_any_text_gives_a_utc_moment_or_none(text: str) -> None:
    moment = read_moment(text)

    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.integers(-2_000_000_000, 7_000_000_000))
def test_what_rfc_3339_writes_is_read_back(second: int) -> None:
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)

    assert read_moment(whole.isoformat()) == whole
