"""What does Airflow add: to its own start by parsing our files, and to the stages by running them as tasks?

The runs are `dag.test()`'s: the real tasks with Airflow's API and database behind them, one after the other in one process. What a
scheduler adds, a process for each task, is measured beside it and counted in.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.config import Configuration, Settings
from pipeline.stages import run
from tests.benchmarks.test_chain import _feeds
from tests.dags.newsroom import Airflow, Newsroom, Run, an_airflow
from tests.dags.test_integrity import DAGS, ROOT, parsed
from tests.factories import NOON

FEW, MANY = 100, int(os.environ.get("AIRFLOW_BENCHMARK", "0"))
A_TASK = "from airflow.sdk.execution_time import task_runner; from wirewatch_dags import work"
MOST_OVERHEAD_OF_MANY = 5


@pytest.fixture
def airflow(tmp_path: Path) -> Iterator[Airflow]:
    with an_airflow(tmp_path / "home") as running:
        yield running


def _run(airflow: Airflow, folder: Path, articles: int) -> Run:
    """Take so many articles through the chain, all waiting to be read."""
    folder.mkdir()
    newsroom = Newsroom(folder, airflow)
    shipped = runtime.load_configuration(ROOT / "config")
    assert shipped.topics
    newsroom.take_shipped(_feeds(folder / "wires", articles))
    newsroom.run("poll_wires")
    done = newsroom.run("process_articles", AIRFLOW_VAR_WIREWATCH_ENRICH_WORKERS="1", WIREWATCH_ALERT_MAX_AGE="3650d")
    assert newsroom.counts()["articles"] == articles
    assert newsroom.waiting() == {}
    return done


def _directly(folder: Path, articles: int) -> float:
    """Return the seconds that the same stages take for as many articles in this process, the language pipeline loaded anew."""
    shipped = runtime.load_configuration(ROOT / "config")
    settings = Settings.load(
        {"WIREWATCH_DATA": str(folder / "data"), "WIREWATCH_ALERT_MAX_AGE": "3650d", "WIREWATCH_NLP_MODELS": "*=none"}
    )
    feeds = tuple(_feeds(folder / "wires", articles))
    with runtime.working(settings, Configuration(feeds, shipped.topics, shipped.entities, shipped.watches)) as services:
        run("poll", services, limit=1_000_000, clock=lambda: NOON)
        begun = time.monotonic()
        for name in ("read", "dedup", "enrich", "index", "alert"):
            run(name, services, limit=1_000_000, clock=lambda: NOON)
        return time.monotonic() - begun


def _in_stages(done: Run) -> float:
    """Return the seconds of a run in which stages worked."""
    reports = [one for name in ("read", "dedup", "enrich", "index", "alert") for one in done.returned(name)]
    reports += [one for caused in done.returned("catch_up") for one in caused]
    return float(sum(one["seconds"] for one in reports))


def _start_of_a_task() -> float:
    before = os.times()
    variables = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{DAGS}"}
    subprocess.run([sys.executable, "-W", "ignore", "-c", A_TASK], env=variables, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_parsing_all_dags_takes_little_beside_airflows_own_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = parsed(DAGS, tmp_path)

    with capsys.disabled():
        own, ours = found["airflow"], found["parsing"]
        print(f"\nparsing {len(found['dags'])} DAGs: {ours:.2f} s of CPU after {own:.2f} s of Airflow's own import")  # noqa: T201
    assert found["parsing"] < found["airflow"] / 3


@pytest.mark.skipif(not MANY, reason="takes minutes: `make benchmark` measures it, or AIRFLOW_BENCHMARK=1000")
def test_what_airflow_adds_to_a_run_does_not_grow_with_the_articles(
    airflow: Airflow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few, many = (_run(airflow, tmp_path / str(articles), articles) for articles in (FEW, MANY))
    directly = _directly(tmp_path / "directly", MANY)
    start = _start_of_a_task()

    added = {articles: done.seconds - _in_stages(done) for articles, done in ((FEW, few), (MANY, many))}
    tasks = len(many.tasks)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nprocess_articles over {MANY} articles: {many.seconds:.1f} s, {many.seconds / directly:.2f} x the same stages called "
            f"directly ({directly:.1f} s)\nAirflow adds {added[MANY]:.1f} s to a run over {MANY} and {added[FEW]:.1f} s to one over "
            f"{FEW}; with a process of its own for each of {tasks} tasks ({start:.1f} s of CPU each) about {added[MANY] + tasks * start:.0f} s"
        )
    assert added[MANY] < MOST_OVERHEAD_OF_MANY * added[FEW]
