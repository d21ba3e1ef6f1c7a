"""How results and messages are printed: results on standard output, all else on standard error.

What comes from outside is shown as text, never as markup or as commands to the terminal. Where standard output is no
terminal, nothing is coloured, wrapped or cut, so that `grep` and `cut` work on it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from pipeline.runtime import Progress as Told

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: one document, or a line each for lists.")]
_ENDLESS = 1_000_000
_FRAMED = 100
# Control characters command a terminal; the marks of writing direction make a line read as another.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _Output(Console):
    """Ends the process quietly when nobody reads any more, as with `| head -1`."""

    def on_broken_pipe(self) -> None:
        leave_quietly()


def console(*, framed: bool = False) -> Console:
    """Return a console on standard output; what is `framed` needs an end to its lines in a pipe, too."""
    width = None if sys.stdout.isatty() else _FRAMED if framed else _ENDLESS
    return _Output(highlight=False, emoji=False, width=width)


def errors() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def shown(value: object) -> str:
    """Return `value` as text that is safe to print with rich: no markup, no commands to the terminal."""
    return escape(plain(value))


def plain(value: object) -> str:
    """Return `value` as text without commands to the terminal; None is empty."""
    return "" if value is None else _UNSAFE.sub("\ufffd", str(value))


def say(message: str) -> None:
    """Tell a person something, on standard error."""
    errors().print(shown(message))


def say_error(message: str, hint: str | None = None) -> None:
    """Tell what went wrong, and what to do next. Each line of `message` is an error of its own."""
    for line in message.split("\n"):
        say(f"error: {line}")
    if hint:
        say(f"hint: {hint}")


def point_at(text: str, position: int) -> None:
    """Show the part of `text` around `position` with a mark below it, on standard error."""
    width = max(20, errors().width - 6)
    start = max(0, position - width // 3)
    line = re.sub(r"\s", " ", plain(text))[start : start + width // 2]
    before, after = ("…" if start else ""), ("…" if start + width // 2 < len(text) else "")
    say(f"  {before}{line}{after}")
    say(f"  {' ' * cell_len(before + line[: position - start])}^")


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on one line; times are RFC 3339 in UTC."""
    text = json.dumps(document, ensure_ascii=False, default=_simple)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, default=_simple)
    print_text(text)


def print_text(text: str, *, end: str = "\n") -> None:
    """Print a line as it is."""
    try:
        sys.stdout.write(text + end)
    except BrokenPipeError:
        leave_quietly()


def flush() -> None:
    """Hand over what was printed so far, for commands that go on for long."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_quietly()


def leave_quietly() -> NoReturn:
    """End the process: the reader of standard output has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, wrapped: Collection[str] = (), title: str | None = None
) -> None:
    """Print a plain table; cells are text, never markup. On a terminal the columns in `wrapped` give way."""
    table = Table(box=None, header_style="bold", pad_edge=False, show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column not in wrapped)
    for row in rows:
        table.add_row(*map(_cell, row))
    out = console()
    if title:
        out.print(f"\n[bold]{escape(title)}[/]")
    if out.is_terminal:
        out.print(table)
    elif table.rows:
        _print_unpadded(table)


def moment(value: datetime | str | None) -> str:
    """Return a moment as people read it, to the minute, in UTC."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """Return a length of time as people read it, in its two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts[:2]) or "0 s"


@contextmanager
def progress() -> Iterator[Told]:
    """Show a bar for each stage while it works; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _known: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - slow

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


def _print_unpadded(table: Table) -> None:
    drawn = StringIO()
    Console(file=drawn, width=_ENDLESS, highlight=False, emoji=False).print(table)
    for line in drawn.getvalue().splitlines():
        print_text(line.rstrip())


def _cell(value: object) -> str:
    return shown(moment(value) if isinstance(value, datetime) else value).replace("\n", " ")


def _simple(value: object) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
