"""How do newsrooms of other languages write a Russian or Ukrainian name, and is it found there?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrich.transliteration import spellings
from tests.unit.enrich.conftest import Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Владимир Путин", {"de": "Wladimir Putin", "en": "Vladimir Putin", "fr": "Vladimir Poutine",
                            "nl": "Vladimir Poetin", "pl": "Władimir Putin"}),
        ("Олена Ткаченко", {"de": "Olena Tkatschenko", "en": "Olena Tkachenko", "fr": "Olena Tkatchenko",
                            "nl": "Olena Tkatsjenko", "pl": "Ołena Tkaczenko", "it": "Olena Tkachenko"}),
        ("Володимир Зеленський", {"de": "Wolodymyr Selenskyj", "en": "Volodymyr Zelensky", "fr": "Volodymyr Zelenski",
                                  "pl": "Wołodymyr Zełenski", "es": "Volodimir Zelenski"}),
        ("Никита Хрущев", {"de": "Nikita Chruschtschow", "en": "Nikita Khrushchev", "fr": "Nikita Khrouchtchev",
                           "nl": "Nikita Chroesjtsjov", "pl": "Nikita Chruszczow"}),
        ("Дмитрий Медведев", {"de": "Dmitri Medwedew", "en": "Dmitry Medvedev", "pl": "Dmitrij Miedwiediew"}),
        ("Сергей Шойгу", {"de": "Sergej Schojgu", "en": "Sergei Shoigu", "fr": "Sergueï Choïgou", "pl": "Siergiej Szojgu"}),
        ("Борис Ельцин", {"de": "Boris Jelzin", "en": "Boris Yeltsin", "fr": "Boris Eltsine", "nl": "Boris Jeltsin"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_language_writes_by_ear(name: str, expected: dict[str, str]) -> None:
    assert set(expected.items()) <= set(spellings(name))


@pytest.mark.parametrize("name", ["Путин", "Vladimir Putin", "Бранко Ђурић", "Владимир X", ""])
def test_a_surname_alone_and_letters_of_other_languages_are_left_alone(name: str) -> None:
    assert list(spellings(name)) == []


@given(st.text("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя", min_size=1), st.text("авекмнорстух", min_size=1))
def test_whatever_is_written_has_no_cyrillic_letter_left(given_name: str, surname: str) -> None:
    assert not [one for _, one in spellings(f"{given_name} {surname}") if any(letter >= "\u0400" for letter in one)]


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Taras Schowtenko kam, und Schowtenkos Rede war kurz.", "de"),
        ("Taras Zhovtenko came. Mr Zhovtenko spoke.", "en"),
        ("Taras Jovtenko est venu. Jovtenko a parlé.", "fr"),
        ("Przyjechał Taras Żowtenko. Mowa Żowtenki była krótka.", "pl"),
        ("Приїхав Тарас Жовтенко. Промова Жовтенка була коротка.", "uk"),
    ],
)
def test_a_name_that_the_catalogue_has_in_cyrillic_is_found(names: Names, body: str, language: str) -> None:
    assert [identifier for _, identifier in names(body, language)] == ["taras-zhovtenko"] * 2


def test_a_spelling_counts_in_its_language_only(names: Names) -> None:
    assert names("Taras Jovtenko came. Jovtenko spoke.", "en") == []
    assert names("Taras Zhovtenko came. Jovtenko spoke.", "en") == [("Taras Zhovtenko", "taras-zhovtenko")]


def test_languages_that_differ_in_the_given_name_alone_share_the_surname(names: Names) -> None:
    assert len(names("Sergei Vamov came. Vamov spoke.", "en")) == 2
    assert len(names("Sergueï Vamov est venu. Vamov a parlé.", "fr")) == 2


def test_a_name_that_cyrillic_itself_spells_by_ear_is_not_spelled_back(names: Names) -> None:
    assert names("Antuan Durel kam.", "de") == []
    assert names("Antoine Dourel kam.", "de") == [("Antoine Dourel", "antoine-dourel")]
