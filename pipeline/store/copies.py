"""Fingerprints, and which articles they fold into groups and stories."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, or_, select, update

from pipeline.store.dialect import among, pairs, upsert
from pipeline.store.schema import article, band, fingerprint, story

_NEAREST = 50
_LATEST = 64
_WEIGHT = 1_000_000
_KEPT = ("article_id", "at", "agency", "words", "exact", "packed")


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


@dataclass(frozen=True)
class Place:
    """Where an article stands: the original it is a copy of, and its story."""

    duplicate_of: str | None
    story_id: str | None


class Copies:
    """Fingerprints, groups and stories, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def near(
        self, prints: Collection[Print], *, since: datetime, until: datetime
    ) -> tuple[dict[str, Print], set[tuple[str, str]]]:
        """Return the stored prints from `since` to `until` that meet one of `prints` in a band or have the same words.

        Also returns the pairs of ids that met: of those with the same words the nearest in time, of the others the
        50 that share the most, a band counting the more the fewer there are in it. Of a band with very many only
        the latest are looked at.
        """
        wanted: dict[int, list[str]] = defaultdict(list)
        for one in prints:
            for key in one.bands:
                wanted[key].append(one.article_id)
        shared: dict[str, Counter[int]] = defaultdict(Counter)
        for key, numbers in self._meetings(list(wanted), since, until).items():
            for article_id in wanted[key]:
                shared[article_id].update(dict.fromkeys(numbers, _WEIGHT // len(numbers)))
        pairs = self._same_words(prints, since, until)
        for article_id, weights in shared.items():
            nearest = nsmallest(_NEAREST, weights.items(), key=lambda item: (-item[1], item[0]))
            pairs.update((article_id, number) for number, _ in nearest)
        found = self._prints(among(self._connection, fingerprint.c.number, {number for _, number in pairs}))
        return (
            {one.article_id: one for one in found.values()},
            {(left, found[number].article_id) for left, number in pairs},
        )

    def of(self, article_ids: Collection[str]) -> dict[str, Print]:
        """Return the stored prints of these articles."""
        found = self._prints(among(self._connection, fingerprint.c.article_id, article_ids))
        return {one.article_id: one for one in found.values()}

    def places(self, article_ids: Collection[str]) -> dict[str, Place]:
        """Return where the articles stand now."""
        rows = self._connection.execute(
            select(article.c.id, article.c.duplicate_of, article.c.story_id).where(
                among(self._connection, article.c.id, article_ids)
            )
        )
        return {row.id: Place(row.duplicate_of, row.story_id) for row in rows}

    def followers(self, article_ids: Collection[str]) -> set[str]:
        """Return the copies of those of the articles that are originals."""
        rows = self._connection.execute(
            select(article.c.id).where(among(self._connection, article.c.duplicate_of, article_ids))
        )
        return set(rows.scalars())

    def heirs(self, article_ids: Collection[str]) -> dict[str, str]:
        """Return, for those of the articles that are originals, which of the copies (none of these articles) is the next."""
        rows = self._connection.execute(
            select(article.c.duplicate_of, article.c.id)
            .join(fingerprint, fingerprint.c.article_id == article.c.id)
            .where(
                among(self._connection, article.c.duplicate_of, article_ids),
                ~among(self._connection, article.c.id, article_ids),
            )
            .order_by(fingerprint.c.agency.desc(), fingerprint.c.at, article.c.id)
        )
        found: dict[str, str] = {}
        for original, heir in rows:
            found.setdefault(original, heir)
        return found

    def save(self, prints: Collection[Print]) -> None:
        """Keep the fingerprints, in place of earlier ones of the same articles."""
        ids = [one.article_id for one in prints]
        self._connection.execute(delete(fingerprint).where(among(self._connection, fingerprint.c.article_id, ids)))
        if not prints:
            return
        numbers = self._connection.execute(
            insert(fingerprint).returning(fingerprint.c.number, sort_by_parameter_order=True),
            [{name: getattr(one, name) for name in _KEPT} for one in prints],
        ).scalars()
        keys = sorted({(key, number) for one, number in zip(prints, numbers, strict=True) for key in one.bands})
        if keys:
            self._connection.execute(insert(band).from_select(["key", "number"], pairs(self._connection, keys)))

    def group(self, originals: Mapping[str, str], joined: Mapping[str, str]) -> set[str]:
        """Point articles at their originals, and the other members of each group in `joined` at the original it joined.

        Returns the ids of all articles for which this changed anything, and of the originals concerned.
        """
        alone = [one for one, original in originals.items() if one == original]
        changed = self._point(among(self._connection, article.c.id, alone), None)
        copies: dict[str, list[str]] = defaultdict(list)
        for one in originals.keys() - set(alone):
            copies[originals[one]].append(one)
        for original, ids in copies.items():
            changed |= self._point(among(self._connection, article.c.id, ids), original)
        others = ~among(self._connection, article.c.id, list(originals))
        for former, original in joined.items():
            members = (article.c.id == former) | (article.c.duplicate_of == former)
            changed |= self._point(members & others & (article.c.id != original), original)
            changed |= self._point((article.c.id == original) & others, None)
        return changed

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
        places = self.places(stories)
        moving = [one for one, place in places.items() if place.story_id != stories[one]]
        if moving:
            self._connection.execute(
                update(article).where(article.c.id == bindparam("moving")).values(story_id=bindparam("name")),
                [{"moving": one, "name": stories[one]} for one in sorted(moving)],
            )
        return changed | set(moving)

    def forget(self, before: datetime) -> int:
        """Drop the fingerprints of articles older than `before`; returns how many."""
        return self._connection.execute(delete(fingerprint).where(fingerprint.c.at < before)).rowcount

    def _point(self, chosen: ColumnElement[bool], original: str | None) -> set[str]:
        rows = self._connection.execute(
            update(article)
            .where(chosen, article.c.duplicate_of.is_distinct_from(original))
            .values(duplicate_of=original)
            .returning(article.c.id)
        )
        changed = set(rows.scalars())
        return changed | ({original} if original and changed else set())

    def _move(self, chosen: ColumnElement[bool], name: str) -> set[str]:
        rows = self._connection.execute(
            update(article)
            .where(chosen, article.c.story_id.is_distinct_from(name))
            .values(story_id=name)
            .returning(article.c.id)
        )
        return set(rows.scalars())

    def _meetings(self, keys: list[int], since: datetime, until: datetime) -> dict[int, list[int]]:
        """Return the numbers of those who are in each band: few bands are shared, very few by many."""
        met: dict[int, list[int]] = {}
        counted = select(band.c.key, func.count().label("size")).where(among(self._connection, band.c.key, keys))
        sizes = {row.key: row.size for row in self._connection.execute(counted.group_by(band.c.key))}
        small = [key for key, size in sizes.items() if size <= _LATEST]
        rows = self._connection.execute(_band_members(since, until).where(among(self._connection, band.c.key, small)))
        for row in rows:
            met.setdefault(row.key, []).append(row.number)
        for key in sizes.keys() - set(small):
            latest = _band_members(since, until).where(band.c.key == key).order_by(band.c.number.desc())
            met[key] = [row.number for row in self._connection.execute(latest.limit(_LATEST))]
        return {key: numbers for key, numbers in met.items() if numbers}

    def _same_words(self, prints: Collection[Print], since: datetime, until: datetime) -> set[tuple[str, int]]:
        exact = {one.exact for one in prints if one.words}
        rows = self._connection.execute(
            select(fingerprint.c.exact, fingerprint.c.at, fingerprint.c.number)
            .where(among(self._connection, fingerprint.c.exact, exact), fingerprint.c.at.between(since, until))
            .order_by(fingerprint.c.at, fingerprint.c.number)
        )
        found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for key, at, number in rows:
            found[key].append((at, number))
        return {
            (one.article_id, number)
            for one in prints
            for place in [bisect(found[one.exact], (one.at, 0))]
            for _, number in found[one.exact][max(place - 1, 0) : place + 1]
        }

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


def _band_members(since: datetime, until: datetime) -> Select[Any]:
    return (
        select(band.c.number, band.c.key)
        .join(fingerprint, fingerprint.c.number == band.c.number)
        .where(fingerprint.c.at.between(since, until))
    )
