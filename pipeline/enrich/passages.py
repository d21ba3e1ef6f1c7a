"""Sentences and paragraphs, and what stands together in one. The headline is a paragraph of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Within = Literal["sentence", "paragraph", "article"]
Span = tuple[int, int]

_PARAGRAPH = re.compile(r"\n+")
# A full stop behind a digit or a single letter (`3. November`, `z. B.`, `J. Smith`) ends no sentence.
_SENTENCE = re.compile(r"(?<![\d.]|\b\w)[.!?…][\"'»”“’)\]]*\s+(?=[^\Wa-zß-öø-ÿа-яіїєґ_]|[\"'„“«»(\[—–-])|[。！？]|\n+")


class Place(NamedTuple):
    """Where something was found, and what it is called."""

    start: int
    end: int
    words: str


class Passages:
    """A text in its passages, each kind cut when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[Within, Sequence[int]] = {"article": (0,)}

    def number(self, position: int, within: Within) -> int:
        """Return the number of the passage that `position` lies in."""
        if within not in self._starts:
            cut = _SENTENCE if within == "sentence" else _PARAGRAPH
            self._starts[within] = [0, *(match.end() for match in cut.finditer(self._text))]
        return bisect_right(self._starts[within], position)

    def together(self, parts: Sequence[Iterable[Place]], within: Within) -> tuple[Place, ...] | None:
        """Return one place of each part, all in one passage, no two sharing a letter: those of the first such passage."""
        by_passage = [self._by_passage(part, within) for part in parts]
        for number in sorted(set.intersection(*(set(places) for places in by_passage))):
            if chosen := _apart([places[number] for places in by_passage]):
                return chosen
        return None

    def _by_passage(self, places: Iterable[Place], within: Within) -> Mapping[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for place in sorted(places):
            found.setdefault(self.number(place.start, within), []).append(place)
        return found


def _apart(parts: Sequence[Sequence[Place]]) -> tuple[Place, ...] | None:
    """Return the first place of each part that shares no letter with those of the parts before it."""
    chosen: list[Place] = []
    for part in parts:
        place = next((one for one in part if all(one.end <= c.start or one.start >= c.end for c in chosen)), None)
        if place is None:
            return None
        chosen.append(place)
    return tuple(chosen)
