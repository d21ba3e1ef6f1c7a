"""Fingerprints, and which articles they fold into groups and stories."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from pipeline.store.dialect import among, upsert
from pipeline.store.schema import article, band, fingerprint, story

_NEAREST = 50


@dataclass(frozen=True)
class Print:
    """A fingerprint as stored, with what decides on the original of a group."""

    article_id: str
    at: datetime
    agency: bool
    words: int
    exact: int
    packed: bytes
    bands: tuple[int, ...] = ()
    duplicate_of: str | None = None
    story_id: str | None = None


class Copies:
    """Fingerprints, groups and stories, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def near(
        self, prints: Collection[Print], *, since: datetime, until: datetime
    ) -> tuple[dict[str, Print], set[tuple[str, str]]]:
        """Return the stored prints from `since` to `until` that meet one of `prints` in a band or have the same words.

        Also returns the pairs of ids that met; of many, the 50 nearest to each.
        """
        wanted: dict[int, list[str]] = defaultdict(list)
        exact: dict[int, list[str]] = defaultdict(list)
        for one in prints:
            exact[one.exact].append(one.article_id)
            for key in one.bands:
                wanted[key].append(one.article_id)
        shared: dict[str, Counter[int]] = defaultdict(Counter)
        for number, key in self._meetings(list(wanted), since, until):
            for article_id in wanted[key]:
                shared[article_id][number] += 1
        for number, key in self._same_words(list(exact), since, until):
            for article_id in exact[key]:
                shared[article_id][number] += len(wanted)
        pairs = {
            (article_id, number)
            for article_id, numbers in shared.items()
            for number, _ in numbers.most_common(_NEAREST)
        }
        found = self._prints(among(self._connection, fingerprint.c.number, {number for _, number in pairs}))
        return (
            {one.article_id: one for one in found.values()},
            {(left, found[number].article_id) for left, number in pairs},
        )

    def of(self, article_ids: Collection[str]) -> dict[str, Print]:
        """Return the stored prints of these articles."""
        found = self._prints(among(self._connection, fingerprint.c.article_id, article_ids))
        return {one.article_id: one for one in found.values()}

    def save(self, prints: Collection[Print]) -> None:
        """Keep the fingerprints, in place of earlier ones of the same articles."""
        for one in prints:
            self._connection.execute(delete(fingerprint).where(fingerprint.c.article_id == one.article_id))
            number = self._connection.execute(
                insert(fingerprint)
                .values(
                    article_id=one.article_id,
                    at=one.at,
                    agency=one.agency,
                    words=one.words,
                    exact=one.exact,
                    packed=one.packed,
                )
                .returning(fingerprint.c.number)
            ).scalar_one()
            if one.bands:
                self._connection.execute(insert(band), [{"key": key, "number": number} for key in set(one.bands)])

    def group(self, originals: Mapping[str, str], joined: Mapping[str, str]) -> set[str]:
        """Point articles at their originals, and the members of each group in `joined` at the original it joined.

        Returns the ids of all articles for which this changed anything, and of the originals concerned.
        """
        changed: set[str] = set()
        for article_id, original in originals.items():
            changed |= self._point(article.c.id == article_id, original)
        for former, original in joined.items():
            changed |= self._point((article.c.id == former) | (article.c.duplicate_of == former), original)
        return changed | {*joined.values()}

    def tell(self, stories: Mapping[str, str], joined: Mapping[str, str], *, now: datetime) -> set[str]:
        """Put articles into stories, and whole stories into those they joined; returns the articles that moved."""
        changed: set[str] = set()
        names = sorted({*stories.values(), *joined, *joined.values()})
        if names:
            rows = [{"id": name, "started": now, "joined": None} for name in names]
            self._connection.execute(upsert(self._connection, story, keys=["id"], set_=[]), rows)
        for former, name in joined.items():
            led = or_(story.c.id == former, story.c.joined == former)
            self._connection.execute(update(story).where(led, story.c.id != name).values(joined=name))
            self._connection.execute(update(story).where(story.c.id == name).values(joined=None))
            changed |= self._move(article.c.story_id == former, name)
        for article_id, name in stories.items():
            changed |= self._move(article.c.id == article_id, name)
        return changed

    def forget(self, before: datetime) -> int:
        """Drop the fingerprints of articles older than `before`; returns how many."""
        return self._connection.execute(delete(fingerprint).where(fingerprint.c.at < before)).rowcount

    def _point(self, chosen: ColumnElement[bool], original: str) -> set[str]:
        changed: set[str] = set()
        for condition, value in ((article.c.id == original, None), (article.c.id != original, original)):
            rows = self._connection.execute(
                update(article)
                .where(chosen, condition, article.c.duplicate_of.is_distinct_from(value))
                .values(duplicate_of=value)
                .returning(article.c.id)
            )
            changed |= set(rows.scalars())
        return changed | ({original} if changed else set())

    def _move(self, chosen: ColumnElement[bool], name: str) -> set[str]:
        rows = self._connection.execute(
            update(article)
            .where(chosen, article.c.story_id.is_distinct_from(name))
            .values(story_id=name)
            .returning(article.c.id)
        )
        return set(rows.scalars())

    def _meetings(self, keys: list[int], since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
        rows = self._connection.execute(
            select(band.c.number, band.c.key)
            .join(fingerprint, fingerprint.c.number == band.c.number)
            .where(among(self._connection, band.c.key, keys), fingerprint.c.at.between(since, until))
        )
        yield from ((number, key) for number, key in rows)

    def _same_words(self, keys: list[int], since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
        rows = self._connection.execute(
            select(fingerprint.c.number, fingerprint.c.exact).where(
                among(self._connection, fingerprint.c.exact, keys), fingerprint.c.at.between(since, until)
            )
        )
        yield from ((number, key) for number, key in rows)

    def _prints(self, chosen: ColumnElement[bool]) -> dict[int, Print]:
        rows = self._connection.execute(
            select(fingerprint, article.c.duplicate_of, article.c.story_id)
            .join(article, article.c.id == fingerprint.c.article_id)
            .where(chosen)
        )
        return {
            row.number: Print(
                article_id=row.article_id,
                at=row.at,
                agency=row.agency,
                words=row.words,
                exact=row.exact,
                packed=row.packed,
                duplicate_of=row.duplicate_of,
                story_id=row.story_id,
            )
            for row in rows
        }
