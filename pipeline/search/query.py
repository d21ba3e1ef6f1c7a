"""A query as adapters see it: a tree of plain values, with fields resolved and dates calculated.

The query language is settled before an adapter is asked: it maps each node onto what its engine
offers, and has no syntax of its own. Text in nodes is not analysed, but is clean Unicode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.search.fields import Field, searched_fields


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Match:
    """A word (in a keyword field: a whole value). Without `field`, in any of the searched fields."""

    field: Field | None
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, with up to `slop` others between them."""

    field: Field | None
    text: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word by pattern: `*` any characters, `?` one, a backslash before one that stands for itself."""

    field: Field | None
    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word within `distance` (1 or 2) changes of a letter."""

    field: Field | None
    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to below `high`; dates are milliseconds since 1970 in UTC. None is open."""

    field: Field
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Exists:
    """Articles whose `field` is not empty."""

    field: Field


@dataclass(frozen=True, slots=True)
class Bool:
    """All of `must`, none of `must_not`; without `must`, at least one of `should`, where there are any.

    With `must`, those in `should` only raise the score.
    """

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Boosted:
    """`node`, with its score multiplied by `factor`."""

    node: Node
    factor: float


Node = Everything | Match | Phrase | Wildcard | Fuzzy | Range | Exists | Bool | Boosted


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood: its text as typed, and what it means."""

    text: str
    root: Node

    def fields(self) -> frozenset[Field]:
        """Return the fields that the query looks at."""
        return frozenset(_fields(self.root))


def _fields(node: Node) -> Iterator[Field]:
    match node:
        case Everything():
            pass
        case Bool():
            for part in (*node.must, *node.should, *node.must_not):
                yield from _fields(part)
        case Boosted():
            yield from _fields(node.node)
        case Match() | Phrase() | Wildcard() | Fuzzy() | Range() | Exists():
            yield from searched_fields() if node.field is None else (node.field,)
