"""Which topics is an article about? The weights of the phrases and entities found, against each topic's threshold.

Every phrase and entity counts once, however often it stands there, and double if it stands in the headline. The score
of the topics that are `against` a topic is taken off its own, also where they stay below their thresholds.

No letter of the text counts twice for one topic. Of phrases and entities that overlap, the one that covers most of
the text counts (`Dynamo Kyiv` and not `Kyiv` as well); of equally long ones the one that the text writes out furthest
(`Ukraine` in a German text, though Polish `Ukraina` may end in `-e`, too), then the weightier. So the evidence names
phrases that stand in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipeline.article import TopicEvidence, unique
from pipeline.config.models import Phrase, Topic
from pipeline.enrich.folding import Folded, begins_word, fold, is_dense, tail
from pipeline.enrich.inflection import Form, forms
from pipeline.enrich.names import Known, Match

# Plurals and adjectives, which `inflection` leaves out: after a phrase as it is written, after a Polish or Czech stem.
_ENDINGS = frozenset(
    "s e es en n er ern em ens ne nes nen in innen ien x ów om ami ach u a y i ę ą ie".split()  # noqa: SIM905 - a table
)
_SHORT_ENDINGS = frozenset({"s", "e", "en", "n", "es"})
_WEST_SLAVIC_ENDINGS = frozenset({"y", "i", "e", "a", "ów", "om", "ami", "ach", "ych", "ich", "ym", "im", "ymi", "imi"})
_WEST_SLAVIC = frozenset({"pl", "cs", "sk"})
_LONGEST_CYRILLIC_ENDING = 3
_SURE_STEM = 4


class _Use(NamedTuple):
    """A phrase at one of its stems; `exact` is the stem in the letter case that it must have."""

    topic: int
    phrase: Phrase
    folded: str
    form: Form
    exact: str | None


class _Reason(NamedTuple):
    """A phrase, or an entity: the two have their own weights, also where both are called `Starlink`."""

    words: str
    is_entity: bool = False


class _Hit(NamedTuple):
    """A place in the text that speaks for or against a topic; `likeness` says how much of the reason stands there."""

    start: int
    end: int
    likeness: int
    weight: float
    reason: _Reason


class Topics:
    """The topics, their phrases in one automaton."""

    def __init__(
        self, topics: Sequence[Topic], *, languages: Collection[str], known: Callable[[str], Known | None]
    ) -> None:
        """Make ready; `known` finds what an id stands for, so that a country's id also means the user's own entity."""
        self._topics = tuple(topics)
        self._by_entity: dict[str, list[tuple[int, float]]] = defaultdict(list)
        uses: dict[str, list[_Use]] = defaultdict(list)
        for number, topic in enumerate(topics):
            for phrase in topic.phrases:
                folded = fold(phrase.phrase)
                for form in _forms(phrase, languages):
                    exact = phrase.phrase[: len(form.stem)] if phrase.case else None
                    uses[form.stem].append(_Use(number, phrase, folded, form, exact))
            for identifier, weight in topic.entities.items():
                found = known(identifier)
                self._by_entity[str(found.id) if found else identifier].append((number, weight))
        self._uses = tuple(uses.values())
        self._automaton = AhoCorasick(list(uses), store_patterns=False)

    def find(
        self, text: Folded, *, body: int, language: str | None, linked: Iterable[Match]
    ) -> dict[str, TopicEvidence]:
        """Return the topics of a text whose body begins at `body`, each with its score and the phrases that carried it."""
        hits: dict[int, list[_Hit]] = defaultdict(list)
        for number, hit in chain(self._phrases(text, language), self._entities(text, linked)):
            hits[number].append(hit)
        weights = {number: _weights(hits[number], body) for number in sorted(hits)}
        scores = {self._topics[number].id: sum(weights[number].values()) for number in weights}
        found = {}
        for number, reasons in weights.items():
            topic = self._topics[number]
            against = sum(max(0.0, scores.get(other, 0.0)) for other in topic.against)
            score = round(scores[topic.id] - against, 3)
            if score >= topic.threshold:
                found[topic.id] = TopicEvidence(score=score, phrases=_reasons(reasons))
        return found

    def _phrases(self, text: Folded, language: str | None) -> Iterator[tuple[int, _Hit]]:
        for number, start, end in self._automaton.find_matches_as_indexes(text.text, overlapping=True):
            if not begins_word(text.text, start):
                continue
            rest = tail(text.text, end)
            for use in self._uses[number]:
                if _speaks(use.phrase, language) and _fits(use, text.raw[start:end], rest, language):
                    covered = end if is_dense(text.text[end - 1]) else end + len(rest)
                    likeness = _common(use.folded, text.text[start:covered])
                    yield use.topic, _Hit(start, covered, likeness, use.phrase.weight, _Reason(use.phrase.phrase))

    def _entities(self, text: Folded, linked: Iterable[Match]) -> Iterator[tuple[int, _Hit]]:
        for match in linked:
            for topic, weight in self._by_entity.get(match.known.id or "", ()):
                likeness = _common(fold(match.known.name), text.text[match.start : match.end])
                reason = _Reason(match.known.name, is_entity=True)
                yield topic, _Hit(match.start, match.end, likeness, weight, reason)


def _weights(hits: list[_Hit], body: int) -> dict[_Reason, float]:
    """Return what each reason counts: those places alone that no better one overlaps, in the headline double."""
    weights: dict[_Reason, float] = {}
    for hit in _without_overlaps(hits):
        value = 2 * hit.weight if hit.start < body else hit.weight
        weights[hit.reason] = max(weights.get(hit.reason, 0.0), value, key=abs)
    return weights


def _without_overlaps(hits: list[_Hit]) -> list[_Hit]:
    if len(hits) < 2:
        return hits
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, -hit.likeness, -abs(hit.weight))):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _common(left: str, right: str) -> int:
    """Return how many letters the two have in common from the start."""
    if right.startswith(left):
        return len(left)
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return len(right)


def _forms(phrase: Phrase, languages: Collection[str]) -> Iterable[Form]:
    found = forms(phrase.phrase, inflect=phrase.inflect and not phrase.case, languages=languages)
    return [form for form in found if len(form.stem) > 1]


def _fits(use: _Use, written: str, rest: str, language: str | None) -> bool:
    """Say whether the phrase may stand as `written` with `rest` behind it, up to the end of the word."""
    if use.exact is not None and written != use.exact:
        return False
    whole = len(written) == len(use.folded)
    if whole and (not rest or is_dense(written[-1])):
        return True
    if not use.phrase.inflect:
        return False
    if use.exact is not None or len(use.folded) <= 3:
        return whole and rest == "s"
    return rest in use.form.allowed(language) or _ends(use, rest, language, whole=whole)


def _ends(use: _Use, rest: str, language: str | None, *, whole: bool) -> bool:
    """Say whether `rest` is an ending that `inflection` does not know, such as a plural's."""
    stem = use.form.stem
    if rest[:1] >= "\u0400":
        return len(rest) <= _LONGEST_CYRILLIC_ENDING and len(stem) >= _SURE_STEM
    if whole and rest in (_ENDINGS if len(stem) > 4 else _SHORT_ENDINGS):
        return True
    return language in _WEST_SLAVIC and len(stem) >= _SURE_STEM and rest in _WEST_SLAVIC_ENDINGS


def _speaks(phrase: Phrase, language: str | None) -> bool:
    return not phrase.languages or language in phrase.languages


def _reasons(weights: Mapping[_Reason, float]) -> tuple[str, ...]:
    """Return what spoke for the topic, the weightiest first."""
    ranked = sorted(weights, key=lambda reason: -weights[reason])
    return unique([reason.words for reason in ranked if weights[reason] > 0])
