"""What SQLite and PostgreSQL both can and SQLAlchemy spells twice: upserts, and long lists of values."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Select, Table, any_, func, literal, select
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from pipeline.store.columns import storable


def upsert(
    connection: Connection, table: Table, *, keys: Sequence[str], set_: Sequence[str]
) -> PostgresqlInsert | SqliteInsert:
    """Return an INSERT that overwrites the columns `set_` where `keys` exist already (or leaves the row alone)."""
    statement = insert_into(connection, table)
    if not set_:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in set_})


def insert_into(connection: Connection, table: Table) -> PostgresqlInsert | SqliteInsert:
    """Return an INSERT that knows ON CONFLICT."""
    return PostgresqlInsert(table) if is_postgresql(connection) else SqliteInsert(table)


def among(
    connection: Connection, column: ColumnElement[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `values`, of which there may be any number, or none.

    They travel as one parameter: a statement may have 32,766 parameters in SQLite and 65,535 in PostgreSQL.
    """
    if is_postgresql(connection):
        return column == any_(literal(list(values), ARRAY(column.type)))
    told = json.dumps([storable(one) if isinstance(one, str) else one for one in values])
    listed = func.json_each(told).table_valued("value")
    return column.in_(select(listed.c.value))


def pairs(connection: Connection, values: Sequence[tuple[int, int]]) -> Select[tuple[int, int]]:
    """Return `values`, 64-bit numbers, as rows to insert from; they travel as one parameter or two, however many there are."""
    if is_postgresql(connection):
        left, right = (literal(list(side), ARRAY(BigInteger)) for side in zip(*values, strict=True))
        return select(func.unnest(left), func.unnest(right))
    each = func.json_each(json.dumps(values)).table_valued("value")
    return select(func.json_extract(each.c.value, "$[0]"), func.json_extract(each.c.value, "$[1]"))


def is_postgresql(connection: Connection) -> bool:
    """Return whether this is PostgreSQL, where transactions run side by side."""
    return connection.dialect.name == "postgresql"
