"""How a command describes itself: its docstring is its help, on the terminal and in `docs/reference.md`.

The first paragraph says what it does in a line; lines set in by four spaces are examples and stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc
from typing import Any

import typer
from rich.markup import escape

BEGIN, CHAIN, LOOK, TEXTS, SETUP = (
    "Begin here",
    "The chain",
    "Look around",
    "On files and pipes",
    "Set up and look after",
)


def described(function: Callable[..., Any]) -> str:
    """Return the help of a command: its docstring with each paragraph on one line, to be wrapped by the terminal."""
    paragraphs = (getdoc(function) or "").split("\n\n")
    return "\n\n".join(escape(one if one.startswith("    ") else one.replace("\n", " ")) for one in paragraphs)


def add(app: typer.Typer, function: Callable[..., Any], name: str, panel: str | None = None, **more: Any) -> None:  # noqa: ANN401 - typer's
    """Add a command to `app`."""
    app.command(name, help=described(function), rich_help_panel=panel, **more)(function)
