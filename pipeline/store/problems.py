"""What was set aside, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, delete, func, select, update

from pipeline.article import clean_text
from pipeline.store.columns import storable
from pipeline.store.dialect import among, insert_into
from pipeline.store.schema import problem

_MOST_TEXT = 8_000
_MOST_PAYLOAD = 1_000_000


@dataclass(frozen=True)
class Problem:
    """Something set aside. `payload` is the input as received.

    `subject` is `feed:ID`, `article:ID`, `message:ID`, `journal:ID`, `mail`, `configuration`, `silence` or `notice:ADDRESS`.
    """

    id: str
    stage: str
    subject: str
    reason: str
    detail: str
    payload: bytes | None
    first_seen: datetime
    last_seen: datetime
    times: int
    open: bool


class Problems:
    """The problems, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(  # noqa: PLR0913 - a problem is these things
        self, stage: str, subject: str, reason: str, *, now: datetime, detail: str = "", payload: bytes | None = None
    ) -> str:
        """Set something aside and return the problem's id; the same problem again is counted, not repeated."""
        reason, detail = clean_text(reason)[:_MOST_TEXT], clean_text(detail)[:_MOST_TEXT]
        name = sha256(f"{stage}\0{storable(subject)}\0{reason}".encode()).hexdigest()[:12]
        kept = payload[:_MOST_PAYLOAD] if payload is not None else None
        row = {
            "id": name,
            "stage": stage,
            "subject": subject,
            "reason": reason,
            "detail": detail,
            "payload": kept,
            "first_seen": now,
            "last_seen": now,
            "times": 1,
            "open": True,
        }
        statement = insert_into(self._connection, problem)
        told = {one: statement.excluded[one] for one in ("detail", "payload", "last_seen", "open")}
        counted = statement.on_conflict_do_update(index_elements=["id"], set_=told | {"times": problem.c.times + 1})
        self._connection.execute(counted, row)
        return name

    def latest(self, *, everything: bool = False, limit: int = 1000) -> list[Problem]:
        """Return the open problems (or all), the latest first."""
        chosen = select(problem).order_by(problem.c.last_seen.desc(), problem.c.id).limit(limit)
        if not everything:
            chosen = chosen.where(problem.c.open)
        return [Problem(**row._mapping) for row in self._connection.execute(chosen)]  # noqa: SLF001 - SQLAlchemy's public name

    def repeatable(self, detail: str, *, since: datetime, before: datetime, most: int) -> list[Problem]:
        """Return the open problems with this `detail` that were first seen since then, and met at most so often before."""
        chosen = select(problem).where(
            problem.c.open,
            problem.c.detail == detail,
            problem.c.first_seen >= since,
            problem.c.last_seen <= before,
            problem.c.times <= most,
        )
        return [Problem(**row._mapping) for row in self._connection.execute(chosen)]  # noqa: SLF001 - SQLAlchemy's public name

    def about(self, subjects: Collection[str]) -> list[Problem]:
        """Return all problems about these subjects, the latest first."""
        chosen = (
            select(problem)
            .where(among(self._connection, problem.c.subject, subjects))
            .order_by(problem.c.last_seen.desc())
        )
        return [Problem(**row._mapping) for row in self._connection.execute(chosen)]  # noqa: SLF001 - SQLAlchemy's public name

    def close(self, *, subject: str, stage: str, reason: str | None = None) -> None:
        """Close what is open about `subject` at `stage` (with `reason`: that alone), because it went well now."""
        chosen = update(problem).where(problem.c.subject == subject, problem.c.stage == stage, problem.c.open)
        if reason is not None:
            chosen = chosen.where(problem.c.reason == clean_text(reason)[:_MOST_TEXT])
        self._connection.execute(chosen.values(open=False))

    def solved(self, subjects: Collection[str], stage: str | None = None) -> None:
        """Close what is open about any of `subjects` at `stage` (None: at any), because it went well now, or is gone."""
        chosen = update(problem).where(among(self._connection, problem.c.subject, subjects), problem.c.open)
        if stage is not None:
            chosen = chosen.where(problem.c.stage == stage)
        self._connection.execute(chosen.values(open=False))

    def forget(self, before: datetime) -> int:
        """Delete the closed problems that were last seen before that moment; returns how many."""
        return self._connection.execute(delete(problem).where(~problem.c.open, problem.c.last_seen < before)).rowcount

    def count(self) -> int:
        """Return how many problems are open."""
        return self._connection.execute(select(func.count()).select_from(problem).where(problem.c.open)).scalar_one()
