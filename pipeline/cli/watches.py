"""`wirewatch watches`: what is watched, and what a watch would have told."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, print_table, say
from pipeline.config.models import parse_duration
from pipeline.errors import ConfigError
from pipeline.stages.alert import replay

watches = typer.Typer(help="List watches, and try them on the archive.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(watches, name="watches")


@watches.command("list")
def list_watches(context: typer.Context, as_json: AsJson = False) -> None:
    """List the configured watches."""
    for watch in (configured := Session.of(context).configuration.watches):
        if as_json:
            print_json(watch.model_dump(mode="json"))
    if not as_json:
        rows = [(one.id, one.name, ", ".join(one.to), _conditions(one.model_dump()), one.enabled) for one in configured]
        print_table(["id", "name", "to", "conditions", "enabled"], rows)


@watches.command("test")
def replay_watches(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="Default: all that are switched on.")] = None,
    since: Annotated[str, typer.Option(help="How far back to look.")] = "7d",
    as_json: AsJson = False,
) -> None:
    """Replay watches over the archive: which alerts they would have sent, one a story. Nothing is sent or kept.

    Unlike a run, this counts news of any age, and a watch that is switched off if it is named.
    """
    session, now = Session.of(context), clock()
    chosen = [one for one in session.configuration.watches if (one.id == name if name else one.enabled)]
    if name and not chosen:
        raise ConfigError(f"no watch named `{name}`", hint="`wirewatch watches list` shows them all")
    with session.store() as store, store.reading() as transaction:
        archive = list(transaction.articles.all(since=now - parse_duration(since), enriched=True))
    alerts = replay(chosen, archive, now=now)
    for alert in alerts:
        if as_json:
            print_json(alert)
    if not as_json:
        columns = ["watch", "published", "article", "headline", "why"]
        print_table(columns, [[alert[column] for column in columns] for alert in alerts])
    say(f"{len(alerts)} alerts from {len(archive)} articles of the last {since}")


def _conditions(watch: dict[str, object]) -> str:
    names = ("entities", "topics", "sources", "languages", "urgency", "query")
    return "; ".join(f"{name}: {_words(watch[name])}" for name in names if watch[name])


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
