"""What of a text is compared, and do the stored numbers stay what they are?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup import BANDS, Fingerprint, fingerprints, words_of
from tests.factories import REPORT

TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(REPORT.split()), max_size=60).map(" ".join)
TRAINS = {
    "de": "Der Zug fährt ab 6:05 Uhr, die Straßenbahn um 7.",
    "uk": "Потяг вирушає о 6:05, трамвай — о сьомій.",
    "zh": "列车6点05分出发，电车7点。",
}


def fingerprint(text: str) -> Fingerprint:
    return fingerprints([text])[0]


def resemblance(left: str, right: str) -> float:
    one, other = set(fingerprint(left).shingles.tolist()), set(fingerprint(right).shingles.tolist())
    return len(one & other) / len(one | other)


def meet(left: str, right: str) -> bool:
    return not set(fingerprint(left).bands).isdisjoint(fingerprint(right).bands)


def test_the_numbers_are_those_that_stand_in_stores_already() -> None:
    made = fingerprint("Der Zug fährt am Montag um 6 Uhr 05 von Kiel nach Flensburg.")

    assert (made.words, made.exact) == (13, -1436311097713748235)
    assert made.bands[:3] == (8817431770338463735, -2926969966359023168, 750784890899140695)
    assert made.shingles[:2].tolist() == [661653980848356539, 5361176507886523032]
    assert made.figures.tolist() == [1910496707544119828, 1976604799779266607]


@given(TEXTS)
def test_what_is_packed_comes_back(text: str) -> None:
    made = fingerprint(text)

    back = Fingerprint.unpack(words=made.words, exact=made.exact, packed=made.pack(), bands=made.bands)

    assert (back.words, back.exact, back.bands) == (made.words, made.exact, made.bands)
    assert back.shingles.tolist() == made.shingles.tolist()
    assert back.figures.tolist() == made.figures.tolist()


@given(st.lists(TEXTS, max_size=5))
def test_a_text_has_the_same_fingerprint_alone_and_among_others(texts: list[str]) -> None:
    together = fingerprints(texts)

    alone = [fingerprint(text) for text in texts]

    assert [(one.exact, one.bands, one.pack()) for one in together] == [
        (one.exact, one.bands, one.pack()) for one in alone
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TRAINS["de"], ["der", "zug", "fährt", "ab", "6", "05", "uhr", "die", "strassenbahn", "um", "7"]),
        (TRAINS["uk"], ["потяг", "вирушає", "о", "6", "05", "трамвай", "о", "сьомій"]),
        (TRAINS["zh"], ["列", "车", "6", "点", "05", "分", "出", "发", "电", "车", "7", "点"]),
        ("Starlink星链 ひらがなカタカナ", ["starlink", "星", "链", *"ひらがなカタカナ"]),
        ("Boden\u00adstation, Kern\u200bkraft\ufeff", ["bodenstation", "kernkraft"]),
        ("１２ Ｇrad", ["12", "grad"]),
        ("…, — ☂ _ !", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_are_found_in_every_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(("text", "count"), [(TRAINS["de"], 3), (TRAINS["uk"], 2), (TRAINS["zh"], 3)])
def test_figures_are_found_in_every_script(text: str, count: int) -> None:
    assert len(fingerprint(text).figures) == count


def test_a_figure_counts_in_its_place() -> None:
    one, same, other, elsewhere = (
        fingerprint(text) for text in ("heute 9 Grad", "… heute: 9 GRAD!", "heute 11 Grad", "gestern 9 Grad")
    )

    assert one.figures_in_place == same.figures_in_place
    assert one.figures_in_place.isdisjoint(other.figures_in_place | elsewhere.figures_in_place)
    assert one.places == other.places
    assert one.places.isdisjoint(elsewhere.places)


def test_figures_side_by_side_have_as_many_places_whatever_they_are() -> None:
    one, other, fewer = (fingerprint(f"Zahlen: {row}.") for row in ("3, 8, 17, 21", "4, 9, 30, 44", "4, 9, 30"))

    assert one.places == other.places
    assert len(one.places & fewer.places) == 3


@pytest.mark.parametrize(
    "changed",
    [REPORT.upper(), REPORT.replace(". ", ".\n\n"), REPORT.replace(",", " –"), f"„{REPORT}“", REPORT.replace(" ", "\u00a0")],
)  # fmt: skip
def test_the_same_words_are_exactly_the_same_whatever_stands_between(changed: str) -> None:
    assert fingerprint(changed).exact == fingerprint(REPORT).exact
    assert fingerprint(changed).bands == fingerprint(REPORT).bands


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_other_words_or_another_order_are_not_the_same(left: list[str], right: list[str]) -> None:
    assert (fingerprint(" ".join(left)).exact == fingerprint(" ".join(right)).exact) == (left == right)


@pytest.mark.parametrize(("text", "words"), [("", 0), ("  ", 0), ("Eil!", 1), ("Zwei Wörter", 2)])
def test_a_text_under_three_words_meets_nobody_in_a_band(text: str, words: int) -> None:
    made = fingerprint(text)

    assert (made.words, made.bands, len(made.shingles)) == (words, (), 0)


def test_a_text_of_three_words_has_all_bands() -> None:
    assert len(fingerprint("Der Zug fährt").bands) == BANDS


def test_no_texts_have_no_fingerprints() -> None:
    assert fingerprints([]) == []


def test_numbers_fit_into_a_signed_column_of_64_bits() -> None:
    made = [fingerprint(f"Zug {number} fährt am Montag") for number in range(50)]

    numbers = [number for one in made for number in (one.exact, *one.bands)]

    assert min(numbers) < 0 < max(numbers)
    assert all(-(2**63) <= number < 2**63 for number in numbers)


def test_edited_copies_meet_and_other_reports_do_not() -> None:
    sentences = REPORT.split(". ")
    edited = ". ".join(["Nordlicht baut aus", *sentences[1:], "Mehr in Kürze"])
    other = "Am Hafen von Odense begann am Morgen der Verkauf der Karten für die Regatta im nächsten Sommer."

    assert 0.3 < resemblance(REPORT, edited) < 1
    assert meet(REPORT, edited)
    assert not meet(REPORT, other)
