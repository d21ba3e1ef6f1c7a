"""`wirewatch search`: what the archive has."""

# ruff: noqa: PLC0415

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.padding import Padding
from rich.text import Text
from typer.core import TyperCommand

from pipeline import runtime
from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session, clock, since
from pipeline.cli.terminal import AsJson, console, moment, plain, print_json, say, shown

if TYPE_CHECKING:
    from pipeline.search import Hit, Query, Results, SearchIndex, Snippet

_FACETS = ("topics", "people", "organisations", "places", "source.id", "language")
_INDENT = 4


class _WithFields(TyperCommand):
    """Lists the searchable fields below the help; the index is loaded only when somebody asks for it."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer's context has another home in each version
        from pipeline.search import FIELDS

        self.epilog = "Fields: " + ", ".join(field.name for field in FIELDS)
        return super().get_help(ctx)


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, search, "search", LOOK, cls=_WithFields)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Lucene syntax; words are joined with OR.")] = "*",
    since_text: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="TIME", help="Only news of the last `24h`, `7d` …, or since a date: 2026-11-03."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Show at most so many.")] = 10,
    sort: Annotated[
        Literal["time", "relevance"],
        typer.Option(metavar="ORDER", help="`time`: the newest first; `relevance`: the best first."),
    ] = "time",
    facets: Annotated[bool, typer.Option("--facets", help="Count topics, names, sources and languages too.")] = False,
    copies: Annotated[bool, typer.Option("--copies", help="Show every copy, not only the original.")] = False,
    killed: Annotated[bool, typer.Option("--killed", help="Show the stubs of killed articles too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the archive: words, phrases, fields, ranges; the same fields as in Kibana.

    A line of JSON is an article document; with --facets all of it is one document: `total`, `hits`, `facets`.

    For example:

        wirewatch search starlink
        wirewatch search 'people:putin AND topics:ukraine' --since 24h
        wirewatch search '"drei Bodenstationen" OR tickers:"NASDAQ:TSLA"' --facets
        wirewatch search 'urgency:[1 TO 3] AND published:>=2026-11-01'
        wirewatch search 'starlnk~' --copies --json

    Next: `wirewatch show ID` tells an article's whole life.
    """
    from pipeline.search import parse_query

    now = clock()
    begin, asked = since(since_text, now), parse_query(query, now=now)
    index = runtime.make_index(Session.of(context).settings)
    results = index.search(
        asked,
        limit=limit,
        since=begin,
        sort=sort,
        facets=_FACETS if facets else (),
        fold_copies=not copies,
        hidden=killed,
    )
    if as_json:
        _print_documents(results, as_one=facets)
    else:
        _print_results(results)
    if not results.hits:
        say(f"hint: {_what_to_try(index, asked, begin, now)}")
    index.close()


def _print_documents(results: Results, *, as_one: bool) -> None:
    if as_one:
        counts = {field: dict(values) for field, values in results.facets.items()}
        print_json({"total": results.total, "hits": [hit.document for hit in results.hits], "facets": counts})
        return
    for hit in results.hits:
        print_json(hit.document)


def _print_results(results: Results) -> None:
    for hit in results.hits:
        _print_hit(hit)
    for field, counts in results.facets.items():
        if counts:
            listed = " · ".join(f"{shown(value)} [dim]{count}[/]" for value, count in counts)
            console().print(f"[bold]{field}[/]  {listed}")
    say(
        f"{len(results.hits)} of {results.total} in {results.took_ms:.0f} ms"
        + ("; `wirewatch show ID` tells all about one" if results.hits else "")
    )


def _print_hit(hit: Hit) -> None:
    document, out = hit.document, console()
    headline = document["headline"] or document["summary"] or document["body"]
    out.print(f"[dim]{moment(document['@timestamp'])}[/] [bold]{shown(' '.join(headline.split())[:200])}[/]")
    copies = f" +{document['copies']} copies" if document.get("copies") else ""
    agency = f" ({shown(document['agency'])})" if document.get("agency") else ""
    origin = f"[cyan]{shown(document['source']['name'])}[/]{agency}{copies} [dim]{hit.id}[/]"
    names = ", ".join((*document["people"], *document["organisations"]))
    tags = " ".join((*(f"#{topic}" for topic in document["topics"]), names))
    out.print(Padding(f"{origin} {shown(tags)}".rstrip(), (0, 0, 0, _INDENT), expand=False))
    for snippet in [one for one in hit.snippets if one.field != "headline"][:2]:
        out.print(Padding(_marked(snippet), (0, 0, 0, _INDENT), expand=False))


def _marked(snippet: Snippet) -> Text:
    text = Text("… " + plain(re.sub(r"\s", " ", snippet.text)))
    for start, end in snippet.marks:
        text.stylize("bold yellow", start + 2, end + 2)
    return text


def _what_to_try(index: SearchIndex, asked: Query, begin: datetime | None, now: datetime) -> str:
    """Return what may find something where nothing was found."""
    from pipeline.search import parse_query

    def count(query: Query) -> int:
        return index.search(query, limit=1).total

    if not count(parse_query("*", now=now)):
        return "the index is empty: `wirewatch demo` or `wirewatch run` fills it, `wirewatch reindex` rebuilds it"
    if begin and (older := count(asked)):
        return f"without `--since` there are {older}"
    word = asked.text.strip()
    if re.fullmatch(r"\w{4,}", word) and (alike := count(parse_query(f"{word}~", now=now))):
        return f"`wirewatch search '{word}~'` finds {alike} with a word that is spelt nearly so"
    return (
        "try fewer words, `OR` between them, or `word~` for one that may be spelt otherwise; `--help` lists the fields"
    )
