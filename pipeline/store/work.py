"""Which article waits for which stage, and who works on it: claims with leases.

A claim that is not finished when its lease ends is free again. Whoever finishes is told which of
the articles were still his; what was taken over, or superseded by a newer version, must be dropped.

Whoever changes what waits, other than by a claim, holds the row of the article until the transaction
ends. So nobody else changes the article meanwhile, and since the rows are taken in the order of ids, two
workers with the same articles never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from pipeline.store.clock import TOLERANCE, at_most, endless
from pipeline.store.dialect import among, is_postgresql, upsert
from pipeline.store.schema import article, work

SUSPICIOUS = 3
"""After so many attempts in vain an article is claimed alone."""
LONGEST_REST = timedelta(hours=1)
"""Nobody puts an article off for longer: a time further ahead was named by a clock that has been set back since."""


@dataclass(frozen=True)
class Waiting:
    """How much waits for a stage, and since when the oldest."""

    count: int
    oldest: datetime | None


class Work:
    """The queue of all stages, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, article_ids: Collection[str], stage: str, *, now: datetime) -> None:
        """Let the articles wait for `stage`; those which wait already start again, their claims become void."""
        if not article_ids:
            return
        fresh: dict[str, object] = {"available": now, "attempts": 0, "owner": None, "leased_until": None}
        rows = [{"article_id": one, "stage": stage, "since": now} | fresh for one in sorted(article_ids)]
        self._hold(article_ids)
        self._connection.execute(upsert(self._connection, work, keys=["article_id", "stage"], set_=list(fresh)), rows)

    def restart(self, article_ids: Collection[str], stage: str, *, now: datetime) -> None:
        """Let the articles wait for `stage` and for no other; for a new version."""
        self._hold(article_ids)
        self._connection.execute(delete(work).where(among(self._connection, work.c.article_id, article_ids)))
        self.add(article_ids, stage, now=now)

    def claim(self, stage: str, owner: str, *, limit: int, now: datetime, lease: timedelta) -> dict[str, int]:
        """Take up to `limit` waiting articles, the longest waiting first; returns id → attempts before this one.

        An article that was claimed in vain several times may be what fells its workers: it is claimed last and alone.
        What a clock that has been set back left in the future is put right when nothing else waits.
        """
        free = and_(
            work.c.stage == stage,
            work.c.available <= now,
            or_(work.c.owner.is_(None), work.c.leased_until <= now),
        )
        usual, suspicious = and_(free, work.c.attempts < SUSPICIOUS), and_(free, work.c.attempts >= SUSPICIOUS)
        # Of the suspicious those tried the least come first, so that workers killed by chance condemn nobody.
        taken = self._first(usual, limit)
        if not taken and self._put_right(stage, now=now, lease=lease):
            taken = self._first(usual, limit)
        taken = taken or self._first(suspicious, min(limit, 1), work.c.attempts)
        self._connection.execute(
            update(work)
            .where(work.c.stage == stage, among(self._connection, work.c.article_id, taken))
            .values(owner=owner, leased_until=now + lease, attempts=work.c.attempts + 1)
        )
        return taken

    def finish(self, stage: str, owner: str, article_ids: Collection[str]) -> set[str]:
        """Take the articles off the queue; returns those whose claim was still `owner`'s."""
        self._hold(article_ids)
        done = self._connection.execute(
            delete(work).where(self._mine(stage, owner, article_ids)).returning(work.c.article_id)
        )
        return set(done.scalars())

    def postpone(
        self, stage: str, owner: str, article_ids: Collection[str], *, until: datetime, tried: bool = True
    ) -> None:
        """Give the articles back, to be claimed again from `until` on; without `tried` the claim does not count.

        `until` is `LONGEST_REST` from now at most: what lies further ahead is taken for the time of a wrong clock.
        Never waits: what another transaction changes at this moment is no longer `owner`'s.
        """
        mine = select(work.c.article_id).where(self._mine(stage, owner, article_ids)).with_for_update(skip_locked=True)
        given = self._connection.execute(mine).scalars().all()
        self._connection.execute(
            update(work)
            .where(work.c.stage == stage, among(self._connection, work.c.article_id, given))
            .values(available=until, owner=None, leased_until=None, attempts=work.c.attempts - int(not tried))
        )

    def release_all(self, owner: str, *, tried: bool = False) -> None:
        """Give back all that `owner` has claimed and not finished; unless `tried`, as if it had not been claimed."""
        self._connection.execute(
            update(work)
            .where(work.c.owner == owner)
            .values(owner=None, leased_until=None, attempts=work.c.attempts - int(not tried))
        )

    def since(self, article_ids: Collection[str], stage: str) -> dict[str, datetime]:
        """Return since when the articles wait for `stage`."""
        rows = self._connection.execute(
            select(work.c.article_id, work.c.since).where(
                work.c.stage == stage, among(self._connection, work.c.article_id, article_ids)
            )
        )
        return {row.article_id: row.since for row in rows}

    def stages_of(self, article_id: str) -> dict[str, datetime]:
        """Return what the article waits for, and since when."""
        rows = self._connection.execute(select(work.c.stage, work.c.since).where(work.c.article_id == article_id))
        return {row.stage: row.since for row in rows}

    def waiting_ids(self, article_ids: Collection[str], stage: str) -> set[str]:
        """Return those of the articles that still wait for `stage`, claimed or not."""
        rows = self._connection.execute(
            select(work.c.article_id).where(
                work.c.stage == stage, among(self._connection, work.c.article_id, article_ids)
            )
        )
        return set(rows.scalars())

    def waiting(self) -> Mapping[str, Waiting]:
        """Return what waits, by stage."""
        rows = self._connection.execute(
            select(work.c.stage, func.count(), func.min(work.c.since)).group_by(work.c.stage)
        )
        return {stage: Waiting(count, oldest) for stage, count, oldest in rows}

    def _first(self, chosen: ColumnElement[bool], limit: int, *order: ColumnElement[int]) -> dict[str, int]:
        rows = self._connection.execute(
            select(work.c.article_id, work.c.attempts)
            .where(chosen)
            .order_by(*order, work.c.available, work.c.article_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return {row.article_id: row.attempts for row in rows}

    def _put_right(self, stage: str, *, now: datetime, lease: timedelta) -> bool:
        """Undo what a clock has done that has been set back since; returns whether there was something."""
        ahead = or_(
            work.c.since > now + TOLERANCE,
            work.c.available > now + LONGEST_REST + TOLERANCE,
            endless(work.c.leased_until, now=now, lease=lease),
        )
        chosen = select(work.c.article_id).where(work.c.stage == stage, ahead).with_for_update(skip_locked=True)
        found = self._connection.execute(chosen).scalars().all()
        if found:
            changes = {
                "since": at_most(work.c.since, now),
                "available": at_most(work.c.available, now),
                "leased_until": at_most(work.c.leased_until, now + lease),
            }
            which = and_(work.c.stage == stage, among(self._connection, work.c.article_id, found))
            self._connection.execute(update(work).where(which).values(changes))
        return bool(found)

    def _hold(self, article_ids: Collection[str]) -> None:
        if is_postgresql(self._connection):
            chosen = select(article.c.id).where(among(self._connection, article.c.id, article_ids))
            self._connection.execute(chosen.order_by(article.c.id).with_for_update(key_share=True))

    def _mine(self, stage: str, owner: str, article_ids: Collection[str]) -> ColumnElement[bool]:
        return and_(
            work.c.stage == stage, work.c.owner == owner, among(self._connection, work.c.article_id, article_ids)
        )
