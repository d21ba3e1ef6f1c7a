"""Which copies of a report do readers need to see? The original; the rest point at it.

Articles form a group where each is (nearly) the text of another. The original of a group is the
agency's own article, else the earliest. Stories are wider: articles of one group, or whose texts
share a good part. The order in which articles arrive changes no group and no story.

Pure: no clock, no network, no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import numpy as np

from pipeline.dedup.fingerprint import Fingerprint, Hashes

Rank = TypeVar("Rank", str, tuple[int, datetime, str])

COPY_JACCARD = 0.3
"""Lightly edited copies share at least this part of their word 3-shingles."""
COPY_CONTAINMENT = 0.65
"""A cut copy has at least this part of its 3-shingles from the longer text."""
STORY_JACCARD = 0.15
"""Two reports with this much common wording tell of the same event."""
FIGURES_CONTAINMENT = 0.6
"""Forms (share prices, lottery, weather) have the same words and other numbers: they are no copies."""
_SHORT = 12
_CUT = 40


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
    """Return the pairs among `new` that meet in a band or have exactly the same words."""
    buckets: dict[int, list[str]] = {}
    for member in new:
        for key in {*member.fingerprint.bands, member.fingerprint.exact}:
            buckets.setdefault(key, []).append(member.article_id)
    return {(left, right) for ids in buckets.values() for left in ids for right in ids if left < right}


def fold(new: Sequence[Member], known: Sequence[Member], pairs: Iterable[tuple[str, str]]) -> Folding:
    """Decide on `new`, given the `known` articles that may be like them and the `pairs` of ids worth comparing.

    A member of `known` stands for its whole group: if a better original turns up, `joined_originals`
    tells where all members of the old group belong. An article in both sequences is taken from `new`.
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
        if left != right:
            _compare(members[left], members[right], copies, stories)
    return _decide(new, others, copies, stories)


def is_copy(left: Fingerprint, right: Fingerprint) -> bool:
    """Return whether the texts are (nearly) the same. Texts under 12 words must have exactly the same words."""
    if left.exact == right.exact and left.words == right.words:
        return left.words > 0
    if min(left.words, right.words) < _SHORT:
        return False
    common, smaller, union = _overlap(left.shingles, right.shingles)
    alike = common >= COPY_JACCARD * union or (
        min(left.words, right.words) >= _CUT and common >= COPY_CONTAINMENT * smaller
    )
    return alike and _same_figures(left.figures, right.figures)


def same_story(left: Fingerprint, right: Fingerprint) -> bool:
    """Return whether the texts share so much wording that they tell of the same event."""
    if min(left.words, right.words) < _CUT:
        return False
    common, _, union = _overlap(left.shingles, right.shingles)
    return common >= STORY_JACCARD * union and _same_figures(left.figures, right.figures)


def _compare(member: Member, other: Member, copies: _Sets, stories: _Sets) -> None:
    if is_copy(member.fingerprint, other.fingerprint):
        copies.join(member.article_id, other.article_id)
        stories.join(member.article_id, other.article_id)
    elif same_story(member.fingerprint, other.fingerprint):
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


def _overlap(left: Hashes, right: Hashes) -> tuple[int, int, int]:
    common = len(np.intersect1d(left, right, assume_unique=True))
    return common, min(len(left), len(right)), len(left) + len(right) - common


def _same_figures(left: Hashes, right: Hashes) -> bool:
    common, smaller, _ = _overlap(left, right)
    return common >= FIGURES_CONTAINMENT * smaller


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
