"""What is remembered of a feed between two polls, and what a feed says about when to come back."""

from __future__ import annotations

from pipeline.article import Moment, Value


class Hints(Value):
    """What a feed says about when to poll it. Hours are GMT; days are English names, such as `Saturday`."""

    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()
    update_seconds: int | None = None
    expired: bool = False


class FeedState(Value):
    """The memory of one feed.

    `url` is where it is polled now, which may be a remembered move away from the configured one. `etag`
    and `last_modified` are kept to the letter; for a folder, `etag` is the cursor. `retired` says why
    the feed is no longer polled.
    """

    feed_id: str
    url: str
    interval_s: float
    next_poll: Moment
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_polled: Moment | None = None
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
