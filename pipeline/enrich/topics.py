"""Which topics is an article about? The weights of the phrases and entities found, against each topic's threshold.

Every phrase and entity counts once, however often it stands there, and double if it stands in the headline; in a topic
that is careful about the margin, only in part if it stands there once and late. What stands together (`together`) comes on top. The
score of the topics that are `against` a topic is taken off its own, from half their thresholds on.

No letter of the text counts twice for one topic, but for what stands together. Of phrases and entities that overlap, the
one that covers most of the text counts (`Dynamo Kyiv` and not `Kyiv` as well); of equally long ones the one that the text
writes out furthest (`Ukraine` in a German text, though Polish `Ukraina` may end in `-e`, too), then the weightier. So the
evidence names phrases that stand in the text. A country also counts by its demonyms and adjectives (`demonyms`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.article import TopicEvidence
from pipeline.config.models import Phrase, Together, Topic
from pipeline.enrich.appointments import appointments
from pipeline.enrich.demonyms import demonyms
from pipeline.enrich.folding import Folded, fold
from pipeline.enrich.names import Known, Match
from pipeline.enrich.passages import Passages, Place
from pipeline.enrich.phrases import Found, Phrases, common

_LEAD = (150, 400)
"""How many characters of the body a mention in passing stands behind, at least and at most: one sentence, and three."""
_LARGER_PART = 0.6


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


class _Count(NamedTuple):
    """What a reason counts, and where."""

    weight: float
    start: int
    end: int


class _Join(NamedTuple):
    """A `together` of a topic, with its parts by number."""

    topic: int
    rule: Together
    parts: tuple[int, ...]


Counts = dict[_Reason, _Count]


class Topics:
    """The topics, their phrases in one automaton."""

    def __init__(
        self, topics: Sequence[Topic], *, languages: Collection[str], known: Callable[[str], Known | None]
    ) -> None:
        """Make ready; `known` finds what an id stands for, so that a country's id also means the user's own entity."""
        self._topics = tuple(topics)
        self._halves = {topic.id: topic.threshold / 2 for topic in topics}
        self._plan = _Plan(known)
        for number, topic in enumerate(topics):
            self._plan.add(number, topic)
        self._phrases = Phrases(self._plan.phrases, languages)
        self._appointments = [(number, topic.appointments) for number, topic in enumerate(topics) if topic.appointments]

    def find(
        self, text: Folded, *, body: int, language: str | None, linked: Iterable[Match]
    ) -> dict[str, TopicEvidence]:
        """Return the topics of a text whose body begins at `body`, each with its score and the phrases that carried it."""
        hits, parts = self._hits(text, language, linked)
        counts = {number: self._counts(number, hits[number], body, len(text.text)) for number in hits}
        self._join(counts, parts, text, body)
        self._count_appointments(counts, text)
        scores = {self._topics[number].id: sum(one.weight for one in counts[number].values()) for number in counts}
        found = {}
        for number in sorted(counts):
            topic = self._topics[number]
            against = sum(scores[other] for other in topic.against if scores.get(other, 0.0) >= self._halves[other])
            score = round(scores[topic.id] - against, 3)
            if score >= topic.threshold:
                found[topic.id] = _evidence(score, counts[number], text)
        return found

    def _hits(
        self, text: Folded, language: str | None, linked: Iterable[Match]
    ) -> tuple[dict[int, list[_Hit]], dict[int, list[Place]]]:
        hits: dict[int, list[_Hit]] = defaultdict(list)
        parts: dict[int, list[Place]] = defaultdict(list)
        plan = self._plan
        for found in self._phrases.find(text, language):
            for topic, weight in plan.weights[found.target]:
                hits[topic].append(_hit(found, weight))
            for part in plan.parts[found.target]:
                parts[part].append(Place(found.start, found.end, found.words))
        for match in linked:
            for topic, weight in plan.by_entity.get(match.known.id or "", ()):
                likeness = common(fold(match.known.name), text.text[match.start : match.end])
                hits[topic].append(
                    _Hit(match.start, match.end, likeness, weight, _Reason(match.known.name, is_entity=True))
                )
            for part in plan.parts_by_entity.get(match.known.id or "", ()):
                parts[part].append(Place(match.start, match.end, match.known.name))
        return hits, parts

    def _counts(self, number: int, hits: list[_Hit], body: int, length: int) -> Counts:
        """Return what each reason counts: those places alone that no better one overlaps, in the headline double."""
        kept = _without_overlaps(hits)
        share, late = self._topics[number].marginal, body + sorted((*_LEAD, _LARGER_PART * (length - body)))[1]
        counts: Counts = {}
        for hit in kept:
            value = 2 * hit.weight if hit.start < body else hit.weight
            if share < 1 and hit.start >= late and _stands_once(hit, kept):
                value *= share
            if hit.reason not in counts or abs(value) > abs(counts[hit.reason].weight):
                counts[hit.reason] = _Count(value, hit.start, hit.end)
        return counts

    def _join(self, counts: dict[int, Counts], parts: Mapping[int, list[Place]], text: Folded, body: int) -> None:
        """Add to `counts` what stands together."""
        passages = Passages(text.raw)
        for join in self._plan.joins:
            if not all(part in parts for part in join.parts):
                continue
            if chosen := passages.together([parts[part] for part in join.parts], join.rule.within):
                start, end = min(place.start for place in chosen), max(place.end for place in chosen)
                weight = 2 * join.rule.weight if end <= body else join.rule.weight
                reason = _Reason(" + ".join(place.words for place in chosen))
                counts.setdefault(join.topic, {})[reason] = _Count(weight, start, end)

    def _count_appointments(self, counts: dict[int, Counts], text: Folded) -> None:
        for number, weight in self._appointments:
            if spans := appointments(text.raw):
                start, end = spans[0]
                counts.setdefault(number, {})[_Reason(text.raw[start:end])] = _Count(weight, start, end)


class _Plan:
    """What to look for: phrases by target, and what each target and entity is worth to which topics and parts."""

    def __init__(self, known: Callable[[str], Known | None]) -> None:
        self._known = known
        self.phrases: list[tuple[int, Phrase]] = []
        self.weights: list[tuple[tuple[int, float], ...]] = []
        self.parts: list[tuple[int, ...]] = []
        self.by_entity: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.parts_by_entity: dict[str, list[int]] = defaultdict(list)
        self.joins: list[_Join] = []
        self._number_of_parts = 0

    def add(self, number: int, topic: Topic) -> None:
        """Add what one topic looks for."""
        for phrase in topic.phrases:
            self._look_for(phrase, weights=((number, phrase.weight),))
        for identifier, weight in topic.entities.items():
            self.by_entity[self._id(identifier)].append((number, weight))
            for phrase in demonyms(identifier):
                self._look_for(phrase, weights=((number, weight),))
        for rule in topic.together:
            self.joins.append(_Join(number, rule, tuple(map(self._part, rule.all))))

    def _part(self, alternatives: Iterable[str]) -> int:
        part = self._number_of_parts
        self._number_of_parts += 1
        for word in alternatives:
            if self._known(word) or word.startswith("country-"):
                self.parts_by_entity[self._id(word)].append(part)
                for phrase in demonyms(word):
                    self._look_for(phrase, parts=(part,))
            else:
                self._look_for(Phrase(phrase=word), parts=(part,))
        return part

    def _look_for(
        self, phrase: Phrase, *, weights: tuple[tuple[int, float], ...] = (), parts: tuple[int, ...] = ()
    ) -> None:
        self.phrases.append((len(self.weights), phrase))
        self.weights.append(weights)
        self.parts.append(parts)

    def _id(self, identifier: str) -> str:
        found = self._known(identifier)
        return str(found.id) if found else identifier


def _hit(found: Found, weight: float) -> _Hit:
    return _Hit(found.start, found.end, found.likeness, weight, _Reason(found.words))


def _without_overlaps(hits: list[_Hit]) -> list[_Hit]:
    if len(hits) < 2:
        return hits
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, -hit.likeness, -abs(hit.weight))):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _stands_once(hit: _Hit, hits: Iterable[_Hit]) -> bool:
    return not any(other.reason == hit.reason and other is not hit for other in hits)


def _evidence(score: float, counts: Counts, text: Folded) -> TopicEvidence:
    """Return what spoke for the topic, the weightiest first."""
    ranked: dict[str, _Count] = {}
    for reason, count in sorted(counts.items(), key=lambda pair: -pair[1].weight):
        if count.weight > 0:
            ranked.setdefault(reason.words, count)
    spans = tuple(text.original(count.start, count.end) for count in ranked.values())
    return TopicEvidence(score=score, phrases=tuple(ranked), spans=spans)
