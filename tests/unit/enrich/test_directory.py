"""Is something found by whatever name somebody types?"""

import pytest

from pipeline.article import Kind
from pipeline.config import Alias, Entity
from pipeline.enrich.directory import directory, look_up, named, names, plain

WALESA = Entity(id="lech-walesa", name="Lech Wałęsa", kind=Kind.PERSON, aliases=("Лех Валенса",))
ORSTED = Entity(
    id="orsted", name="Ørsted", kind=Kind.ORGANISATION, aliases=("Örsted Energie",), tickers=("CPH:ORSTED",)
)
BERG = Entity(
    id="anna-berg", name="Anna Berg", kind=Kind.PERSON, aliases=(Alias(name="Berg", context=("Hafen",)), "安娜贝格")
)
KNOWN = (WALESA, ORSTED, BERG)


@pytest.mark.parametrize(
    "text", ["Wałęsa", "walesa", "WALESA", "lech walesa", "lech-walesa", "валенса", " Lech  Wałęsa "]
)
def test_letter_case_and_diacritics_do_not_matter(text: str) -> None:
    assert look_up(KNOWN, text) == [WALESA]


@pytest.mark.parametrize("text", ["orsted", "Örsted", "ørsted", "CPH:ORSTED", "cph:orsted"])
def test_a_ticker_and_letters_of_other_alphabets_are_found(text: str) -> None:
    assert look_up(KNOWN, text) == [ORSTED]


def test_a_name_without_spaces_is_found_from_its_middle() -> None:
    assert look_up(KNOWN, "贝格") == [BERG]


def test_the_middle_of_a_word_is_no_name() -> None:
    assert look_up(KNOWN, "erg") == []


@pytest.mark.parametrize("text", ["", " ", "\u0301", "\ud800", "nobody"])
def test_what_is_no_name_finds_nothing(text: str) -> None:
    assert look_up(KNOWN, text) == []
    assert named(KNOWN, text) == []


def test_the_nearest_come_first() -> None:
    bergen = Entity(id="bergen", name="Bergen", kind=Kind.PLACE)
    alias = Entity(id="b", name="Hill", kind=Kind.PLACE, aliases=("Berg",))
    berg = Entity(id="c", name="Berg", kind=Kind.PLACE)
    later = Entity(id="d", name="Roter Berg", kind=Kind.PLACE)

    assert look_up([later, bergen, alias, berg], "berg") == [berg, alias, bergen, later]


def test_a_canonical_name_is_meant_before_an_alias() -> None:
    hill = Entity(id="hill", name="Hill", kind=Kind.PLACE, aliases=("Anna Berg",))

    assert named([hill, BERG], "anna berg") == [BERG]


def test_an_id_is_meant_before_a_name() -> None:
    odd = Entity(id="odd", name="anna-berg", kind=Kind.PLACE)

    assert named([odd, BERG], "anna-berg") == [BERG]


def test_a_name_of_several_means_them_all() -> None:
    other = BERG.model_copy(update={"id": "anna-berg-2"})

    assert named([BERG, other], "Anna Berg") == [BERG, other]


def test_a_part_of_a_name_means_nobody() -> None:
    assert named(KNOWN, "Anna") == []


def test_countries_and_cities_are_in_the_directory_with_their_names_and_their_origin() -> None:
    known = {entity.id: entity for entity in directory(KNOWN, ("de", "uk"))}

    assert {"Deutschland", "Німеччина"} <= set(names(known["country-DE"]))
    assert "Київ" in names(known["city-703448"])
    assert "CLDR" in (known["country-DE"].source or "")
    assert "GeoNames" in (known["city-703448"].source or "")
    assert known["anna-berg"] == BERG


def test_the_terms_of_a_countrys_name_are_told() -> None:
    (georgia,) = named(directory((), ("en",)), "country-GE")

    assert any(isinstance(alias, Alias) and "Tbilisi" in alias.context for alias in georgia.aliases)


def test_text_is_compared_in_lower_case_without_diacritics() -> None:
    assert plain("  Bölükbaşı\n İzmir ") == "bolukbasi izmir"
