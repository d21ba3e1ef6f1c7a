"""`wirewatch watches`: what is watched, and what a watch would have told."""

# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session, clock, since
from pipeline.cli.terminal import AsJson, moment, print_json, print_table, say
from pipeline.errors import ConfigError

watches = typer.Typer(help="List watches, and try them on the archive.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(watches, list_watches, "list")
    add(watches, replay_watches, "test")
    app.add_typer(watches, name="watches", rich_help_panel=LOOK)


def list_watches(context: typer.Context, as_json: AsJson = False) -> None:
    """List the configured watches.

    For example:

        wirewatch watches list

    Next: edit `watches.yaml`; `wirewatch watches test` then tells what it would have sent.
    """
    configured = Session.of(context).configuration.watches
    if as_json:
        for watch in configured:
            print_json(watch.model_dump(mode="json"))
        return
    rows = [
        (one.id, one.name, ", ".join(one.to), _conditions(one.model_dump()), "yes" if one.enabled else "no")
        for one in configured
    ]
    print_table(["id", "name", "to", "conditions", "enabled"], rows, wrapped=["name", "to", "conditions"])


def replay_watches(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="Default: all that are switched on.")] = None,
    since_text: Annotated[
        str, typer.Option("--since", metavar="TIME", help="How far back to look: `24h`, `7d` …, or a date.")
    ] = "7d",
    as_json: AsJson = False,
) -> None:
    """Replay watches over the archive: which alerts they would have sent, one a story. Nothing is sent or kept.

    Unlike a run, this counts news of any age, and a watch that is switched off if it is named.

    For example:

        wirewatch watches test
        wirewatch watches test starlink --since 24h

    Next: `wirewatch show ID` with the id of an article.
    """
    from pipeline.stages.alert import replay

    session, now = Session.of(context), clock()
    chosen = [one for one in session.configuration.watches if (one.id == name if name else one.enabled)]
    if not chosen and name:
        raise ConfigError(f"no watch has the id `{name}`", hint="`wirewatch watches list` shows them all")
    begin = since(since_text, now)
    with session.store() as store, store.reading() as transaction:
        archive = list(transaction.articles.all(since=begin, enriched=True))
    alerts = replay(chosen, archive, now=now)
    if as_json:
        for alert in alerts:
            print_json(alert)
    else:
        rows = [(one["watch"], moment(one["published"]), one["article"], one["headline"], one["why"]) for one in alerts]
        columns = ["watch", "published", "article", "headline", "why"]
        print_table(columns, rows, wrapped=["headline", "why"])
    say(f"{len(alerts)} alerts from {len(archive)} articles since {moment(begin)}")


def _conditions(watch: dict[str, object]) -> str:
    names = ("entities", "topics", "sources", "languages", "urgency", "query")
    return "; ".join(f"{name}: {_words(watch[name])}" for name in names if watch[name])


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
