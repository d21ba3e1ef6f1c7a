"""Are the DAGs sound, cheap to parse, and as an operator expects them?"""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import environment

pytest.importorskip("airflow", reason="the extra `airflow` is not installed")

ROOT = Path(__file__).parents[2]
DAGS = ROOT / "dags"
FILES = sorted(DAGS.glob("*.py"))
POOLS = json.loads((ROOT / "deploy" / "airflow" / "pools.json").read_text(encoding="utf-8"))


def parsed(folder: Path, home: Path) -> dict[str, Any]:
    """What a process finds that parses the DAGs in `folder`."""
    variables = environment() | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    command = [sys.executable, "-W", "ignore", str(ROOT / "tests" / "dags" / "parsing.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return parsed(DAGS, tmp_path_factory.mktemp("home"))


def test_every_file_is_a_dag_of_its_name_and_all_can_be_imported(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert sorted(found["dags"]) == [file.stem for file in FILES]


def test_parsing_opens_no_socket_writes_no_file_and_starts_no_process(found: dict[str, Any]) -> None:
    assert found["broken"] == []


def test_what_is_forbidden_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "bad.py").write_text(
        "from airflow.sdk import dag\nimport socket\nopen('/tmp/never', 'w')\n", encoding="utf-8"
    )

    found = parsed(tmp_path / "dags", tmp_path)

    assert found["broken"] == ["open /tmp/never"]
    assert found["errors"]


def test_parsing_loads_nothing_of_ours_but_the_conventions(found: dict[str, Any]) -> None:
    roots = {name.partition(".")[0] for name in found["loaded"]}

    assert "pipeline" not in roots
    assert {name for name in found["loaded"] if name.startswith("wirewatch_dags")} == {
        "wirewatch_dags",
        "wirewatch_dags.conventions",
    }
    assert not roots & {"spacy", "httpx", "tantivy", "elasticsearch", "trafilatura"}


def test_parsing_is_a_small_part_of_what_airflow_takes_to_start(found: dict[str, Any]) -> None:
    assert found["parsing"] < found["airflow"] / 3


@pytest.mark.parametrize("file", [*FILES, DAGS / "wirewatch_dags" / "conventions.py"], ids=lambda file: file.stem)
def test_the_head_of_a_file_imports_the_sdk_and_the_standard_library_only(file: Path) -> None:
    heads = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom)]
    names = [node.module or "" for node in heads]

    allowed = {"airflow.sdk", "wirewatch_dags.conventions"}
    assert [
        name for name in names if name not in allowed and name.partition(".")[0] not in sys.stdlib_module_names
    ] == []


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_dag_says_what_it_is_and_how_long_it_may_take(found: dict[str, Any], name: str) -> None:
    dag = found["dags"][name]

    assert "wirewatch" in dag["tags"]
    assert dag["doc"]
    assert (dag["catchup"], dag["runs"]) == (False, 1)
    assert dag["timeout"]
    assert dag["callback"]


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_task_has_an_owner_retries_a_limit_and_says_what_it_does(found: dict[str, Any], name: str) -> None:
    for task in found["dags"][name]["tasks"].values():
        assert task["owner"] == "wirewatch"
        assert task["retries"] >= 1
        assert task["backs_off"]
        assert task["timeout"] <= found["dags"][name]["timeout"]
        assert task["pool"] in {"default_pool", *POOLS}


def test_the_operators_hear_of_every_failed_task_but_of_the_one_that_only_repeats_it(found: dict[str, Any]) -> None:
    silent = {
        f"{name}.{task}"
        for name, dag in found["dags"].items()
        for task, told in dag["tasks"].items()
        if not told["callback"]
    }

    assert silent == {"process_articles.catch_up"}


def test_the_chain_runs_in_its_order_with_index_and_alert_side_by_side(found: dict[str, Any]) -> None:
    tasks = found["dags"]["process_articles"]["tasks"]

    assert {name: task["downstream"] for name, task in tasks.items()} == {
        "look": ["enrich", "read"],
        "read": ["dedup"],
        "dedup": ["enrich"],
        "enrich": ["alert", "index"],
        "index": ["catch_up"],
        "alert": ["catch_up"],
        "catch_up": [],
    }
