"""What do headers say about when to come again?"""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch import fresh_for, retry_after
from tests.factories import NOON

NUMBERS = st.integers().map(str)
DATES = st.datetimes().map(format_datetime)
DIRECTIVES = st.lists(st.text() | NUMBERS.map("max-age={}".format) | st.just("no-cache")).map(", ".join)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("999999999", 86400),
        ("Tue, 03 Nov 2026 12:05:00 GMT", 300),
        ("Tuesday, 03-Nov-26 12:05:00 GMT", 300),
        ("Tue, 03 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOON) == seconds


@given(st.text() | NUMBERS | DATES)
def test_any_retry_after_is_nothing_or_at_most_a_day(value: str) -> None:
    seconds = retry_after({"retry-after": value}, NOON)

    assert seconds is None or 0 <= seconds <= 86400


@given(st.integers(1, 86400))
def test_a_retry_after_date_is_as_far_away_as_it_says(seconds: int) -> None:
    value = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)

    assert retry_after({"retry-after": value}, NOON) == seconds


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("max-age=600", "", 600),
        ("public, Max-Age=600, must-revalidate", "", 600),
        ('max-age="600"', "", 600),
        ("max-age=600", "200", 400),
        ("max-age=600", "900", 0),
        ("max-age=99999999999", "", 86400),
        ("max-age=600, no-cache", "", None),
        ("no-store", "", None),
        ("s-maxage=600", "", None),
        ("max-age=-1", "", None),
        ("max-age=", "", None),
    ],
)
def test_cache_control_says_how_long_an_answer_is_fresh(control: str, age: str, seconds: float | None) -> None:
    assert fresh_for({"cache-control": control, "age": age}) == seconds


@given(DIRECTIVES, st.text() | NUMBERS)
def test_any_cache_control_is_nothing_or_at_most_a_day(control: str, age: str) -> None:
    seconds = fresh_for({"cache-control": control, "age": age})

    assert seconds is None or 0 <= seconds <= 86400
