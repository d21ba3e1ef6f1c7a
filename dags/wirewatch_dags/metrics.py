"""What tasks count, sent where Airflow sends its own metrics: to StatsD or OpenTelemetry, if `[metrics]` switches one on.

Names and meanings stand in `docs/airflow.md`. Imported inside tasks only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk.observability import stats
from opentelemetry import metrics as opentelemetry

from pipeline.stages import STAGES, StageReport
from pipeline.store import Store

_ROOT = "wirewatch"
_FLUSH_MILLISECONDS = 5_000


def tell(report: StageReport) -> None:
    """Send what a stage counted, how long it took, and how late its alerts came."""
    name = f"{_ROOT}.{report.stage}"
    counts = {**report.counts, "claimed": report.claimed, "stopped": int(report.stopped is not None)}
    for count, number in sorted(counts.items()):
        if number:
            stats.incr(f"{name}.{count}", number)
    stats.timing(f"{name}.duration", timedelta(seconds=report.seconds))
    for lag in report.lags:
        stats.timing(f"{name}.lag", timedelta(seconds=lag))


def tell_waiting(store: Store, *, now: datetime) -> None:
    """Send how much waits for each stage, and for how long the oldest has."""
    with store.reading() as transaction:
        waiting, outbox = transaction.work.waiting(), transaction.ledger.outbox()
    for stage in STAGES:
        if stage != "poll":  # feeds are due, they do not queue
            one = waiting.get(stage)
            since = one.oldest if one and one.oldest else now
            stats.gauge(f"{_ROOT}.{stage}.waiting", one.count if one else 0)
            stats.gauge(f"{_ROOT}.{stage}.oldest_seconds", max((now - since).total_seconds(), 0.0))
    stats.gauge(f"{_ROOT}.mail.waiting", outbox.get("waiting", 0))


def flush() -> None:
    """Let OpenTelemetry send what it has collected: the process of a task ends without the hooks in which it would do so."""
    provider = opentelemetry.get_meter_provider()
    if force := getattr(provider, "force_flush", None):
        force(_FLUSH_MILLISECONDS)
