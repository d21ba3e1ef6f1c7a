"""INSERT … ON CONFLICT, which SQLite and PostgreSQL both speak and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def upsert(
    connection: Connection, table: Table, *, keys: Sequence[str], set_: Sequence[str]
) -> PostgresqlInsert | SqliteInsert:
    """Return an INSERT that overwrites the columns `set_` where `keys` exist already (or leaves the row alone)."""
    kind = PostgresqlInsert if connection.dialect.name == "postgresql" else SqliteInsert
    statement = kind(table)
    if not set_:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in set_})
