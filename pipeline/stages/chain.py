"""The stages in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

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


def run(name: str, services: Services, *, limit: int, clock: Callable[[], datetime]) -> StageReport:
    """Run a stage until nothing waits for it or `limit` is reached; returns the sum of its reports."""
    if name not in STAGES:
        raise ConfigError(f"no stage named `{name}`", hint=f"there are {', '.join(STAGES)}")
    stage = STAGES[name]
    total = stage(services, limit=limit, now=clock())
    last = total
    # Alerts are decided on while no mail can go, too.
    while last.claimed and (name == "alert" or not last.stopped) and total.claimed < limit:
        last = stage(services, limit=limit - total.claimed, now=clock())
        total = total.joined(last)
    return total


def run_all(
    services: Services, *, clock: Callable[[], datetime], stages: Sequence[str] = tuple(STAGES), limit: int = 1_000_000
) -> Iterator[StageReport]:
    """Run the stages one after the other, each until nothing waits for it, then once more what the later ones caused."""
    for name in stages:
        yield run(name, services, limit=limit, clock=clock)
    for name in stages:
        if name in {"enrich", "index", "alert"}:
            again = run(name, services, limit=limit, clock=clock)
            if again.claimed or any(again.counts.values()):
                yield again
