"""All commands together, and the options that stand before them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    analyse,
    cluster,
    demo,
    digests,
    entities,
    feeds,
    kibana,
    parse,
    problems,
    run,
    search,
    show,
    status,
    topics,
    upkeep,
    watches,
)
from pipeline.cli.describing import described
from pipeline.cli.session import Session
from pipeline.cli.terminal import print_text


def wirewatch(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder with the four YAML files; default: `WIREWATCH_CONFIG`, else `config`."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for store, index and outbox; default: `WIREWATCH_DATA`, else `data`."),
    ] = None,
    _version_asked: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda asked: _version(asked=asked), is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Watch wire services and news feeds: fold the copies, read who and what is in the news, mail an alert once per story.

    New here? These four lines show everything:

        wirewatch demo                      # the whole chain on a sample wire
        wirewatch search starlink --facets  # look around in what it left
        wirewatch doctor                    # is your own set-up sound?
        wirewatch run --watch               # watch the feeds you configured

    What is watched stands in four files in `config/`; each explains itself. Settings come from the environment
    (`WIREWATCH_DATA`, `WIREWATCH_SMTP_URL` …); `docs/settings.md` lists them. Results go to standard output, everything
    else to standard error. Exit status: 0 done, 1 something failed and is reported, 2 wrong use or wrong configuration.
    """
    environment = dict(os.environ)
    if config:
        environment["WIREWATCH_CONFIG"] = str(config)
    if data:
        environment["WIREWATCH_DATA"] = str(data)
    context.obj = Session(environment)


def _version(*, asked: bool) -> None:
    if asked:
        print_text(f"wirewatch {__version__}")
        raise typer.Exit


def _application() -> typer.Typer:
    made = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
    made.callback(help=described(wirewatch))(wirewatch)
    for part in (
        demo,
        run,
        digests,
        search,
        show,
        status,
        problems,
        parse,
        analyse,
        cluster,
        feeds,
        entities,
        topics,
        watches,
        upkeep,
        kibana,
    ):
        part.register(made)
    return made


app = _application()
