"""When is a feed due again? Often if it changes often, seldom if it asks for rest, later and later while it fails.

The time between polls adapts to the feed: shorter after a change, longer after none, between a quarter of the configured
interval and six times it (at most 6 hours). What a feed or its server says about itself can lengthen the wait to an
hour, not more: many feeds publish nonsense, and news is late then. Only `skipHours`, `skipDays` and `Retry-After` reach further.

Pure: no clock, no network, no chance. `spread`, a number from 0 up to 1 that the caller draws, keeps feeds from marching in step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pipeline.config.models import Feed
from pipeline.feed_state import FeedState, Hints
from pipeline.fetch.headers import fresh_for

_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 24 * _HOUR

_SHORTEST = _MINUTE
_LONGEST = 6 * _HOUR
_LONGEST_HINT = _HOUR
_LONGEST_SKIP = timedelta(days=3)
_FASTER, _SLOWER = 0.7, 1.3
_STRETCH = 6
_MOVES_TO_BELIEVE = 3
_FAILURES_TO_GO_HOME = 5
_FIRST_BACK_OFF = {401: 15 * _MINUTE, 403: 15 * _MINUTE, 404: 10 * _MINUTE, 429: 15 * _MINUTE}
_CLOCK_TOLERANCE = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(days=4)


def begin(feed: Feed, now: datetime) -> FeedState:
    """Return the state of a feed that was never polled; it is due at once."""
    seconds = max(_SHORTEST, feed.interval.total_seconds())
    return FeedState(feed_id=feed.id, url=feed.url, configured_url=feed.url, interval_s=seconds, next_poll=now)


def current(state: FeedState | None, feed: Feed, now: datetime) -> FeedState:
    """Return `state`, or a new beginning where there is none or the configuration now names another URL.

    What a clock ahead remembered as later than `now` happened by now: else a silence would count from a day to come.
    """
    if state is None or (state.configured_url or state.url) != feed.url:
        return begin(feed, now)
    past = {name: getattr(state, name) for name in ("first_success", "last_success", "last_changed")}
    ahead = {name: now for name, moment in past.items() if moment and moment > now}
    return state.changed(**ahead) if ahead else state


def is_due(state: FeedState, feed: Feed, now: datetime) -> bool:
    """Tell whether the feed should be polled at `now`.

    A clock that was set back counts as due: otherwise the feed would rest until the old time comes again.
    """
    if state.retired or not feed.enabled:
        return False
    set_back = state.last_polled is not None and state.last_polled - now > _CLOCK_TOLERANCE
    return state.next_poll <= now or set_back or state.next_poll - now > _LONGEST_WAIT


def after_success(  # noqa: PLR0913 - all that an answer says, by keyword
    state: FeedState,
    feed: Feed,
    *,
    changed: bool,
    now: datetime,
    spread: float,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str | None = None,
    moved_to: str | None = None,
    status: int = 200,
    new_entries: int = 0,
    hints: Hints | None = None,
    headers: Mapping[str, str] | None = None,
) -> FeedState:
    """Return the state after an answer with a body that could be read.

    Leave out `etag` and `last_modified` where the body could not be read in full, so that it comes again.
    Without `hints` the feed's last ones stay.
    """
    state = state.changed(
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
        last_status=status,
        last_changed=now if changed else state.last_changed,
        changes=state.changes + changed,
        entries=state.entries + new_entries,
        hints=state.hints if hints is None else hints,
    )
    return _after_answer(state, feed, changed=changed, moved_to=moved_to, headers=headers, now=now, spread=spread)


def after_not_modified(  # noqa: PLR0913 - as above
    state: FeedState,
    feed: Feed,
    *,
    now: datetime,
    spread: float,
    etag: str | None = None,
    last_modified: str | None = None,
    moved_to: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> FeedState:
    """Return the state after a 304; validators that came with it replace the old ones."""
    state = state.changed(etag=etag or state.etag, last_modified=last_modified or state.last_modified, last_status=304)
    return _after_answer(state, feed, changed=False, moved_to=moved_to, headers=headers, now=now, spread=spread)


def after_failure(  # noqa: PLR0913 - as above
    state: FeedState,
    *,
    reason: str,
    now: datetime,
    spread: float,
    status: int | None = None,
    retry_after: float | None = None,
) -> FeedState:
    """Return the state after no answer, or one of no use; `retry_after` is in seconds.

    A feed that moved and then keeps failing is looked for at its configured URL again.
    """
    failures = state.failures + 1
    if status in (401, 403):
        reason = f"{reason}; the server refuses us, so that it is asked less and less, down to every 6 hours"
    wait = max(_back_off(failures, status, spread), min(retry_after or 0.0, _DAY))
    state = state.changed(
        failures=failures,
        polls=state.polls + 1,
        last_polled=now,
        last_status=status,
        last_error=reason,
        next_poll=now + timedelta(seconds=wait),
    )
    home = state.configured_url or state.url
    if failures >= _FAILURES_TO_GO_HOME and state.url != home:
        return _at(state, home)
    return state


def after_gone(state: FeedState, *, now: datetime) -> FeedState:
    """Return the state after a 410: the feed is retired, unless it had moved and may still be at its configured URL."""
    home = state.configured_url or state.url
    gone = state.changed(
        polls=state.polls + 1,
        last_polled=now,
        last_status=410,
        last_error=f"`{state.url}` is gone for good (HTTP 410)",
        failures=state.failures + 1,
        next_poll=now + timedelta(seconds=_FIRST_BACK_OFF[404]),
    )
    if state.url != home:
        return _at(gone, home)
    return gone.changed(retired=f"gone for good (HTTP 410) on {now.astimezone(UTC):%Y-%m-%d}")


def _after_answer(  # noqa: PLR0913 - as above
    state: FeedState,
    feed: Feed,
    *,
    changed: bool,
    moved_to: str | None,
    headers: Mapping[str, str] | None,
    now: datetime,
    spread: float,
) -> FeedState:
    interval = _adapted(state.interval_s, feed, changed=changed)
    wait = interval
    if feed.url.startswith(("http:", "https:")):
        wait = max(interval, min(_asked_for(state.hints, headers or {}), _LONGEST_HINT))
    planned = now + timedelta(seconds=wait * (1 + 0.1 * spread))
    answered = state.changed(
        interval_s=interval,
        next_poll=_after_skips(planned, state.hints, spread),
        polls=state.polls + 1,
        last_polled=now,
        # A state of a version that did not remember the first success has at least the last one.
        first_success=state.first_success or state.last_success or now,
        last_success=now,
        last_error=None,
        failures=0,
    )
    return _remember_move(answered, moved_to)


def _adapted(interval: float, feed: Feed, *, changed: bool) -> float:
    configured = max(_SHORTEST, feed.interval.total_seconds())
    shortest = max(_SHORTEST, configured / 4)
    longest = max(configured, min(_LONGEST, configured * _STRETCH))
    return min(max(interval * (_FASTER if changed else _SLOWER), shortest), longest)


def _asked_for(hints: Hints, headers: Mapping[str, str]) -> float:
    """Return the longest wait in seconds that the feed or its server asks for."""
    period = hints.update_period.total_seconds() if hints.update_period else 0.0
    return max((hints.ttl_minutes or 0) * _MINUTE, period, fresh_for(headers) or 0.0)


def _after_skips(planned: datetime, hints: Hints, spread: float) -> datetime:
    """Return the first moment from `planned` on that is in no skipped hour or day; `planned` if that is days away."""
    moment = planned.astimezone(UTC)
    while moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days:
        hour = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        moment = hour + timedelta(seconds=600 * spread)
        if moment - planned > _LONGEST_SKIP:
            return planned
    return moment


def _back_off(failures: int, status: int | None, spread: float) -> float:
    """Return seconds: at random up to a limit that doubles with each failure, or half random where the server refused."""
    first = _FIRST_BACK_OFF.get(status or 0, _MINUTE)
    limit = min(_LONGEST, first * (1 << min(failures, 16)))
    floor = _SHORTEST if first == _MINUTE else limit / 2
    return floor + spread * max(0.0, limit - floor)


def _remember_move(state: FeedState, target: str | None) -> FeedState:
    if target is None or target == state.url:
        return state.changed(moved_to=None, moved_count=0)
    count = state.moved_count + 1 if target == state.moved_to else 1
    if count < _MOVES_TO_BELIEVE:
        return state.changed(moved_to=target, moved_count=count)
    return _at(state, target)


def _at(state: FeedState, url: str) -> FeedState:
    """Return the state at another URL, without the validators, which belonged to the old one."""
    return state.changed(url=url, etag=None, last_modified=None, moved_to=None, moved_count=0)
