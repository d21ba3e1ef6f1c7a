"""Keeps house once a day: forgets what is too old, compares store and index and repairs the index, tries problems again.

Everything here is idempotent: the task may be cleared and run again at any time, and a night without it costs nothing but
some room. A failed task means that the store or Elasticsearch was away for all of its tries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from wirewatch_dags.conventions import RUNS, TAGS


@dag(
    schedule=CronTriggerTimetable("20 3 * * *", timezone="UTC"),
    dagrun_timeout=timedelta(hours=4),
    tags=[*TAGS, "upkeep"],
    doc_md=__doc__,
    **RUNS,
)
def housekeeping() -> None:
    """When, in what order, how often again."""

    @task(execution_timeout=timedelta(hours=2))
    def keep_house() -> dict[str, Any]:
        """Do what `wirewatch housekeeping` does."""
        from pipeline.stages import upkeep
        from wirewatch_dags import work

        with work.services() as services:
            return work.counted(upkeep.housekeeping(services, now=work.clock()))

    keep_house()


housekeeping()
