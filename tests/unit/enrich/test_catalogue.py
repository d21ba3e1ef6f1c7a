"""Where do names stand in a text? Letter case, endings, languages and boundaries decide; overlaps are all given."""

import pytest

from pipeline.article import Kind
from pipeline.config.models import Entity
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import read
from tests.unit.enrich.conftest import Names


def test_a_name_is_found_in_any_letter_case_but_a_small_first_letter(found: Names) -> None:
    assert ("STARLINK", "starlink") in found("STARLINK wächst")
    assert ("Starlink", "starlink") in found("Starlink wächst")
    assert not found("starlink wächst")


def test_a_name_must_be_a_word_of_its_own(found: Names) -> None:
    assert not [one for one in found("Computins Firma", "de") if one[1] == "vladimir-putin"]
    assert ("Putin", "vladimir-putin") in found("Anti-Putin-Protest", "de")


def test_endings_belong_to_the_name(found: Names) -> None:
    assert ("Putins", "vladimir-putin") in found("Putins Reise", "de")
    assert ("Путиным", "vladimir-putin") in found("встреча с Путиным", "ru")
    assert ("Deutschen Bundestages", "bundestag") in found("Sitzung des Deutschen Bundestages", "de")


def test_endings_of_another_language_make_another_word(found: Names) -> None:
    assert not found("Putins Reise", "fr")


def test_chinese_names_stand_without_spaces(found: Names) -> None:
    assert ("星链", "starlink") in found("公司将为星链新建八座地面站", "zh")


def test_overlapping_names_are_all_given(found: Names) -> None:
    names = found("台湾海峡恢复通航", "zh")

    assert ("台湾海峡", "taiwan-strait") in names
    assert ("台湾", "country-TW") in names


def test_exact_letter_case_keeps_a_word_out(found: Names) -> None:
    assert ("UN", "un") in found("Die UN tagt", "de")
    assert not found("un accord", "fr")
    assert not [one for one in found("apple und mehr", "de") if one[1] == "apple"]


def test_an_alias_of_one_language_is_nothing_in_another(found: Names) -> None:
    assert ("Grüne", "greens") in found("Grüne stimmen zu", "de")
    assert not found("Grüne stimmen zu", "en")


def test_an_alias_without_endings_takes_none(found: Names) -> None:
    assert not [one for one in found("Grünes Licht", "de") if one[1] == "greens"]


def test_names_of_countries_depend_on_the_language(found: Names) -> None:
    assert ("Niemczech", "country-DE") in found("w Niemczech", "pl")
    assert ("Polsce", "country-PL") in found("w Polsce", "pl")


def test_a_place_of_the_users_takes_over_the_city_it_is(catalogue: Catalogue, found: Names) -> None:
    assert ("Kiew", "kyiv") in found("Kiew", "de")
    kyiv = catalogue.get("city-703448")
    assert kyiv is not None
    assert (kyiv.id, kyiv.configured, kyiv.location is not None) == ("kyiv", True, True)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("Путин", "vladimir-putin"), ("Germany", "country-DE"), ("Украина", "country-UA"), ("Birmingham", "city-2655603")],
)
def test_a_name_alone_means_the_users_own_then_a_country_then_the_biggest_city(
    catalogue: Catalogue, name: str, identifier: str
) -> None:
    known = catalogue.named(name)

    assert known is not None
    assert known.id == identifier


def test_an_unknown_name_means_nothing(catalogue: Catalogue) -> None:
    assert catalogue.named("Grafenau an der Wörnitz") is None
    assert catalogue.named("") is None
    assert catalogue.named("New York Times") is None


def test_the_same_text_is_found_alike_whatever_stands_in_the_catalogue_besides() -> None:
    entity = Entity(id="nordlicht", name="Nordlicht Satelliten", kind=Kind.ORGANISATION)
    small = Catalogue([entity], ["de"])

    (match,) = small.find(read("Die Nordlicht Satelliten wachsen"), "de")

    assert (match.start, match.end, match.known.id) == (4, 24, "nordlicht")


def test_tickers_lead_to_their_companies(catalogue: Catalogue) -> None:
    assert {symbol: known.id for symbol, known in catalogue.tickers.items()} == {
        "NASDAQ:TSLA": "tesla",
        "XETRA:TL0": "tesla",
    }
