"""What are median, 95th percentile and worst?"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.terminal import duration
from pipeline.stages.lag import spread


def test_of_a_hundred_the_fiftieth_the_ninety_fifth_and_the_last() -> None:
    lags = [float(number) for number in range(1, 101)]
    random.Random(3).shuffle(lags)

    assert spread(lags) == {"count": 100, "median": 50.0, "percentile_95": 95.0, "worst": 100.0}


def test_of_one_it_is_all() -> None:
    assert spread([7.0]) == {"count": 1, "median": 7.0, "percentile_95": 7.0, "worst": 7.0}


def test_of_none_there_is_none() -> None:
    assert spread([]) == {"count": 0, "median": None, "percentile_95": None, "worst": None}


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_each_is_one_of_them_with_as_many_below_as_it_says(lags: list[int]) -> None:
    found = spread(lags)

    for name, part in (("median", 0.5), ("percentile_95", 0.95), ("worst", 1.0)):
        assert found[name] in lags
        assert sum(lag <= found[name] for lag in lags) >= part * len(lags) - 1e-9
        assert sum(lag < found[name] for lag in lags) < part * len(lags)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (90_061, "1 d 1 h")]
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, told: str) -> None:
    assert duration(seconds) == told
