"""A process with Airflow in it, which runs DAGs by `dag.test()` as it is told.

Airflow takes seconds to start and changes logging, warnings and the environment for good: that is why it does not live in the
process of the tests. It hears a JSON line for each run on standard input, and answers with one on the descriptor it
was given as its argument; what Airflow says itself goes to standard output.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.cli import cli_parser
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.models.asset import AssetEvent
from airflow.sdk import DAG
from airflow.sdk.configuration import conf as airflow_conf
from airflow.sdk.definitions.mappedoperator import MappedOperator
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from airflow.utils.session import create_session

_OURS = ("WIREWATCH_", "AIRFLOW_CONN_", "AIRFLOW_VAR_", "AIRFLOW__METRICS__")


def _command(*arguments: str) -> None:
    called = cli_parser.get_parser().parse_args(list(arguments))
    called.func(called)


def _impatient(dag: DAG) -> DAG:
    """The same DAG, in which a retry follows at once: how often is tested, how long a wait is Airflow's business."""
    for task in dag.tasks:
        waits = task.partial_kwargs if isinstance(task, MappedOperator) else vars(task)
        waits |= {"retry_delay": timedelta(milliseconds=1), "retry_exponential_backoff": 0}
    return dag


@contextmanager
def _hurried(dag: DAG, limits: dict[str, float]) -> Iterator[None]:
    """Let tasks run out of time after so many seconds."""
    kept = []
    for name, seconds in limits.items():
        task = dag.get_task(name)
        chosen = task.partial_kwargs if isinstance(task, MappedOperator) else vars(task)
        kept.append((chosen, chosen["execution_timeout"]))
        chosen["execution_timeout"] = timedelta(seconds=seconds)
    try:
        yield
    finally:
        for chosen, limit in kept:
            chosen["execution_timeout"] = limit


def _run(dag: DAG, environment: dict[str, str], conf: dict[str, Any] | None) -> dict[str, Any]:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    os.environ.update(environment)
    # As in the process of a task, which `dag.test()` does without.
    stats.initialize(
        factory=get_stats_factory(), export_legacy_names=airflow_conf.getboolean("metrics", "legacy_names_on")
    )
    begun = time.monotonic()
    run = dag.test(run_conf=conf)
    seconds = time.monotonic() - begun
    with create_session() as session:
        events = session.query(AssetEvent).filter(AssetEvent.source_run_id == run.run_id).all()
        told = [event.extra for event in events]
    tasks = [
        {
            "task": one.task_id,
            "number": one.map_index,
            "state": str(one.state),
            "tries": one.try_number,
            "returned": one.xcom_pull(task_ids=one.task_id, map_indexes=one.map_index),
        }
        for one in run.get_task_instances()
    ]
    return {"state": str(run.state), "seconds": seconds, "tasks": tasks, "events": told}


def main(root: Path, answers: int) -> None:
    """Set Airflow up as `docs/airflow.md` says, and do what standard input asks for, until it ends."""
    _command("db", "migrate")
    _command("pools", "import", str(root / "deploy" / "airflow" / "pools.json"))
    bag = BundleDagBag(dag_folder=root / "dags", bundle_path=root / "dags", bundle_name="dags-folder")
    dags = {name: _impatient(dag) for name, dag in bag.dags.items()}
    with os.fdopen(answers, "w") as out:
        out.write("ready\n")
        out.flush()
        for line in sys.stdin:
            wanted = json.loads(line)
            try:
                dag = dags[wanted["dag"]]
                with _hurried(dag, wanted["limits"]):
                    answer = _run(dag, wanted["environment"], wanted["conf"])
            except Exception as error:  # noqa: BLE001 - the test tells of it
                answer = {"error": f"{type(error).__name__}: {error}"}
            out.write(json.dumps(answer) + "\n")
            out.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
