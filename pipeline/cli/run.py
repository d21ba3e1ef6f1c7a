"""`wirewatch run` and the six stages."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from pipeline.cli.describing import BEGIN, CHAIN, add
from pipeline.cli.reports import print_reports
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, progress

_ABOUT = {
    "poll": ("Ask the feeds that are due and keep what they bring.", "read", "feeds"),
    "read": ("Complete the articles; fetch the page where the feed asks for full text.", "dedup", "articles"),
    "dedup": ("Fold the copies onto their original and put articles into stories.", "enrich", "articles"),
    "enrich": ("Read language, agency, entities and topics.", "index` and `wirewatch alert", "articles"),
    "index": ("Bring the search index up to date.", "search", "articles"),
    "alert": ("Decide on alerts and send what waits to be sent.", "status", "articles"),
}
_MORE = """{about}

One stage of the chain; `wirewatch run` runs all six. Safe to run at any time and side by side: workers share the work,
and what one leaves behind another takes up.

For example:

    wirewatch {name} --limit 100

Next: `wirewatch {then}`.
"""


def _limit(taken: str) -> object:
    return Annotated[int, typer.Option(min=1, metavar="N", help=f"Take on at most so many {taken}.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(app, run, "run", BEGIN)
    for name, (about, then, taken) in _ABOUT.items():
        add(app, _stage_command(name, _MORE.format(about=about, name=name, then=then), taken), name, CHAIN)


def run(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Keep going until Ctrl-C, without Airflow.")] = False,
    every: Annotated[
        str, typer.Option(metavar="TIME", help="With --watch: the longest pause between two looks at what is due.")
    ] = "30s",
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Let each stage take on at most so many articles (poll: feeds).")
    ] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Run all stages once over the configured feeds; with --watch, keep going.

    Only what is due is polled: a feed that was asked a minute ago is left alone. Whatever stops the run, nothing is
    lost; the next run goes on from there. With --watch a line tells of each round in which something happened, and a
    store that is away for a while is waited for. Changed configuration files count from the next round on; while one is
    broken, what it said before does.

    For example:

        wirewatch run
        wirewatch run --watch
        wirewatch run --watch --json >> rounds.jsonl

    Next: `wirewatch search` looks at what came in, `wirewatch problems list` at what was set aside.
    """
    from pipeline.cli.watching import keep_going
    from pipeline.config.models import parse_duration
    from pipeline.stages import run_all

    pause = parse_duration(every)
    session = Session.of(context)
    if watch:
        keep_going(session, longest=pause, limit=limit, as_json=as_json)
    with progress() as told, session.services(progress=told) as services:
        reports = list(run_all(services, clock=clock, limit=limit))
    raise typer.Exit(print_reports(reports, as_json=as_json))


def _stage_command(name: str, about: str, taken: str) -> Callable[..., None]:
    def command(
        context: typer.Context,
        limit: int = 1_000_000,
        as_json: AsJson = False,
    ) -> None:
        from pipeline.stages import run as run_stage

        with progress() as told, Session.of(context).services(progress=told) as services:
            report = run_stage(name, services, limit=limit, clock=clock)
        raise typer.Exit(print_reports([report], as_json=as_json))

    command.__doc__ = about
    command.__annotations__["limit"] = _limit(taken)
    return command
