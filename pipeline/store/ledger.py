"""Which alerts were decided, and which messages were sent: the ledger and the outbox.

An alert and its messages are written in one transaction before anything is sent, so a crash loses
none. A message is claimed with a lease, and marked as sent after the other side took it; a crash in
between sends the very same Message-ID again, which mail servers and the outbox folder recognise.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)

from pipeline.store.clock import TOLERANCE, at_most, endless
from pipeline.store.dialect import among, upsert
from pipeline.store.schema import alert, article, belated, message, story, watched

LONGEST_DELAY = timedelta(days=1)
"""No message is put off for longer: a time further ahead was named by a clock that has been set back since."""


@dataclass(frozen=True)
class Recorded:
    """An alert in the ledger. A `late` one has no message of its own; a summary tells of it."""

    id: str
    watch_id: str
    story_id: str
    article_id: str
    created: datetime
    reasons: Mapping[str, Any]
    lag_seconds: float | None
    late: bool = False

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Recorded:
        """Return the alert that a row of the table holds."""
        return cls(**{**row, "reasons": json.loads(row["reasons"])})


@dataclass(frozen=True)
class Outgoing:
    """A message in the outbox, of an alert or a digest; `attempts` counts how often it was refused so far."""

    id: str
    alert_id: str | None
    recipient: str
    raw: bytes
    attempts: int
    digest_id: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What became of a message: `state` is `waiting`, `sent` or `refused`."""

    id: str
    alert_id: str
    recipient: str
    state: str
    sent: datetime | None
    error: str | None


