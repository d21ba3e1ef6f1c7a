"""Is what comes from outside safe to handle?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outside import decode, is_cut_short, language_tag, length_in_words, one_line, tame, web_address


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://x.example/a b", "https://x.example/a%20b"),
        ("../b", "https://base.example/b"),
        ("//other.example/c", "https://other.example/c"),
        ("https://user:secret@x.example/", "https://x.example/"),
        ("https://x.example/\na", "https://x.example/a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("data:text/html,x", None),
        ("http://[::1", None),
        ("https://x.example:99999/", None),
        ("https://" + "x" * 5_000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_pass(link: str | None, address: str | None) -> None:
    assert web_address(link, base="https://base.example/a/") == address


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("de", "de"),
        ("DE_at", "de-AT"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("en-us-x-private", "en-US"),
        ("es-419", "es-419"),
        ("deutsch", None),
        ("d", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_tag_has_its_usual_form(text: str | None, tag: str | None) -> None:
    assert language_tag(text) == tag


def test_endlessly_stacked_marks_are_cut() -> None:
    assert len(tame("e" + "\u0301\u0316" * 100_000)) == 31


def test_one_line_is_bounded() -> None:
    assert one_line("a\n" * 50, limit=5) == "a a a"


@pytest.mark.parametrize("text", ["Und dann …", "Und dann... ", "Text. Weiterlesen", "Text [...]", "More. Read more »"])
def test_a_teaser_is_cut_short(text: str) -> None:
    assert is_cut_short(text)


def test_a_report_is_not_cut_short() -> None:
    assert not is_cut_short("Das war der Tag.")


def test_chinese_text_has_words_too() -> None:
    assert length_in_words("渡轮恢复通航") >= 3


@given(st.binary(max_size=100), st.text(max_size=20))
def test_any_bytes_are_decoded(data: bytes, declared: str) -> None:
    assert isinstance(decode(data, declared=(declared,)), str)


@given(st.text(max_size=100), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_unicode_comes_back(text: str, encoding: str) -> None:
    text = "ä" + text.replace("\ufeff", "")

    assert decode(text.encode(encoding)) == text
