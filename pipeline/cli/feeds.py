"""`wirewatch feeds`: which feeds there are, whether they work, and how they get in and out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline import runtime
from pipeline.cli.session import Session
from pipeline.cli.terminal import AsJson, print_json, print_table, say
from pipeline.config import append_feed, read_opml, write_opml
from pipeline.config.models import Feed
from pipeline.errors import ConfigError
from pipeline.fetch import Fetcher
from pipeline.stages.check import Finding, check

feeds = typer.Typer(help="List, add, check, import and export feeds.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(feeds, name="feeds")


@feeds.command("list")
def list_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List the configured feeds."""
    configured = Session.of(context).configuration.feeds
    if as_json:
        for feed in configured:
            print_json(feed.model_dump(mode="json"))
        return
    print_table(
        ["id", "name", "language", "country", "kind", "every", "url"],
        [(one.id, one.name, one.language, one.country, one.kind, one.interval, one.url) for one in configured],
    )


@feeds.command("check")
def check_feeds(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|URL]…", help="Default: all configured feeds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch feeds now and say what was found; nothing is kept. Exit status 1 if one does not work.

    A URL need not be configured: `wirewatch feeds check https://example.org/feed.xml`.
    """
    session = Session.of(context)
    chosen = _chosen(session.configuration.feeds, names or [])
    with runtime.make_fetcher(session.settings) as fetcher:
        findings = [_shown(one, as_json=as_json) for one in _checked(session, fetcher, chosen)]
    bad = sum(not one.works for one in findings)
    say(f"{len(findings) - bad} of {len(findings)} feeds work")
    raise typer.Exit(int(bad > 0))


@feeds.command("add")
def add_feed(
    context: typer.Context,
    url: str,
    feed_id: Annotated[str, typer.Option("--id", help="A short name, such as `harbour-post`.")],
    name: Annotated[str | None, typer.Option(help="What readers call it.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47, such as `de`.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166, such as `DE`.")] = None,
    full_text: Annotated[bool, typer.Option("--full-text", help="Fetch the page behind each entry.")] = False,
    local: Annotated[bool, typer.Option("--local", help="May lie on this machine or in a private network.")] = False,
) -> None:
    """Add a feed to feeds.yaml; comments there stay."""
    path = Session.of(context).settings.config / "feeds.yaml"
    values = {"id": feed_id, "name": name or feed_id, "url": url, "language": language, "country": country}
    append_feed(path, _feed(values | {"full_text": full_text, "local": local}))
    say(f"added `{feed_id}` to `{path}`; `wirewatch feeds check {feed_id}` tries it")


@feeds.command("import")
def import_feeds(context: typer.Context, file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file to feeds.yaml; those whose URL is there already are left out."""
    session = Session.of(context)
    known = {feed.url for feed in session.configuration.feeds}
    try:
        found = read_opml(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read `{file}`: {error.strerror}", hint="check the name") from error
    new = [feed for feed in found if feed.url not in known]
    for feed in new:
        append_feed(session.settings.config / "feeds.yaml", feed)
    say(f"added {len(new)} feeds; {len(found) - len(new)} were there already")


@feeds.command("export")
def export_feeds(context: typer.Context) -> None:
    """Write the configured feeds as OPML to standard output."""
    sys.stdout.buffer.write(write_opml(Session.of(context).configuration.feeds))


def _checked(session: Session, fetcher: Fetcher, chosen: list[Feed]) -> Iterator[Finding]:
    settings = session.settings
    return check(fetcher, chosen, limits=runtime.limits(settings), limit=settings.feed_max_entries)


def _feed(values: dict[str, object]) -> Feed:
    try:
        return Feed.model_validate({name: value for name, value in values.items() if value is not None})
    except ValueError as error:
        raise ConfigError(f"this is no feed: {error}", hint="`wirewatch feeds add --help`") from error


def _chosen(configured: tuple[Feed, ...], names: list[str]) -> list[Feed]:
    by_id = {feed.id: feed for feed in configured}
    chosen = list(configured) if not names else []
    for name in names:
        if "://" in name:
            chosen.append(_feed({"id": "given", "name": name, "url": name}))
        elif name in by_id:
            chosen.append(by_id[name])
        else:
            raise ConfigError(f"no feed named `{name}`", hint="`wirewatch feeds list` shows them all")
    return chosen


def _shown(one: Finding, *, as_json: bool) -> Finding:
    if as_json:
        print_json(vars(one) | {"works": one.works})
    else:
        mark = "ok " if one.works else "BAD"
        newest = f", newest {one.newest:%Y-%m-%d %H:%M}" if one.newest else ""
        told = f"{one.entries} entries, {one.format}{newest}" if one.works else one.problem
        typer.echo(f"{mark} {one.feed_id}: {told}" + (f" ({one.problem})" if one.works and one.problem else ""))
    return one
