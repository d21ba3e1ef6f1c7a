"""How old things are: how late news came, when feeds brought some, and which articles have outlived their time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select

from pipeline.store.dialect import among, is_postgresql
from pipeline.store.schema import alert, article, sighting

_KEPT_OF_A_FEED = 300
"""More entries than a feed carries that has old ones: one with more of them has none that are old."""
_OLDEST_NEWS = timedelta(days=2)


@dataclass(frozen=True)
class Lateness:
    """How long after its publication an article stood in a feed."""

    feed_id: str
    seconds: float


class Ages:
    """Ages and what follows from them, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alert_lags(self, since: datetime) -> list[float]:
        """Return the seconds from publication to alert, of the alerts since then."""
        chosen = select(alert.c.lag_seconds).where(alert.c.created >= since, alert.c.lag_seconds.is_not(None))
        return [float(lag or 0) for lag in self._connection.execute(chosen).scalars()]

    def latenesses(self, since: datetime) -> list[Lateness]:
        """Return how late the news came that were first seen since then.

        Articles without a time of publication, and those that were old already, as in a feed's first poll, do not count.
        """
        rows = self._connection.execute(
            select(sighting.c.feed_id, sighting.c.first_seen, article.c.timestamp)
            .join(article, article.c.id == sighting.c.article_id)
            .where(
                article.c.timestamp >= since - _OLDEST_NEWS,
                article.c.timestamp < article.c.first_seen,
                sighting.c.first_seen >= since,
            )
        )
        found = ((row.feed_id, row.first_seen - row.timestamp) for row in rows)
        # A feed may have been read by a clock that was set back, before the moment of publication.
        return [Lateness(feed_id, max(late.total_seconds(), 0.0)) for feed_id, late in found if late <= _OLDEST_NEWS]

    def days_with_news(self, since: datetime) -> dict[str, list[date]]:
        """Return on which days (UTC) each feed brought an article that had not stood in it before, the earliest first."""
        seen = sighting.c.first_seen
        day = func.date(func.timezone("UTC", seen) if is_postgresql(self._connection) else seen)
        rows = self._connection.execute(
            select(sighting.c.feed_id, day.label("day")).where(seen >= since).distinct().order_by("day")
        )
        found: dict[str, list[date]] = {}
        for feed_id, one in rows:
            found.setdefault(feed_id, []).append(one if isinstance(one, date) else date.fromisoformat(one))
        return found

    def outlived(self, before: datetime, *, limit: int, kept_of_a_feed: int = _KEPT_OF_A_FEED) -> list[str]:
        """Return the ids of up to `limit` articles that were first seen before that moment and may go.

        The latest of each feed stay, since it may still carry them, and would bring them again as new. So does an
        original as long as it has a copy: which leaves first.
        """
        place = func.row_number().over(
            partition_by=sighting.c.feed_id, order_by=(sighting.c.first_seen.desc(), sighting.c.article_id)
        )
        placed = select(sighting.c.article_id, place.label("place")).subquery()
        latest = select(placed.c.article_id).where(placed.c.place <= kept_of_a_feed)
        chosen = (
            select(article.c.id)
            .where(
                article.c.first_seen < before,
                article.c.id.not_in(latest),
                ~_has_copy(),
            )
            .order_by(article.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(chosen).scalars())

    def forget(self, article_ids: Collection[str]) -> list[str]:
        """Delete articles with all that hangs on them, but not an original that has a copy now; returns their ids.

        Alerts stay, so that nothing is sent twice.
        """
        chosen = among(self._connection, article.c.id, article_ids)
        gone = delete(article).where(chosen, ~_has_copy()).returning(article.c.id)
        return list(self._connection.execute(gone).scalars())


def _has_copy() -> ColumnElement[bool]:
    copy = article.alias()
    return exists().where(copy.c.duplicate_of == article.c.id)
