"""Mentions are told in the text as it was given, not in its clean form."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import clean_text
from pipeline.cli.offsets import Offsets

ORDINARY = st.text(st.sampled_from("aeo ü\u0308\u0323\r\n中한\u1112\u1161\u11ab"), max_size=40)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("first line\r\nsecond line\r\n", "Zürich"),
        ("a control\x00\x01 character, ", "Zürich"),
        ("", "Zu\u0308rich"),
        ("a\u0308o\u0308u\u0308 ", "Zu\u0308rich"),
        ("\r\n\r\n", "\u1112\u1161\u11ab"),
        ("half a pair \ud800, ", "Zürich"),
    ],
)
def test_a_name_is_found_where_it_stands_in_the_given_text(before: str, name: str) -> None:
    text = before + name + " und mehr"
    clean, wanted = clean_text(text), unicodedata.normalize("NFC", name)
    start = clean.index(wanted)

    begin, end = Offsets(text).given(start, start + len(wanted))

    assert text[begin:end] == name


@settings(deadline=None)
@given(ORDINARY, st.integers(0, 40), st.integers(1, 10))
def test_what_lies_at_the_given_place_is_what_lies_at_the_clean_one(text: str, start: int, length: int) -> None:
    clean = clean_text(text)
    part = clean[start : start + length]
    if not part:
        return

    begin, end = Offsets(text).given(start, start + len(part))

    assert part in clean_text(text[begin:end])


def test_a_long_run_of_marks_takes_no_long_time() -> None:
    text = "a" + "\u0301" * 100_000 + "b"

    assert Offsets(text).given(0, 1)[0] == 0
