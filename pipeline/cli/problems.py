"""`wirewatch problems`: what was set aside, and why."""

# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, moment, print_json, print_table, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.store import Problem

problems = typer.Typer(help="See what was set aside, and try it again.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(problems, list_problems, "list")
    add(problems, retry_problems, "retry")
    app.add_typer(problems, name="problems", rich_help_panel=LOOK)


def list_problems(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was set aside, the latest first, with its reason.

    A problem is about a feed, an article or a message. It closes by itself when the same thing goes well.

    For example:

        wirewatch problems list
        wirewatch problems list --all --json

    Next: `wirewatch show ID` with the id of an article, `wirewatch problems retry ID` with the id of a problem.
    """
    with Session.of(context).store() as store, store.reading() as transaction:
        found = transaction.problems.latest(everything=everything)
    if as_json:
        for one in found:
            print_json({name: value for name, value in vars(one).items() if name != "payload"})
        return
    print_table(["id", "last seen", "stage", "about", "reason"], map(_row, found), wrapped=["about", "reason"])
    say(f"{len(found)} problems; `wirewatch problems retry` lets them try again" if found else "nothing is set aside")


def _row(one: Problem) -> list[str]:
    times = f" ({one.times} times)" if one.times > 1 else ""
    return [one.id, moment(one.last_seen)[5:], one.stage, one.subject, one.reason + times]


def retry_problems(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Default: all open problems.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let what was set aside wait for its stage again; `wirewatch run` then takes it on.

    For example:

        wirewatch problems retry
        wirewatch problems retry 3edcffef929f

    Next: `wirewatch run`.
    """
    from pipeline.stages.upkeep import retry

    with Session.of(context).store() as store:
        with store.reading() as transaction:
            known = {one.id for one in transaction.problems.latest()}
        if unknown := [name for name in names or () if name not in known]:
            listed = ", ".join(f"`{name}`" for name in unknown)
            raise ConfigError(f"no open problem has the id {listed}", hint="`wirewatch problems list` shows them all")
        count = retry(store, names or None, now=clock())
    if as_json:
        print_json({"retried": count})
    else:
        say(f"{count} wait again; `wirewatch run` takes them on")
