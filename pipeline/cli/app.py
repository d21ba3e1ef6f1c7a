"""All commands together, and what happens when one fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import demo, feeds, look, problems, run, texts, upkeep, watches
from pipeline.cli.session import Session
from pipeline.cli.terminal import say
from pipeline.errors import ConfigError, QueryError, WirewatchError

_HELP = """Watch wire services and news feeds: fold the copies, read who and what is in the news, mail an alert once per story.

Begin with [bold]wirewatch demo[/]: it runs the whole chain on a sample wire. Then edit the four files in [bold]config/[/], ask
[bold]wirewatch doctor[/] whether all is sound, and leave [bold]wirewatch run --watch[/] running.

Settings come from the environment: [bold]WIREWATCH_DATA[/], [bold]WIREWATCH_SMTP_URL[/] …; docs/settings.md lists them.
Exit status: 0 done, 1 something failed and is reported, 2 wrong use or invalid configuration.
"""

app = typer.Typer(
    help=_HELP, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=True
)
for part in (demo, run, look, texts, feeds, watches, problems, upkeep):
    part.register(app)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer's callback
    if asked:
        typer.echo(f"wirewatch {__version__}")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Folder with feeds.yaml, topics.yaml, entities.yaml, watches.yaml.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the store, the index and the outbox.")] = None,
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    environment = dict(os.environ)
    if config:
        environment["WIREWATCH_CONFIG"] = str(config)
    if data:
        environment["WIREWATCH_DATA"] = str(data)
    context.obj = Session(environment)


def main() -> None:
    """Run the command line; the last place where an error can be told."""
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        say("interrupted; what was done is kept, the next run goes on from there")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except WirewatchError as error:
        sys.exit(_tell(error))
    except Exception as error:
        say(f"error: {type(error).__name__}: {error}")
        say(
            "hint: this is a bug; nothing that was committed is lost. `WIREWATCH_LOG_LEVEL=debug` shows where it happened"
        )
        if os.environ.get("WIREWATCH_LOG_LEVEL", "").lower() == "debug":
            raise
        sys.exit(1)


def _tell(error: WirewatchError) -> int:
    say(f"error: {error}")
    if isinstance(error, QueryError) and error.position is not None:
        say(f"  {error.query}")
        say(f"  {' ' * error.position}^")
    if error.hint:
        say(f"hint: {error.hint}")
    return 2 if isinstance(error, ConfigError | QueryError) else 1
