"""`wirewatch status`: what is there, what waits, how the feeds are."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, duration, moment, print_json, print_table, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Digest, Feed

_SHOWN = 8


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, status, "status", LOOK)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Count what is there, what waits in which stage and since when, and tell how the feeds are and how late the news.

    Lag is the time from the publication of an article to its alert, or to the poll that brought it, over the last 24 hours.

    For example:

        wirewatch status
        wirewatch status --json | jq '.feeds[] | select(.failures > 0)'
        wirewatch status --json | jq .lag.alerts

    Next: `wirewatch problems list` tells what was set aside, `wirewatch doctor` examines the set-up.
    """
    from pipeline.stages.digest import schedule
    from pipeline.stages.lag import lag
    from pipeline.stages.upkeep import condition

    session = Session.of(context)
    now = clock()
    configured, digests, wrong = _configured(session)
    with session.store() as store, store.reading() as transaction:
        document = condition(transaction, configured)
        document |= {"digests": schedule(transaction, digests, now=now), "lag": lag(transaction, configured, now=now)}
    if as_json:
        print_json(document)
    else:
        _print_status(document)
    if wrong:  # what is in the store was told all the same
        raise wrong


def _configured(session: Session) -> tuple[Sequence[Feed], Sequence[Digest], ConfigError | None]:
    feeds: Sequence[Feed] = ()
    try:
        feeds = session.feeds
        digests = session.digests
    except ConfigError as error:
        return feeds, (), error
    return feeds, digests, None


def _print_status(document: Mapping[str, Any]) -> None:
    print_table(["", ""], [(name.replace("_", " "), count) for name, count in document["counts"].items()])
    waiting = [(stage, row["count"], moment(row["oldest"])) for stage, row in document["waiting"].items()]
    if waiting:
        print_table(["waits for", "articles", "since (UTC)"], waiting)
    else:
        say("nothing waits")
    if document["outbox"]:
        print_table(["mail", "count"], document["outbox"].items())
    if document["digests"]:
        rows = [(one["digest"], moment(one["told_until"]), moment(one["next"])) for one in document["digests"]]
        print_table(["digest", "told until (UTC)", "next (UTC)"], rows)
    _print_lag(document["lag"])
    feeds = [row for row in document["feeds"] if row["last_polled"]]
    if feeds:
        print_table(["feed", "articles", "last answer", "next poll", "state"], map(_row, feeds), wrapped=["state"])
    never = [row["feed"] for row in document["feeds"] if not row["last_polled"]]
    strangers = sum(not row["configured"] for row in document["feeds"])
    if strangers:
        say(f"{strangers} of these feeds are not in feeds.yaml, so that nobody polls them any more")
    if never:
        more = f" and {len(never) - _SHOWN} more" if len(never) > _SHOWN else ""
        say(f"never polled: {', '.join(never[:_SHOWN])}{more}")
    if not document["counts"]["articles"]:
        say("hint: nothing has come in yet: `wirewatch demo` plays a sample, `wirewatch run` polls your feeds")
    if document["counts"]["open_problems"]:
        say("`wirewatch problems list` tells what was set aside, and why")


def _print_lag(document: Mapping[str, Any]) -> None:
    if document["last_news"]:
        say(
            f"the latest news came in {duration(document['seconds_since_news'])} ago, {moment(document['last_news'])} UTC"
        )
    slowest = sorted(document["feeds"].items(), key=lambda item: -item[1]["median"])[:_SHOWN]
    lags = [("alerts", document["alerts"]), *((f"feed {name}", row) for name, row in slowest)]
    rows = [
        (what, row["count"], *(duration(row[name]) for name in ("median", "percentile_95", "worst")))
        for what, row in lags
        if row["count"]
    ]
    if rows:
        columns = ["lag after publication, last 24 h", "count", "median", "95 % within", "worst"]
        print_table(columns, rows)


def _row(row: Mapping[str, Any]) -> list[object]:
    if row["retired"]:
        state = f"retired: {row['retired']}"
    elif row["failures"]:
        state = f"{row['failures']} failures: {row['last_error']}"
    else:
        state = "ok"
    next_poll = "" if row["retired"] else moment(row["next_poll"])
    return [row["feed"], row["articles"], moment(row["last_success"]), next_poll, state]
