"""What is remembered of a feed between two polls: where it lies, what it said last, when it is due.

A state is a frozen value; `pipeline.fetch.schedule` makes the next one from the last, the store keeps it
in the same transaction as the articles that came with it.
"""

from __future__ import annotations

from datetime import timedelta

from pipeline.article import Moment, Value


class Hints(Value):
    """What a feed itself says about how often to come: RSS `ttl`, `skipHours` and `skipDays`, `sy:updatePeriod`.

    Hours are 0 to 23 and days 0 (Monday) to 6, both in GMT. `update_period` is already divided by `sy:updateFrequency`.
    """

    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    update_period: timedelta | None = None


class FeedState(Value):
    """One feed's memory. `url` is the current one, `configured_url` the one that the configuration named.

    `etag` and `last_modified` are kept verbatim; for a folder `etag` holds the cursor. `interval_s` is the
    adaptive time between polls in seconds. `retired` is the reason why the feed is polled no more. `first_success`
    is since when its news come in: what it published before was never ours to tell.
    """

    feed_id: str
    url: str
    configured_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    interval_s: float
    next_poll: Moment
    last_polled: Moment | None = None
    first_success: Moment | None = None
    last_success: Moment | None = None
    last_changed: Moment | None = None
    failures: int = 0
    moved_to: str | None = None
    moved_count: int = 0
    retired: str | None = None
    last_status: int | None = None
    last_error: str | None = None
    polls: int = 0
    changes: int = 0
    entries: int = 0
    hints: Hints = Hints()
