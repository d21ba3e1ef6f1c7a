"""Articles, their earlier versions, and the feeds they were seen in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, or_, select, update

from pipeline.article import Article, Status
from pipeline.store.dialect import among, upsert
from pipeline.store.schema import article, sighting, superseded

_PAGE = 500
_EMBARGO = '"embargo_until":'


@dataclass(frozen=True)
class Received:
    """What is known of an article that arrives again; `contents` has the digest of the entry as last seen in each feed."""

    version: int
    updated: datetime | None
    url: str | None
    headline: str
    contents: Mapping[str, str]


@dataclass(frozen=True)
class Outline:
    """What there is of an article, without its text; `embargoed`: it has an embargo, over or not."""

    id: str
    version: int
    status: Status
    first_seen: datetime
    embargoed: bool


class Articles:
    """The articles, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def received(self, article_ids: Collection[str]) -> dict[str, Received]:
        """Return what is known of those that were received before."""
        contents: dict[str, dict[str, str]] = {}
        for row in self._connection.execute(
            select(sighting).where(among(self._connection, sighting.c.article_id, article_ids))
        ):
            contents.setdefault(row.article_id, {})[row.feed_id] = row.content
        found: dict[str, Received] = {}
        for row in self._connection.execute(select(article).where(among(self._connection, article.c.id, article_ids))):
            known = Article.model_validate_json(row.document)
            found[row.id] = Received(row.version, known.updated, row.url, known.headline, contents.get(row.id, {}))
        return found

    def add(self, *new: Article) -> None:
        """Keep articles that were never seen before."""
        if new:
            rows = [_columns(one) | {"id": one.id, "enriched": False} for one in new]
            self._connection.execute(insert(article), rows)

    def replace(self, new: Article, *, now: datetime) -> None:
        """Keep a new version; the one before moves to the earlier versions."""
        known = select(article).where(article.c.id == new.id).with_for_update(key_share=True)
        old = self._connection.execute(known).one()
        self._connection.execute(
            upsert(self._connection, superseded, keys=["article_id", "version"], set_=["document", "replaced"]),
            [{"article_id": new.id, "version": old.version, "document": old.document, "replaced": now}],
        )
        changes = _columns(new.changed(first_seen=old.first_seen)) | {"enriched": False}
        self._connection.execute(update(article).where(article.c.id == new.id).values(changes))

    def seen(self, contents: Mapping[str, str], feed_id: str, *, now: datetime) -> None:
        """Remember that the articles stood in this feed, each with the digest of its content there."""
        rows = [
            {"article_id": one, "feed_id": feed_id, "first_seen": now, "content": content}
            for one, content in sorted(contents.items())
        ]
        if rows:
            statement = upsert(self._connection, sighting, keys=["article_id", "feed_id"], set_=["content"])
            self._connection.execute(statement, rows)

    def sightings(self, article_id: str) -> dict[str, datetime]:
        """Return the feeds the article stood in and when each first had it, the earliest first."""
        rows = self._connection.execute(
            select(sighting.c.feed_id, sighting.c.first_seen)
            .where(sighting.c.article_id == article_id)
            .order_by(sighting.c.first_seen, sighting.c.feed_id)
        )
        return {row.feed_id: row.first_seen for row in rows}

    def save(self, *changed: Article, enriched: bool = False) -> None:
        """Keep what a stage found out; `duplicate_of`, `story_id`, `copies` and `feeds` are kept elsewhere."""
        if changed:
            found = {"enriched": True} if enriched else {}
            rows = [_columns(one) | found | {"saved": one.id} for one in sorted(changed, key=lambda one: one.id)]
            self._connection.execute(update(article).where(article.c.id == bindparam("saved")), rows)

    def many(self, article_ids: Collection[str]) -> dict[str, Article]:
        """Return the articles that exist, complete with feeds, original, copies and story."""
        return {
            found.id: found
            for found in self._load(select(article).where(among(self._connection, article.c.id, article_ids)))
        }

    def enriched(self, article_ids: Collection[str]) -> set[str]:
        """Return those whose present version has been enriched."""
        rows = self._connection.execute(
            select(article.c.id).where(among(self._connection, article.c.id, article_ids), article.c.enriched)
        )
        return set(rows.scalars())

    def versions(self, article_id: str) -> list[Article]:
        """Return the earlier versions, the oldest first."""
        rows = self._connection.execute(
            select(superseded.c.document).where(superseded.c.article_id == article_id).order_by(superseded.c.version)
        )
        return [Article.model_validate_json(document) for document in rows.scalars()]

    def find(self, prefix: str, *, limit: int = 10) -> list[str]:
        """Return the ids that begin with `prefix`."""
        rows = self._connection.execute(
            select(article.c.id)
            .where(article.c.id >= prefix, func.substr(article.c.id, 1, len(prefix)) == prefix)
            .order_by(article.c.id)
            .limit(limit)
        )
        return list(rows.scalars())

    def members(self, *, original: str | None = None, story: str | None = None) -> list[Article]:
        """Return an original with its copies, or all articles of a story, the earliest first."""
        chosen = (
            or_(article.c.duplicate_of == original, article.c.id == original)
            if original
            else article.c.story_id == story
        )
        return self._load(select(article).where(chosen).order_by(article.c.timestamp, article.c.id))

    def all(self, *, since: datetime | None = None, enriched: bool = False) -> Iterator[Article]:
        """Return every article in the order of ids, or those since a moment in the order of time; read page by page."""
        order = (article.c.timestamp, article.c.id) if since else (article.c.id,)
        last_id, last_moment = "", since
        while True:
            page = _after(select(article.c.id, article.c.timestamp), last_id, last_moment)
            if enriched:
                page = page.where(article.c.enriched)
            rows = self._connection.execute(page.order_by(*order).limit(_PAGE)).all()
            chosen = among(self._connection, article.c.id, [row.id for row in rows])
            yield from self._load(select(article).where(chosen).order_by(*order))
            if len(rows) < _PAGE:
                return
            last_id, last_moment = rows[-1].id, since and rows[-1].timestamp

    def outlines(self) -> Iterator[Outline]:
        """Yield what there is of every enriched article, in the order of the code points of its id.

        Cheap: no text is read into memory, and there is one query however many there are.
        """
        columns = (article.c.id, article.c.version, article.c.status, article.c.first_seen)
        in_postgresql = self._connection.dialect.name == "postgresql"
        chosen = (
            select(*columns, article.c.document.contains(_EMBARGO, autoescape=True))
            .where(article.c.enriched)
            .order_by(article.c.id.collate("C") if in_postgresql else article.c.id)
            .execution_options(yield_per=_PAGE)
        )
        for name, version, status, first_seen, embargoed in self._connection.execute(chosen):
            yield Outline(name, version, Status(status), first_seen, embargoed)

    def counts(self) -> dict[str, int]:
        """Return how many articles there are: all, copies, stories."""
        row = self._connection.execute(
            select(
                func.count(),
                func.count(article.c.duplicate_of),
                func.count(func.distinct(article.c.story_id)),
            ).select_from(article)
        ).one()
        return {"articles": row[0], "copies": row[1], "stories": row[2]}

    def sizes(self, story_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """Return how many public articles each story has, and from how many sources."""
        hidden = [Status.WITHHELD.value, Status.KILLED.value]
        rows = self._connection.execute(
            select(article.c.story_id, func.count(), func.count(func.distinct(article.c.source_id)))
            .where(among(self._connection, article.c.story_id, story_ids), article.c.status.not_in(hidden))
            .group_by(article.c.story_id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def by_feed(self) -> dict[str, int]:
        """Return how many articles were seen in each feed."""
        rows = self._connection.execute(select(sighting.c.feed_id, func.count()).group_by(sighting.c.feed_id))
        return {row[0]: row[1] for row in rows}

    def _load(self, statement: Select[tuple[object, ...]]) -> list[Article]:
        rows = self._connection.execute(statement).all()
        ids = [row.id for row in rows]
        feeds: dict[str, list[str]] = {}
        for row in self._connection.execute(
            select(sighting)
            .where(among(self._connection, sighting.c.article_id, ids))
            .order_by(sighting.c.first_seen, sighting.c.feed_id)
        ):
            feeds.setdefault(row.article_id, []).append(row.feed_id)
        copies: dict[str, int] = {
            row[0]: row[1]
            for row in self._connection.execute(
                select(article.c.duplicate_of, func.count())
                .where(among(self._connection, article.c.duplicate_of, ids))
                .group_by(article.c.duplicate_of)
            )
        }
        return [_article(row, feeds.get(row.id, ()), copies.get(row.id, 0)) for row in rows]


def _after(
    page: Select[tuple[str, datetime]], last_id: str, last_moment: datetime | None
) -> Select[tuple[str, datetime]]:
    if last_moment is None:
        return page.where(article.c.id > last_id)
    later = or_(article.c.timestamp > last_moment, article.c.id > last_id)
    return page.where(article.c.timestamp >= last_moment, later)


def _article(row: Row[tuple[object, ...]], feeds: Sequence[str], copies: int) -> Article:
    return Article.model_validate_json(row.document).model_copy(
        update={
            "feeds": tuple(feeds),
            "copies": copies,
            "duplicate_of": row.duplicate_of,
            "story_id": row.story_id,
            "first_seen": row.first_seen,
        }
    )


_ELSEWHERE = {"feeds", "copies", "duplicate_of", "story_id"}


def _columns(value: Article) -> dict[str, object]:
    return {
        "source_id": value.source.id,
        "version": value.version,
        "status": value.status.value,
        "timestamp": value.timestamp,
        "first_seen": value.first_seen,
        "url": value.url,
        "document": value.model_dump_json(exclude=_ELSEWHERE, exclude_defaults=True),
    }
