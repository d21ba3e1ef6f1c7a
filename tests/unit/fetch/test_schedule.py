"""When is a feed due again?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.models import Feed
from pipeline.feed_state import FeedState, Hints
from pipeline.fetch import after_failure, after_gone, after_not_modified, after_success, begin, current, is_due
from tests.factories import NOON

URL = "https://kuestenblatt.example/feed"
MOVED = "https://kuestenblatt.example/rss"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

SPREADS = st.floats(0, 1, exclude_max=True)
HINTS = st.builds(
    Hints,
    ttl_minutes=st.none() | st.integers(),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
    update_period=st.none() | st.timedeltas(),
)


def a_feed(**changes: Any) -> Feed:
    return Feed(**{"id": "kuestenblatt", "name": "Küstenblatt", "url": URL, "interval": "10min"} | changes)


def a_state(**changes: Any) -> FeedState:
    return begin(a_feed(), NOON).changed(**changes)


def success(state: FeedState, **changes: Any) -> FeedState:
    feed = changes.pop("feed", a_feed())
    settings: dict[str, Any] = {"changed": False, "now": NOON, "spread": 0.0}
    return after_success(state, feed, **settings | changes)


def failure(state: FeedState, **changes: Any) -> FeedState:
    settings: dict[str, Any] = {"reason": "no answer", "now": NOON, "spread": 0.5}
    return after_failure(state, **settings | changes)


def wait(state: FeedState) -> float:
    return (state.next_poll - NOON).total_seconds()


def test_a_new_feed_is_due_at_once() -> None:
    assert is_due(begin(a_feed(), NOON), a_feed(), NOON)


def test_a_feed_is_due_when_its_time_has_come_and_not_before() -> None:
    state = success(a_state())

    assert not is_due(state, a_feed(), state.next_poll - timedelta(seconds=1))
    assert is_due(state, a_feed(), state.next_poll)


def test_a_feed_is_known_since_its_first_answer_and_another_address_is_another_feed() -> None:
    first = success(failure(a_state()))
    later = success(first, now=NOON + timedelta(days=1))

    assert first.first_success == later.first_success == NOON
    assert current(later, a_feed(url="https://kuestenblatt.example/new"), NOON).first_success is None


def test_a_feed_of_an_earlier_version_is_known_since_its_last_answer_before() -> None:
    state = a_state(last_success=NOON - timedelta(days=1))

    assert success(state).first_success == NOON - timedelta(days=1)


def test_a_feed_that_is_switched_off_is_never_due() -> None:
    assert not is_due(a_state(), a_feed(enabled=False), NOON + timedelta(days=1))


def test_a_change_brings_the_next_poll_nearer_and_none_pushes_it_away() -> None:
    assert wait(success(a_state(), changed=True)) == pytest.approx(7 * MINUTE)
    assert wait(success(a_state(), changed=False)) == pytest.approx(13 * MINUTE)
    assert wait(after_not_modified(a_state(), a_feed(), now=NOON, spread=0.0)) == pytest.approx(13 * MINUTE)


@pytest.mark.parametrize(
    ("interval", "changed", "limit"),
    [
        ("10min", True, 150),
        ("10min", False, HOUR),
        ("90s", True, 60),
        ("2h", False, 6 * HOUR),
        ("12h", False, 12 * HOUR),
    ],
)
def test_the_interval_adapts_within_bounds(interval: str, limit: float, *, changed: bool) -> None:
    state = begin(a_feed(interval=interval), NOON)
    for _ in range(40):
        state = success(state, changed=changed, feed=a_feed(interval=interval))

    assert state.interval_s == limit


def test_counters_and_moments_say_what_happened() -> None:
    state = success(a_state(), changed=True, new_entries=7, etag='"1"', body_hash="h", status=200)
    later = NOON + timedelta(hours=1)
    state = after_not_modified(state, a_feed(), now=later, spread=0.0, last_modified="now")

    assert (state.polls, state.changes, state.entries, state.last_status) == (2, 1, 7, 304)
    assert (state.last_changed, state.last_success, state.last_polled) == (NOON, later, later)
    assert (state.etag, state.last_modified, state.body_hash) == ('"1"', "now", "h")


def test_an_answer_without_validators_drops_the_old_ones() -> None:
    state = success(a_state(etag='"1"', last_modified="then"))

    assert (state.etag, state.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("hints", "headers"),
    [
        (Hints(ttl_minutes=30), {}),
        (Hints(update_period=timedelta(minutes=30)), {}),
        (Hints(), {"cache-control": "max-age=1800"}),
    ],
)
def test_a_feed_may_ask_for_a_longer_wait(hints: Hints, headers: dict[str, str]) -> None:
    assert wait(success(a_state(), changed=True, hints=hints, headers=headers)) == 30 * MINUTE


def test_no_hint_makes_the_wait_longer_than_an_hour() -> None:
    hints = Hints(ttl_minutes=10**6, update_period=timedelta(days=365))

    assert wait(success(a_state(), hints=hints, headers={"cache-control": "max-age=86400"})) == HOUR


def test_hints_are_remembered_over_polls_that_bring_none() -> None:
    state = success(a_state(), hints=Hints(ttl_minutes=45))
    state = after_not_modified(state, a_feed(), now=NOON, spread=0.0)

    assert wait(state) == 45 * MINUTE


def test_a_skipped_hour_is_waited_out() -> None:
    state = success(a_state(), hints=Hints(skip_hours=frozenset({12, 13, 14})), spread=0.5)

    assert state.next_poll == datetime(2026, 11, 3, 15, 5, tzinfo=UTC)


def test_a_skipped_day_is_waited_out() -> None:
    tuesday = NOON.weekday()

    state = success(a_state(), hints=Hints(skip_days=frozenset({tuesday, tuesday + 1})))

    assert state.next_poll == datetime(2026, 11, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("hints", [Hints(skip_hours=frozenset(range(24))), Hints(skip_days=frozenset(range(7)))])
def test_a_feed_that_skips_everything_is_not_believed(hints: Hints) -> None:
    assert wait(success(a_state(), hints=hints)) == pytest.approx(13 * MINUTE)


def test_retry_after_is_obeyed() -> None:
    assert wait(failure(a_state(), status=503, retry_after=3 * HOUR)) == 3 * HOUR
    assert wait(failure(a_state(), status=429, retry_after=10 * DAY)) == DAY


@given(SPREADS)
def test_too_many_requests_without_a_time_means_a_quarter_of_an_hour_at_least(spread: float) -> None:
    assert wait(failure(a_state(), status=429, spread=spread)) >= 15 * MINUTE


def test_failures_push_the_next_poll_further_and_further() -> None:
    state, waits = a_state(), []
    for _ in range(12):
        state = failure(state)
        waits.append(wait(state))

    assert waits == sorted(waits)
    assert waits[0] < 2 * MINUTE
    assert 3 * HOUR <= waits[-1] <= 6 * HOUR


def test_a_success_forgets_the_failures() -> None:
    state = success(failure(failure(a_state(), status=500)))

    assert (state.failures, state.last_error, state.last_status) == (0, None, 200)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_asked_less_and_less_and_says_so(status: int) -> None:
    state = a_state()
    for _ in range(8):
        state = failure(state, status=status)

    assert 3 * HOUR <= wait(state) <= 6 * HOUR
    assert "refuses us" in (state.last_error or "")


def test_a_missing_feed_is_asked_less_than_one_that_stumbles() -> None:
    assert wait(failure(a_state(), status=404)) > wait(failure(a_state(), status=500))


def test_a_feed_that_is_gone_is_retired() -> None:
    state = after_gone(a_state(), now=NOON)

    assert state.retired == "gone for good (HTTP 410) on 2026-11-03"
    assert not is_due(state, a_feed(), NOON + timedelta(days=365))


def test_a_move_is_believed_at_the_third_answer_in_a_row() -> None:
    state, urls = a_state(), []
    for _ in range(3):
        state = success(state, moved_to=MOVED, etag='"1"', last_modified="then")
        urls.append(state.url)

    assert urls == [URL, URL, MOVED]
    assert (state.etag, state.last_modified, state.moved_to, state.moved_count) == (None, None, None, 0)


def test_a_move_to_changing_targets_is_not_believed() -> None:
    state = a_state()
    for target in (MOVED, MOVED, URL + "/2", MOVED, MOVED, None, MOVED, MOVED):
        state = success(state, moved_to=target)

    assert state.url == URL


def test_a_feed_that_fails_where_it_moved_to_is_looked_for_at_home() -> None:
    state = a_state(url=MOVED, etag='"1"')
    for _ in range(5):
        state = failure(state)

    assert (state.url, state.etag) == (URL, None)


def test_a_feed_that_is_gone_where_it_moved_to_is_looked_for_at_home() -> None:
    state = after_gone(a_state(url=MOVED), now=NOON)

    assert (state.url, state.retired) == (URL, None)


def test_a_new_url_in_the_configuration_starts_over() -> None:
    retired = after_gone(a_state(), now=NOON)

    assert current(retired, a_feed(url=MOVED), NOON) == begin(a_feed(url=MOVED), NOON)
    assert current(retired, a_feed(), NOON) is retired
    assert current(None, a_feed(), NOON) == begin(a_feed(), NOON)


def test_a_clock_set_back_stops_no_feed() -> None:
    state = success(a_state())

    assert is_due(state, a_feed(), NOON - timedelta(days=400))
    assert not is_due(state, a_feed(), NOON - timedelta(seconds=30))


def test_after_a_clock_was_set_back_no_feed_has_brought_news_in_the_future() -> None:
    state = success(a_state(), changed=True, now=NOON + timedelta(days=1))

    known = current(state, a_feed(), NOON)

    assert known.last_changed == known.first_success == known.last_success == NOON
    assert is_due(known, a_feed(), NOON)


@given(SPREADS, HINTS, st.booleans(), st.integers(0, 10**9), st.floats(60, 6 * HOUR))
def test_after_an_answer_the_next_poll_lies_ahead_and_within_bounds(
    spread: float,
    hints: Hints,
    changed: bool,  # noqa: FBT001 - hypothesis fills it
    max_age: int,
    interval: float,
) -> None:
    headers = {"cache-control": f"max-age={max_age}"}

    state = success(a_state(interval_s=interval), changed=changed, hints=hints, headers=headers, spread=spread)

    assert MINUTE <= wait(state) <= 1.1 * HOUR + 3 * DAY
    if not hints.skip_hours and not hints.skip_days:
        assert wait(state) <= 1.1 * HOUR
    assert FeedState.model_validate_json(state.model_dump_json()) == state


@given(SPREADS, st.integers(0, 10**6), st.none() | st.integers(100, 599), st.none() | st.floats(0, 1e9))
def test_after_a_failure_the_next_poll_lies_ahead_and_within_a_day(
    spread: float, failures: int, status: int | None, retry_after: float | None
) -> None:
    state = failure(a_state(failures=failures), spread=spread, status=status, retry_after=retry_after)

    assert MINUTE <= wait(state) <= DAY
    assert wait(state) >= min(retry_after or 0, DAY) - 1e-3
