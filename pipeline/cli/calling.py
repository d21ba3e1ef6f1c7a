"""One call of the command, from its arguments to its exit status: the last place where an error can be told.

0 done, 1 something failed and is reported, 2 wrong use or wrong configuration, 130 and 143 ended by Ctrl-C and SIGTERM.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, Protocol, cast

import typer

from pipeline.cli.app import app
from pipeline.cli.terminal import flush, point_at, say, say_error
from pipeline.errors import ConfigError, QueryError, WirewatchError

# The class has another home in each version of typer; its child is exported in all of them.
_UsageError = cast("type[Exception]", typer.BadParameter.__mro__[1])
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_BEFORE_COMMANDS = ("--config", "--data")


class _Usage(Protocol):
    ctx: typer.Context | None

    def format_message(self) -> str: ...


class Stopped(BaseException):
    """A signal asks the process to end. No `Exception`, so that nothing on the way takes it for a failure."""

    def __init__(self, number: int) -> None:
        self.number = number


def call(arguments: Sequence[str]) -> int:
    """Run the command with `arguments`; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    try:
        with _stoppable():
            status = _run(arguments)
            flush()
            return status
    except Stopped as stopped:
        say("stopped; all that was finished is kept, and the next run goes on from there")
        return 128 + stopped.number
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


def _run(arguments: Sequence[str]) -> int:
    try:
        status = typer.main.get_command(app).main(list(arguments), prog_name="wirewatch", standalone_mode=False)
    except _UsageError as error:
        return _tell_usage(cast("_Usage", error))
    except WirewatchError as error:
        return _tell(error)
    except OSError as error:
        place = f"`{error.filename}`: " if error.filename else ""
        say_error(f"{place}{(error.strerror or str(error)).lower()}", "look at the permissions and at the space left")
        return 1
    except Exception as error:
        if os.environ.get("WIREWATCH_LOG_LEVEL", "").lower() == "debug":
            raise
        say_error(
            f"{type(error).__name__}: {error}",
            "this is a fault in Wirewatch; all that was finished is kept. `WIREWATCH_LOG_LEVEL=debug` shows where it lies",
        )
        return 1
    return status if isinstance(status, int) else 0


def _tell(error: WirewatchError) -> int:
    if isinstance(error, ConfigError):
        say_error(str(error), error.hint)
        return 2
    say(f"error: {error}")
    if isinstance(error, QueryError) and error.position is not None:
        point_at(error.query, error.position)
    if error.hint:
        say(f"hint: {error.hint}")
    return 2 if isinstance(error, QueryError) else 1


def _tell_usage(error: _Usage) -> int:
    message = error.format_message().strip()
    if not message:  # a group without a command: its help has been shown
        return 2
    message = message.replace("Value error, ", "")
    message, _, near = re.sub(r"'([^']*)'", r"`\1`", message).partition(" Did you mean ")
    message = (message[:1].lower() + message[1:]).rstrip(".")
    path = error.ctx.command_path if error.ctx else "wirewatch"
    misplaced = [one for one in _BEFORE_COMMANDS if re.search(rf"{one}\b", message)]
    if misplaced and path != "wirewatch":
        hint = f"`{misplaced[0]}` stands before the command: `wirewatch {misplaced[0]} DIR {path.partition(' ')[2]} …`"
    else:
        hint = f"did you mean {near}" if near else f"`{path} --help` explains"
    say_error(message, hint)
    return 2


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the work in order; a second one ends it at once."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(number)
