"""In which forms does a name stand in a text? The nominative finds the cases, and no other words."""

import pytest

from pipeline.enrich.folding import fold
from pipeline.enrich.inflection import forms

LANGUAGES = ("de", "en", "fr", "pl", "cs", "ru", "uk")


def covers(name: str, text: str, language: str, *, whole: bool = False) -> bool:
    folded = fold(text)
    return any(
        folded.startswith(form.stem) and folded[len(form.stem) :] in form.allowed(language)
        for form in forms(name, whole=whole, languages=LANGUAGES)
    )


@pytest.mark.parametrize(
    ("name", "text", "language", "whole"),
    [
        ("Elon Musk", "Elon Musks", "de", True),
        ("Russland", "Russlands", "de", False),
        ("Deutscher Bundestag", "Deutschen Bundestages", "de", False),
        ("Deutscher Bundestag", "Deutsche Bundestag", "de", False),
        ("Europäische Union", "Europäischer Union", "de", False),
        ("Schwarzes Meer", "Schwarzen Meeres", "de", False),
        ("Taras Żowtenko", "Tarasa Żowtenki", "pl", True),
        ("Путин", "Путина", "ru", True),
        ("Путин", "Путину", "ru", True),
        ("Путин", "Путиным", "ru", True),
        ("Владимир Путин", "Владимиру Путину", "ru", True),
        ("Россия", "России", "ru", False),
        ("Красная площадь", "Красной площади", "ru", False),
        ("Лавров", "Лаврова", "ru", True),
        ("Лавров", "Лавровым", "ru", True),
        ("Зеленський", "Зеленському", "uk", True),
        ("Україна", "Україні", "uk", False),
        ("Київ", "Києві", "uk", False),
        ("Львів", "Львова", "uk", False),
        ("Kijów", "Kijowie", "pl", False),
        ("Warszawa", "Warszawie", "pl", False),
        ("Polska", "Polsce", "pl", False),
        ("Ukraina", "Ukrainę", "pl", False),
        ("Niemcy", "Niemczech", "pl", False),
        ("Donald Tusk", "Donaldem Tuskiem", "pl", True),
        ("Morze Czarne", "Morza Czarnego", "pl", False),
        ("Praha", "Praze", "cs", False),
        ("Ameryka", "Ameryce", "pl", False),
        ("Praga", "Pradze", "pl", False),
        ("Weißes Haus", "Weißen Hauses", "de", False),
    ],
)
def test_a_name_is_known_in_its_cases(name: str, text: str, language: str, whole: bool) -> None:  # noqa: FBT001 - a row of the table
    assert covers(name, text, language, whole=whole)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("Musk", "Muskel", "de"),
        ("Musk", "Musketier", "de"),
        ("Russland", "Russlands", "fr"),
        ("Putin", "Putina", "de"),
        ("Kijów", "Kije", "pl"),
        ("Київ", "Кит", "uk"),
        ("Ukraina", "Ukraine", "de"),
        ("Paris", "Pariss", "de"),
    ],
)
def test_other_words_and_other_languages_are_no_case_of_it(name: str, text: str, language: str) -> None:
    assert not covers(name, text, language)


def test_in_a_persons_name_all_words_stand_in_the_same_case() -> None:
    assert not covers("Владимир Путин", "Владимиром Путину", "ru", whole=True)


def test_an_abbreviation_takes_no_endings() -> None:
    assert not covers("UN", "UNs", "de")
    assert not covers("НАТО", "НАТОй", "ru")


def test_what_must_not_be_inflected_is_left_alone() -> None:
    (form,) = forms("Grüne", inflect=False, languages=LANGUAGES)

    assert form.stem == "grüne"
    assert form.allowed("de") == {""}


def test_polish_and_czech_leave_names_in_other_languages_as_they_are() -> None:
    assert len(forms("Institute for the Study of War", languages=LANGUAGES)) == 1
    assert covers("Polska Agencja Prasowa", "Polskiej Agencji Prasowej", "pl")


def test_chinese_takes_no_endings() -> None:
    (form,) = forms("普京", languages=LANGUAGES)

    assert form.allowed("zh") == {""}


def test_the_first_form_covers_the_name_as_it_is_written() -> None:
    for name in ("Elon Musk", "Россия", "Kijów", "台湾", "Organisation für Sicherheit und Zusammenarbeit in Europa"):
        first = forms(name, languages=LANGUAGES)[0]

        assert fold(name).startswith(first.stem)
