"""One Airflow for all tests of a process, and a newsroom for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dags.newsroom import Airflow, Newsroom, an_airflow
from tests.postgres import postgres

__all__ = ["postgres"]


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    pytest.importorskip("airflow", reason="the extra `airflow` is not installed")
    with an_airflow(tmp_path_factory.mktemp("airflow") / "home") as running:
        yield running


@pytest.fixture
def newsroom(airflow: Airflow, tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, airflow)
