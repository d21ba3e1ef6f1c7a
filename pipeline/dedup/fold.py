"""Which copies of a report do readers need to see? The original; the rest point at it.

Articles form a group where each is (nearly) the text of another. The original of a group is the
agency's own article, else the earliest. Stories are wider: articles of one group, or whose texts
share a good part. The order in which articles arrive changes no group and no story.

Pure: no clock, no network, no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import pairwise
from typing import TypeVar

import numpy as np

from pipeline.dedup.fingerprint import Fingerprint

Rank = TypeVar("Rank", str, tuple[int, datetime, str])

COPY_JACCARD = 0.3
"""Lightly edited copies share at least this part of their word 3-shingles."""
COPY_CONTAINMENT = 0.65
"""A cut copy has at least this part of its 3-shingles from the longer text."""
STORY_JACCARD = 0.15
"""Two reports with this much common wording tell of the same event."""
COPY_FIGURES = 0.8
"""Forms (share prices, lottery, weather) have the same words and other figures between them: they are no copies."""
STORY_FIGURES = 0.6
"""The next report on an event brings some figures up to date; a form changes most."""
_SHORT = 12
_CUT = 40
_NEIGHBOURS = 20


@dataclass(frozen=True, eq=False)
class Member:
    """An article as dedup sees it. `original_id` is its own id until it is folded; `rank` sorts the original first."""

    article_id: str
    fingerprint: Fingerprint
    rank: tuple[int, datetime, str]
    original_id: str
    original_rank: tuple[int, datetime, str]
    story_id: str | None = None

    @classmethod
    def of(cls, article_id: str, fingerprint: Fingerprint, *, agency: bool, at: datetime) -> Member:
        """Return a member that is its own original; `agency` says that a news agency itself published it."""
        rank = (0 if agency else 1, at, article_id)
        return cls(article_id, fingerprint, rank, article_id, rank)


@dataclass(frozen=True)
class Folding:
    """What `fold` decided: for each article its original (or itself) and its story; for each former original or story that gave way, the one it joined."""

    originals: Mapping[str, str]
    stories: Mapping[str, str]
    joined_originals: Mapping[str, str] = field(default_factory=dict)
    joined_stories: Mapping[str, str] = field(default_factory=dict)


def meetings(new: Sequence[Member]) -> set[tuple[str, str]]:
    """Return the pairs among `new` worth comparing: they meet in a band, or have exactly the same words.

    Of thousands with the same words each is paired with the next in time only, and one of them with the
    others that it meets; where many different texts meet in a band, as forms do, each is paired with the 40
    that are nearest in time, and in the bands that few are in with its own copies.
    """
    twins: dict[tuple[int, int], list[Member]] = {}
    for member in sorted(new, key=lambda member: (member.rank[1], member.article_id)):
        twins.setdefault((member.fingerprint.exact, member.fingerprint.words), []).append(member)
    buckets: dict[int, list[str]] = {}
    for first in (members[0] for members in twins.values()):
        for key in set(first.fingerprint.bands):
            buckets.setdefault(key, []).append(first.article_id)
    rows = [[one.article_id for one in members] for (_, words), members in twins.items() if words]
    pairs = {pair for row in rows for pair in pairwise(row)}
    for row in buckets.values():
        for place, left in enumerate(row):
            pairs.update((left, right) for right in row[place + 1 : place + 1 + _NEIGHBOURS])
    return pairs


def fold(
    new: Sequence[Member],
    known: Sequence[Member],
    pairs: Iterable[tuple[str, str]],
    *,
    story_window: timedelta = timedelta.max,
) -> Folding:
    """Decide on `new`, given the `known` articles that may be like them and the `pairs` of ids worth comparing.

    A member of `known` stands for its whole group: if a better original turns up, `joined_originals`
    tells where all members of the old group belong. An article in both sequences is taken from `new`.
    Texts that are further apart than `story_window` are no story, unless they are copies.
    """
    ids = {member.article_id for member in new}
    others = [member for member in known if member.article_id not in ids]
    copies, stories = _Sets(), _Sets()
    for member in (*new, *others):
        copies.join(member.article_id, member.original_id)
        stories.join(member.article_id, member.original_id)
        stories.join(member.article_id, member.story_id or member.article_id)
    members = {member.article_id: member for member in (*others, *new)}
    for left, right in pairs:
        if copies.root(left) != copies.root(right):
            _compare(members[left], members[right], copies, stories, story_window)
    return _decide(new, others, copies, stories)


def is_copy(left: Fingerprint, right: Fingerprint) -> bool:
    """Return whether the texts are (nearly) the same. Texts under 12 words must have exactly the same words."""
    return _relation(left, right) is _Relation.COPY


def same_story(left: Fingerprint, right: Fingerprint) -> bool:
    """Return whether the texts share so much wording that they tell of the same event; copies do."""
    return _relation(left, right) is not None


class _Relation(Enum):
    COPY = auto()
    STORY = auto()


def _relation(left: Fingerprint, right: Fingerprint) -> _Relation | None:
    words = min(left.words, right.words)
    if left.exact == right.exact and left.words == right.words and words:
        return _Relation.COPY
    figures = _same_figures(left, right) if words >= _SHORT else 0
    if figures < STORY_FIGURES:
        return None
    common = len(np.intersect1d(left.shingles, right.shingles, assume_unique=True))
    union = len(left.shingles) + len(right.shingles) - common
    is_cut = words >= _CUT and common >= COPY_CONTAINMENT * min(len(left.shingles), len(right.shingles))
    if figures >= COPY_FIGURES and (is_cut or common >= COPY_JACCARD * union):
        return _Relation.COPY
    return _Relation.STORY if words >= _CUT and (is_cut or common >= STORY_JACCARD * union) else None


def _same_figures(left: Fingerprint, right: Fingerprint) -> float:
    """Return which part of the figures is the same where both texts have the same words around a figure; 1 if nowhere."""
    comparable = len(left.places & right.places)
    return len(left.figures_in_place & right.figures_in_place) / comparable if comparable else 1


def _compare(member: Member, other: Member, copies: _Sets, stories: _Sets, story_window: timedelta) -> None:
    relation = _relation(member.fingerprint, other.fingerprint)
    if relation is _Relation.COPY:
        copies.join(member.article_id, other.article_id)
    if relation is _Relation.COPY or (relation and abs(member.rank[1] - other.rank[1]) <= story_window):
        stories.join(member.article_id, other.article_id)


def _decide(new: Sequence[Member], others: Sequence[Member], copies: _Sets, stories: _Sets) -> Folding:
    ranks = {member.article_id: member.rank for member in (*new, *others)}
    ranks |= {member.original_id: member.original_rank for member in (*new, *others)}
    best = copies.best(ranks)
    story_ids = [member.story_id for member in (*new, *others) if member.story_id]
    story = stories.best({story_id: story_id for story_id in story_ids})
    founded = stories.best({member.article_id: member.rank for member in new})
    return Folding(
        originals={member.article_id: best[copies.root(member.article_id)] for member in new},
        stories={
            member.article_id: story.get(root) or story_name(founded[root])
            for member in new
            for root in [stories.root(member.article_id)]
        },
        joined_originals=_moved({member.original_id for member in (*new, *others)}, copies, best),
        joined_stories=_moved(set(story_ids), stories, story),
    )


def story_name(article_id: str) -> str:
    """Return the id of the story that begins with this article."""
    return f"story-{article_id}"


def _moved(names: Iterable[str], sets: _Sets, best: Mapping[str, str]) -> dict[str, str]:
    return {name: best[sets.root(name)] for name in sorted(names) if best[sets.root(name)] != name}


class _Sets:
    """Disjoint sets of names (Tarjan, 1975)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, name: str) -> str:
        parent = self._parent.setdefault(name, name)
        while parent != name:
            self._parent[name] = self._parent.setdefault(parent, parent)
            name, parent = parent, self._parent[parent]
        return name

    def join(self, left: str, right: str) -> None:
        self._parent[self.root(left)] = self.root(right)

    def best(self, ranks: Mapping[str, Rank]) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for name in sorted(ranks, key=lambda name: ranks[name]):
            chosen.setdefault(self.root(name), name)
        return chosen
