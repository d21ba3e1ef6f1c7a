"""In which country is a city that has a state or a province behind it?"""

import pytest

from tests.unit.enrich.conftest import Names


@pytest.mark.parametrize(
    "body",
    [
        "He grew up in Paris, Texas.",
        "The fair in Paris (Texas) opens on Monday.",
        "PARIS, Texas (AP) - The fair opens on Monday.",
        "Rome, Georgia, has a new bridge.",
    ],
)
def test_a_namesake_in_a_state_is_not_the_city_abroad(names: Names, body: str) -> None:
    assert "city-2988507" not in dict(names(body)).values()
    assert "city-3169070" not in dict(names(body)).values()


@pytest.mark.parametrize(
    ("body", "identifier"),
    [
        ("They met in London, Ontario.", "city-6058560"),
        ("A laboratory in Cambridge, Massachusetts, closes.", "city-4931972"),
        ("Vancouver, British Columbia, is growing.", "city-6173331"),
        ("Tbilisi, Georgia, is growing.", "city-611717"),
    ],
)
def test_the_namesake_in_that_country_is_meant(names: Names, body: str, identifier: str) -> None:
    assert identifier in dict(names(body)).values()


@pytest.mark.parametrize(
    "body",
    [
        "Plants in Paris, Texas and Nevada are growing.",
        "Plants in Berlin, Paris, Texas.",
        "Envoys from Paris, Washington and Berlin met.",
        "They left Paris, Texans said.",
    ],
)
def test_a_list_of_places_puts_none_into_another(names: Names, body: str) -> None:
    assert "city-2988507" in dict(names(body)).values()


@pytest.mark.parametrize(
    "name", ["Frankfurt (Oder)", "Frankfurt/Oder", "Frankfurt an der Oder", "Frankfurt a. d. Oder"]
)
def test_the_smaller_frankfurt_is_known_by_its_river(names: Names, name: str) -> None:
    assert names(f"Der Rat von {name} tagt.", "de") == [(name, "city-2925535")]
