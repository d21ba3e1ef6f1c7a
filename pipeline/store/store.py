"""The system of record: opens the database and hands out transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, InterfaceError

from pipeline.store.ages import Ages
from pipeline.store.articles import Articles
from pipeline.store.copies import Copies
from pipeline.store.dialect import is_postgresql
from pipeline.store.digests import Digests
from pipeline.store.engine import READ_ONLY, open_engine, unavailable
from pipeline.store.feeds import Feeds
from pipeline.store.journal import Journal
from pipeline.store.ledger import Ledger
from pipeline.store.problems import Problems
from pipeline.store.vacuum import vacuum
from pipeline.store.work import Work

_STORE, _NAMES = 77191, 77192
"""Under these numbers PostgreSQL knows our locks; any will do, as long as all workers use the same."""


class Transaction:
    """Everything in the store, as one transaction sees it; all of it is kept, or nothing."""

    def __init__(self, connection: Connection) -> None:
        self.feeds = Feeds(connection)
        self.articles = Articles(connection)
        self.work = Work(connection)
        self.copies = Copies(connection)
        self.ledger = Ledger(connection)
        self.digests = Digests(connection)
        self.problems = Problems(connection)
        self.ages = Ages(connection)
        self.journal = Journal(connection)

    def release(self, owner: str, *, tried: bool = False) -> None:
        """Give back all that `owner` has claimed, so that others need not wait until its leases end.

        With `tried` articles keep the attempt: one of them may be why `owner` could not go on.
        """
        self.work.release_all(owner, tried=tried)
        for queue in (self.feeds, self.ledger, self.journal):
            queue.release_all(owner)


class Store:
    """The system of record. Safe to use from several processes at once; one instance belongs to one process."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`, made and migrated if needed.

        Raises `ConfigError` for a URL that cannot be used, `StoreUnavailable` if the database does not answer.
        """
        self._engine = open_engine(url)

    @contextmanager
    def transaction(self, *, alone: str | None = None, wide: bool = False) -> Iterator[Transaction]:
        """Read and write. SQLite has one such transaction at a time, PostgreSQL as many as there are workers.

        With `alone`, no other with this name runs at the same time. With `wide` no other runs at all: needed where
        articles are changed besides those that were finished at the beginning, for two which do that, each holding
        articles the other wants next, would wait for each other.

        Raises `StoreUnavailable` if the database fails; nothing of the transaction is kept then.
        """
        try:
            with self._engine.begin() as connection:
                if is_postgresql(connection):
                    _queue(connection, alone, wide=wide)
                yield Transaction(connection)
        except (DatabaseError, InterfaceError) as error:
            raise unavailable(self._engine, error) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read only, as of one moment, without waiting for writers."""
        try:
            with self._engine.connect() as plain:
                options = {"isolation_level": "REPEATABLE READ"} if is_postgresql(plain) else {READ_ONLY: True}
                connection = plain.execution_options(**options)
                with connection.begin():
                    yield Transaction(connection)
        except (DatabaseError, InterfaceError) as error:
            raise unavailable(self._engine, error) from error

    def tidy(self) -> int:
        """Let the database look after itself, beside other work; returns how many bytes the file became smaller.

        Raises `StoreUnavailable` as `transaction` does; nothing is lost then.
        """
        try:
            return vacuum(self._engine)
        except (DatabaseError, InterfaceError, sqlite3.Error) as error:
            raise unavailable(self._engine, error) from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _queue(connection: Connection, alone: str | None, *, wide: bool) -> None:
    """Wait for one's turn; the locks end with the transaction."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{'' if wide else '_shared'}({_STORE}, 0)")
    if alone:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_NAMES}, {crc32(alone.encode()) >> 1})")
