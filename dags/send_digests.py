"""Sends the digests that are due, every quarter of an hour: daily and weekly ones at the recipient's local hour.

`config/watches.yaml` says who gets a digest, when, in which time zone. One that fell into a time without a run is
sent late, once; none is sent twice, since the store remembers the periods that are done. A failed task means that the
mail server is away: the mails wait in the store, and the next run sends them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from wirewatch_dags.conventions import MODEL_POOL, RUNS, TAGS


@dag(
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC"),
    dagrun_timeout=timedelta(minutes=30),
    tags=[*TAGS, "mail"],
    doc_md=__doc__,
    **RUNS,
)
def send_digests() -> None:
    """When, in what order, how often again."""

    @task(pool=MODEL_POOL)
    def send() -> dict[str, Any]:
        """Write the digests that are due and send them."""
        from pipeline.stages import digest
        from wirewatch_dags import work

        with work.services() as services:
            return work.settled(digest.run(services, limit=work.MOST, now=work.clock()))

    send()


send_digests()
