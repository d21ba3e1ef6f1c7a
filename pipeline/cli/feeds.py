"""`wirewatch feeds`: which feeds there are, whether they work, and how they get in and out."""

# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import runtime
from pipeline.cli.describing import LOOK, add
from pipeline.cli.naming import identifier_of
from pipeline.cli.session import Session
from pipeline.cli.terminal import AsJson, moment, print_json, print_table, print_text, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Feed
    from pipeline.stages.check import Finding

_PATIENCE = timedelta(seconds=10)

feeds = typer.Typer(help="List, add, check, import and export feeds.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(feeds, list_feeds, "list")
    add(feeds, check_feeds, "check")
    add(feeds, add_feed, "add")
    add(feeds, import_feeds, "import")
    add(feeds, export_feeds, "export")
    app.add_typer(feeds, name="feeds", rich_help_panel=LOOK)


def list_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List the configured feeds.

    For example:

        wirewatch feeds list
        wirewatch feeds list --json | jq -r .url

    Next: `wirewatch feeds check` tries them, `wirewatch status` tells how they did.
    """
    from pipeline.config.models import duration_text

    configured = Session.of(context).feeds
    if as_json:
        _print_feeds(configured)
        return
    rows = [
        (one.id, one.language, one.kind, duration_text(one.interval) if one.enabled else "off", one.url)
        for one in configured
    ]
    print_table(["id", "language", "kind", "every", "url"], rows, wrapped=["url"])


def check_feeds(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|URL]…", help="Default: all configured feeds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch feeds now and say what was found; nothing is kept. Exit status 1 if one does not work.

    A URL need not be configured.

    For example:

        wirewatch feeds check
        wirewatch feeds check tagesschau
        wirewatch feeds check https://example.org/feed.xml --json

    Next: `wirewatch feeds add URL` adds one.
    """
    session = Session.of(context)
    chosen = _chosen(session.feeds, names or [])
    findings = [_shown(one, as_json=as_json) for one in _checked(session, chosen)]
    bad = sum(not one.works for one in findings)
    say(f"{len(findings) - bad} of {len(findings)} feeds work")
    raise typer.Exit(int(bad > 0))


def add_feed(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Where it lies: http(s), or `file:///folder` with --local.")
    ],
    feed_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="A short name; default: made from the URL.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What readers call it; default: the id.")] = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="BCP 47, such as `de`.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="ISO 3166, such as `DE`.")] = None,
    full_text: Annotated[bool, typer.Option("--full-text", help="Fetch the page behind each entry.")] = False,
    local: Annotated[bool, typer.Option("--local", help="May lie on this machine or in a private network.")] = False,
    check: Annotated[bool, typer.Option("--check/--no-check", help="Try the feed, too.")] = True,
    as_json: AsJson = False,
) -> None:
    """Add a feed to feeds.yaml, and try it; comments there stay.

    A feed that does not work now is added all the same, with a warning: the network may be at fault.

    For example:

        wirewatch feeds add https://www.example.org/news/rss
        wirewatch feeds add https://example.org/feed --id example-news --language en --full-text
        wirewatch feeds add file:///srv/wire --local

    Next: `wirewatch run` polls it.
    """
    from pipeline.config import append_feeds

    session = Session.of(context)
    identifier = feed_id or identifier_of(url, {feed.id for feed in session.feeds})
    values = {"id": identifier, "name": name or identifier, "url": url, "language": language, "country": country}
    feed = _feed(values | {"full_text": full_text, "local": local})
    append_feeds(session.feeds_file, [feed])
    if as_json:
        _print_feeds([feed])
    say(f"added `{identifier}` to `{session.feeds_file}`")
    if check:
        _try(session, feed)


