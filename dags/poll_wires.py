"""Asks the feeds that are due, every minute.

`due` looks up in the store which feeds are due; on most minutes none is, and all else is skipped. `poll` runs once for
each **shard** that holds such a feed. Feeds are shared out by host, so that only one worker asks a host; the Airflow variable
`wirewatch_poll_shards` says how many shards there are (4). `announce` emits the asset **wirewatch_new_articles**, which
starts `process_articles`, if anything new came; else it is skipped.

A feed that fails is no failure of the task: it is asked again later and later, and `wirewatch problems list` tells why. A
failed task means that the store or a setting is at fault. Tasks may be cleared and run again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, cast

from airflow.sdk import TriggerRule, dag, task

from wirewatch_dags.conventions import FETCH_POOL, NEW_ARTICLES, RUNS, TAGS

_MOST_SHARDS = 64


@dag(
    schedule=timedelta(minutes=1),
    dagrun_timeout=timedelta(minutes=30),
    tags=[*TAGS, "news"],
    doc_md=__doc__,
    **RUNS,
)
def poll_wires() -> None:
    """When, in what order, how often again."""

    @task(execution_timeout=timedelta(minutes=2))
    def due() -> list[int]:
        """Which shards hold a feed that is due?"""
        from pipeline.stages import shards
        from wirewatch_dags import work

        with work.services() as services:
            number = work.number("wirewatch_poll_shards", 4, most=_MOST_SHARDS)
            return shards.due(services, shards=number, now=work.clock())

    @task(pool=FETCH_POOL, map_index_template="shard {{ shard }}")
    def poll(shard: int) -> dict[str, Any]:
        """Ask the feeds of one shard that are due."""
        from pipeline.stages import shards
        from wirewatch_dags import work

        with work.services() as services:
            number = work.number("wirewatch_poll_shards", 4, most=_MOST_SHARDS)
            report = shards.run(
                services, shard=shard, shards=number, limit=work.MOST, clock=work.clock, patience=work.PATIENCE
            )
            return work.settled(report)

    @task(
        outlets=[NEW_ARTICLES],
        trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
        execution_timeout=timedelta(minutes=2),
    )
    def announce(reports: Iterable[Mapping[str, Any]], *, outlet_events: Any = None) -> dict[str, int]:  # noqa: ANN401 - Airflow's own
        """Emit the asset, if anything new came."""
        from airflow.sdk.exceptions import AirflowSkipException

        came = {name: sum(report.get(name, 0) for report in reports) for name in ("new", "versions")}
        if not any(came.values()):
            raise AirflowSkipException("nothing new came")
        outlet_events[NEW_ARTICLES].extra = came
        return came

    announce(cast("Any", poll.expand(shard=due())))


poll_wires()
