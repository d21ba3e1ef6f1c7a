"""What is remembered of each feed, and who polls it now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from pipeline.feed_state import FeedState
from pipeline.store.clock import endless
from pipeline.store.dialect import among, upsert
from pipeline.store.schema import feed

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Feeds:
    """The state of the feeds, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states(self) -> dict[str, FeedState]:
        """Return the state of every feed that was polled at least once."""
        rows = self._connection.execute(select(feed.c.feed_id, feed.c.state).where(feed.c.state != ""))
        return {row.feed_id: FeedState.model_validate_json(row.state) for row in rows}

    def claim(self, feed_ids: Collection[str], owner: str, *, now: datetime, lease: timedelta) -> set[str]:
        """Take those of the feeds which nobody else polls now; returns their ids."""
        if not feed_ids:
            return set()
        rows = [{"feed_id": one, "state": "", "next_poll": _NEVER} for one in sorted(feed_ids)]
        self._connection.execute(upsert(self._connection, feed, keys=["feed_id"], set_=[]), rows)
        free = or_(feed.c.owner.is_(None), feed.c.owner == owner, feed.c.leased_until <= now)
        chosen = (
            select(feed.c.feed_id, free.label("free"))
            .where(
                among(self._connection, feed.c.feed_id, feed_ids),
                or_(free, endless(feed.c.leased_until, now=now, lease=lease)),
            )
            .order_by(feed.c.feed_id)
            .with_for_update()
        )
        found = {row.feed_id: bool(row.free) for row in self._connection.execute(chosen)}
        taken = {one for one, is_free in found.items() if is_free}
        self._lease(found, leased_until=now + lease)
        self._lease(taken, owner=owner)
        return taken

    def _lease(self, feed_ids: Collection[str], **changes: object) -> None:
        self._connection.execute(update(feed).where(among(self._connection, feed.c.feed_id, feed_ids)).values(changes))

    def hold(self, feed_id: str, owner: str) -> bool:
        """Tell whether the claim is still `owner`'s; nobody can take it before the transaction ends."""
        held = update(feed).where(feed.c.feed_id == feed_id, feed.c.owner == owner).values(owner=owner)
        return self._connection.execute(held).rowcount == 1

    def release(self, feed_ids: Collection[str], owner: str) -> None:
        """Give feeds back as they were."""
        mine = update(feed).where(among(self._connection, feed.c.feed_id, feed_ids), feed.c.owner == owner)
        self._connection.execute(mine.values(owner=None, leased_until=None))

    def save(self, state: FeedState, owner: str) -> bool:
        """Keep the state and give the feed back; False if the claim was no longer `owner`'s, and nothing was kept."""
        kept = self._connection.execute(
            update(feed)
            .where(feed.c.feed_id == state.feed_id, feed.c.owner == owner)
            .values(state=state.model_dump_json(), next_poll=state.next_poll, owner=None, leased_until=None)
        )
        return kept.rowcount == 1

    def release_all(self, owner: str) -> None:
        """Give back all feeds that `owner` has claimed and not saved."""
        self._connection.execute(update(feed).where(feed.c.owner == owner).values(owner=None, leased_until=None))

    def revive(self, state: FeedState) -> None:
        """Keep a state that a person changed, whoever polls the feed now."""
        self._connection.execute(
            update(feed)
            .where(feed.c.feed_id == state.feed_id)
            .values(state=state.model_dump_json(), next_poll=state.next_poll)
        )
