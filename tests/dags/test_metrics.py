"""Do tasks send their metrics where Airflow sends its own, and nothing while that is switched off?"""

import os
import socket
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.command_line import environment
from tests.dags.newsroom import ROOT, Newsroom, Run
from tests.mail_server import Post, a_closed_port, a_server

OURS = "airflow.wirewatch."
PAGE = (ROOT / "docs" / "airflow.md").read_text(encoding="utf-8")


class Listener:
    """A StatsD server: hears datagrams, each a metric or several lines of them."""

    def __init__(self, port: socket.socket) -> None:
        self._port = port
        self.counters: Counter[str] = Counter()
        self.gauges: defaultdict[str, list[float]] = defaultdict(list)
        self.timings: defaultdict[str, list[float]] = defaultdict(list)

    @property
    def variables(self) -> dict[str, str]:
        """What sends Airflow's metrics here, without the switch that says so."""
        host, number = self._port.getsockname()
        return {"AIRFLOW__METRICS__STATSD_HOST": host, "AIRFLOW__METRICS__STATSD_PORT": str(number)}

    def listen(self) -> list[str]:
        """Return the metrics that have come so far; those of ours are sorted in."""
        self._port.setblocking(False)
        heard: list[str] = []
        try:
            while True:
                heard += self._port.recv(65536).decode().splitlines()
        except BlockingIOError:
            pass
        for one in heard:
            name, _, told = one.partition(":")
            if name.startswith(OURS):
                self._take(name.removeprefix(OURS), *told.split("|"))
        return heard

    def _take(self, name: str, value: str, kind: str) -> None:
        match kind:
            case "c":
                self.counters[name] += int(value)
            case "g":
                self.gauges[name].append(float(value))
            case "ms":
                self.timings[name].append(float(value))


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
        port.bind(("127.0.0.1", 0))
        yield Listener(port)


def told(*runs: Run) -> Counter[str]:
    """The counts in what the tasks returned, by the names of their metrics."""
    found: Counter[str] = Counter()
    returned = [one["returned"] for run in runs for one in run.tasks]
    nested = [one if isinstance(one, list) else [one] for one in returned]
    for report in (one for some in nested for one in some):
        if isinstance(report, dict) and "stage" in report:
            counts = {name: value for name, value in report.items() if isinstance(value, int)}
            found.update({f"{report['stage']}.{name}": value for name, value in counts.items() if name != "worker"})
    return +found


def test_what_tasks_count_is_sent_to_statsd_with_the_lag_of_each_alert_and_what_waits(
    newsroom: Newsroom, listener: Listener
) -> None:
    headlines = ("Hafen nimmt Kran in Betrieb", "Fähre fährt wieder", "Leuchtturm wird gestrichen")
    newsroom.take_small(*headlines)
    post = Post()
    with a_server(post) as port:
        newsroom.variables |= listener.variables | {"AIRFLOW__METRICS__STATSD_ON": "True"}
        newsroom.variables["AIRFLOW_CONN_WIREWATCH_SMTP"] = f"smtp://127.0.0.1:{port}"
        runs = [newsroom.run(dag) for dag in ("poll_wires", "process_articles", "poll_wires")]

    listener.listen()
    assert listener.counters == told(*runs)
    names = ("poll.new", "read.read", "dedup.seen", "enrich.enriched")
    assert [listener.counters[name] for name in names] == [3, 3, 3, 3]
    assert listener.counters["alert.alerts"] == listener.counters["alert.sent"] == len(post.taken) > 0
    assert set(listener.timings) == {
        *(f"{stage}.duration" for stage in ("poll", "read", "dedup", "enrich", "index", "alert")),
        "alert.lag",
    }
    assert len(listener.timings["alert.lag"]) == listener.counters["alert.alerts"]
    assert min(listener.timings["alert.lag"]) >= 60_000  # published a minute before it could be polled
    assert [name for name in listener.counters if f"`{name.partition('.')[2]}`" not in PAGE] == []
    assert max(listener.gauges["read.waiting"]) == 3
    assert max(listener.gauges["read.oldest_seconds"]) > 0
    assert {name: values[-1] for name, values in listener.gauges.items()} == dict.fromkeys(listener.gauges, 0.0)


def test_a_stage_that_had_to_stop_is_counted_before_its_task_fails(newsroom: Newsroom, listener: Listener) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.run("poll_wires")

    with a_closed_port() as nobody:
        newsroom.variables |= {**listener.variables, "AIRFLOW__METRICS__STATSD_ON": "True"}
        run = newsroom.run("process_articles", AIRFLOW_CONN_WIREWATCH_SMTP=f"smtp://127.0.0.1:{nobody}")

    listener.listen()
    assert run.states("alert") == ["failed"]
    assert listener.counters["alert.stopped"] >= 1
    assert listener.gauges["mail.waiting"][-1] == 1


def test_with_the_switch_off_nothing_is_sent(newsroom: Newsroom, listener: Listener) -> None:
    newsroom.take_small("Hafen nimmt Kran in Betrieb")
    newsroom.variables |= listener.variables

    runs = newsroom.run("poll_wires"), newsroom.run("process_articles")

    assert [run.state for run in runs] == ["success", "success"]
    assert listener.listen() == []


_A_TASK = """
import os
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from datetime import UTC, datetime
from pipeline.stages import StageReport
from wirewatch_dags import metrics

stats.initialize(factory=get_stats_factory(), export_legacy_names=True)
report = StageReport("alert", datetime.now(UTC))
report.count(alerts=2)
report.lags.append(65.0)
metrics.tell(report.done())
metrics.flush()
os._exit(0)  # so does Airflow's process of a task
"""


@contextmanager
def a_collector() -> Iterator[tuple[int, list[bytes]]]:
    """An OpenTelemetry collector: its port, and the bodies it was sent."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """The test reads the bodies."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], bodies
        finally:
            server.shutdown()
            thread.join()


def test_opentelemetry_has_the_same_before_the_process_of_a_task_ends(tmp_path: Path) -> None:
    with a_collector() as (port, bodies):
        variables = {
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "dags")]),
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(
            [sys.executable, "-c", _A_TASK],
            env=environment() | variables,
            capture_output=True,
            timeout=120,
            check=False,
        )

    assert done.returncode == 0, done.stderr.decode()[-3000:]
    sent = b"".join(bodies)
    assert all(name in sent for name in (b"airflow.wirewatch.alert.alerts", b"airflow.wirewatch.alert.lag"))
