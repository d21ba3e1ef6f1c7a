"""Which phrases and entities would tell a topic? Proposals from articles that a person has marked.

The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words",
Political Analysis 16), over articles instead of words, so that one long article counts no more than a short one: how
much more often than by chance a phrase stands in the articles of the topic, in standard deviations. The prior is how
often it stands in all of them.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import log, sqrt
from typing import NamedTuple

import yaml

from pipeline.article import Article
from pipeline.config.models import Topic
from pipeline.enrich.folding import fold, is_dense, read
from pipeline.enrich.phrases import Phrases
from pipeline.enrich.trials import Marked

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BREAK = re.compile(r"[^\w\s'’-]+|\n")
_LONGEST = 3
_SHORTEST = 3
_PRIOR = 10.0
"""What the prior weighs, in articles."""
_SURE = 1.0
"""Standard deviations; from few articles not many more can be had."""
_LEAST_PRECISION = 0.6
_DENSE_SIZES = (2, 3, 4)
"""Letters of a phrase in a script without spaces."""
_WEIGHTS = ((0.9, 1.5), (0.7, 1.0), (0.0, 0.5))


class Suggestion(NamedTuple):
    """A phrase, or an entity: how sure it is, in how many articles of the topic it stands and in how many others.

    `words` is the phrase or the entity's id, `name` the same or the entity's name.
    """

    words: str
    name: str
    is_entity: bool
    languages: tuple[str, ...]
    score: float
    right: int
    wrong: int

    @property
    def precision(self) -> float:
        """The share of the articles with it that are about the topic."""
        return self.right / (self.right + self.wrong)

    @property
    def weight(self) -> float:
        """What it may be worth: with a threshold of 2, two sure ones carry a topic, or one in the headline."""
        return next(weight for least, weight in _WEIGHTS if self.precision >= least)


class _Feature(NamedTuple):
    """What an article can have: a phrase, folded, or an entity, by its id."""

    words: str
    is_entity: bool


class _Seen(NamedTuple):
    """In which articles, by number, a feature stands, how it is written and in which languages."""

    articles: set[int]
    spellings: dict[str, int]
    languages: set[str]


def suggest(marked: Sequence[Marked], topic: Topic, *, languages: Sequence[str], least: int = 2) -> list[Suggestion]:
    """Return what would tell `topic` and is not in it, the surest first.

    `marked` are enriched articles, marked for this topic; one where it does no harm counts on neither side. What
    stands in fewer than `least` articles of the topic is left out.
    """
    counted = [one for one in marked if topic.id in one.expected or topic.id not in one.allowed]
    about = {number for number, one in enumerate(counted) if topic.id in one.expected}
    seen = _seen(one.article for one in counted)
    ranked = [
        (_suggestion(feature, found, about, len(counted)), found.articles)
        for feature, found in seen.items()
        if len(found.articles & about) >= least and not (feature.is_entity and feature.words in topic.entities)
    ]
    good = (pair for pair in ranked if pair[0].score >= _SURE and pair[0].precision >= _LEAST_PRECISION)
    sure = sorted(good, key=lambda pair: (-pair[0].score, -len(pair[0].words)))
    known = Phrases([(0, phrase) for phrase in topic.phrases], languages)
    chosen: dict[Suggestion, set[int]] = {}
    for suggestion, articles in sure:
        if suggestion.is_entity or not (_says_the_same(suggestion, articles, chosen) or _there(suggestion, known)):
            chosen[suggestion] = articles
    return list(chosen)


def _seen(articles: Iterable[Article]) -> dict[_Feature, _Seen]:
    seen: dict[_Feature, _Seen] = defaultdict(lambda: _Seen(set(), defaultdict(int), set()))
    for number, article in enumerate(articles):
        for feature, spelling in _features(article):
            found = seen[feature]
            found.articles.add(number)
            found.spellings[spelling] += 1
            if article.language:
                found.languages.add(article.language)
    return seen


def _features(article: Article) -> Iterator[tuple[_Feature, str]]:
    names = {mention.entity_id: mention.name for mention in article.mentions}
    for identifier in article.entity_ids:
        yield _Feature(identifier, is_entity=True), names.get(identifier) or identifier
    idle = _function_words(article.language)
    for passage in _BREAK.split(article.text):
        for spelling in _phrases(_WORD.findall(passage), idle):
            yield _Feature(fold(spelling), is_entity=False), spelling


def _phrases(words: Sequence[str], idle: Collection[str]) -> Iterator[str]:
    """Yield the phrases of a passage: of one to three words, none of the outer ones idle; of letters without spaces."""
    for start, first in enumerate(words):
        if is_dense(first[0]):
            yield from (first[at : at + size] for size in _DENSE_SIZES for at in range(len(first) - size + 1))
            continue
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            outer = (first.lower(), words[end - 1].lower())
            if not any(len(word) < _SHORTEST or word in idle for word in outer):
                yield " ".join(words[start:end])


@cache
def _function_words(language: str | None) -> Collection[str]:
    """Return the words that say nothing by themselves, as spaCy lists them; none for a language that it does not know."""
    from spacy.util import get_lang_class  # noqa: PLC0415 - slow

    try:
        return frozenset(get_lang_class(language or "xx").Defaults.stop_words)
    except ImportError:
        return frozenset()


def _suggestion(feature: _Feature, found: _Seen, about: set[int], articles: int) -> Suggestion:
    right = len(found.articles & about)
    wrong = len(found.articles) - right
    prior = _PRIOR * len(found.articles) / articles
    spelling = max(found.spellings, key=lambda one: (found.spellings[one], one))
    few = tuple(sorted(found.languages)) if len(found.languages) == 1 and not feature.is_entity else ()
    score = _log_odds(right, len(about), prior) - _log_odds(wrong, articles - len(about), prior)
    deviation = sqrt(1 / (right + prior) + 1 / (wrong + prior))
    return Suggestion(
        feature.words if feature.is_entity else spelling,
        spelling,
        feature.is_entity,
        few,
        score / deviation,
        right,
        wrong,
    )


def _log_odds(articles: int, of: int, prior: float) -> float:
    return log((articles + prior) / max(1.0, of + _PRIOR - articles - prior))


def _says_the_same(one: Suggestion, articles: set[int], chosen: Mapping[Suggestion, set[int]]) -> bool:
    """Say whether a phrase chosen before has this one in it, or it that one, in the very same articles."""
    folded = f" {fold(one.words)} "
    return any(
        there == articles
        and not other.is_entity
        and (f" {fold(other.words)} " in folded or folded in f" {fold(other.words)} ")
        for other, there in chosen.items()
    )


def _there(one: Suggestion, known: Phrases) -> bool:
    """Say whether the topic's phrases find it already."""
    language = one.languages[0] if one.languages else None
    return any(True for _ in known.find(read(one.words), language))


def entry(one: Suggestion) -> str:
    """Return the line for `topics.yaml`."""
    if one.is_entity:
        return f"      {one.words}: {one.weight:g}"
    fields: dict[str, object] = {"phrase": one.words}
    if one.weight != 1:
        fields["weight"] = one.weight
    if one.languages:
        fields["languages"] = list(one.languages)
    line = yaml.safe_dump(fields, default_flow_style=True, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return f"      - {line.rstrip()}"
