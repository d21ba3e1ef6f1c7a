"""`wirewatch digest`: the daily and weekly digests that are due, and summaries of what came too late for an alert."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.describing import CHAIN, add
from pipeline.cli.reports import print_reports
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, moment, print_json, print_table, say

if TYPE_CHECKING:
    from pipeline.stages import Services


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, digest, "digest", CHAIN)


def digest(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the mails that would be written now; keep and send nothing.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Send at most so many mails.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Send the daily and weekly digests that are due, and summaries of what came too late for an alert.

    Which digests there are stands in `watches.yaml`, below `digests:`. Run this every few minutes, from cron or Airflow;
    `wirewatch run --watch` does so by itself. Safe at any time and side by side: a period is told once. After a pause
    there is one late digest for all the time missed. Late news are told to each reader at most once an hour.

    For example:

        wirewatch digest
        wirewatch digest --dry-run
        wirewatch digest --dry-run --json | jq '.stories[].headline'

    Next: `wirewatch status` tells when each digest is due.
    """
    from pipeline.stages import digest as stage

    with Session.of(context).services() as services:
        if dry_run:
            _show(services, as_json=as_json)
            return
        report = stage.run(services, limit=limit, now=clock())
    raise typer.Exit(print_reports([report], as_json=as_json))


def _show(services: Services, *, as_json: bool) -> None:
    from pipeline.stages import digest as stage

    now = clock()
    mails = stage.preview(services, now=now)
    with services.store.reading() as transaction:
        schedule = stage.schedule(transaction, services.configuration.digests, now=now)
    for mail in mails:
        if as_json:
            print_json(mail)
        else:
            _print_mail(mail)
    if not mails:
        say("no mail would be written now")
    for one in schedule:
        due = "is due" if one["next"] <= now else f"is due next on {moment(one['next'])} UTC"
        say(f"`{one['digest']}` {due}")
    if not schedule:
        say("hint: no digest is configured; the comments in `watches.yaml` show how")


def _print_mail(mail: Mapping[str, Any]) -> None:
    rows = [
        (moment(one["published"]), one["source"], one["headline"], one["articles"], ", ".join(one["watches"]))
        for one in mail["stories"]
    ]
    title = f"{mail['digest']} to {mail['recipient']}, {moment(mail['since'])} to {moment(mail['until'])} UTC"
    columns = ["published", "source", "headline", "articles", "watches"]
    print_table(columns, rows, wrapped=["headline", "watches"], title=title)
    if mail["more"]:
        say(f"and {mail['more']} more that did not fit")
