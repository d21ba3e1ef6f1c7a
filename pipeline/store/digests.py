"""Up to when each digest has told, of which alerts, and what came too late and waits to be told in a summary."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, not_, select, update

from pipeline.store.dialect import among, upsert
from pipeline.store.ledger import Recorded
from pipeline.store.schema import alert, belated, digest, told


@dataclass(frozen=True)
class Progress:
    """Since when a digest is known, and where its last period ended."""

    begun: datetime
    ended: datetime


class Digests:
    """What digests have told, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def progress(self) -> dict[str, Progress]:
        """Return how far each digest is that was begun."""
        return {row.id: Progress(row.begun, row.ended) for row in self._connection.execute(select(digest))}

    def begin(self, digest_id: str, at: datetime) -> None:
        """Let a period of a digest start at `at`, the first one or one that has nothing to do with those before."""
        row = {"id": digest_id, "begun": at, "ended": at}
        self._connection.execute(upsert(self._connection, digest, keys=["id"], set_=["begun", "ended"]), [row])

    def untold(self, digest_id: str, *, since: datetime, until: datetime) -> list[Recorded]:
        """Return the alerts after `since` and up to `until` of which the digest has not told, the latest first."""
        heard = exists().where(told.c.alert_id == alert.c.id, told.c.digest_id == digest_id)
        rows = self._connection.execute(
            select(alert)
            .where(alert.c.created > since, alert.c.created <= until, not_(heard))
            .order_by(alert.c.created.desc(), alert.c.id)
        )
        return [Recorded.of(row) for row in rows.mappings()]

    def tell(self, digest_id: str, alert_ids: Collection[str]) -> None:
        """Remember that the digest has told of these alerts."""
        rows = [{"digest_id": digest_id, "alert_id": one} for one in sorted(set(alert_ids))]
        if rows:
            self._connection.execute(upsert(self._connection, told, keys=["digest_id", "alert_id"], set_=[]), rows)

    def end(self, digest_id: str, at: datetime) -> None:
        """Close the period of a digest that was begun; the next one starts at `at`."""
        self._connection.execute(update(digest).where(digest.c.id == digest_id).values(ended=at))

    def belated(self) -> dict[str, list[Recorded]]:
        """Return what came too late, for each recipient who was not told of it yet, the latest first."""
        rows = self._connection.execute(
            select(alert, belated.c.recipient.label("reader"))
            .join(belated, belated.c.alert_id == alert.c.id)
            .order_by(alert.c.created.desc(), alert.c.id)
        )
        found: dict[str, list[Recorded]] = {}
        for row in rows.mappings():
            fields = {name: value for name, value in row.items() if name != "reader"}
            found.setdefault(row["reader"], []).append(Recorded.of(fields))
        return found

    def settle(self, recipient: str, alert_ids: Collection[str]) -> None:
        """Forget that the recipient waits to be told of these late alerts."""
        mine = among(self._connection, belated.c.alert_id, alert_ids)
        self._connection.execute(delete(belated).where(belated.c.recipient == recipient, mine))
