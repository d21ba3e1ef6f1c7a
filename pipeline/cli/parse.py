"""`wirewatch parse`: the formats, on files and pipes, without a store."""

# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.describing import TEXTS, add
from pipeline.cli.lines import opened, reason
from pipeline.cli.terminal import print_json, say, say_error
from pipeline.errors import WirewatchError

Always = Annotated[bool, typer.Option("--json", help="Nothing changes: the output is always JSON lines.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, parse, "parse", TEXTS)


def parse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Feeds or wire files; `-`: standard input.")],
    _as_json: Always = False,
) -> None:
    """Read feeds and wire files of any known format; print one JSON line an entry, named as in the article document.

    Each line has `file` and `item`, the entry's number in the file from 0. A file that gives no entry gives a line with
    `file` and `problem` instead, and exit status 1; the other files go on. Touches no store.

    For example:

        wirewatch parse feed.xml
        wirewatch parse inbox/* | jq -r .headline
        curl -s https://example.org/feed | wirewatch parse -

    Next: `wirewatch feeds check URL` reads a feed over the network.
    """
    failed = [file for file in files if not _parsed(file)]
    raise typer.Exit(int(bool(failed)))


def _parsed(file: Path) -> bool:
    """Print what a file gives; returns whether it gave an entry."""
    from pipeline.wires import parse as parse_wire

    name = str(file)
    try:
        with opened(file) as stream:
            found = parse_wire(stream.read(), content_type=None, url=None)
    except OSError as error:
        return _without_entry(name, reason(error), None)
    except WirewatchError as error:
        return _without_entry(name, str(error), error.hint)
    if not found.entries:
        return _without_entry(name, "; ".join(found.problems) or "no entries", None)
    for item, entry in enumerate(found.entries):
        fields = entry.model_dump(mode="json", exclude={"complete"})
        odd = {} if fields.pop("problem") is None else {"problem": entry.problem}
        print_json({"file": name, "item": item} | fields | odd)
    for problem in found.problems:
        say(f"{name}: {problem}")
    return True


def _without_entry(name: str, problem: str, hint: str | None) -> bool:
    print_json({"file": name, "problem": problem} | ({"hint": hint} if hint else {}))
    say_error(f"{name}: {problem}", hint)
    return False
