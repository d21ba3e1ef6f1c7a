"""What the stages report, on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.cli.terminal import print_json, print_table, say

if TYPE_CHECKING:
    from pipeline.stages import StageReport


def print_reports(reports: Sequence[StageReport], *, as_json: bool) -> int:
    """Print the reports; returns the exit status."""
    if as_json:
        for report in reports:
            print_json(report.document())
    else:
        print_table(
            ["stage", "seconds", "taken on", "result"], [_row(report) for report in reports], wrapped=["result"]
        )
    return int(tell_stops(reports))


def tell_stops(reports: Sequence[StageReport]) -> bool:
    """Tell which stages had to stop, and why; returns whether there are any."""
    for report in reports:
        if report.stopped:
            say(f"error: `{report.stage}` stopped: {report.stopped}")
    return any(report.stopped for report in reports)


def _row(report: StageReport) -> list[object]:
    counts = ", ".join(f"{count} {name}" for name, count in sorted(report.counts.items()) if count)
    return [report.stage, f"{report.seconds:.2f}", report.claimed, counts or "nothing to do"]
