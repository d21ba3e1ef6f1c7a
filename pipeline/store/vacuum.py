"""What a database wants from time to time: statistics for its planner, and room that was given up.

SQLite is written anew only where a good part of the file is empty: that takes a second a few hundred megabytes, and nobody
else can write meanwhile. PostgreSQL cleans up beside all others, table by table, and leaves out what another holds.
"""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import Engine

from pipeline.store.schema import metadata

_WORTH_IT = 10_000_000  # bytes
_PART = 0.25


def vacuum(engine: Engine) -> int:
    """Tidy the database up; returns how many bytes the file became smaller, where that can be told."""
    return _postgresql(engine) if engine.dialect.name == "postgresql" else _sqlite(engine)


def _postgresql(engine: Engine) -> int:
    """Only the owner of a table may; for anybody else PostgreSQL leaves it out and says so in its log."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (ANALYZE, SKIP_LOCKED) {table.name}")
    return 0


def _sqlite(engine: Engine) -> int:
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:

        def told(pragma: str) -> int:
            row = cursor.execute(f"PRAGMA {pragma}").fetchone()
            return int(row[0])

        cursor.execute("PRAGMA optimize=0x10002")  # also the tables that this connection did not query
        cursor.fetchall()
        size, pages, free = told("page_size"), told("page_count"), told("freelist_count")
        if free * size < _WORTH_IT or free < _PART * pages:
            return 0
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        return (pages - told("page_count")) * size
