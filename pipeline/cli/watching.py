"""`wirewatch run --watch`: round after round, without Airflow.

A round runs all stages and sends the digests that are due; then the loop sleeps until the next feed is due, but never long: work that was put off,
and mail that was refused for now, wait for their time too.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from pipeline import runtime
from pipeline.cli.reports import tell_stops
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import flush, print_json, print_text, say
from pipeline.errors import ConfigError, TemporaryError

if TYPE_CHECKING:
    from pipeline.stages import Services, StageReport

_ATTENTION_SECONDS = 0.5
_SHORTEST = timedelta(seconds=1)
_DAY = timedelta(days=1)
_LONGEST_ABSENCE = timedelta(minutes=1)
_TOLD = {
    "poll": ("changed", "new", "versions", "failed"),
    "dedup": ("folded",),
    "enrich": ("enriched",),
    "alert": ("alerts", "late", "sent", "refused", "postponed"),
    "digest": ("digests", "summaries", "sent", "refused", "postponed"),
}
_WORDS = {
    "changed": "feeds with news",
    "failed": "feeds failed",
    "late": "too late for an alert",
    "folded": "copies",
    "versions": "new versions",
}


def keep_going(session: Session, *, longest: timedelta, limit: int, as_json: bool) -> NoReturn:
    """Run all stages again and again, until a signal ends the process. Raises `ConfigError` at the beginning only.

    A file of the configuration that is changed meanwhile counts from the next round on; if it is broken, what it said before does.
    """
    from pipeline.config import marks

    feeds = sum(feed.enabled for feed in session.configuration.feeds)
    say(f"watching {feeds} feeds; Ctrl-C ends, and nothing is lost by it")
    failures = 0
    while True:
        try:
            files = marks(session.settings.config)
            configuration, fault = runtime.standing_configuration(session.settings)
            with session.services(configuration) as services:
                _tell_soundness(services, fault)
                while files == marks(session.settings.config):
                    pause = _round(services, limit=limit, as_json=as_json)
                    failures = 0
                    _rest(min(longest, pause))
        except TemporaryError as error:
            pause = min(timedelta(seconds=2**failures), _LONGEST_ABSENCE, longest)
            failures = min(failures + 1, 10)
            say(f"error: {error}")
            say(f"hint: trying again in {pause.total_seconds():g} s; nothing is lost" + _also(error))
            _rest(pause)


def _tell_soundness(services: Services, fault: ConfigError | None) -> None:
    from pipeline.stages import soundness

    if not soundness.note(services.store, fault, now=clock()):
        return
    if fault:
        say(f"error: {fault}")
        say(f"hint: {soundness.GOES_ON}")
    else:
        say("the configuration is sound again")


def _rest(pause: timedelta) -> None:
    """Sleep in short pieces: a signal that came just before one is answered after it."""
    end = time.monotonic() + pause.total_seconds()
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, _ATTENTION_SECONDS))


def _round(services: Services, *, limit: int, as_json: bool) -> timedelta:
    """Run all stages once and tell of it; returns how long there is nothing to do."""
    from pipeline.stages import digest, run_all

    reports = [*run_all(services, clock=clock, limit=limit), digest.run(services, limit=limit, now=clock())]
    if as_json:
        for report in reports:
            if report.claimed or report.counts.total() or report.stopped:
                print_json(report.document())
    elif any(report.claimed or report.counts.total() for report in reports):
        print_text(f"{clock():%Y-%m-%d %H:%M:%S}  {_sentence(reports)}")
    flush()
    tell_stops(reports)
    _look_for_silence(services, as_json=as_json)
    return max(_SHORTEST, _next_poll(services) - clock())


def _look_for_silence(services: Services, *, as_json: bool) -> None:
    from pipeline.stages import health

    report = health.check(services, now=clock())
    if as_json and report.counts.total():
        print_json(report.document())
    if report.counts["silences"]:
        say("error: nothing has arrived for too long; `wirewatch doctor` tells since when, and what to do")
    if report.counts["ends"]:
        say("news arrive again")


def _sentence(reports: Sequence[StageReport]) -> str:
    """Return what a round did, in a line."""
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update({name: report.counts[name] for name in _TOLD.get(report.stage, ())})
        if report.stage == "poll":
            counts["feeds polled"] += report.claimed
        counts["problems"] += report.counts["problems"]
    told = dict.fromkeys(name for names in _TOLD.values() for name in names)
    order = ["feeds polled", *told, "problems"]
    return ", ".join(
        f"{counts[name]} {_WORDS.get(name, name)}" for name in order if counts[name] or name == "feeds polled"
    )


def _next_poll(services: Services) -> datetime:
    from pipeline.fetch import current

    with services.store.reading() as transaction:
        states = transaction.feeds.states()
    now = clock()
    known = [current(states.get(feed.id), feed, now) for feed in services.configuration.feeds if feed.enabled]
    return min((state.next_poll for state in known if not state.retired), default=now + _DAY)


def _also(error: TemporaryError) -> str:
    return f". {error.hint}" if error.hint else ""
