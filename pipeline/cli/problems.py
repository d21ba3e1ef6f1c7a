"""`wirewatch problems`: what was set aside, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, print_table, say
from pipeline.stages.upkeep import retry

problems = typer.Typer(help="See what was set aside, and try it again.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(problems, name="problems")


@problems.command("list")
def list_problems(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was set aside, the latest first, with its reason."""
    with Session.of(context).store() as store, store.reading() as transaction:
        found = transaction.problems.latest(everything=everything)
    if as_json:
        for one in found:
            print_json({name: value for name, value in vars(one).items() if name != "payload"})
        return
    rows = [
        (one.id, one.last_seen.strftime("%m-%d %H:%M"), one.times, one.stage, one.subject, one.reason) for one in found
    ]
    print_table(["id", "last seen", "times", "stage", "about", "reason"], rows)


@problems.command("retry")
def retry_problems(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Default: all open problems.")] = None,
) -> None:
    """Let what was set aside wait for its stage again; `wirewatch run` then takes it on."""
    with Session.of(context).store() as store:
        count = retry(store, names or None, now=clock())
    say(f"{count} wait again; `wirewatch run` takes them on")
