"""Where do sentences begin and end?"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert import sentences


def split(text: str, language: str | None = None) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Am 3. November kam z. B. Dr. Meyer nach Berlin.", "Er blieb bis zum 5. Dezember."]),
        ("de", ["Das kostet 5 Mio. Euro.", "Im Jahr 2024 waren es 3,5 Mrd. Euro.", "Mehr nicht!"]),
        ("de", ["Es stieg um 25.", "Die Zahl gilt seit 2024.", "Berlin zählte mit usw.", "Bonn auch."]),
        ("de", ["„Das ist gut.“", "Dann ging er.", "„Wirklich?“ fragte sie."]),
        ("de", ["Die 2. Liga spielt u. a. in Kiel.", "Der Zug kam um 12.30 Uhr.", "Er war leer."]),
        ("en", ["The U.S. Army met J. Smith on Nov. 3 at 5 p.m. in Austin.", "It left."]),
        ("en", ["He left the U.S.", "The rest stayed.", "“No.”", "Then it fell to 25.", "Shares rose 3.5 percent."]),
        ("en", ["Acme Inc. Chair Ms. An spoke.", "Was it late?", "Yes!", "It was…", "Nobody minded."]),
        ("ru", ["В 2025 г. компания выросла.", "Это сказал А. Б. Иванов.", "Цена — 5 млн руб.", "Далее."]),
        ("uk", ["Про це повідомив проф. Коваль.", "Станцію збудують на вул. Шевченка.", "Коли?", "Навесні."]),
        ("pl", ["Spotkanie było 3. listopada.", "Prof. Nowak przyjechał do Krakowa.", "Powiedział „tak”.", "Koniec."]),
        ("fr", ["M. Dupont est arrivé.", "Il a dit : « Bonjour. »", "Puis il est parti."]),
        ("ar", ["وصل الوفد.", "هل عاد؟", "نعم."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(language: str, expected: list[str]) -> None:
    assert split(" ".join(expected), language) == expected


def test_chinese_sentences_need_no_space_between_them() -> None:
    assert split("北京宣布新计划。台湾回应！他问:“真的吗？”没有人回答。", "zh") == [
        "北京宣布新计划。",
        "台湾回应！",
        "他问:“真的吗？”",
        "没有人回答。",
    ]


def test_a_line_feed_always_ends_a_sentence() -> None:
    assert split("Die Lage\nAm Abend kam Regen\n\nEnde") == ["Die Lage", "Am Abend kam Regen", "Ende"]


def test_nothing_has_no_sentences() -> None:
    assert split("") == []
    assert split(" \n\t ") == []


@given(
    st.text(alphabet=st.one_of(st.sampled_from('.!?… \n"“”»。3aAzB'), st.characters())),
    st.sampled_from(["de", "en", None]),
)
def test_sentences_are_in_order_and_hold_every_word(text: str, language: str | None) -> None:
    found = sentences(text, language)

    assert all(one.end <= next_one.start for one, next_one in itertools.pairwise(found))
    assert "".join("".join(split(text, language)).split()) == "".join(text.split())


def test_a_long_text_takes_no_longer_a_character_than_a_short_one() -> None:
    hostile = ["." * 200_000, "a. " * 70_000, '" . ' * 50_000, "Dr. " * 50_000, "»" * 200_000, ". »" * 60_000]

    assert all(sentences(text, "de") for text in hostile)
