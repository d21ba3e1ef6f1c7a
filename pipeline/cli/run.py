"""`wirewatch run` and the six stages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

import typer

from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, print_table, progress, say
from pipeline.config.models import parse_duration
from pipeline.stages import StageReport, run_all
from pipeline.stages import run as run_stage

_ABOUT = {
    "poll": "Ask the feeds that are due and keep what they bring.",
    "read": "Complete the articles; fetch the page where the feed asks for full text.",
    "dedup": "Fold the copies onto their original and put articles into stories.",
    "enrich": "Read language, agency, entities and topics.",
    "index": "Bring the search index up to date.",
    "alert": "Decide on alerts and send what waits to be sent.",
}
Limit = Annotated[int, typer.Option(min=1, help="Take on at most so many articles (for poll: feeds).")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    for name, about in _ABOUT.items():
        app.command(name, help=about)(_stage_command(name))


def run(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Keep going until Ctrl-C, without Airflow.")] = False,
    every: Annotated[str, typer.Option(help="With --watch: how often to look what is due.")] = "30s",
    limit: Limit = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Run all stages once over the configured feeds; with --watch, keep going.

    Only what is due is polled: a feed that was asked a minute ago is left alone. Whatever stops the run, nothing is
    lost; the next run goes on from there.
    """
    pause = parse_duration(every)
    session = Session.of(context)
    failed = False
    with progress() as told, session.services(progress=told) as services:
        while True:
            reports = list(run_all(services, clock=clock, limit=limit))
            failed = _print(reports, as_json=as_json, quiet=watch)
            if not watch:
                break
            time.sleep(pause.total_seconds())
    raise typer.Exit(int(failed))


def _stage_command(name: str) -> Callable[..., None]:
    def command(context: typer.Context, limit: Limit = 1_000_000, as_json: AsJson = False) -> None:
        with progress() as told, Session.of(context).services(progress=told) as services:
            report = run_stage(name, services, limit=limit, clock=clock)
        raise typer.Exit(int(_print([report], as_json=as_json)))

    return command


def _print(reports: list[StageReport], *, as_json: bool, quiet: bool = False) -> bool:
    """Print the reports; returns whether a stage had to stop."""
    shown = [report for report in reports if not quiet or report.claimed or report.stopped]
    if as_json:
        for report in shown:
            print_json(report.document())
    elif shown:
        print_table(["stage", "seconds", "taken on", "result"], [_row(report) for report in shown])
    for report in shown:
        if report.stopped:
            say(f"`{report.stage}` stopped: {report.stopped}")
    return any(report.stopped for report in reports)


def _row(report: StageReport) -> list[object]:
    counts = ", ".join(f"{count} {name}" for name, count in sorted(report.counts.items()) if count)
    return [report.stage, f"{report.seconds:.2f}", report.claimed, counts or "nothing to do"]
