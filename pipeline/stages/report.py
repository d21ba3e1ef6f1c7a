"""What a stage says when it is done."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from time import monotonic
from typing import Any


class StageReport:
    """Counts of one run of a stage. `claimed` is what it took on; 0 means that nothing was waiting.

    `lags` are the seconds from publication to each alert that was raised.
    """

    def __init__(self, stage: str, now: datetime) -> None:
        self.stage = stage
        self.started = now
        self.claimed = 0
        self.counts: Counter[str] = Counter()
        self.oldest: datetime | None = None
        self.stopped: str | None = None
        self.lags: list[float] = []
        self._begun = monotonic()
        self.seconds = 0.0

    def count(self, **counts: int) -> None:
        """Add to the counts."""
        self.counts.update(counts)

    def elapsed(self) -> float:
        """Return the seconds since the stage began."""
        return monotonic() - self._begun

    @property
    def moment(self) -> datetime:
        """The time at which the stage began, moved on by what it has taken since."""
        return self.started + timedelta(seconds=self.elapsed())

    def done(self) -> StageReport:
        """Take the time and return the report."""
        self.seconds = self.elapsed()
        return self

    def document(self) -> dict[str, Any]:
        """Return the report as JSON types."""
        return {
            "stage": self.stage,
            "started": self.started.isoformat(),
            "seconds": round(self.seconds, 3),
            "claimed": self.claimed,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "stopped": self.stopped,
            **{name: count for name, count in sorted(self.counts.items()) if count},
        }

    def joined(self, later: StageReport) -> StageReport:
        """Return the sum of two runs of the same stage."""
        self.claimed += later.claimed
        self.counts.update(later.counts)
        self.lags += later.lags
        self.seconds += later.seconds
        self.stopped = later.stopped
        self.oldest = min((one for one in (self.oldest, later.oldest) if one), default=None)
        return self
