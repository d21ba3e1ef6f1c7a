"""Articles in, articles out: what the pipeline found becomes fields of the article document."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.article import Article, Kind, Mention, TopicEvidence, WireConventions, unique
from pipeline.config.models import Entity, Topic
from pipeline.enrich import gazetteer
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.findings import Findings, document, findings

if TYPE_CHECKING:
    from spacy.language import Language

_LISTS = ("people", "organisations", "places", "products", "tickers", "entity_ids", "locations")
_TEXTS_A_ZONE = 1_000


class Enricher:
    """The language pipeline. `nlp` is an ordinary spaCy pipeline, to which components of your own can be added."""

    def __init__(self, nlp: Language, catalogue: Catalogue) -> None:
        self.nlp = nlp
        self._catalogue = catalogue
        self._zone = ExitStack()
        self._texts = 0

    def enrich(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles with what their texts give; what the format gave before stays."""
        with self._words_kept_for(len(articles)):
            docs = self.nlp.pipe(document(self.nlp, article) for article in articles)
            return [_enriched(article, findings(doc)) for article, doc in zip(articles, docs, strict=True)]

    @contextmanager
    def _words_kept_for(self, texts: int) -> Iterator[None]:
        """Let spaCy keep the words of some texts, which the next ones mostly have too, and then forget them, not keep them for ever."""
        if not self._texts:
            self._zone.enter_context(self.nlp.memory_zone())
        self._texts += texts
        try:
            yield
        finally:
            if self._texts >= _TEXTS_A_ZONE:
                self._texts = 0
                self._zone.close()

    def inherit(self, copy: Article, original: Article) -> Article:
        """Return an enriched copy together with what its original has; mentions and all other offsets stay the copy's own."""
        inherited = {topic: why.changed(spans=()) for topic, why in original.topic_evidence.items()}
        evidence = inherited | dict(copy.topic_evidence)
        joined: dict[str, object] = {
            name: tuple(dict.fromkeys((*getattr(copy, name), *getattr(original, name)))) for name in _LISTS
        }
        return copy.model_copy(
            update=joined
            | {
                "topics": tuple(evidence),
                "topic_evidence": evidence,
                "agency": copy.agency or original.agency,
                "language": copy.language or original.language,
            }
        )

    def resolve(self, name: str) -> str | None:
        """Return the id that a name, an alias or an id stands for, or None; of several the user's own, then a country."""
        known = self._catalogue.get(name) or self._catalogue.named(name)
        return known.id if known else None


def build(  # noqa: PLR0913 - what a pipeline is made of, by keyword
    *,
    entities: Sequence[Entity],
    topics: Sequence[Topic],
    languages: Sequence[str],
    conventions: Callable[[str], WireConventions],
    models: Mapping[str, str] = MappingProxyType({}),
    threads: int = 0,
) -> Enricher:
    """Return an enricher.

    `conventions` reads agency, dateline and byline from the body of a text. `models` are spaCy packages that find names,
    by language or `*`; `threads` is how many cores they may use, 0: all. Raises `ConfigError` for one that is not installed.
    """
    from pipeline.enrich.models import NameModels
    from pipeline.enrich.pipeline import make_pipeline  # spaCy takes a second, and only an enricher needs it

    with _for_good():
        catalogue = Catalogue(entities, languages)
    found_by = NameModels(models, threads=threads)
    return Enricher(make_pipeline(catalogue, topics, languages, conventions, found_by), catalogue)


def place_names() -> dict[str, tuple[str, ...]]:
    """Return the ids of countries with their English names, for configuration that names them."""
    return {str(name.known.id): (name.known.name,) for name in gazetteer.countries(("en",))}


def entity_names(entities: Sequence[Entity]) -> Mapping[str, str]:
    """Return the canonical name of every entity, country and city by its id; needs no enricher, which takes seconds to build."""
    return dict(gazetteer.names()) | {entity.id: entity.name for entity in entities}


@contextmanager
def _for_good() -> Iterator[None]:
    """Keep the garbage collector away: a catalogue is half a million objects that all stay, and it would look at each again and again."""
    running = gc.isenabled()
    if gc.get_freeze_count():  # an earlier catalogue, which may be garbage by now
        gc.unfreeze()
        gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if running:
            gc.enable()


def _enriched(article: Article, found: Findings) -> Article:
    known = tuple(dict.fromkeys([match.known for match in found.linked if match.known.id] + list(found.filed_from)))
    by_kind = {kind: unique([one.name for one in known if one.kind is kind]) for kind in Kind}
    points = [one.location for one in known if one.kind is Kind.PLACE and one.location]
    return article.model_copy(
        update={
            "language": found.language or article.language,
            "agency": article.agency or found.conventions.agency,
            "dateline": article.dateline or found.conventions.dateline,
            "byline": article.byline or found.conventions.byline,
            "mentions": tuple(_mentions(found)),
            "people": by_kind[Kind.PERSON],
            "organisations": by_kind[Kind.ORGANISATION],
            "places": by_kind[Kind.PLACE],
            "products": by_kind[Kind.PRODUCT],
            "tickers": found.tickers,
            "entity_ids": unique([str(one.id) for one in known]),
            "locations": tuple(dict.fromkeys(points)),
            "topics": tuple(found.topics),
            "topic_evidence": dict[str, TopicEvidence](found.topics),
        }
    )


def _mentions(found: Findings) -> Iterator[Mention]:
    for match in found.linked:
        start, end = found.folded.original(match.start, match.end)
        yield Mention.model_construct(
            text=found.text[start:end],
            start=start,
            end=end,
            kind=match.known.kind,
            entity_id=match.known.id,
            name=match.known.name,
        )
