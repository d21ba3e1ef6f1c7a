"""Opens the database and brings its schema up to date.

SQLite runs in WAL mode with `synchronous=FULL`: what is committed survives a power cut. Every writing
transaction begins with `BEGIN IMMEDIATE`, so that two processes queue instead of failing half way.

PostgreSQL ends the transaction of a worker that went silent, so that its locks never stop the others for long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError

from pipeline.errors import ConfigError, StoreUnavailable

READ_ONLY = "wirewatch_read_only"
_BUSY_SECONDS = 60
_SILENT_SECONDS = 300
_CACHE_KIB = 16 * 1024
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(url: str) -> Engine:
    """Return an engine for `url` with its schema up to date; `sqlite:///path` or `postgresql://…`.

    Raises `ConfigError` for a URL that cannot be used or a schema of another version, and `StoreUnavailable` if the
    database does not answer.
    """
    try:
        engine = _create(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"`WIREWATCH_STORE_URL` cannot be used: {error}",
            hint="write `sqlite:///data/wirewatch.db` or `postgresql://user:password@host/database`; "
            "PostgreSQL needs `pip install 'wirewatch[postgres]'`",
        ) from error
    try:
        _migrate(engine)
    except (DatabaseError, InterfaceError) as error:
        engine.dispose()
        raise unavailable(engine, error) from error
    except ConfigError:
        engine.dispose()
        raise
    return engine


def _create(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if parsed.database and parsed.database != ":memory:":
        _folder(Path(parsed.database).parent)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"the data folder `{folder}` cannot be made: {error.strerror}",
            hint="choose another with `WIREWATCH_DATA`",
        ) from error


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
    connection.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{_SILENT_SECONDS}s'")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current and current not in {one.revision for one in scripts.walk_revisions()}:
        raise _unknown(engine, current)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7719283)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _unknown(engine: Engine, revision: str) -> ConfigError:
    return ConfigError(
        f"the store `{_place(engine)}` has a schema that this version does not know: `{revision}`",
        hint="a newer Wirewatch made it, or another program; install that version, or name another database with "
        "`WIREWATCH_STORE_URL`",
    )


def unavailable(engine: Engine, error: Exception) -> StoreUnavailable:
    """Return what to tell a person about a database that cannot be used."""
    cause = str(getattr(error, "orig", None) or error).strip()
    return StoreUnavailable(f"the store `{_place(engine)}` cannot be used: {cause}", hint=_hint(cause))


def _place(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _hint(cause: str) -> str:
    lowered = cause.lower()
    for sign, hint in {
        "full": "free some disk space; what was committed is kept, and the next run goes on from there",
        "no space": "free some disk space; what was committed is kept, and the next run goes on from there",
        "disk i/o": "check the disk and the limits on file sizes; what was committed is kept, and the next run goes on",
        "readonly": "make the data folder writable, or choose another with `WIREWATCH_DATA`",
        "read-only": "make the data folder writable, or choose another with `WIREWATCH_DATA`",
        "unable to open": "make the data folder writable, or choose another with `WIREWATCH_DATA`",
        "lock timeout": "another process holds the store for long; the next run goes on from there",
        "locked": "another process holds the store for long; the next run goes on from there",
        "not a database": "the file is no SQLite database; move it away or restore a backup",
        "malformed": "the file is damaged; restore a backup, or recover it with `sqlite3 FILE .recover`",
    }.items():
        if sign in lowered:
            return hint
    return "check that the database runs and that `WIREWATCH_STORE_URL` is right; nothing is lost, the next run goes on"