class Ledger:
    """Alerts and messages, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def watching(self, watch_ids: Collection[str], *, now: datetime) -> dict[str, datetime]:
        """Return since when each watch is known; one that was never seen is known from `now` on."""
        rows = [{"watch_id": one, "since": now} for one in sorted(watch_ids)]
        if rows:
            self._connection.execute(upsert(self._connection, watched, keys=["watch_id"], set_=[]), rows)
        found = self._connection.execute(select(watched).where(among(self._connection, watched.c.watch_id, watch_ids)))
        return {row.watch_id: row.since for row in found}

    def alerted(self, watch_id: str, story_id: str, *, late: bool = True) -> bool:
        """Return whether this watch was told about this story, or about an article or story that is now part of it.

        What came too late counts as told, unless `late` is False and its summary has not been written yet.
        """
        told = self._about(watch_id, story_id)
        if not late:
            told = told.where(not_(_waits_for_summary()))
        return self._connection.execute(told).first() is not None

    def _about(self, watch_id: str, story_id: str) -> Select[tuple[str]]:
        known = self._connection.execute(select(story.c.joined).where(story.c.id == story_id)).scalar()
        present = known or story_id
        joined = select(story.c.id).where(story.c.joined == present)
        names = union_all(select(literal(story_id, story.c.id.type)), select(literal(present, story.c.id.type)), joined)
        members = select(article.c.id).where(article.c.story_id == present)
        told = select(alert.c.id).where(alert.c.watch_id == watch_id)
        both = union_all(told.where(alert.c.story_id.in_(names)), told.where(alert.c.article_id.in_(members)))
        return select(alert.c.id).where(alert.c.id.in_(both))

    def record(self, new: Recorded, messages: Collection[Outgoing]) -> bool:
        """Keep an alert with its messages; False if this watch was told of the story already, and nothing was kept.

        A late one of the same story, of which no summary has told yet, makes room for it.
        """
        if self.alerted(new.watch_id, new.story_id, late=False):
            return False
        former = self._about(new.watch_id, new.story_id)
        self._connection.execute(delete(alert).where(alert.c.id.in_(former)))
        self._connection.execute(insert(alert).values(vars(new) | {"reasons": json.dumps(new.reasons)}))
        self.post(messages, now=new.created)
        return True

    def record_late(self, new: Recorded, recipients: Collection[str]) -> bool:
        """Keep an alert that came too late and let it wait for the next summary to each recipient; as `record`."""
        if self.alerted(new.watch_id, new.story_id):
            return False
        self._connection.execute(insert(alert).values(vars(new) | {"reasons": json.dumps(new.reasons), "late": True}))
        rows = [{"alert_id": new.id, "recipient": one} for one in sorted(set(recipients))]
        if rows:
            self._connection.execute(insert(belated), rows)
        return True

    def post(self, messages: Collection[Outgoing], *, now: datetime) -> None:
        """Let messages wait to be sent; one that was there before, sent or not, stays as it is."""
        rows = [vars(one) | {"state": "waiting", "available": now} for one in messages]
        if rows:
            self._connection.execute(upsert(self._connection, message, keys=["id"], set_=[]), rows)

    def claim(self, owner: str, *, now: datetime, lease: timedelta) -> Outgoing | None:
        """Take the message that waits longest to be sent; None if none does.

        What a clock that has been set back left in the future is put right when nothing else waits.
        """
        taken = self._take(owner, now=now, lease=lease)
        if taken is None and self._put_right(now=now, lease=lease):
            taken = self._take(owner, now=now, lease=lease)
        return taken

    def _take(self, owner: str, *, now: datetime, lease: timedelta) -> Outgoing | None:
        free = (
            select(message.c.id)
            .where(
                message.c.state == "waiting",
                message.c.available <= now,
                or_(message.c.owner.is_(None), message.c.leased_until <= now),
            )
            .order_by(message.c.available, message.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        chosen = self._connection.execute(free).scalars().all()
        row = self._connection.execute(
            update(message)
            .where(among(self._connection, message.c.id, chosen))
            .values(owner=owner, leased_until=now + lease)
            .returning(*(message.c[name] for name in ("id", "alert_id", "recipient", "raw", "attempts", "digest_id")))
        ).first()
        return Outgoing(*row) if row else None

    def _put_right(self, *, now: datetime, lease: timedelta) -> bool:
        """Undo what a clock has done that has been set back since; a message never refused waits for no time at all."""
        ahead = or_(
            message.c.available > now + LONGEST_DELAY + TOLERANCE,
            and_(message.c.available > now + TOLERANCE, message.c.attempts == 0),
            endless(message.c.leased_until, now=now, lease=lease),
        )
        chosen = select(message.c.id).where(message.c.state == "waiting", ahead).with_for_update(skip_locked=True)
        found = self._connection.execute(chosen).scalars().all()
        if found:
            changes = {
                "available": at_most(message.c.available, now),
                "leased_until": at_most(message.c.leased_until, now + lease),
            }
            which = among(self._connection, message.c.id, found)
            self._connection.execute(update(message).where(which).values(changes))
        return bool(found)

    def sent(self, message_id: str, owner: str, *, now: datetime) -> bool:
        """Mark a message as taken by the other side, which holds whoever claims it; returns whether `owner` still did."""
        waiting = and_(message.c.id == message_id, message.c.state == "waiting")
        held = self._connection.execute(select(message.c.id).where(waiting, message.c.owner == owner)).first()
        self._close(waiting, {"state": "sent", "sent": now, "error": None})
        return held is not None

    def refused(self, message_id: str, owner: str, error: str) -> bool:
        """Mark a message as never to be sent; returns False, and changes nothing, if it is not `owner`'s any more."""
        changes = {"state": "refused", "error": error, "attempts": message.c.attempts + 1}
        return self._close(self._held(message_id, owner), changes)

    def postpone(self, message_id: str, owner: str, error: str, *, until: datetime) -> bool:
        """Give a message back that was refused, to be tried again from `until` on; returns as `refused` does."""
        changes = {"available": until, "error": error, "attempts": message.c.attempts + 1}
        return self._close(self._held(message_id, owner), changes)

    def release_all(self, owner: str) -> None:
        """Give back all messages that `owner` has claimed and of which nothing is known."""
        mine = update(message).where(message.c.owner == owner, message.c.state == "waiting")
        self._connection.execute(mine.values(owner=None, leased_until=None))

    def give_back(self, message_id: str, owner: str, *, until: datetime) -> bool:
        """Give a message back that nobody refused, to be tried again from `until` on; returns as `refused` does."""
        return self._close(self._held(message_id, owner), {"available": until})

    def retry(self, message_ids: Collection[str], *, now: datetime) -> int:
        """Let those of the messages that were refused, for now or for good, be tried at once; returns how many."""
        return self._connection.execute(
            update(message)
            .where(among(self._connection, message.c.id, message_ids), message.c.state != "sent")
            .values(state="waiting", attempts=0, available=now)
        ).rowcount

    def alerts(self, *, article_ids: Collection[str] | None = None, since: datetime | None = None) -> list[Recorded]:
        """Return the alerts (about these articles; since then), the latest first."""
        chosen = select(alert).order_by(alert.c.created.desc(), alert.c.id)
        if article_ids is not None:
            chosen = chosen.where(among(self._connection, alert.c.article_id, article_ids))
        if since is not None:
            chosen = chosen.where(alert.c.created >= since)
        return [Recorded.of(row) for row in self._connection.execute(chosen).mappings()]

    def deliveries(self, alert_ids: Collection[str]) -> list[Delivery]:
        """Return what became of the messages of these alerts."""
        rows = self._connection.execute(
            select(message)
            .where(among(self._connection, message.c.alert_id, alert_ids))
            .order_by(message.c.alert_id, message.c.id)
        )
        return [Delivery(row.id, row.alert_id, row.recipient, row.state, row.sent, row.error) for row in rows]

    def outbox(self) -> dict[str, int]:
        """Return how many messages are in each state."""
        rows = self._connection.execute(select(message.c.state, func.count()).group_by(message.c.state))
        return {row[0]: row[1] for row in rows}

    @staticmethod
    def _held(message_id: str, owner: str) -> ColumnElement[bool]:
        return and_(message.c.id == message_id, message.c.owner == owner, message.c.state == "waiting")

    def _close(self, chosen: ColumnElement[bool], values: Mapping[str, object]) -> bool:
        released: dict[str, object] = {"owner": None, "leased_until": None}
        done = self._connection.execute(update(message).where(chosen).values({**values, **released}))
        return bool(done.rowcount)


def _waits_for_summary() -> ColumnElement[bool]:
    return and_(alert.c.late, exists().where(belated.c.alert_id == alert.c.id))
