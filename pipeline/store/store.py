"""The system of record: opens the database and hands out transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, InterfaceError

from pipeline.store.articles import Articles
from pipeline.store.copies import Copies
from pipeline.store.engine import READ_ONLY, open_engine, unavailable
from pipeline.store.feeds import Feeds
from pipeline.store.ledger import Ledger
from pipeline.store.problems import Problems
from pipeline.store.work import Work


class Transaction:
    """Everything in the store, as one transaction sees it; all of it is kept, or nothing."""

    def __init__(self, connection: Connection) -> None:
        self.feeds = Feeds(connection)
        self.articles = Articles(connection)
        self.work = Work(connection)
        self.copies = Copies(connection)
        self.ledger = Ledger(connection)
        self.problems = Problems(connection)

    def release(self, owner: str) -> None:
        """Give back all that `owner` has claimed, so that others need not wait until its leases end."""
        for queue in (self.work, self.feeds, self.ledger):
            queue.release_all(owner)


class Store:
    """The system of record. Safe to use from several processes at once; one instance belongs to one process."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`, made and migrated if needed.

        Raises `ConfigError` for a URL that cannot be used, `StoreUnavailable` if the database does not answer.
        """
        self._engine = open_engine(url)

    @contextmanager
    def transaction(self, *, alone: str | None = None) -> Iterator[Transaction]:
        """Read and write; with `alone`, no other transaction with this name runs at the same time.

        Raises `StoreUnavailable` if the database fails; nothing of the transaction is kept then.
        """
        try:
            with self._engine.begin() as connection:
                if alone and connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(77192, {crc32(alone.encode()) >> 1})")
                yield Transaction(connection)
        except (DatabaseError, InterfaceError) as error:
            raise unavailable(self._engine, error) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read only, without waiting for writers."""
        try:
            with self._engine.connect() as plain:
                connection = plain.execution_options(**{READ_ONLY: True})
                with connection.begin():
                    yield Transaction(connection)
        except (DatabaseError, InterfaceError) as error:
            raise unavailable(self._engine, error) from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()
