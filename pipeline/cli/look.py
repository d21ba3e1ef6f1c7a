"""`wirewatch search`, `show` and `status`: what is there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from pipeline import runtime
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, console, print_json, print_table, say
from pipeline.config.models import parse_duration
from pipeline.errors import ConfigError
from pipeline.search import FIELDS, Hit, Results, parse_query
from pipeline.stages.life import life

_FACETS = ("topics", "people", "organisations", "places", "source.id", "language")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Fields: " + ", ".join(field.name for field in FIELDS))(search)
    app.command()(show)
    app.command()(status)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Lucene syntax, the same fields as in Kibana.")] = "*",
    since: Annotated[
        str | None, typer.Option(help="Only news of the last `24h`, `7d` …, or since a date such as 2026-11-03.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    facets: Annotated[bool, typer.Option("--facets", help="Count topics, names, sources and languages too.")] = False,
    sort: Annotated[str, typer.Option(help="time or relevance")] = "time",
    copies: Annotated[bool, typer.Option("--copies", help="Show every copy, not only the original.")] = False,
    killed: Annotated[bool, typer.Option("--killed", help="Show the stubs of killed articles too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the archive.

    Examples: wirewatch search starlink · wirewatch search 'people:putin AND topics:ukraine' --since 24h ·
    wirewatch search '"drei Bodenstationen" OR tickers:"NASDAQ:TSLA"' --facets · wirewatch search 'urgency:[1 TO 3]'
    """
    if sort not in {"time", "relevance"}:
        raise ConfigError(f"no order named `{sort}`", hint="`time` or `relevance`")
    now = clock()
    asked = parse_query(query, now=now)
    index = runtime.make_index(Session.of(context).settings)
    results = index.search(
        asked,
        limit=limit,
        since=_since(since, now),
        sort="relevance" if sort == "relevance" else "time",
        facets=_FACETS if facets else (),
        fold_copies=not copies,
        hidden=killed,
    )
    index.close()
    if as_json:
        for hit in results.hits:
            print_json(hit.document)
        return
    _print_results(results)


def _since(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(now.tzinfo)
    except ValueError:
        return now - parse_duration(text)


def _print_results(results: Results) -> None:
    out = console()
    for hit in results.hits:
        _print_hit(hit)
    for field, counts in results.facets.items():
        if counts:
            out.print(f"[bold]{field}[/]  " + escape(" · ".join(f"{value} {count}" for value, count in counts)))
    say(f"{len(results.hits)} of {results.total} in {results.took_ms:.0f} ms; `wirewatch show ID` tells all about one")


def _print_hit(hit: Hit) -> None:
    document, out = hit.document, console()
    when = str(document["@timestamp"])[:16].replace("T", " ")
    copies = f" +{document['copies']} copies" if document.get("copies") else ""
    headline = document["headline"] or document["body"][:80]
    out.print(f"[dim]{when}[/] [bold]{escape(headline)}[/]")
    tags = " ".join([*(f"#{topic}" for topic in document["topics"]), *document["people"], *document["organisations"]])
    out.print(f"  [cyan]{escape(document['source']['name'])}[/]{copies} [dim]{hit.id}[/] {escape(tags)}")
    for snippet in hit.snippets[:2]:
        text = Text("  … " + " ".join(snippet.text.split("\n")))
        for start, end in snippet.marks:
            text.stylize("bold yellow", start + 4, end + 4)
        out.print(text)


def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An id, or how it begins.")],
    as_json: AsJson = False,
) -> None:
    """Tell an article's whole life: when and where seen, copies, entities, topics and why, alerts sent."""
    with Session.of(context).store() as store, store.reading() as transaction:
        found = transaction.articles.find(article_id)
        if not found:
            raise ConfigError(f"no article `{article_id}`", hint="`wirewatch search` shows ids")
        if len(found) > 1:
            raise ConfigError(f"`{article_id}` begins several ids: {', '.join(found)}", hint="write more of it")
        told = life(transaction, found[0])
    if as_json:
        print_json(told)
    else:
        _print_life(told)


def _print_life(told: dict[str, Any]) -> None:
    article, out = told["article"], console()
    out.print(f"[bold]{escape(article['headline'])}[/]")
    rows = [
        ("id", article["id"]), ("source", article["source"]["name"]), ("agency", article["agency"]),
        ("published", article["published"]), ("first seen", article["first_seen"]), ("feeds", ", ".join(article["feeds"])),
        ("url", article["url"]), ("version", f"{article['version']} ({article['status']})"), ("language", article["language"]),
        ("dateline", (article["dateline"] or {}).get("text")), ("story", article["story_id"]), ("copy of", article["duplicate_of"]),
    ]  # fmt: skip
    print_table(["", ""], [row for row in rows if row[1]])
    for name in ("people", "organisations", "places", "products", "tickers"):
        if article[name]:
            out.print(f"[bold]{name}[/] " + escape(", ".join(article[name])))
    for topic, evidence in article["topic_evidence"].items():
        out.print(f"[bold]#{topic}[/] {evidence['score']:g}: " + escape(", ".join(evidence["phrases"])))
    for title, key, columns in (
        ("carried by", "group", ["published", "source", "id", "headline"]),
        ("earlier versions", "versions", ["version", "updated", "headline"]),
        ("alerts", "alerts", ["created", "watch", "why", "delivery"]),
        ("waits for", "waiting", ["stage", "since"]),
        ("problems", "problems", ["last_seen", "stage", "reason"]),
    ):
        if told[key]:
            print_table(
                columns, [[row[column] for column in columns] for row in told[key]], title=f"\n[bold]{title}[/]"
            )
    out.print("\n" + escape(article["body"]))


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Count what is there, what waits, and how the feeds are."""
    session = Session.of(context)
    with session.store() as store, store.reading() as transaction:
        states = transaction.feeds.states()
        by_feed = transaction.articles.by_feed()
        document: dict[str, Any] = {
            "counts": transaction.articles.counts() | {"open problems": transaction.problems.count()},
            "waiting": {stage: vars(one) for stage, one in transaction.work.waiting().items()},
            "outbox": transaction.ledger.outbox(),
            "feeds": [
                {"feed": one, "articles": by_feed.get(one, 0)}
                | state.model_dump(
                    mode="json", include={"last_success", "next_poll", "failures", "retired", "last_error"}
                )
                for one, state in sorted(states.items())
            ],
        }
    if as_json:
        print_json(document)
        return
    print_table(["", "count"], document["counts"].items())
    print_table(
        ["waits for", "articles", "since"],
        [(one, row["count"], row["oldest"]) for one, row in document["waiting"].items()],
    )
    print_table(["mail", "count"], document["outbox"].items())
    print_table(
        ["feed", "articles", "last answer", "next poll", "failures", "state"],
        [
            (
                row["feed"],
                row["articles"],
                row["last_success"],
                row["next_poll"],
                row["failures"],
                row["retired"] or row["last_error"] or "ok",
            )
            for row in document["feeds"]
        ],
    )
