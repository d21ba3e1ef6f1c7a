"""How results and messages are printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.runtime import Progress as Told

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: one document, or a line each for lists.")]


def console() -> Console:
    """Return a console on standard output."""
    return Console(highlight=False, soft_wrap=False)


def errors() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(message: str) -> None:
    """Tell a person something, on standard error."""
    errors().print(escape(message))


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on one line."""
    typer.echo(json.dumps(document, ensure_ascii=False, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """Print a plain table; cells are text, never markup."""
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    console().print(table)


@contextmanager
def progress() -> Iterator[Told]:
    """Show a bar for each stage while it works; nothing where standard error is no terminal."""
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<8}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors(),
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def told(stage: str, done: int, known: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=known)
        bars.update(tasks[stage], completed=done, total=max(known, done))

    with bars:
        yield told
