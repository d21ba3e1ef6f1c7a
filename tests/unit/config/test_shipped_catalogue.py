"""What does the shipped catalogue of entities promise?"""

import unicodedata
from collections import Counter, defaultdict

import pytest

from pipeline.article import Kind
from pipeline.config import Alias, Entity, shipped_entities
from tools.compile_catalogue import TARGET, compiled


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Entity]:
    return {entity.id: entity for entity in shipped_entities()}


def names(entity: Entity) -> list[Alias]:
    canonical = Alias(name=entity.name, context=entity.context, case=entity.case)
    return [canonical, *(Alias(name=alias) if isinstance(alias, str) else alias for alias in entity.aliases)]


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_ids_are_unique() -> None:
    assert repeated([entity.id for entity in shipped_entities()]) == []


def test_it_is_what_the_script_makes_of_its_sources() -> None:
    assert compiled() == TARGET.read_text("utf-8")


def test_every_entry_says_where_it_comes_from_and_as_of_when(catalogue: dict[str, Entity]) -> None:
    assert [entity.id for entity in catalogue.values() if "20" not in (entity.source or "")] == []


def test_the_catalogue_covers_people_organisations_products_places_and_events(catalogue: dict[str, Entity]) -> None:
    kinds = Counter(entity.kind for entity in catalogue.values())

    assert len(catalogue) >= 4000
    assert kinds[Kind.PERSON] >= 900
    assert kinds[Kind.ORGANISATION] >= 2000
    assert kinds[Kind.PRODUCT] >= 400
    assert kinds[Kind.PLACE] >= 400
    assert kinds[Kind.EVENT] >= 150


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


EVERYDAY = frozenset("""
    alles alle also am an ans auch auf aus band bank bald bei bild bis boden chef da das dem den der des die dort du ein eine
    er es ernst etwa fall fels fest frei front ganz geld gut hand haus heim heute hier hof ich ihr im in is ist ja jahr kern
    kind klein koch kraft krone lager land laut leben licht linde liste mal mann markt maus mehr meer mein meister mond mut
    nach nacht neu nicht noch nun nur ob ohne ort park plan post rat raum recht rot rund sache sage saison satz schild
    schluss schritt schwarz see sein seit sicher sie sieg sicht so sonne spiel spiegel staat stadt stark steil stern strom
    tag tal tat teil tor trend tropfen uhr um und verbund viel volk vor wagen wald was weg wehr weise welt wer wie wind wir
    wo wolf wort zeit ziel zu zug zweck bayern sachsen damen herren fisch falke feuer geist gericht hafen kanzler
    a about above act after again all amazon an and any apple are art as at atlas axis back base be bear bell best big bird
    black blue bolt boss box bridge bright brown but by call can canon carrier case caterpillar chain change chase circle
    citadel class clear close coach column compass core cross crown cruise current day deal delta discord do dove down dream
    drive drone eagle earth edge emirates end energy even ever exchange express face falcon fast figure fire first five flash
    focus for force forward fox free frontier gap general get global go gold good grab great green grid group guardian harm
    hawk head heart help high him his home hope house how i if image in intel is it jaguar java javelin just key kind king
    lake land last law light like line lion live local long look loop lynx make man march mars matter may me men mercury meta
    mirror moderna moon more most name nation need net neutron new next nice nike no north not note now of on one open oracle
    orange order orbit our out own pace palm paramount part past path patriot peak people phoenix place plan point pool port
    post power press prime public pulse quad range rational real red reach reason right ring rise rock root rush safe sail
    saturn save sea seat see shadow shell shift signal sky slack snap so sound source south space spark spear spike spirit
    spring star state steel step still stone storm strategy stripe strike sun swift switch target team the them they thing
    threads thunder tide time titan today top tower trade trident trust turn two uber union unity up us vale vanguard venture
    vision visa voice volt wave way we west what who wing with wolf word work workday world yes you young zone zoom
""".split())  # fmt: skip  # noqa: SIM905 - a table


def test_no_everyday_word_counts_without_terms(catalogue: dict[str, Entity]) -> None:
    bare = [
        (entity.id, alias.name)
        for entity in catalogue.values()
        for alias in names(entity)
        if not (alias.case or alias.context or alias.languages)
    ]

    assert [pair for pair in bare if pair[1].lower() in EVERYDAY] == []


def test_a_place_with_a_point_lies_on_earth(catalogue: dict[str, Entity]) -> None:
    points = [entity.location for entity in catalogue.values() if entity.location]

    assert len(points) >= 40
    assert all(-90 <= point.lat <= 90 and -180 <= point.lon <= 180 for point in points)


def test_countries_are_iso_codes(catalogue: dict[str, Entity]) -> None:
    countries = {entity.country for entity in catalogue.values() if entity.country is not None}

    assert [code for code in countries if len(code) != 2 or not code.isupper()] == []
