"""What holds for all DAGs of Wirewatch, read while Airflow parses them: nothing but `airflow.sdk` and the standard library.

Every task may be killed and run again by anyone: the store's claims see to it that nothing is lost or done twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset

NEW_ARTICLES = Asset("wirewatch_new_articles", uri="wirewatch://articles/new")
"""Comes when a poll brought articles or new versions; `process_articles` waits for it."""

FETCH_POOL = "wirewatch_fetch"
"""Limits the tasks that ask other people's servers. `deploy/airflow/pools.json` makes it."""
MODEL_POOL = "wirewatch_model"
"""Limits the tasks that hold the language pipeline in memory, about half a gigabyte each."""

TAGS = ["wirewatch"]


def tell_operators(context: Mapping[str, Any]) -> None:
    """Mail the operators that a task has failed for good."""
    from wirewatch_dags.operators import tell_failure

    tell_failure(context)


def tell_timeout(context: Mapping[str, Any]) -> None:
    """Mail the operators that a run took too long; failed tasks tell of themselves."""
    if context.get("reason") == "timed_out":
        tell_operators(context)


TASKS: dict[str, Any] = {
    "owner": "wirewatch",
    "retries": 3,
    "retry_delay": timedelta(seconds=15),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=15),
    "on_failure_callback": tell_operators,
}
"""The default arguments of all tasks."""

RUNS: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": TASKS,
    "on_failure_callback": tell_timeout,
}
"""What all DAGs are told in the same way."""
