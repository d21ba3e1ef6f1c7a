"""What is printed, and where."""

import json
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from pipeline.cli.terminal import moment, plain, point_at, print_json, print_table, say, say_error, shown


@pytest.mark.parametrize("hostile", ["\x1b[31m", "\x9b31m", "\x07", "\u202e", "\u2066", "\r", "\ud800"])
def test_nothing_from_outside_commands_the_terminal(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"before {hostile}after")

    assert hostile not in capsys.readouterr().err
    assert plain(hostile)[0] == "\ufffd"


def test_nothing_from_outside_is_markup(capsys: pytest.CaptureFixture[str]) -> None:
    say("[bold]loud[/] :fire: [link=file:///x]here[/link]")

    assert capsys.readouterr().err == "[bold]loud[/] :fire: [link=file:///x]here[/link]\n"
    assert shown("[red]x") == "\\[red]x"


def test_letters_of_all_scripts_stay(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Zürich Київ 台積電 می‌خواهم 👩‍🚀"

    say(text)

    assert capsys.readouterr().err == f"{text}\n"


def test_each_line_of_an_error_says_that_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    say_error("first\nsecond", "do this")

    assert capsys.readouterr().err == "error: first\nerror: second\nhint: do this\n"


@pytest.mark.parametrize(
    ("text", "position"), [("people:putin AND (", 17), ("台積電 (", 4), ("cafe\u0301 (", 6), ("wort " * 80 + "(", 400)]
)
def test_the_mark_stands_below_the_place_in_any_script(
    text: str, position: int, capsys: pytest.CaptureFixture[str]
) -> None:
    point_at(text, position)
    line, mark = capsys.readouterr().err.splitlines()

    assert cell_len(line[: line.rindex("(")]) == mark.index("^")
    assert len(line) < 80


def test_a_document_is_one_line_with_times_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": datetime(2026, 11, 3, 12, tzinfo=UTC), "text": "Küste\n台"})

    assert capsys.readouterr().out == '{"at": "2026-11-03T12:00:00Z", "text": "Küste\\n台"}\n'


def test_half_a_surrogate_pair_is_written_as_json_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"id": "\ud800"})

    assert json.loads(capsys.readouterr().out) == {"id": "\ud800"}


def test_a_table_in_a_pipe_is_neither_wrapped_nor_padded(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["id", "reason"], [["a", "long " * 60], ["b", None]], wrapped=["reason"])

    first, second, third = capsys.readouterr().out.splitlines()
    assert (first, third) == ("id  reason", "b")
    assert second == ("a   " + "long " * 60).rstrip()


def test_a_moment_is_shown_to_the_minute_in_utc() -> None:
    assert moment("2026-11-03T12:30:59.123+02:00") == "2026-11-03 10:30"
    assert moment(None) == ""
