"""Which of the names found count, and what do they mean?"""

import pytest

from pipeline.article import Dateline
from pipeline.enrich import Enricher
from tests.factories import an_article
from tests.unit.enrich.conftest import Names


def test_of_overlapping_names_the_longest_counts(names: Names) -> None:
    assert names("台湾海峡恢复通航", "zh") == [("台湾海峡", "taiwan-strait")]


def test_a_decoy_keeps_a_place_out(names: Names) -> None:
    assert names("She writes for the New York Times.") == []
    assert names("Der Euro kostete 1,16 US-Dollar.", "de") == []


def test_context_must_stand_somewhere_in_the_article(names: Names) -> None:
    assert ("Orange", "orange") in names("L'opérateur Orange recrute.", "fr")
    assert ("Orange", "orange") in names("Die Aktie von Orange stieg.", "de", headline="Telekom im Plus")
    assert names("Die Tür ist Orange.", "de") == []


def test_where_a_forbidden_word_stands_the_alias_counts_nowhere(names: Names) -> None:
    assert names("Apple wächst.") == [("Apple", "apple")]
    assert names("Apple wächst, der Kuchen auch.", "de") == []


def test_a_surname_stands_for_a_person_named_in_full_before(names: Names) -> None:
    assert names("Berg lachte. Anna Berg kam spät. Bergs Rede war kurz, sagte Berg.", "de") == [
        ("Anna Berg", "anna-berg"),
        ("Bergs", "anna-berg"),
        ("Berg", "anna-berg"),
    ]
    assert names("Илон Маск приехал. По словам Маска, всё готово.", "ru") == [
        ("Илон Маск", "elon-musk"),
        ("Маска", "elon-musk"),
    ]


def test_a_surname_alone_stands_for_nobody(names: Names) -> None:
    assert names("Berg lachte.", "de") == []


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("The council in Austin met on Monday.", "en"),
        ("Cooks across Austin have raised their prices.", "en"),
        ("The plant lies east of Austin.", "en"),
        ("The mayor of Austin cut the ribbon.", "en"),
        ("A candidate spoke in South Austin.", "en"),
        ("They met in Austin Tuesday.", "en"),
        ("Austin, Texas, has a new bridge.", "en"),
        ("Das Treffen in Austin dauerte zwei Tage.", "de"),
        ("Встреча прошла в Остине.", "ru"),
    ],
)
def test_a_city_that_is_also_a_name_counts_where_a_place_is_meant(names: Names, body: str, language: str) -> None:
    assert [identifier for _, identifier in names(body, language)] == ["city-4671654"]


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Baker Austin Brandt won a prize.", "en"),
        ("It's all in the crimp, said Austin.", "en"),
        ("A present from Austin Brandt arrived.", "en"),
        ("They met at Reading Festival.", "en"),
        ("Wladimir Petrow baut Boote.", "de"),
        ("Die Favoriten siegten.", "de"),
        ("Im Essen steckt viel Arbeit.", "de"),
        ("Türen in Orange sind beliebt.", "de"),
        ("Рекорд належить третьокласниці Софії.", "uk"),
        ("Mieszkańcy Pragi skarżą się na hałas.", "pl"),
    ],
)
def test_a_name_or_word_that_a_city_also_has_is_no_place(names: Names, body: str, language: str) -> None:
    assert names(body, language) == []


def test_of_cities_of_one_name_the_biggest_counts(names: Names) -> None:
    assert names("She goes to the final in Birmingham.") == [("Birmingham", "city-2655603")]
    assert names("Zwischen Charkiw und Odessa fahren Züge.", "de")[-1] == ("Odessa", "city-698740")


def test_of_cities_of_one_name_the_state_behind_it_decides(names: Names) -> None:
    assert ("Birmingham", "city-4049979") in names("She goes to the final in Birmingham, Alabama.")


def test_of_cities_of_one_name_a_country_in_the_article_decides(names: Names) -> None:
    assert ("Valencia", "city-3625549") in names("The ferry from Valencia will cross Venezuela soon.")
    assert ("Valencia", "city-2509954") in names("The ferry from Valencia will cross Spain soon.")


def test_a_place_in_the_dateline_counts_without_more(names: Names) -> None:
    assert names("AUSTIN (dpa) - Der Rat tagt.", "de") == [("AUSTIN", "city-4671654")]


def test_a_name_does_not_reach_from_the_headline_into_the_body(names: Names) -> None:
    assert names("York wird gebaut.", "de", headline="Alles New") == []


@pytest.mark.parametrize(
    ("place", "ids"),
    [
        ("Austin", ("city-4671654",)),
        ("Austin, Texas", ("city-4671654",)),
        ("Berlin/Kiew", ("city-2950159", "kyiv")),
        ("Naha, Japan", ("city-1856035", "country-JP")),
        ("Nirgendwo", ()),
    ],
)
def test_the_places_of_a_dateline_that_stands_in_the_format_alone_count(
    enricher: Enricher, place: str, ids: tuple[str, ...]
) -> None:
    dateline = Dateline(text=f"{place.upper()} (dpa)", place=place)
    article = an_article(headline="Der Rat tagt", body="Der Rat hat am Montag getagt.", dateline=dateline)

    enriched = enricher.enrich([article])[0]

    assert enriched.entity_ids == ids
    assert len(enriched.places) == len(enriched.locations) == len(ids)
    assert enriched.mentions == ()
    assert enriched.dateline == dateline
