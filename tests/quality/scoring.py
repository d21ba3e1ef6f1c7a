"""How right is what was found? Counts, and the rules by which names and identities are compared.

A name is right only with exactly the same beginning, end and label. Nothing here knows the pipeline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

LABELS = ("PER", "ORG", "LOC")
Span = tuple[int, int, str]
"""Beginning, end and label of a name."""


@dataclass(frozen=True)
class Counts:
    """How many were found, how many there are, and how many of both are the same."""

    right: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing is found and there is nothing to find."""
        return self.right / self.found if self.found else float(not self.gold)

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 1 where there is nothing to find."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 1.0


def compare(found: Collection[object], gold: Collection[object], may: Collection[object] = ()) -> Counts:
    """Return the counts for two sets; what is in `may` counts neither way."""
    there, needed = set(found) - set(may), set(gold)
    return Counts(len(there & needed), len(there), len(needed))


def compare_names(pairs: Iterable[tuple[Collection[Span], Collection[Span]]]) -> dict[str, Counts]:
    """Return the counts of each label and of `all`, over the found and the gold names of many texts."""
    counts = dict.fromkeys((*LABELS, "all"), Counts())
    for found, gold in pairs:
        for label in LABELS:
            counts[label] += compare(
                [span for span in found if span[2] == label], [span for span in gold if span[2] == label]
            )
    return counts | {"all": sum((counts[label] for label in LABELS), Counts())}


@dataclass(frozen=True)
class Link:
    """A marked name with an identity, and what was found exactly there.

    `known` says that the catalogue has the identity under the id `gold`; otherwise `gold` is only a name for it. `seen`
    says that a name was found there at all, and `found` is the id it got.
    """

    gold: str
    known: bool
    seen: bool
    found: str | None


def count_links(links: Iterable[Link], catalogue: Collection[str]) -> list[tuple[Link, bool]]:
    """Return each link with whether it is right.

    An identity that the catalogue lacks has any one id, the same for all of its spellings, that no other identity has
    more often; for somebody invented (`new:`) it is none of the catalogue's.
    """
    links = list(links)
    own = _own_ids(links, catalogue)
    return [
        (link, link.found is not None and link.found == (link.gold if link.known else own.get(link.gold)))
        for link in links
    ]


def _own_ids(links: Iterable[Link], catalogue: Collection[str]) -> Mapping[str, str]:
    """Return the id that each identity the catalogue lacks was given, the commonest first; no id serves twice."""
    given: Counter[tuple[str, str]] = Counter()
    for link in links:
        taken = link.found in catalogue and link.gold.startswith("new:")
        if not link.known and link.found is not None and not taken:
            given[link.gold, link.found] += 1
    owners: dict[str, str] = {}
    own: dict[str, str] = {}
    for (gold, found), _ in sorted(given.items(), key=lambda item: (-item[1], item[0])):
        if gold not in own and found not in owners:
            own[gold], owners[found] = found, gold
    return own
