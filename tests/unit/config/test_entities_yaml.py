"""What does the shipped catalogue of entities promise?"""

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.article import Kind
from pipeline.config.models import Alias, Entity

CATALOGUE = Path(__file__).parents[3] / "config" / "entities.yaml"


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Entity]:
    return {entry["id"]: Entity.model_validate(entry) for entry in entries()}


def entries() -> list[dict[str, Any]]:
    document = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    assert list(document) == ["entities"]
    return list(document["entities"])


def names(entity: Entity) -> list[Alias]:
    canonical = Alias(name=entity.name, context=entity.context, case=entity.case)
    return [canonical, *(Alias(name=alias) if isinstance(alias, str) else alias for alias in entity.aliases)]


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_every_entry_is_an_entity_and_ids_are_unique() -> None:
    entities = [Entity.model_validate(entry) for entry in entries()]

    assert repeated([entity.id for entity in entities]) == []


def test_the_catalogue_covers_people_organisations_products_places_and_events(catalogue: dict[str, Entity]) -> None:
    kinds = Counter(entity.kind for entity in catalogue.values())

    assert len(catalogue) >= 330
    assert kinds[Kind.PERSON] >= 130
    assert kinds[Kind.ORGANISATION] >= 120
    assert kinds[Kind.PRODUCT] >= 40
    assert kinds[Kind.PLACE] >= 40
    assert kinds[Kind.EVENT] >= 8


def test_ids_are_plain_slugs_that_say_nothing_about_the_kind(catalogue: dict[str, Entity]) -> None:
    kinds = tuple(f"{kind.value}-" for kind in Kind)

    assert [name for name in catalogue if not name.isascii() or name.startswith(kinds)] == []


def test_no_plain_name_belongs_to_two_entities(catalogue: dict[str, Entity]) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entity in catalogue.values():
        for alias in names(entity):
            if not alias.context:
                owners[folded(alias.name)].add(entity.id)

    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_a_name_of_two_entities_has_a_different_context_for_each(catalogue: dict[str, Entity]) -> None:
    owners: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for entity in catalogue.values():
        for alias in names(entity):
            owners[folded(alias.name)][entity.id] = alias.context

    shared = {name: contexts for name, contexts in owners.items() if len(contexts) > 1}
    assert [name for name, contexts in shared.items() if len(set(contexts.values())) < len(contexts)] == []


def test_no_entity_lists_a_plain_name_twice(catalogue: dict[str, Entity]) -> None:
    twice = {
        entity.id: repeated([folded(alias.name) for alias in names(entity) if not alias.case and not alias.context])
        for entity in catalogue.values()
    }

    assert {name: doubles for name, doubles in twice.items() if doubles} == {}


@pytest.mark.parametrize("field", ["wikidata", "name"])
def test_no_two_entities_share(catalogue: dict[str, Entity], field: str) -> None:
    values = [str(value) for entity in catalogue.values() if (value := getattr(entity, field))]

    assert repeated(values) == []


def test_a_ticker_means_one_company(catalogue: dict[str, Entity]) -> None:
    tickers = [ticker for entity in catalogue.values() for ticker in entity.tickers]

    assert repeated(tickers) == []
    assert {"NASDAQ:TSLA", "XETRA:RHM", "NYSE:LMT", "TWSE:2330", "EPA:AIR"} <= set(tickers)
    assert all(entity.kind is Kind.ORGANISATION for entity in catalogue.values() if entity.tickers)


def test_names_are_clean_and_at_least_two_letters_long_unless_guarded(catalogue: dict[str, Entity]) -> None:
    every = [alias for entity in catalogue.values() for alias in names(entity)]

    assert [alias.name for alias in every if alias.name != unicodedata.normalize("NFC", alias.name.strip())] == []
    assert [alias.name for alias in every if len(alias.name) < 2 and not (alias.context and alias.case)] == []


def test_short_abbreviations_never_match_as_words(catalogue: dict[str, Entity]) -> None:
    short = [alias for entity in catalogue.values() for alias in names(entity) if len(alias.name) <= 3]
    latin_or_cyrillic = [alias for alias in short if alias.name.isupper()]

    assert [
        alias.name for alias in latin_or_cyrillic if not (alias.case or alias.context) and alias.name.isalpha()
    ] == []


SPELLINGS = {
    "vladimir-putin": {
        "Vladimir Putin",
        "Wladimir Putin",
        "Vladimir Poutine",
        "Владимир Путин",
        "Володимир Путін",
        "普京",
    },
    "volodymyr-zelenskyy": {"Wolodymyr Selenskyj", "Volodymyr Zelensky", "Володимир Зеленський", "泽连斯基"},
    "elon-musk": {"Elon Musk", "Илон Маск", "马斯克"},
    "donald-trump": {"Donald Trump", "Дональд Трамп", "特朗普"},
    "nato": {"Nato", "OTAN", "НАТО", "北约"},
    "us-department-of-defense": {"Pentagon", "US-Verteidigungsministerium", "Пентагон"},
    "taiwan-strait": {"Taiwanstraße", "Straße von Taiwan", "Тайваньский пролив", "台湾海峡"},
    "crimea": {"Krim", "Крим", "Крым"},
}


@pytest.mark.parametrize(("entity_id", "spellings"), SPELLINGS.items())
def test_an_entity_is_known_in_many_scripts(catalogue: dict[str, Entity], entity_id: str, spellings: set[str]) -> None:
    known = {folded(alias.name) for alias in names(catalogue[entity_id])}

    assert {folded(spelling) for spelling in spellings} <= known


NEEDS_CONTEXT = ("X", "Meta", "Orange", "Austin", "Merz", "Xi", "Target", "Gap", "Visa", "Shell", "Continental", "Alphabet",
                 "Leonardo", "Patriot", "Taurus", "Gemini", "Claude", "Galileo", "Kuiper", "Signal", "Bayer", "Merck",
                 "Volt", "Cook", "Klein", "Fed", "IS", "Safran", "Threads")  # fmt: skip
NEEDS_CASE = ("Apple", "Intel", "Oracle", "Uber", "WHO", "UN", "EU", "Trump", "Musk", "Amazon", "Telegram", "Starship")


@pytest.mark.parametrize("name", NEEDS_CONTEXT)
def test_a_name_that_is_also_a_word_or_another_name_counts_only_in_context(
    catalogue: dict[str, Entity], name: str
) -> None:
    found = [alias for entity in catalogue.values() for alias in names(entity) if folded(alias.name) == folded(name)]

    assert found
    assert all(alias.context and alias.case for alias in found)


@pytest.mark.parametrize("name", NEEDS_CASE)
def test_a_name_that_looks_like_a_word_counts_only_in_its_letter_case(catalogue: dict[str, Entity], name: str) -> None:
    found = [alias for entity in catalogue.values() for alias in names(entity) if folded(alias.name) == folded(name)]

    assert found
    assert all(alias.case for alias in found)


def test_a_place_with_a_point_lies_on_earth(catalogue: dict[str, Entity]) -> None:
    points = [entity.location for entity in catalogue.values() if entity.location]

    assert len(points) >= 40
    assert all(-90 <= point.lat <= 90 and -180 <= point.lon <= 180 for point in points)


def test_countries_are_iso_codes(catalogue: dict[str, Entity]) -> None:
    countries = {entity.country for entity in catalogue.values() if entity.country is not None}

    assert [code for code in countries if len(code) != 2 or not code.isupper()] == []
