"""`wirewatch demo`: the main job on the sample wire."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.describing import BEGIN, add
from pipeline.cli.reports import tell_stops
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, progress, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.demo import SampleWire
    from pipeline.stages import StageReport

_ROUNDS = 4
_PAUSE = timedelta(minutes=20)


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, demo, "demo", BEGIN)


def demo(
    context: typer.Context,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="N", help="Port of the sample wire on this machine; 0: any that is free."
        ),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Run the whole chain on a sample wire that this machine serves: poll, read, dedup, enrich, index, alert.

    The wire is invented, the pipeline is the one of production: the demo is configuration and a server, nothing else.
    It plays an hour in four polls, twenty minutes apart, and then shows what came in. The results stay in the data
    folder, so that `wirewatch search` and `wirewatch show` work on them. A second demo finds everything known already
    and sends nothing twice; remove the data folder to begin anew.

    For example:

        wirewatch demo
        wirewatch --data /tmp/try demo

    Next: `wirewatch search starlink --facets`, and `wirewatch show ID` with one of the ids it prints.
    """
    from pipeline.cli.demo_report import print_overview
    from pipeline.demo.overview import overview
    from pipeline.stages import run_all

    session = Session.of(context)
    started = clock() - _ROUNDS * _PAUSE
    reports: list[StageReport] = []
    say("a sample wire on this machine, polled four times …")
    with ExitStack() as stack:
        wire = stack.enter_context(_wire(session, started, port))
        told = stack.enter_context(progress())
        configuration = replace(session.configuration, feeds=tuple(wire.feeds))
        services = stack.enter_context(session.services(configuration, progress=told))
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
    raise typer.Exit(int(tell_stops(reports)))


def _wire(session: Session, started: datetime, port: int) -> SampleWire:
    from pipeline.demo import SampleWire

    folder = session.settings.data / "sample-wire"
    try:
        return SampleWire(started, folder, port=port)
    except OSError as error:
        where = f"port {port}" if error.filename is None else f"`{error.filename}`"
        hint = (
            "choose another with `--port`, or leave it out"
            if error.filename is None
            else "choose another with `--data`"
        )
        raise ConfigError(f"cannot use {where}: {(error.strerror or str(error)).lower()}", hint=hint) from error


def _at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
