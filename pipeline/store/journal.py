"""What became of each poll and each alert, a row each, for dashboards. Nothing in Wirewatch depends on it.

A row waits to be put into the search index, and waits again whenever it changes; its version goes up each time. Rows are
claimed with a lease: while the ones that wait longest are claimed, or rest, nobody else takes any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, select, update

from pipeline.store.clock import TOLERANCE
from pipeline.store.dialect import among, insert_into
from pipeline.store.schema import journal

Kind = Literal["polls", "alerts"]
_PAGE = 1_000
_FREE: dict[str, None] = {"owner": None, "leased_until": None}


@dataclass(frozen=True)
class Record:
    """A row: what happened `at` a time that never changes, as JSON types. `version` counts its changes, by the store."""

    id: str
    kind: Kind
    at: datetime
    document: Mapping[str, Any]
    version: int = 1


class Journal:
    """The journal, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, record: Record, *, now: datetime) -> None:
        """Keep `record`, in place of one with its id, and let it wait for the index from `now` on; claims of it become void."""
        document = json.dumps(record.document, ensure_ascii=False, separators=(",", ":"))
        row = vars(record) | {"document": document, "version": 1, "available": now}
        statement = insert_into(self._connection, journal)
        told = {name: statement.excluded[name] for name in ("kind", "at", "document", "available")}
        changed = {**told, **_FREE, "version": journal.c.version + 1}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), row)

    def hold(self, record_id: str) -> Record | None:
        """Return a row, which nobody else can change before the transaction ends; None if there is none."""
        row = self._connection.execute(select(journal).where(journal.c.id == record_id).with_for_update()).first()
        return _record(row) if row else None

    def claim(self, owner: str, *, limit: int, now: datetime, lease: timedelta) -> list[Record]:
        """Take up to `limit` rows that wait for the index, the longest waiting first; none while those are claimed or rest.

        What a clock that has been set back left in the future counts as waiting and free: to write a row twice does no harm.
        """
        rows = self._first(journal.c.available <= now, limit) or self._first(
            journal.c.available > now + TOLERANCE, limit
        )
        if any(row.leased_until and now < row.leased_until <= now + lease + TOLERANCE for row in rows):
            return []
        chosen = among(self._connection, journal.c.id, [row.id for row in rows])
        self._connection.execute(update(journal).where(chosen).values(owner=owner, leased_until=now + lease))
        return [_record(row) for row in rows]

    def _first(self, chosen: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
        order = (journal.c.available, journal.c.at, journal.c.id)
        rows = select(journal).where(chosen).order_by(*order).limit(limit)
        return self._connection.execute(rows.with_for_update(skip_locked=True)).all()

    def finish(self, records: Sequence[Record]) -> None:
        """Mark rows as being in the index, unless they have changed since, which holds whoever claims them."""
        same = update(journal).where(journal.c.id == bindparam("name"), journal.c.version == bindparam("seen"))
        rows = [{"name": one.id, "seen": one.version} for one in sorted(records, key=lambda one: one.id)]
        if rows:
            self._connection.execute(same.values(available=None, **_FREE), rows)

    def rest(self, owner: str, *, until: datetime) -> None:
        """Let the rows that `owner` has claimed wait, and with them all others, because the index cannot be written."""
        self._connection.execute(update(journal).where(self._held(owner)).values(leased_until=until))

    def release_all(self, owner: str) -> None:
        """Give back all rows that `owner` has claimed."""
        self._connection.execute(update(journal).where(self._held(owner)).values(_FREE))

    def all(self) -> Iterator[Record]:
        """Yield every row, in the order of ids; read page by page."""
        last = ""
        while True:
            page = select(journal).where(journal.c.id > last).order_by(journal.c.id).limit(_PAGE)
            rows = self._connection.execute(page).all()
            yield from map(_record, rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    def forget(self, before: datetime) -> int:
        """Delete what happened before then; returns how many rows."""
        return self._connection.execute(delete(journal).where(journal.c.at < before)).rowcount

    @staticmethod
    def _held(owner: str) -> ColumnElement[bool]:
        return and_(journal.c.available.is_not(None), journal.c.owner == owner)


def _record(row: Row[Any]) -> Record:
    return Record(row.id, row.kind, row.at, json.loads(row.document), row.version)
