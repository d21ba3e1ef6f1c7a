"""What is left of HTML when only its text counts?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wires.markup import MAXIMUM_HEADLINE, line_of, text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Eins.</p><p>Zwei.</p>", "Eins.\n\nZwei."),
        ("Eins<br>zwei<br/><br/>drei", "Eins\nzwei\n\ndrei"),
        ("<p>Da:</p><ul><li>a</li><li><p>b</p></li></ul>Ende", "Da:\n\n- a\n- b\n\nEnde"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("Kiel&nbsp;&amp; K&ouml;ln&#8211;x", "Kiel & Köln–x"),
        ("5 < 6 und 7 > 3", "5 < 6 und 7 > 3"),
        ("ein\nSatz\n\nnoch einer", "ein Satz\n\nnoch einer"),
        ("a<script>alert('x')</script>b<style>p{}</style><iframe>y</iframe>", "ab"),
        ("Ein Satz.\nNoch einer.", "Ein Satz.\nNoch einer."),
        ("<p onclick=x>a</p><!-- b -->", "a"),
        ("&lt;p&gt;doppelt&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;", "doppelt"),
        ("M&amp;uuml;ller &amp;amp; Sohn", "Müller & Sohn"),
        ("Ent\u00adwurf\u200b", "Entwurf"),
        ("<p>offen", "offen"),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_plain_text_keeps_its_lines() -> None:
    assert text_of("eins\nzwei\n\ndrei < 4", plain=True) == "eins\nzwei\n\ndrei < 4"


def test_a_headline_has_one_line_and_no_deceiving_characters() -> None:
    assert line_of("Break\r\nBcc: x \u202egnp\u2066 <b>fett</b>\x00\x85") == "Break Bcc: x gnp fett"


def test_a_headline_is_bounded() -> None:
    assert len(line_of("wort " * 5_000)) <= MAXIMUM_HEADLINE


@pytest.mark.parametrize(
    "unit",
    ["<div>", "<ul><li>", "<b><p>", "<table><tr>x", "<", "<!--", "&amp", "<a x='", "e\u0301\u0316", "&lt;div&gt;"],
)
def test_hostile_markup_is_done_in_a_moment(unit: str) -> None:
    assert len(text_of(unit * (600_000 // len(unit)))) <= 600_000


@given(st.text(max_size=300))
def test_no_text_breaks_it(markup: str) -> None:
    text = text_of(markup)

    assert "\n\n\n" not in text
    assert text == text.strip()


@given(st.text(alphabet="<>/&;pbrdivscrt \n\"'=!-#x1", max_size=200))
def test_a_headline_never_has_a_second_line(markup: str) -> None:
    assert "\n" not in line_of(markup)
