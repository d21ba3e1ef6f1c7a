"""The port: what Wirewatch needs of a search index, and the values that go in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from pipeline.article import Article
from pipeline.search.query import Query

Sort = Literal["time", "relevance"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """An article that was not written, and why. `outdated`: a newer version is there, so nothing is wrong."""

    id: str
    reason: str
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of `field` (`headline`, `summary` or `body`); `marks` are code point offsets of the words found."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found. `document` is the article document; `score` is 0 where hits are sorted by time."""

    id: str
    score: float
    document: dict[str, Any]
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found. `total` counts what would be listed without a limit; above some thousands it is an estimate.

    `facets`: field → (value, count) pairs, most frequent first. Copies folded away are not counted.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]]
    took_ms: float


class SearchIndex(Protocol):
    """A projection of the store: one document an article id, that can be rebuilt at any time.

    All methods raise `SearchUnavailable` where the index cannot be reached, read or written.
    """

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """Put `documents` in, in place of those with the same id, and take the ids in `remove` out.

        Durable on return, and safe to repeat: where it raises, it may have written some. An older `version` never replaces a newer
        one; of several with one id the newest counts. An id that is also in `remove` is not written.
        """

    def search(  # noqa: PLR0913 - these are the choices of a search
        self,
        query: Query,
        *,
        limit: int = 20,
        since: datetime | None = None,
        sort: Sort = "time",
        facets: Sequence[str] = (),
        fold_copies: bool = True,
        hidden: bool = False,
    ) -> Results:
        """Return the newest or the most relevant articles, at most 1,000, with facet counts of `facets`.

        `since` compares with `@timestamp`. `fold_copies` lists a copy only where its original does not match,
        and then one for each original. Killed articles appear only with `hidden`.
        """

    def ids(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every article, in order of id."""

    def clear(self) -> None:
        """Take every article out."""

    def tidy(self, *, now: datetime, keep: timedelta | None) -> int:
        """Take out the articles of months that ended `keep` before `now`, and give room back; returns how many went.

        The month is that of `first_seen`, the only time of an article that never changes. None keeps all.
        """

    def describe(self) -> str:
        """Say in a phrase what is there and where; raises `SearchUnavailable` where it is not sound."""

    def close(self) -> None:
        """Let go of files and connections."""


class Replacement(Protocol):
    """A search index that is built beside the one in use, which answers meanwhile."""

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """Put `documents` in and take `remove` out, as `SearchIndex.write` does."""

    def ids(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every article, in order of id."""

    def adopt(self) -> None:
        """Put it into the place of the one in use, with no moment without results."""

    def close(self) -> None:
        """Let go of files and connections; what was not adopted is thrown away."""