def import_feeds(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; `-`: standard input.")],
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file to feeds.yaml; those whose URL is there already are left out.

    What cannot be polled is named with its line and left out; exit status 1 then.

    For example:

        wirewatch feeds import subscriptions.opml
        wirewatch --config there feeds export | wirewatch feeds import -

    Next: `wirewatch feeds check`.
    """
    from pipeline.config import append_feeds, parse_opml

    session = Session.of(context)
    known = session.feeds
    found = parse_opml(_bytes(file), {feed.id for feed in known})
    urls = {feed.url for feed in known}
    new = [feed for feed in found.feeds if feed.url not in urls]
    append_feeds(session.feeds_file, new)
    if as_json:
        _print_feeds(new)
    for problem in found.problems:
        say(f"error: {file}: {problem}")
    left = f"; {len(found.problems)} left out, because they cannot be polled" if found.problems else ""
    say(f"added {len(new)} feeds to `{session.feeds_file}`; {len(found.feeds) - len(new)} were there already{left}")
    raise typer.Exit(int(bool(found.problems)))


def export_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """Write the configured feeds as OPML to standard output, for any feed reader.

    Those marked `local` are left out: they mean nothing elsewhere.

    For example:

        wirewatch feeds export > feeds.opml
        wirewatch feeds export --json
    """
    from pipeline.config import write_opml

    configured = Session.of(context).feeds
    public = [feed for feed in configured if not feed.local]
    if as_json:
        _print_feeds(public)
    else:
        print_text(write_opml(public).decode("utf-8"), end="")
    if len(public) < len(configured):
        say(f"{len(configured) - len(public)} local feeds left out")


def _print_feeds(listed: Sequence[Feed]) -> None:
    from pipeline.config.models import duration_text

    for feed in listed:
        print_json(feed.model_dump(mode="json") | {"interval": duration_text(feed.interval)})


def _checked(session: Session, chosen: Sequence[Feed], *, patience: timedelta | None = None) -> Iterator[Finding]:
    from pipeline.stages.check import check

    settings = session.settings
    if patience and patience < settings.fetch_timeout:
        settings = settings.model_copy(update={"fetch_timeout": patience})
    with runtime.make_fetcher(settings) as fetcher:
        yield from check(fetcher, chosen, limits=runtime.limits(settings), limit=settings.feed_max_entries)


def _try(session: Session, feed: Feed) -> None:
    for finding in _checked(session, [feed], patience=_PATIENCE):
        if finding.works:
            say(f"it works: {_told(finding)}")
        else:
            say(f"warning: it does not work now: {finding.problem}")
            say(
                f"hint: `wirewatch feeds check {feed.id}` tries it again; if the address is wrong, correct it in the file"
            )


def _feed(values: dict[str, object]) -> Feed:
    from pydantic import ValidationError

    from pipeline.config.models import Feed
    from pipeline.config.wording import describe_field

    try:
        return Feed.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        wrong = "\n".join(describe_field(one, Feed) for one in error.errors(include_url=False))
        raise ConfigError(wrong, hint="`wirewatch feeds add --help` explains") from error


def _chosen(configured: Sequence[Feed], names: Sequence[str]) -> list[Feed]:
    by_id = {feed.id: feed for feed in configured}
    by_url = {feed.url: feed for feed in configured}
    chosen = list(configured) if not names else []
    for name in dict.fromkeys(names):
        if name in by_id or name in by_url:
            chosen.append(by_id.get(name) or by_url[name])
        elif "://" in name:
            given = {"id": f"given-{len(chosen) + 1}", "name": name, "url": name, "local": name.startswith("file:")}
            chosen.append(_feed(given))
        else:
            raise ConfigError(f"no feed has the id `{name}`", hint="`wirewatch feeds list` shows them all")
    return chosen


def _shown(one: Finding, *, as_json: bool) -> Finding:
    if as_json:
        print_json(vars(one) | {"works": one.works})
    else:
        print_text(f"{'ok ' if one.works else 'BAD'} {one.feed_id}: {_told(one)}")
    return one


def _told(one: Finding) -> str:
    if not one.works:
        return str(one.problem)
    newest = f", newest {moment(one.newest)}" if one.newest else ""
    whole = f", {one.full_text} with the whole text" if one.full_text else ""
    return f"{one.entries} entries, {one.format}{newest}{whole}" + (f" ({one.problem})" if one.problem else "")


def _bytes(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot read `{file}`: {(error.strerror or str(error)).lower()}", hint="check the name"
        ) from error
