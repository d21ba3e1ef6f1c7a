"""The stages in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.errors import ConfigError
from pipeline.stages import alert, dedup, enrich, index, poll, read
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

STAGES = {
    "poll": poll.run,
    "read": read.run,
    "dedup": dedup.run,
    "enrich": enrich.run,
    "index": index.run,
    "alert": alert.run,
}
_CAUSED = frozenset({"enrich", "index", "alert"})
"""Later stages may give these work again: dedup moves an article, an alert marks it."""


class Stage(Protocol):
    """One look at what waits."""

    def __call__(self, services: Services, *, limit: int, now: datetime) -> StageReport:
        """Do up to `limit` of it."""


def run(
    name: str, services: Services, *, limit: int, clock: Callable[[], datetime], patience: timedelta | None = None
) -> StageReport:
    """Run a stage until nothing waits for it, `limit` is reached or `patience` ends; returns the sum of its reports."""
    if name not in STAGES:
        raise ConfigError(f"no stage named `{name}`", hint=f"there are {', '.join(STAGES)}")
    return repeat(STAGES[name], services, limit=limit, clock=clock, patience=patience)


def repeat(
    stage: Stage, services: Services, *, limit: int, clock: Callable[[], datetime], patience: timedelta | None = None
) -> StageReport:
    """Call `stage` until nothing waits for it or `limit` is reached; returns the sum of its reports.

    With `patience` it is not called again once so much time has passed: for callers that may not take for ever.
    """
    total = stage(services, limit=limit, now=clock())
    last = total
    # Alerts are decided on while no mail can go, too.
    while last.claimed and (total.stage == "alert" or not last.stopped) and total.claimed < limit:
        if patience is not None and total.elapsed() >= patience.total_seconds():
            break
        last = stage(services, limit=limit - total.claimed, now=clock())
        total = total.joined(last)
    return total


def run_all(
    services: Services, *, clock: Callable[[], datetime], stages: Sequence[str] = tuple(STAGES), limit: int = 1_000_000
) -> Iterator[StageReport]:
    """Run the stages one after the other, each until nothing waits for it, then once more what the later ones caused."""
    for name in stages:
        yield run(name, services, limit=limit, clock=clock)
    yield from run_caused(services, clock=clock, stages=stages, limit=limit)


def run_caused(
    services: Services, *, clock: Callable[[], datetime], stages: Sequence[str] = tuple(STAGES), limit: int = 1_000_000
) -> Iterator[StageReport]:
    """Run once more what stages caused in those before them; yields the reports of those that had something to do."""
    for name in stages:
        if name in _CAUSED:
            again = run(name, services, limit=limit, clock=clock)
            if again.claimed or any(again.counts.values()):
                yield again
