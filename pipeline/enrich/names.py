"""The words of this room: what the catalogue knows, the terms on which a name counts, and a match in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.article import Kind, Location

_NONE: frozenset[str] = frozenset()
"""One for all: each empty set made anew takes 200 bytes, and most names need three."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Somebody or something that the catalogue knows; `id` is None for a name that only a language model saw.

    `population` is 0 for all but cities; `configured` tells the user's own entities from countries and cities.
    """

    id: str | None
    name: str
    kind: Kind
    country: str | None = None
    location: Location | None = None
    population: int = 0
    configured: bool = False

    @property
    def is_country(self) -> bool:
        """Whether this is a country as such, and not a place in one."""
        return self.kind is Kind.PLACE and (self.id or "").startswith("country-")


@dataclass(frozen=True, slots=True)
class Terms:
    """When a name counts. All conditions hold together; `wary` asks for evidence that a place is meant."""

    exact: str | None = None
    capital: bool = False
    languages: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    wary: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name of something known, as it is written, with the terms on which it counts."""

    text: str
    known: Known
    terms: Terms = field(default_factory=Terms)
    inflect: bool = True


class Match(NamedTuple):
    """A name found in a text, by offsets into `Folded.raw`; `strength` says how sure it is (`linking`)."""

    start: int
    end: int
    known: Known
    terms: Terms
    strength: float = 0.0


def terms_of(  # noqa: PLR0913 - the terms, by keyword
    text: str,
    *,
    case: bool = False,
    languages: Sequence[str] = (),
    context: Sequence[str] = (),
    without: Sequence[str] = (),
    wary: bool = False,
) -> Terms:
    """Return the terms for `text`: a capital asks for a capital, and a short abbreviation for exactly its letters."""
    exact = case or (len(text) <= 3 and text.isupper() and text.isascii())
    return Terms(
        exact=text if exact else None,
        capital=text[:1].isupper(),
        languages=frozenset(languages) if languages else _NONE,
        context=frozenset(context) if context else _NONE,
        without=frozenset(without) if without else _NONE,
        wary=wary,
    )
