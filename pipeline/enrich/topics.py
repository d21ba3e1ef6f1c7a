"""Which topics is an article about? The weights of the phrases and entities found, against each topic's threshold.

Every phrase and entity counts once, however often it stands there, and double if it stands in the headline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipeline.article import TopicEvidence, unique
from pipeline.config.models import Phrase, Topic
from pipeline.enrich.folding import Folded, begins_word, fold, is_dense, tail
from pipeline.enrich.inflection import forms
from pipeline.enrich.names import Known, Match

_LATIN_ENDINGS = frozenset(
    [
        "s",
        "e",
        "es",
        "en",
        "n",
        "er",
        "ern",
        "em",
        "ens",
        "ne",
        "nes",
        "nen",
        "in",
        "innen",
        "ien",
        "x",
        "ów",
        "om",
        "ami",
        "ach",
        "u",
        "a",
        "y",
        "i",
        "ę",
        "ą",
        "ie",
    ]
)
_SHORT_ENDINGS = frozenset({"s", "e", "en", "n", "es"})
_LONGEST_CYRILLIC_ENDING = 3


class _Use(NamedTuple):
    topic: int
    phrase: Phrase
    exact: str | None


class _Reason(NamedTuple):
    """A phrase, or an entity: the two have their own weights, also where both are called `Starlink`."""

    words: str
    is_entity: bool = False


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
                for stem in _stems(phrase, languages):
                    uses[stem].append(_Use(number, phrase, phrase.phrase[: len(stem)] if phrase.case else None))
            for identifier, weight in topic.entities.items():
                found = known(identifier)
                self._by_entity[str(found.id) if found else identifier].append((number, weight))
        self._uses = tuple(uses.values())
        self._automaton = AhoCorasick(list(uses), store_patterns=False)

    def find(
        self, text: Folded, *, body: int, language: str | None, linked: Iterable[Match]
    ) -> dict[str, TopicEvidence]:
        """Return the topics of a text whose body begins at `body`, each with its score and the phrases that carried it."""
        weights: dict[int, dict[_Reason, float]] = defaultdict(dict)
        for number, reason, weight, start in self._hits(text, language, linked):
            value = 2 * weight if start < body else weight
            known = weights[number].get(reason, 0.0)
            weights[number][reason] = value if abs(value) > abs(known) else known
        found = {}
        for number in sorted(weights):
            topic, score = self._topics[number], round(sum(weights[number].values()), 3)
            if score >= topic.threshold:
                found[topic.id] = TopicEvidence(score=score, phrases=_reasons(weights[number]))
        return found

    def _hits(
        self, text: Folded, language: str | None, linked: Iterable[Match]
    ) -> Iterator[tuple[int, _Reason, float, int]]:
        for number, start, end in self._automaton.find_matches_as_indexes(text.text, overlapping=True):
            if begins_word(text.text, start):
                rest = tail(text.text, end)
                for use in self._uses[number]:
                    if _counts(use, text, start, end, rest) and _speaks(use.phrase, language):
                        yield use.topic, _Reason(use.phrase.phrase), use.phrase.weight, start
        for match in linked:
            for topic, weight in self._by_entity.get(match.known.id or "", ()):
                yield topic, _Reason(match.known.name, is_entity=True), weight, match.start


def _stems(phrase: Phrase, languages: Collection[str]) -> set[str]:
    if not phrase.inflect or phrase.case:
        return {fold(phrase.phrase)}
    return {form.stem for form in forms(phrase.phrase, languages=languages) if len(form.stem) > 1}


def _counts(use: _Use, text: Folded, start: int, end: int, rest: str) -> bool:
    if use.exact is not None and text.raw[start:end] != use.exact:
        return False
    if not rest or is_dense(text.text[end - 1]):
        return True
    if not use.phrase.inflect:
        return False
    if use.exact is not None or len(use.phrase.phrase) <= 3:
        return rest == "s"
    if rest[0] >= "\u0400":
        return len(rest) <= _LONGEST_CYRILLIC_ENDING and len(use.phrase.phrase) > 3
    return rest in (_LATIN_ENDINGS if len(use.phrase.phrase) > 4 else _SHORT_ENDINGS)


def _speaks(phrase: Phrase, language: str | None) -> bool:
    return not phrase.languages or language in phrase.languages


def _reasons(weights: Mapping[_Reason, float]) -> tuple[str, ...]:
    """Return what spoke for the topic, the weightiest first."""
    ranked = sorted(weights, key=lambda reason: -weights[reason])
    return unique([reason.words for reason in ranked if weights[reason] > 0])
