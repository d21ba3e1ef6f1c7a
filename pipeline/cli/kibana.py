"""`wirewatch kibana`: the data views, saved sessions and dashboards, into a Kibana or into a file."""

# ruff: noqa: PLC0415

from __future__ import annotations

import sys

import typer

from pipeline.cli.describing import SETUP, add
from pipeline.cli.session import Session
from pipeline.cli.terminal import AsJson, print_json, say
from pipeline.errors import ConfigError

kibana = typer.Typer(help="Load dashboards into Kibana, or write them as a file.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(kibana, set_up, "setup")
    add(kibana, export, "export")
    app.add_typer(kibana, name="kibana", rich_help_panel=SETUP)


def set_up(context: typer.Context, as_json: AsJson = False) -> None:
    """Load data views, saved sessions and dashboards into Kibana. Safe to repeat: what is there is replaced.

    `WIREWATCH_KIBANA_URL` says where, `WIREWATCH_KIBANA_SPACE` into which space (made if there is none); user or API key are
    those of Elasticsearch, and must be allowed to manage saved objects. Exit status 1 if Kibana refused an object.

    For example:

        WIREWATCH_KIBANA_URL=https://localhost:5601 wirewatch kibana setup

    Next: open Kibana, Dashboards: `Wirewatch: News desk`, `Wirewatch: Watched entities` and `Wirewatch: Feed health`. What feeds
    and alerts show there comes with `wirewatch index`.
    """
    from pipeline import runtime
    from pipeline.search.kibana import saved_objects

    settings = Session.of(context).settings
    if not settings.kibana_url:
        raise ConfigError("no Kibana is set", hint="set `WIREWATCH_KIBANA_URL`, or use `wirewatch kibana export`")
    with runtime.open_kibana(settings) as server:
        installed = server.install(saved_objects(settings.elasticsearch_index))
    refused = [f"{one.type} `{one.title or one.id}`: {one.reason}" for one in installed.refused]
    if as_json:
        print_json({"loaded": installed.count, "space": settings.kibana_space, "refused": refused})
    for one in refused:
        say(f"refused: {one}")
    say(f"loaded {installed.count} objects into the space `{settings.kibana_space}` of {settings.kibana_url}")
    raise typer.Exit(int(bool(refused)))


def export(context: typer.Context) -> None:
    """Write the same objects as NDJSON to standard output, for Kibana's own import page.

    For example:

        wirewatch kibana export > wirewatch.ndjson

    Next: in Kibana, Stack Management, Saved Objects, Import.
    """
    from pipeline.search.kibana import ndjson, saved_objects

    settings = Session.of(context).settings
    sys.stdout.buffer.write(ndjson(saved_objects(settings.elasticsearch_index)))
