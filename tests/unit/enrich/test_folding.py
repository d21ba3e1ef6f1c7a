"""What does folding change in a text, and does every offset lead back?"""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrich.folding import begins_word, fold, read, tail

TEXTS = st.text() | st.text(alphabet="aÄßİŁёЁй台灣한'’\u00ad\u200b\ufeff\u202e -\n\t🚀")


@given(TEXTS)
def test_a_folded_text_is_as_long_as_the_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, st.data())
def test_every_span_leads_back_to_the_letters_it_came_from(text: str, data: st.DataObject) -> None:
    folded = read(text)
    start = data.draw(st.integers(0, max(0, len(folded.raw) - 1)))
    end = data.draw(st.integers(start + 1, max(start + 1, len(folded.raw))))
    if end > len(folded.raw):
        return

    first, last = folded.original(start, end)

    assert read(text[first:last]).raw == folded.raw[start:end]


def test_letter_case_spaces_apostrophes_and_hyphens_are_alike() -> None:
    assert fold("D’ARTAGNAN\u00a0Ё\u2011лка") == "d'artagnan е-лка"


def test_letters_that_would_grow_in_lower_case_stay_one_letter() -> None:
    assert fold("İZMİR") == "İzmİr"


def test_invisible_characters_are_taken_out() -> None:
    assert read("Pu\u00adtin \u200bin\u202e Kiel").raw == "Putin in Kiel"


def test_words_begin_behind_what_is_no_letter_or_digit() -> None:
    assert begins_word("us-putin", 3)
    assert not begins_word("computin", 3)


def test_scripts_without_spaces_have_no_word_boundaries() -> None:
    assert begins_word("俄罗斯总统普京", 5)
    assert begins_word("访问starlink", 2)
    assert tail("普京在", 2) == ""


def test_the_rest_of_a_word_ends_with_it() -> None:
    assert tail("musks firma", 4) == "s"
    assert tail("musk-firma", 4) == ""
    assert tail("putin普京", 5) == ""
