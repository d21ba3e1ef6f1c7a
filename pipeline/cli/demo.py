"""`wirewatch demo`: the main job on the sample wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import typer

from pipeline.cli.demo_report import print_overview
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, progress, say
from pipeline.demo import SampleWire
from pipeline.demo.overview import overview
from pipeline.stages import StageReport, run_all

_ROUNDS = 4
_PAUSE = timedelta(minutes=20)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port of the sample wire on this machine; 0: any that is free.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Run the whole chain on a sample wire that this machine serves: poll, read, dedup, enrich, index, alert.

    The wire is invented, the pipeline is the one of production: the demo is configuration and a server, nothing else.
    It plays an hour in four polls, twenty minutes apart, and then shows what came in. The results stay in the data
    folder, so that `wirewatch search` and `wirewatch show` work on them. A second demo finds everything known already and sends
    nothing twice; remove the data folder to begin anew.
    """
    session = Session.of(context)
    started = clock() - _ROUNDS * _PAUSE
    reports: list[StageReport] = []
    say("a sample wire on this machine, polled four times …")
    with SampleWire(started, session.settings.data / "sample-wire", port=port) as wire, progress() as told:
        configuration = replace(session.configuration, feeds=tuple(wire.feeds))
        with session.services(configuration, progress=told) as services:
            for number in range(1, _ROUNDS + 1):
                if number == _ROUNDS - 1:
                    wire.publish_update()
                reports += run_all(services, clock=_at(started + number * _PAUSE))
            with services.store.reading() as transaction:
                shown = overview(transaction, sources={feed.source or feed.id for feed in wire.feeds}, reports=reports)
    if as_json:
        print_json(shown)
    else:
        print_overview(shown, session.settings)


def _at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
