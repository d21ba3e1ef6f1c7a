"""How a task works: services opened once and closed, the report logged and returned. Imported inside tasks only."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowTaskTimeout

from pipeline import runtime
from pipeline.errors import PermanentError, WirewatchError
from pipeline.stages import Services, StageReport, soundness, upkeep
from pipeline.stages import run as run_stage
from pipeline.stages.chain import run_caused
from wirewatch_dags import metrics, operators
from wirewatch_dags.configuration import number, settings

__all__ = [
    "MOST",
    "PATIENCE",
    "caused",
    "clock",
    "counted",
    "number",
    "rebuild",
    "services",
    "settled",
    "stage",
    "waiting",
]

log = logging.getLogger("wirewatch")
MOST = 1_000_000
PATIENCE = timedelta(minutes=10)
"""After so long a task ends well, and the next run goes on: a backlog of days must not run into `execution_timeout`."""


def clock() -> datetime:
    """Return the present time, UTC."""
    return datetime.now(UTC)


@contextmanager
def services() -> Iterator[Services]:
    """Open the services and close them in the end; whatever ends the task, its claims are given back.

    What no retry can mend (a wrong setting or file) fails the task at once; all else is tried again. An article that lets
    one task after the other run out of time is set aside.
    """
    try:
        chosen = settings()
        configuration, fault = runtime.standing_configuration(chosen)
        with runtime.working(chosen, configuration, too_long=(AirflowTaskTimeout,)) as opened:
            if soundness.note(opened.store, fault, now=clock()) and fault:
                operators.tell_fault(chosen, fault)
            metrics.tell_waiting(opened.store, now=clock())
            yield opened
    except PermanentError as error:
        raise AirflowFailException(_told(error)) from error
    except WirewatchError as error:
        log.warning("hint: %s", error.hint)
        raise
    finally:
        metrics.flush()


def stage(name: str) -> dict[str, Any]:
    """Run a stage until nothing waits for it, or long enough; returns its report."""
    with services() as opened:
        return settled(run_stage(name, opened, limit=MOST, clock=clock, patience=PATIENCE))


def caused() -> list[dict[str, Any]]:
    """Run once more what later stages caused in earlier ones; returns the reports of those that had something to do.

    A stage that has to stop here has stopped before, and its task has told of it.
    """
    with services() as opened:
        return [_told_of(report) for report in run_caused(opened, clock=clock)]


def rebuild(what: str, reason: str) -> dict[str, Any]:
    """Write a new index (`everything`), or index again what differs from the store (`differences`)."""
    with services() as opened:
        log.info("reindex %s: %s", what, reason or "no reason given")
        if what == "everything":
            fresh = partial(runtime.rebuild_index, opened.settings)
            return counted({"indexed": upkeep.reindex(opened, fresh, now=clock())})
        counts = upkeep.housekeeping(opened, now=clock())
        return counted(counts) | settled(run_stage("index", opened, limit=MOST, clock=clock))


def settled(report: StageReport) -> dict[str, Any]:
    """Log the report, send its metrics and return it as a document; a stage that had to stop fails its task, without another try.

    What it left is in the store, waits a while there, and is taken on by the next run: a task that waited for the other
    side itself would hold up that run, and with it the alerts.
    """
    document = _told_of(report)
    if report.stopped:
        raise AirflowFailException(f"{report.stage} stopped: {report.stopped}")
    if report.counts["problems"]:
        log.warning("%d were set aside; `wirewatch problems list` tells why", report.counts["problems"])
    return document


def counted(document: Mapping[str, Any]) -> dict[str, Any]:
    """Log counts that are no stage's report, and return them."""
    log.info("%s", dict(document))
    return dict(document)


def waiting(opened: Services) -> dict[str, int]:
    """Return how many articles wait for which stage, and under `mail` how many messages."""
    with opened.store.reading() as transaction:
        found = {name: one.count for name, one in transaction.work.waiting().items() if one.count}
        mails = transaction.ledger.outbox().get("waiting", 0)
    return found | ({"mail": mails} if mails else {})


def _told_of(report: StageReport) -> dict[str, Any]:
    document = report.document()
    log.info("%s: %s", report.stage, document)
    metrics.tell(report)
    return document


def _told(error: WirewatchError) -> str:
    return f"{error}\nhint: {error.hint}" if error.hint else str(error)
