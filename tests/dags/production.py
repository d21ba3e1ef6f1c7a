"""Airflow as it runs in production: scheduler, DAG processor and API server, on a metadata database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil

from tests.command_line import environment

ROOT = Path(__file__).parents[2]
_CONFIGURATION = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
    "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of these tests, long enough for HS512: " + "x" * 32,
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    # What Airflow takes minutes to notice by default, such as a task that was killed, it shall notice in seconds.
    "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "10",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "2",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "10",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "ignore",
}


class Production:
    """A running Airflow. `variables` are the environment of its tasks; everything is gone at the end of the block."""

    def __init__(self, home: Path, metadata: str, variables: Mapping[str, str]) -> None:
        self._home = home
        self._port = _free_port()
        self._environment = {
            **environment(),
            **_CONFIGURATION,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata.replace("postgresql:", "postgresql+psycopg2:", 1),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{self._port}/execution/",
            "AIRFLOW__API__PORT": str(self._port),
            **variables,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._api = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=30)

    def __enter__(self) -> Self:
        self._home.mkdir()
        self._call("db", "migrate")
        self._call("pools", "import", str(ROOT / "deploy" / "airflow" / "pools.json"))
        for component in ("api-server", "dag-processor", "scheduler"):
            self.start(component)
        self.wait_until(self._is_up, "the API server answers")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.close()
        for component in list(self._running):
            self.kill(component)

    def start(self, component: str, *, number: int = 1) -> None:
        """Start a component; `number` tells several of one kind apart."""
        name = component if number == 1 else f"{component} {number}"
        with (self._home / f"{name}.log").open("ab") as log:
            command = [*_AIRFLOW, component, *(["--skip-serve-logs"] if component == "scheduler" else [])]
            self._running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment
            )

    def kill(self, component: str) -> list[str]:
        """Kill a component and all that it started, with SIGKILL; returns the titles of these processes."""
        running = self._running.pop(component)
        process = psutil.Process(running.pid)
        family = [process, *process.children(recursive=True)]
        titles = []
        for one in family:
            with suppress(psutil.NoSuchProcess):  # one that ends by itself just now
                titles.append(" ".join(one.cmdline()).strip())
                one.send_signal(signal.SIGKILL)
        psutil.wait_procs(family[1:], timeout=30)
        running.wait()
        return titles

    def unpause(self, *dags: str) -> None:
        """Let the DAGs run by their schedule."""
        self.wait_until(lambda: set(dags) <= {one["dag_id"] for one in self._get("/dags")["dags"]}, f"{dags} are known")
        for dag in dags:
            self._api.patch(f"/api/v2/dags/{dag}", json={"is_paused": False}, headers=self._login()).raise_for_status()

    def trigger(self, dag: str) -> None:
        """Let `dag` run now."""
        self._api.post(
            f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None}, headers=self._login()
        ).raise_for_status()

    def is_idle(self) -> bool:
        """Whether no run is under way."""
        found = self._get("/dags/~/dagRuns", state=["running", "queued"], limit=100)
        return not found["dag_runs"]

    def tasks(self, dag: str, *, state: str) -> list[str]:
        """The ids of the task instances of all runs of `dag` that are in a state."""
        found = self._get(f"/dags/{dag}/dagRuns/~/taskInstances", state=state, limit=1000)
        return [one["task_id"] for one in found["task_instances"]]

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """All runs of `dag`, the latest first."""
        found: list[dict[str, Any]] = self._get(f"/dags/{dag}/dagRuns", order_by="-run_after", limit=100)["dag_runs"]
        return found

    def wait_until(self, condition: Callable[[], object], what: str, *, seconds: float = 240) -> None:
        """Wait for it; fails with the logs after a time in which it must have come."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not in {seconds:.0f} seconds: {what}\n{self._logs()}")
            time.sleep(0.5)

    def _call(self, *arguments: str) -> None:
        done = subprocess.run(
            [*_AIRFLOW, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]

    def _is_up(self) -> bool:
        try:
            return self._api.get("/api/v2/version").is_success
        except httpx.TransportError:
            return False

    def _get(self, path: str, **wanted: Any) -> Any:
        answer = self._api.get(f"/api/v2{path}", params=wanted, headers=self._login())
        answer.raise_for_status()
        return answer.json()

    def _login(self) -> dict[str, str]:
        if not hasattr(self, "_token"):
            self._token = self._api.get("/auth/token").raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {self._token}"}

    def _logs(self) -> str:
        told = [
            *sorted(self._home.glob("*.log")),
            *sorted(self._home.rglob("attempt=*.log"), key=os.path.getmtime)[-6:],
        ]
        return "\n".join(f"--- {one}\n{one.read_text(errors='replace')[-3000:]}" for one in told)


_AIRFLOW = [sys.executable, "-m", "airflow"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
