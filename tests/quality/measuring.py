"""What the language pipeline gets right, as figures by name: `de: names F`, `all, test: topics recall`.

The pipeline is an `Enricher`, whatever finds the names in it; a figure is a share between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.article import Article, Kind
from pipeline.enrich import Enricher, gazetteer
from pipeline.enrich.folding import fold
from tests.factories import an_article
from tests.quality.articles import Mark, MarkedArticle
from tests.quality.corpora import Corpus, MarkedText
from tests.quality.scoring import Counts, Link, Span, compare, compare_names, count_links

Figures = dict[str, float]
CONVENTIONS = ("language", "agency", "place", "date", "byline")
_LABELS = {Kind.PERSON: "PER", Kind.ORGANISATION: "ORG", Kind.PLACE: "LOC"}


class Reading(NamedTuple):
    """A marked article and what the pipeline made of it, without being told anything but the text."""

    marked: MarkedArticle
    read: Article


class Judged(NamedTuple):
    """A marked name with an identity in an article, and whether the pipeline linked it rightly."""

    article: str
    link: Link
    right: bool


def read_own(enricher: Enricher, marked: Sequence[MarkedArticle]) -> list[Reading]:
    """Return what the pipeline reads in the project's own articles; it is not told their language."""
    bare = [an_article(id=one.id, headline=one.headline, body=one.body, language=None) for one in marked]
    return [Reading(*pair) for pair in zip(marked, enricher.enrich(bare), strict=True)]


def measure_corpus(enricher: Enricher, corpus: Corpus, texts: Sequence[MarkedText]) -> Figures:
    """Return the figures for names in a public corpus, whose language the pipeline is told."""
    articles = [
        an_article(id=str(number), headline="", body=text.text, language=corpus.language)
        for number, text in enumerate(texts)
    ]
    found = (names_in(article) for article in enricher.enrich(articles))
    return _names(corpus.name, zip(found, (text.names for text in texts), strict=True))


def measure_own(readings: Sequence[Reading], judged: Sequence[Judged]) -> Figures:
    """Return all figures for the project's own articles: each language, all, and of each the test part alone."""
    figures: Figures = {}
    for group, members in _groups(readings):
        ids = {reading.marked.id for reading in members}
        gold = ({(mark.start, mark.end, mark.label) for mark in one.marked.marks} for one in members)
        figures |= _names(group, zip((names_in(one.read) for one in members), gold, strict=True))
        figures |= _links(group, [one for one in judged if one.article in ids])
        figures |= _topics(group, members)
        figures |= _conventions(group, members)
    return figures


def judge_links(enricher: Enricher, readings: Sequence[Reading], catalogue: Collection[str]) -> list[Judged]:
    """Return every marked name that has an identity, with whether the pipeline gave it that one.

    `catalogue` has the ids of all entities, countries and cities that are known.
    """
    identities = Identities(enricher, catalogue)
    pairs = [
        (reading.marked.id, identities.link(mark, reading.read))
        for reading in readings
        for mark in reading.marked.marks
        if mark.entity
    ]
    judged = count_links([link for _, link in pairs], catalogue)
    return [Judged(article, link, right) for (article, _), (link, right) in zip(pairs, judged, strict=True)]


def names_in(article: Article) -> set[Span]:
    """Return the people, organisations and places that were found; products and events are not scored."""
    return {
        (mention.start, mention.end, _LABELS[mention.kind]) for mention in article.mentions if mention.kind in _LABELS
    }


def conventions(article: Article | MarkedArticle) -> tuple[str | None, ...]:
    """Return what an article says of itself, or ought to, in the order of `CONVENTIONS`."""
    if isinstance(article, MarkedArticle):
        return article.language, article.agency, article.place, article.date, article.byline
    place, date = (article.dateline.place, article.dateline.date) if article.dateline else (None, None)
    return article.language, article.agency, place, date, article.byline


def _groups(readings: Sequence[Reading]) -> Iterator[tuple[str, list[Reading]]]:
    for language in (*dict.fromkeys(reading.marked.language for reading in readings), "all"):
        members = [reading for reading in readings if language in {"all", reading.marked.language}]
        yield language, members
        yield f"{language}, test", [reading for reading in members if reading.marked.split == "test"]


def _names(group: str, pairs: Iterable[tuple[Iterable[Span], Iterable[Span]]]) -> Figures:
    figures: Figures = {}
    for label, counts in compare_names((set(found), set(gold)) for found, gold in pairs).items():
        name = "names" if label == "all" else label
        figures |= _shares(f"{group}: {name}", counts) | {f"{group}: {name} F": counts.f}
        figures[f"{group}: {name} number"] = counts.gold
    return figures


def _shares(name: str, counts: Counts) -> Figures:
    return {f"{name} precision": counts.precision, f"{name} recall": counts.recall}


def _topics(group: str, members: Iterable[Reading]) -> Figures:
    counts = (compare(one.read.topics, one.marked.topics, one.marked.may) for one in members)
    total = sum(counts, Counts())
    return _shares(f"{group}: topics", total) | {f"{group}: topics number": total.gold}


def _conventions(group: str, members: Sequence[Reading]) -> Figures:
    pairs = [(conventions(one.read), conventions(one.marked)) for one in members]
    right = [[found[place] == marked[place] for found, marked in pairs] for place in range(len(CONVENTIONS))]
    return {f"{group}: {name}": sum(every) / len(every) for name, every in zip(CONVENTIONS, right, strict=True)}


def _links(group: str, judged: Sequence[Judged]) -> Figures:
    seen = [one.right for one in judged if one.link.seen]
    return {
        f"{group}: linking accuracy": sum(seen) / len(seen) if seen else 1.0,
        f"{group}: linking recall": sum(one.right for one in judged) / len(judged) if judged else 1.0,
        f"{group}: linking number": len(judged),
    }


class Identities:
    """The ids by which the catalogue knows what articles are marked with."""

    def __init__(self, enricher: Enricher, catalogue: Collection[str]) -> None:
        self._enricher = enricher
        self._known = catalogue
        self._cities: dict[tuple[str, str], str] = {}
        for name in gazetteer.cities():  # the biggest first
            for text in (name.known.name, name.text):
                self._cities.setdefault((fold(text), str(name.known.country)), str(name.known.id))

    def catalogue_id(self, marked: str) -> str | None:
        """Return the catalogue's id for one that an article is marked with, or None."""
        identifier = marked
        if marked.startswith("city:"):
            city, _, country = marked.removeprefix("city:").rpartition("/")
            identifier = self._cities.get((fold(city), country), "")
        if identifier.startswith(("city-", "country-")):  # the user's own entity may stand for it
            return self._enricher.resolve(identifier) if identifier in self._known else None
        return identifier if identifier in self._known else None

    def link(self, mark: Mark, article: Article) -> Link:
        """Return what was found exactly where `mark` is."""
        there = [one for one in article.mentions if (one.start, one.end) == (mark.start, mark.end)]
        known = self.catalogue_id(str(mark.entity))
        found = next((one.entity_id for one in there if one.entity_id), None)
        return Link(known or str(mark.entity), known is not None, bool(there), found)
