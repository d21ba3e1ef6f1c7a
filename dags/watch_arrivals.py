"""Looks every ten minutes whether news still come in, and mails the operators once when nothing has for too long.

How long is too long says the setting `silence_after` (6 hours). It is measured by what arrives and not by what runs, and it does not
depend on `poll_wires`, so that it also tells of a DAG that is paused. It cannot tell of a scheduler that stands still: let
something outside Airflow call `wirewatch doctor`, which exits with 1 during a silence.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from wirewatch_dags.conventions import RUNS, TAGS


@dag(
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC"),
    dagrun_timeout=timedelta(minutes=30),
    tags=[*TAGS, "upkeep"],
    doc_md=__doc__,
    **RUNS,
)
def watch_arrivals() -> None:
    """When, in what order, how often again."""

    @task(execution_timeout=timedelta(minutes=5))
    def check() -> dict[str, Any]:
        """Compare the time of the last news with the present."""
        from pipeline.stages import health
        from wirewatch_dags import work

        with work.services() as services:
            return work.settled(health.check(services, now=work.clock()))

    check()


watch_arrivals()
