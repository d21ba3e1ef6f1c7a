"""What of words and links from outside may be shown?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert.plain import cut, one_line, printable, web_link


@pytest.mark.parametrize(
    "url", ["https://wire.example/a?b=1&c=2#d", "http://wire.example:8080/", "https://xn--kste-0ra.example/ü"]
)
def test_a_web_address_is_a_link(url: str) -> None:
    assert web_link(url) == url


def test_a_space_in_a_link_is_escaped() -> None:
    assert web_link(" https://wire.example/a b ") == "https://wire.example/a%20b"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//wire.example/a",
        "https://",
        "https://bank.example@evil.example/",
        "https://wire.example/\u202egpj.exe",
        'https://wire.example/"onclick="x',
        "https://[::1",
        "https://wire.example:99999999/",
        "https://wire.example/" + "a" * 3000,
    ],
)
def test_anything_else_is_no_link(url: str | None) -> None:
    assert web_link(url) is None


@given(st.text(), st.integers(10, 200))
def test_one_line_is_one_short_line(text: str, longest: int) -> None:
    line = one_line(text, longest)

    assert len(line) <= longest
    assert len(line.splitlines()) <= 1
    assert printable(line) == line


def test_controls_that_turn_the_reading_direction_are_taken_out() -> None:
    assert printable("a\u202eb\u2066c\u2069\x00\x1b[31m\ud800") == "abc[31m"


def test_a_cut_falls_between_words() -> None:
    assert cut("Nordlicht baut drei Bodenstationen", 25) == "Nordlicht baut drei…"
