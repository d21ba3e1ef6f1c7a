"""Can a text be so made that reading its conventions takes long, or breaks?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import read_conventions, report_of

SMALL, LARGE = 500_000, 2_000_000
PIECES = {
    "one line": "Die Uhr am Rathaus geht vor ",
    "one word": "a",
    "spaces": " ",
    "line feeds": "\n",
    "tabs and line feeds": "\t\n ",
    "opening brackets": "(",
    "closing brackets": ")",
    "brackets": "()",
    "brackets within brackets": "(Foto (a) ",
    "open notes": "(Berichtigung: ",
    "notes": "(Wiederholung) ",
    "notes on lines": "(Wiederholung)\n",
    "embargoes": "Sperrfrist: 12.11., 6 Uhr\n",
    "slashes": "/ab",
    "lone slashes": "/",
    "points": "A. ",
    "dashes": "- ",
    "digits": "1",
    "datelines": "KIEL (dpa) - ",
    "bylines": "Von Anna Beispiel\n",
    "names without end": "Von Anna Beispiel Anna ",
    "credits": "Quelle: ",
    "colons": ":",
    "reporters": "Reporting by A ",
    "links": "Lesen Sie auch:\n",
    "hashes": "# Notizblock\n",
    "chinese": "新华社北京",
    "invisible": "\u200b",
    "copyright": "©",
}


def seconds(text: str) -> float:
    """The shortest of three times that reading took."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        read_conventions(text, headline=text)
        report_of(text)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_four_times_the_text_takes_at_most_little_more_than_four_times_as_long(piece: str) -> None:
    ordinary = seconds("Die Uhr am Rathaus geht vor. " * (LARGE // 29))

    small, large = (seconds((piece * (size // len(piece) + 1))[:size]) for size in (SMALL, LARGE))

    # Copying the text is linear; a pattern that runs quadratically would take sixteen times as long.
    assert large < 8 * small + 0.02
    assert large < 200 * ordinary + 0.05


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_the_ends_of_a_text_decide_and_not_its_length(piece: str) -> None:
    text = "KIEL (dpa) - Anfang. " + (piece * (40_000 // len(piece)))[:40_000] + "\nDas Ende.\n/abc/DP/xyz"

    found = read_conventions(text)

    assert found.dateline is not None
    assert found.agency == "dpa"
    assert found.apparatus[-1][1] == len(text)


def test_what_lies_between_the_ends_is_not_looked_at() -> None:
    start, end = "(Wiederholung) KIEL (dpa) - Anfang. " + "x " * 3_000, "y " * 4_000 + "\nDas Ende.\n/abc/DP/xyz"

    plain = read_conventions(start + end)
    longer = read_conventions(start + "\n(Berichtigung: Name)\nSPERRFRIST: Redebeginn\n# Notizblock\n" + end)

    assert longer.changed(apparatus=()) == plain.changed(apparatus=())
    assert len(longer.apparatus) == len(plain.apparatus)


@given(
    st.text(max_size=60),
    st.lists(st.sampled_from([*PIECES.values(), "(dpa)", "/abc/DP/xyz", "Ende.", "\n\n", "é", "\ud800"]), max_size=40),
)
def test_spans_are_in_order_apart_and_within_the_text(start: str, pieces: list[str]) -> None:
    text = start + "".join(pieces)

    spans = read_conventions(text, headline=text[:80]).apparatus

    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= begin < end <= len(text) for begin, end in spans)


@given(st.lists(st.sampled_from([*PIECES.values(), "(dpa)", "/abc/DP/xyz", "Ende."]), max_size=30))
def test_the_report_has_no_letter_that_the_text_has_not(pieces: list[str]) -> None:
    text = "".join(pieces)

    left = iter(text)

    assert all(letter in left for letter in report_of(text))
