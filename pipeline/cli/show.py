"""`wirewatch show`: one article's whole life."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Annotated, Any

import typer

from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session
from pipeline.cli.terminal import AsJson, console, moment, print_json, print_table, print_text, shown
from pipeline.errors import ConfigError

_FACTS = ("agency", "byline", "url", "language", "urgency", "priority")
_NAMES = ("people", "organisations", "places", "products", "tickers")
_TABLES = (
    ("seen in", "feeds", ("feed", "first_seen"), ()),
    ("the same text", "group", ("published", "source", "id", "headline"), ("headline",)),
    ("the same story", "story", ("published", "source", "id", "headline"), ("headline",)),
    ("earlier versions", "versions", ("version", "updated", "headline"), ("headline",)),
    ("alerts", "alerts", ("created", "watch", "why", "delivery"), ("why", "delivery")),
    ("waits for", "waiting", ("stage", "since"), ()),
    ("problems", "problems", ("last_seen", "stage", "reason"), ("reason",)),
)
_TIMES = frozenset({"first_seen", "published", "updated", "created", "since", "last_seen"})
_BODY = 2_000
_LONGEST_REASON = 120


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, show, "show", LOOK)


def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An id, or how it begins.")],
    whole: Annotated[bool, typer.Option("--whole", help="Show all of a long text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell an article's whole life: when and where seen, copies, entities, topics and why, alerts sent.

    For example:

        wirewatch show 49e4aa992796
        wirewatch show 49e4aa992796 --json

    Next: `wirewatch search 'story_id:ID'` lists a story, `wirewatch problems list` tells what was set aside.
    """
    from pipeline.stages.life import life

    with Session.of(context).store() as store, store.reading() as transaction:
        found = transaction.articles.find(article_id)
        if article_id in found:
            found = [article_id]
        if not found:
            raise ConfigError(f"no article has the id `{article_id}`", hint="`wirewatch search` shows ids")
        if len(found) > 1:
            several = ", ".join(f"`{one}`" for one in found)
            raise ConfigError(f"`{article_id}` begins several ids: {several}", hint="write more of it")
        told = life(transaction, found[0])
    if as_json:
        print_json(told)
    else:
        _print_life(told, whole=whole)


def _print_life(told: Mapping[str, Any], *, whole: bool) -> None:
    article, out = told["article"], console()
    out.print(f"[bold]{shown(article['headline'] or '(no headline)')}[/]")
    print_table(["", ""], [fact for fact in _facts(article) if fact[1]], wrapped=[""])
    for name in _NAMES:
        if article[name]:
            out.print(f"[bold]{name}[/]  {shown(', '.join(article[name]))}")
    for topic, evidence in article["topic_evidence"].items():
        out.print(
            f"[bold]#{shown(topic)}[/]  {evidence['score']:g}, from {shown(', '.join(_reasons(article, evidence)))}"
        )
    for title, key, columns, wrapped in _TABLES:
        if told[key]:
            rows = [[_readable(column, row[column]) for column in columns] for row in told[key]]
            print_table([column.replace("_", " ") for column in columns], rows, wrapped=wrapped, title=title)
    _print_body(article["body"] or article["summary"], whole=whole)


def _reasons(article: Mapping[str, Any], evidence: Mapping[str, Any]) -> Iterator[str]:
    """Yield the phrases of a topic's evidence, each with the words of the text behind it where these are others."""
    text = f"{article['headline']}\n{article['body']}" if article["headline"] else article["body"]
    for phrase, span in zip_longest(evidence["phrases"], evidence["spans"][: len(evidence["phrases"])]):
        written = " ".join(text[slice(*span)].split()) if span else phrase
        other = written.casefold() != phrase.casefold() and 0 < len(written) <= _LONGEST_REASON
        yield f"{phrase} (“{written}”)" if other else phrase


def _facts(article: Mapping[str, Any]) -> list[tuple[str, object]]:
    source = article["source"]
    about = ", ".join(str(source[one]) for one in ("kind", "country") if source[one])
    dateline = article["dateline"] or {}
    version = f"{article['version']}, {article['status']}"
    updated = f", updated {moment(article['updated'])}" if article["updated"] else ""
    embargo = article["embargo_until"]
    return [
        ("id", article["id"]),
        ("source", f"{source['name']} ({about})"),
        *((name, article[name]) for name in _FACTS),
        ("published", moment(article["published"])),
        ("first seen", moment(article["first_seen"])),
        ("embargo until", moment(embargo)),
        ("version", version + updated),
        ("dateline", dateline.get("text")),
        ("words", article["words"]),
        ("copy of", article["duplicate_of"]),
        ("story", article["story_id"]),
        ("watches", ", ".join(article["watches"])),
    ]


def _readable(column: str, value: object) -> object:
    return moment(str(value)) if column in _TIMES and value else value


def _print_body(text: str, *, whole: bool) -> None:
    out = console()
    cut = text if whole or len(text) <= _BODY else text[:_BODY].rsplit(maxsplit=1)[0]
    print_text("")
    out.print(shown(cut))
    if len(cut) < len(text):
        out.print(f"… ({len(text) - len(cut)} more characters; `--whole` shows them)", style="dim")
