"""Plain text in lines that every mail program shows."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert.wrapping import columns, wrap


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_line_is_wider_than_78_columns(text: str) -> None:
    lines = wrap(text.replace("://", "")).split("\n")

    assert all(columns(line) <= 78 for line in lines)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_wrapping_loses_no_character(text: str) -> None:
    assert "".join(wrap(text).split()) == "".join(text.split())


def test_a_link_stays_whole() -> None:
    link = "https://wire.example/" + "a" * 120

    assert link in wrap(f"see {link} for more").split("\n")


def test_chinese_breaks_between_characters_but_not_before_a_full_stop() -> None:
    lines = wrap("台湾" * 19 + "台。" + "湾" * 10).split("\n")

    assert len(lines) == 2
    assert not lines[1].startswith("。")


def test_later_lines_of_an_item_are_indented() -> None:
    lines = wrap("- " + "Wort " * 30, "  ").split("\n")

    assert all(line.startswith("  Wort") for line in lines[1:])
