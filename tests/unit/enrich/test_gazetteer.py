"""Which countries and cities are known, and under which names?"""

from pipeline.article import Kind
from pipeline.enrich import gazetteer


def test_countries_carry_the_names_of_the_languages_asked_for() -> None:
    names = {name.text: name for name in gazetteer.countries(["de", "uk"])}

    assert names["Deutschland"].known.id == "country-DE"
    assert names["Україна"].known.id == "country-UA"
    assert names["Germany"].known.id == "country-DE"
    assert "Allemagne" not in names


def test_a_country_has_a_canonical_name_a_code_and_a_point() -> None:
    ukraine = next(name.known for name in gazetteer.countries([]) if name.known.id == "country-UA")

    assert (ukraine.name, ukraine.country, ukraine.kind, ukraine.is_country) == ("Ukraine", "UA", Kind.PLACE, True)
    assert ukraine.location is not None
    assert round(ukraine.location.lat) == 50


def test_cities_come_biggest_first_with_their_names_in_many_scripts() -> None:
    names = list(gazetteer.cities())
    populations = [name.known.population for name in names]
    kyiv = {name.text for name in names if name.known.id == "city-703448"}

    assert populations == sorted(populations, reverse=True)
    assert {"Kyiv", "Kiew", "Kijów", "Київ", "Киев", "基辅"} <= kyiv


def test_cities_have_their_names_of_ten_languages() -> None:
    ids = {name.text: name.known.id for name in gazetteer.cities()}

    for names in (
        ("Charkiw", "Járkov", "Kharkiv", "Charkov", "哈尔科夫"),
        ("Lwiw", "Leópolis", "Leopoli", "Lwów", "Львів"),
        ("Lüttich", "Liège", "Luik", "Lieja"),
        ("Brünn", "Brno"),
        ("Frankfurt", "Fráncfort", "Francoforte"),
        ("Peking", "Pechino", "Pequim", "Pekín", "北京"),
        ("Wien", "Viena", "Wenen", "Відень", "Відні"),
    ):
        assert len({ids.get(name) for name in names}) == 1, names
        assert None not in {ids.get(name) for name in names}


def test_cities_that_are_also_names_or_words_are_wary() -> None:
    wary = {name.text for name in gazetteer.cities() if name.terms.wary}
    sure = {(name.text, name.known.country) for name in gazetteer.cities() if not name.terms.wary}

    assert {"Austin", "Vladimir", "Софія", "Favoriten", "Essen", "Reading", "Orlando"} <= wary
    assert {("Berlin", "DE"), ("Kyiv", "UA"), ("Odessa", "UA"), ("Washington", "US"), ("Москва", "RU")} <= sure


def test_a_wary_city_names_its_state_where_it_has_one() -> None:
    austin = next(name for name in gazetteer.cities() if name.text == "Austin")

    assert {"Texas", "Техас"} <= austin.terms.context


def test_decoys_hold_the_names_of_places_and_mean_none() -> None:
    decoys = list(gazetteer.decoys())

    assert "New York Times" in decoys
    assert not any(decoy.startswith("#") for decoy in decoys)
