"""Wrong use is told in a line, with what to do next, and exit status 2."""

import re
from typing import Any

import pytest
import typer

from pipeline.cli.app import app
from tests.command_line import wirewatch


def commands(group: Any = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    group = group or typer.main.get_command(app)
    found = [path]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*path, name))
    return found


GROUPS = {("entities",), ("feeds",), ("kibana",), ("problems",), ("topics",), ("watches",)}


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["serch"], "no such command `serch`", "did you mean `search`"),
        (["feeds", "lst"], "no such command `lst`", "did you mean `list`"),
        (["search", "x", "--lim", "3"], "no such option: --lim", "`wirewatch search --help` explains"),
        (["search", "x", "--limit", "0"], "invalid value for `--limit`", "`wirewatch search --help` explains"),
        (["search", "x", "--sort", "age"], "invalid value for `--sort`", "`wirewatch search --help` explains"),
        (["search", "x", "--data", "d"], "no such option: --data", "`wirewatch --data DIR search …`"),
        (["feeds", "list", "--config", "d"], "no such option: --config", "`wirewatch --config DIR feeds list …`"),
        (["show"], "missing argument `ID`", "`wirewatch show --help` explains"),
        (["cluster"], "missing option `--jsonl`", "`wirewatch cluster --help` explains"),
        (["parse"], "missing argument `FILE…`", "`wirewatch parse --help` explains"),
        (["demo", "--port", "70000"], "invalid value for `--port`", "`wirewatch demo --help` explains"),
    ],
)
def test_wrong_use_is_told_with_a_hint(
    arguments: list[str], message: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = wirewatch(capsys, *arguments)

    assert (ran.status, ran.out) == (2, "")
    told, then = ran.err.splitlines()
    assert told.startswith(f"error: {message}")
    assert then.startswith("hint: ")
    assert hint in then


def test_the_version_is_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    ran = wirewatch(capsys, "--version")

    assert (ran.status, ran.err) == (0, "")
    assert re.fullmatch(r"wirewatch \d+\.\d+\.\d+\n", ran.out)


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_help_says_what_to_try_and_fits_a_small_terminal(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    ran = wirewatch(capsys, *path, "--help")

    examples = [line for line in ran.out.splitlines() if line.startswith("     ")]
    assert (ran.status, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80
    if path not in GROUPS:
        assert any("wirewatch " in line for line in examples)


@pytest.mark.parametrize(
    "path",
    [path for path in commands() if path not in {(), *GROUPS, ("kibana", "export")}],
    ids=" ".join,
)
def test_every_command_can_print_json(path: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]

    assert any("--json" in option.opts for option in command.params)
