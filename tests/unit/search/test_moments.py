"""Which stretch of time does a date in a query stand for?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.moments import Span, milliseconds, read_span

NOW = datetime(2026, 11, 10, 12, 34, 56, 789_654, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def at(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2024-02-29", at(2024, 2, 29), at(2024, 3, 1)),
        ("2026-11-03T10", at(2026, 11, 3, 10), at(2026, 11, 3, 11)),
        ("2026-11-03 10:05", at(2026, 11, 3, 10, 5), at(2026, 11, 3, 10, 6)),
        ("2026-11-03T10:05:07Z", at(2026, 11, 3, 10, 5, 7), at(2026, 11, 3, 10, 5, 8)),
        ("2026-11-03T10:05:07.25Z", at(2026, 11, 3, 10, 5, 7, 250_000), at(2026, 11, 3, 10, 5, 7, 251_000)),
        ("2026-11-03T10:00+01:00", at(2026, 11, 3, 9), at(2026, 11, 3, 9, 1)),
        ("2026-11-03T10:00-0530", at(2026, 11, 3, 15, 30), at(2026, 11, 3, 15, 31)),
        ("now", at(2026, 11, 10, 12, 34, 56, 789_000), at(2026, 11, 10, 12, 34, 56, 790_000)),
        ("now-1h", at(2026, 11, 10, 11, 34, 56, 789_000), at(2026, 11, 10, 11, 34, 56, 790_000)),
        ("now/d", at(2026, 11, 10), at(2026, 11, 11)),
        ("now/w", at(2026, 11, 9), at(2026, 11, 16)),
        ("now-7d/d", at(2026, 11, 3), at(2026, 11, 4)),
        ("now/M-1M", at(2026, 10, 1), at(2026, 11, 1)),
        ("now/y", at(2026, 1, 1), at(2027, 1, 1)),
        ("now/h", at(2026, 11, 10, 12), at(2026, 11, 10, 13)),
        ("2026-01-31||+1M", at(2026, 2, 28), at(2026, 3, 1)),
        ("2026-11-03||/M", at(2026, 11, 1), at(2026, 12, 1)),
        ("2024-02-29||+1y", at(2025, 2, 28), at(2025, 3, 1)),
    ],
)
def test_a_date_stands_for(text: str, start: datetime, end: datetime) -> None:
    assert read_span(text, NOW) == Span(milliseconds(start), milliseconds(end))


@pytest.mark.parametrize(
    "text",
    ["", "today", "2026-00", "2026-02-30", "2026-11-03T25", "now-", "now-1x", "now/", "nowadays", "2026-11-03-1d",
     "now+999999y", "now-999999w", "9999", "9999-12-31||+1M", "0001||-1y", "٢٠٢٦", "2026-11-03T10:00+99:99:9"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_span(text, NOW)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9998, 12, 30)))  # noqa: DTZ001 - naive by contract of hypothesis
def test_a_moment_lies_in_its_own_day_and_month(moment: datetime) -> None:
    exact = milliseconds(moment.replace(tzinfo=UTC))

    for text in (f"{moment.year:04}-{moment:%m-%d}", f"{moment.year:04}-{moment:%m}", f"{moment.year:04}"):
        span = read_span(text, NOW)
        assert span.start <= exact < span.end
