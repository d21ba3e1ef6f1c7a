"""How late is the news? From publication to the alert, and to the moment in which a feed brought it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.config import Feed
from pipeline.stages.health import Arrivals
from pipeline.store import Transaction

_LOOKED_BACK = timedelta(hours=24)
_NEARLY_ALL = 0.95


def lag(transaction: Transaction, configured: Sequence[Feed], *, now: datetime) -> dict[str, Any]:
    """Return the lags of the last 24 hours in seconds, as JSON types, and how long ago news last came in."""
    feeds: dict[str, list[float]] = {}
    for one in transaction.ages.latenesses(now - _LOOKED_BACK):
        feeds.setdefault(one.feed_id, []).append(one.seconds)
    news = Arrivals.of(transaction.feeds.states(), configured).news
    return {
        "alerts": spread(transaction.ages.alert_lags(now - _LOOKED_BACK)),
        "feeds": {feed_id: spread(seconds) for feed_id, seconds in sorted(feeds.items())},
        "last_news": news,
        "seconds_since_news": round(max((now - news).total_seconds(), 0.0), 1) if news else None,
    }


def spread(seconds: Collection[float]) -> dict[str, Any]:
    """Return count, median, 95th percentile and worst of `seconds`: each is one of them (nearest rank); null if there are none."""
    ordered = sorted(seconds)
    return {
        "count": len(ordered),
        "median": _ranked(ordered, 0.5),
        "percentile_95": _ranked(ordered, _NEARLY_ALL),
        "worst": _ranked(ordered, 1.0),
    }


def _ranked(ordered: Sequence[float], part: float) -> float | None:
    rank = -int(-part * len(ordered) // 1)  # rounded up
    return round(ordered[rank - 1], 1) if ordered else None
