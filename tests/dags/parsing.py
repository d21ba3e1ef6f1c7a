"""Parses `dags/` as Airflow does, in a process in which a socket or a written file ends the attempt; prints what it found as JSON."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

_SOCKETS = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto")
_FILES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.copyfile")
_PROCESSES = ("subprocess.Popen", "os.fork", "os.exec", "os.system", "os.posix_spawn")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _watch(broken: list[str]) -> None:
    """Note what a DAG file must not do, and forbid it."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        if watching and (writes or event in {*_SOCKETS, *_FILES, *_PROCESSES}):
            broken.append(f"{event} {arguments[0]}")
            raise PermissionError(f"{event} while Airflow parses")

    watching.append(True)
    sys.addaudithook(hear)


watching: list[bool] = []


def _told(task: Any) -> dict[str, Any]:
    return {
        "owner": task.owner,
        "retries": task.retries,
        "backs_off": bool(task.retry_exponential_backoff),
        "timeout": task.execution_timeout.total_seconds() if task.execution_timeout else None,
        "callback": bool(task.on_failure_callback),
        "pool": task.pool,
        "downstream": sorted(task.downstream_task_ids),
        "doc": bool(task.doc_md or (task.python_callable.__doc__ if hasattr(task, "python_callable") else None)),
    }


def main(folder: Path) -> None:
    """Print what parsing `folder` takes, what it loads, and the DAGs."""
    sys.dont_write_bytecode = True
    begun = time.process_time()
    import airflow.sdk  # noqa: PLC0415 - its time is taken
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415

    BundleDagBag(dag_folder=os.devnull, bundle_path=folder, bundle_name="dags-folder")
    own = time.process_time() - begun
    before, broken = set(sys.modules), list[str]()

    _watch(broken)
    begun = time.process_time()
    bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
    parsing = time.process_time() - begun
    watching.clear()

    found = {
        "airflow": own,
        "parsing": parsing,
        "broken": broken,
        "errors": bag.import_errors,
        "loaded": sorted(name for name in set(sys.modules) - before if not name.startswith("unusual_prefix")),
        "dags": {
            name: {
                "tags": sorted(dag.tags),
                "doc": bool(dag.doc_md),
                "catchup": dag.catchup,
                "runs": dag.max_active_runs,
                "timeout": dag.dagrun_timeout.total_seconds() if dag.dagrun_timeout else None,
                "callback": bool(dag.on_failure_callback),
                "tasks": {task.task_id: _told(task) for task in dag.tasks},
            }
            for name, dag in bag.dags.items()
        },
    }
    print(json.dumps(found | {"sdk": airflow.sdk.__version__}, default=str))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
