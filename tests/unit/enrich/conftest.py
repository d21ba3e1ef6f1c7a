"""A small catalogue of the user's own among all countries and cities, and readers over it."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.article import Kind
from pipeline.config.models import Alias, Entity, Topic
from pipeline.enrich import Enricher, build
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import read
from pipeline.read import read_conventions
from tests.factories import an_article

LANGUAGES = ("de", "en", "fr", "pl", "ru", "uk", "zh")
ENTITIES = (
    Entity(id="elon-musk", name="Elon Musk", kind=Kind.PERSON, aliases=("Илон Маск", "Ілон Маск", "马斯克")),
    Entity(id="vladimir-putin", name="Vladimir Putin", kind=Kind.PERSON, aliases=("Putin", "Владимир Путин", "Путин")),
    Entity(id="taras-zhovtenko", name="Тарас Жовтенко", kind=Kind.PERSON),
    Entity(id="sergei-vamov", name="Сергей Вамов", kind=Kind.PERSON),
    Entity(id="antoine-dourel", name="Antoine Dourel", kind=Kind.PERSON, country="FR", aliases=("Антуан Дурель",)),
    Entity(id="anna-berg", name="Anna Berg", kind=Kind.PERSON),
    Entity(id="bundestag", name="Bundestag", kind=Kind.ORGANISATION, aliases=("Deutscher Bundestag",)),
    Entity(id="tesla", name="Tesla", kind=Kind.ORGANISATION, tickers=("NASDAQ:TSLA", "XETRA:TL0")),
    Entity(id="orange", name="Orange", kind=Kind.ORGANISATION, case=True, context=("Telekom", "opérateur")),
    Entity(
        id="apple",
        name="Apple Inc.",
        kind=Kind.ORGANISATION,
        aliases=(Alias(name="Apple", case=True, without=("Kuchen", "pie")),),
    ),
    Entity(
        id="greens",
        name="Bündnis 90",
        kind=Kind.ORGANISATION,
        aliases=(Alias(name="Grüne", case=True, languages=("de",), inflect=False),),
    ),
    Entity(id="un", name="United Nations", kind=Kind.ORGANISATION, aliases=(Alias(name="UN", case=True),)),
    Entity(id="starlink", name="Starlink", kind=Kind.PRODUCT, aliases=("星链",)),
    Entity(id="taiwan-strait", name="Taiwan Strait", kind=Kind.PLACE, aliases=("台湾海峡",)),
    Entity(id="kyiv", name="Kyiv", kind=Kind.PLACE, country="UA"),
)
TOPICS = (Topic.model_validate({"id": "ukraine", "name": "Ukraine", "entities": {"country-UA": 1}}),)

Names = Callable[..., list[tuple[str, str | None]]]


@pytest.fixture(scope="session")
def enricher() -> Enricher:
    return build(entities=ENTITIES, topics=TOPICS, languages=LANGUAGES, conventions=read_conventions)


@pytest.fixture(scope="session")
def catalogue(enricher: Enricher) -> Catalogue:
    return enricher._catalogue


@pytest.fixture
def found(catalogue: Catalogue) -> Names:
    """What the catalogue finds in a text, overlapping or not: the words that stand there and the id."""

    def find(text: str, language: str | None = "en") -> list[tuple[str, str | None]]:
        folded = read(text)
        return [(folded.raw[one.start : one.end], one.known.id) for one in catalogue.find(folded, language)]

    return find


@pytest.fixture
def names(enricher: Enricher) -> Names:
    """The mentions that count in an article with this body: the words that stand there and the id."""

    def read_names(body: str, language: str | None = "en", **changes: Any) -> list[tuple[str, str | None]]:
        article = an_article(**{"headline": "", "body": body, "language": language} | changes)
        return [(mention.text, mention.entity_id) for mention in enricher.enrich([article])[0].mentions]

    return read_names
