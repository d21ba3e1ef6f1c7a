"""Brings the search index back in line with the store; by hand, **Trigger** asks what to do.

*everything* builds a new index beside the one in use and puts it in its place when it is complete; searches go on meanwhile.
*differences* compares store and index and lets only what differs be indexed again, which is much faster. The store is
the system of record: nothing can be lost by either, and a run that ended half way is simply started again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from wirewatch_dags.conventions import RUNS, TAGS


@dag(
    schedule=None,
    dagrun_timeout=timedelta(hours=12),
    tags=[*TAGS, "upkeep"],
    doc_md=__doc__,
    **RUNS,
    params={
        "what": Param(
            "everything",
            type="string",
            enum=["everything", "differences"],
            title="What to do",
            description="`everything` writes a new index, `differences` repairs the one in use",
        ),
        "reason": Param(
            "",
            type="string",
            maxLength=200,
            title="Why",
            description="for those who read the log later; may stay empty",
        ),
    },
)
def reindex() -> None:
    """When, in what order, how often again."""

    @task(execution_timeout=timedelta(hours=10))
    def rebuild(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do what `wirewatch reindex` does, or its smaller sister."""
        from wirewatch_dags import work

        chosen = params or {}  # Airflow hands them over
        return work.rebuild(chosen["what"], chosen["reason"])

    rebuild()


reindex()
