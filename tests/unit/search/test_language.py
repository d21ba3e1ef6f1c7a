"""What does a query mean, and where exactly is a bad one wrong?"""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search import FIELDS, Query, find_field, parse_query
from pipeline.search.query import Bool, Boosted, Everything, Exists, Fuzzy, Match, Node, Phrase, Range, Wildcard
from tests.contract.queries import CASES, NOW

BAD = (
    ("Starlink AND", 12, "a value is missing"),
    ("AND Starlink", 0, "double quotes"),
    ("topcis:starlink", 0, "did you mean `topics`?"),
    ("a b peple:x", 4, "did you mean `people`?"),
    ("qwertz:x", 0, "wirewatch search --help"),
    ('body:"offen', 5, "where the phrase ends"),
    ('a "b" "c', 6, "where the phrase ends"),
    ("(a OR (b", 6, "\\("),
    ("a) b", 1, "\\)"),
    ("published:[2026 TO 2027", 10, "\\["),
    ("*link", 0, "begin with a letter"),
    ("a headline:?tar", 11, "begin with a letter"),
    ("/sta.*/", 0, "`*` and `?`"),
    ("url:https://a.example/b", 4, "double quotes"),
    ("tickers:NASDAQ:TSLA", 8, "double quotes"),
    ("topics:(a people:b)", 10, "double quotes"),
    ("body:[a TO b]", 5, "dates and numbers"),
    ("topics:>a", 7, "dates and numbers"),
    ("[1 TO 2]", 0, "needs a field"),
    ("published:gestern", 10, "2026-11-03"),
    ("published:2026-13-01", 10, "2026-11-03"),
    ("published:[now TO 31.12.2026]", 18, "2026-11-03"),
    ("published:now-999999y", 10, "2026-11-03"),
    ("published:2026*", 10, "2026-11-03"),
    ("urgency:high", 8, "[1 TO 3]"),
    ("urgency:1~1", 8, "[1 TO 3]"),
    ("a~3", 0, "`a~1`"),
    ("a~0.5", 0, "`a~1`"),
    ("a*~1", 0, "leave one"),
    ("ab~1.2.3", 2, "plain number"),
    ('"a b"~1.5', 5, "plain number"),
    ("a^1..2", 1, "plain number"),
    ("a && b", 2, "AND"),
    ("a || b", 2, "OR"),
    ("!a", 0, "NOT"),
    ('x"y z"', 0, "space before the phrase"),
    ('body:""', 5, "_exists_"),
    ("_exists_:(a b)", 9, "_exists_:dateline"),
    ("_exists_:foo", 9, "wirewatch search --help"),
    ("abc\\", 3, "write two"),
)


@pytest.mark.parametrize(("text", "position", "hint"), BAD)
def test_a_bad_query_is_refused_where_it_goes_wrong(text: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text, now=NOW)

    assert caught.value.position == position
    assert hint in ((caught.value.hint or "") + caught.value.message)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (" \t", Everything()),
        ("a", Match(None, "a")),
        ("a\\:b", Match(None, "a:b")),
        ('"a b"~2', Phrase(None, "a b", 2)),
        ("St?rn*", Wildcard(None, "St?rn*")),
        ("Kyiw~", Fuzzy(None, "Kyiw", 1)),
        ("Selensky~", Fuzzy(None, "Selensky", 2)),
        ("a^2", Boosted(Match(None, "a"), 2.0)),
        ("-a", Bool(must=(Everything(),), must_not=(Match(None, "a"),))),
        ("a +b -c", Bool((Match(None, "b"),), (Match(None, "a"),), (Match(None, "c"),))),
    ],
)
def test_a_query_means(text: str, meaning: Node) -> None:
    assert parse_query(text, now=NOW).root == meaning


def test_fields_are_resolved() -> None:
    urgency, source = find_field("urgency"), find_field("source")
    assert urgency is not None
    assert source is not None

    assert source.name == "source.id"
    assert parse_query("urgency:{1 TO 3]", now=NOW).root == Range(urgency, 2, 4)
    assert parse_query("source:x", now=NOW).root == Match(source, "x")
    assert parse_query("source:*", now=NOW).root == Exists(source)


def test_a_query_keeps_its_text() -> None:
    assert parse_query("“Elon Musk”", now=NOW).text == "“Elon Musk”"


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f"w{number}" for number in range(1_001)),
        " ".join(f"w{number}*" for number in range(51)),
        "(" * 51 + "a" + ")" * 51,
        "-" * 500 + "a",
        "topics:" * 200 + "a",
        "a" * 40_000,
        "a" * 101 + "*",
        "a*b*c*d*e*f*g*h*i*j",
        '"a b"~101',
        "a^1001",
    ],
)
def test_a_query_that_could_hurt_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse_query(text, now=NOW)


def test_a_thousand_clauses_are_allowed() -> None:
    root = parse_query(" OR ".join(f"w{number}" for number in range(1_000)), now=NOW).root

    assert isinstance(root, Bool)
    assert len(root.should) == 1_000


_PIECES = st.sampled_from(
    [field.name for field in FIELDS[::4]]
    + [text for text, _ in CASES[::9]]
    + [
        "AND",
        "OR",
        "NOT",
        "TO",
        "now-7d/d",
        "2026-11-03",
        "*",
        "?",
        "_exists_",
        "\ud800",
        "\x00",
        "é",
        "普",
        *'()[]{}:"\\/~^+-<>=!&| \n',
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.punctuation + " aAND1", max_size=40),
    st.lists(_PIECES, max_size=15).map("".join),
    st.lists(_PIECES, max_size=15).map(" ".join),
)


@settings(max_examples=600, deadline=None)
@given(_TEXTS)
@example("\\" * 3)
@example("a^" + "9" * 5_000)
@example('"a"~' + "9" * 5_000)
@example("published:9999-12-31||+1y")
def test_any_text_is_a_query_or_an_error_with_a_position_in_it(text: str) -> None:
    outcome = _outcome(text)

    if isinstance(outcome, QueryError):
        assert outcome.position is None or 0 <= outcome.position <= len(text)
        assert outcome.message[0] == outcome.message[0].lower()


def _outcome(text: str) -> Query | QueryError:
    try:
        return parse_query(text, now=NOW)
    except QueryError as error:
        return error
