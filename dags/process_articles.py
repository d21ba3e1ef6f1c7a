"""Takes new articles through the chain: read → dedup → enrich → index and alert side by side.

Runs when `poll_wires` has announced **new articles**, and every five minutes in any case, should an announcement have been
lost. `look` counts what waits in the store; if nothing does, all else is skipped. `enrich` runs in several workers, which
share the articles by claims; the Airflow variable `wirewatch_enrich_workers` says how many there are at most (2), and a worker
comes for each hundred articles. `catch_up` does once more what later stages caused, such as the mark of the watch in the index.

**What a failure means.** `index` failed: Elasticsearch is away or refuses us; alerts have gone all the same, and the articles wait
in the store for the next run. `alert` failed: the mail server is away; the mails wait in the store and go once it is
back. Neither is tried again within the run, since the run would hold up the next one; all else is tried three times. An
article that cannot be worked on fails nothing: `wirewatch problems list` has it. Tasks may be cleared and run again at any time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, TriggerRule, dag, task

from wirewatch_dags.conventions import FETCH_POOL, MODEL_POOL, NEW_ARTICLES, RUNS, TAGS

_MOST_WORKERS = 64
_A_WORKER = 100


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/5 * * * *", timezone="UTC"), assets=NEW_ARTICLES),
    dagrun_timeout=timedelta(hours=1),
    tags=[*TAGS, "news"],
    doc_md=__doc__,
    **RUNS,
)
def process_articles() -> None:
    """When, in what order, how often again."""

    @task(execution_timeout=timedelta(minutes=2))
    def look() -> list[int]:
        """What waits? Returns the numbers of the workers that should enrich it."""
        from airflow.sdk.exceptions import AirflowSkipException

        from wirewatch_dags import work

        with work.services() as services:
            waiting = work.counted(work.waiting(services))
        if not waiting:
            raise AirflowSkipException("nothing waits")
        most = work.number("wirewatch_enrich_workers", 2, most=_MOST_WORKERS)
        articles = sum(waiting.get(name, 0) for name in ("read", "dedup", "enrich"))
        return list(range(min(most, 1 + articles // _A_WORKER)))

    @task(pool=FETCH_POOL)
    def read() -> dict[str, Any]:
        """Complete the articles; fetch the page where the feed asks for full text."""
        from wirewatch_dags import work

        return work.stage("read")

    @task
    def dedup() -> dict[str, Any]:
        """Fold the copies onto their original and put articles into stories."""
        from wirewatch_dags import work

        return work.stage("dedup")

    @task(pool=MODEL_POOL, map_index_template="worker {{ worker }}")
    def enrich(worker: int) -> dict[str, Any]:
        """Read language, agency, entities and topics."""
        from wirewatch_dags import work

        return {"worker": worker} | work.stage("enrich")

    @task(trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def index() -> dict[str, Any]:
        """Bring the search index up to date."""
        from wirewatch_dags import work

        return work.stage("index")

    @task(pool=MODEL_POOL, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def alert() -> dict[str, Any]:
        """Decide on alerts and send what waits to be sent."""
        from wirewatch_dags import work

        return work.stage("alert")

    @task(pool=MODEL_POOL, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def catch_up(indexed: dict[str, Any] | None, alerted: dict[str, Any] | None) -> list[dict[str, Any]]:
        """Do once more what later stages caused in those before them. Fails with the run if `index` or `alert` did."""
        from airflow.sdk.exceptions import AirflowFailException

        from wirewatch_dags import work

        reports = work.caused()
        if failed := [name for name, report in {"index": indexed, "alert": alerted}.items() if report is None]:
            raise AirflowFailException(f"{' and '.join(failed)} failed; see there")
        return reports

    # Airflow hands a task what another returned; until then these stand for it.
    workers, indexed, alerted = cast("Any", look()), cast("Any", index()), cast("Any", alert())
    workers >> read() >> dedup() >> enrich.expand(worker=workers) >> [indexed, alerted]
    catch_up.override(on_failure_callback=None)(indexed, alerted)


process_articles()
