"""`wirewatch parse`, `analyse` and `cluster`: the rooms on files and pipes, without a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import runtime
from pipeline.article import Article, Source
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import print_json, say
from pipeline.dedup import Member, fingerprints, fold, meetings
from pipeline.errors import ConfigError, WirewatchError
from pipeline.stages.dedup import comparable
from pipeline.wires import parse as parse_wire

_TEXT_FIELDS = (
    "language", "agency", "dateline", "byline", "people", "organisations", "places", "products", "tickers",
    "entity_ids", "mentions", "topics", "topic_evidence", "locations", "words",
)  # fmt: skip
_CHUNK = 64
Files = Annotated[list[Path] | None, typer.Argument(help="Files to read; none or `-`: standard input.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(parse)
    app.command()(analyse)
    app.command()(cluster)


def parse(files: Annotated[list[Path], typer.Argument(help="Feeds or wire files of any known format.")]) -> None:
    """Read feeds and wire files; print one JSON line an entry, with the article document's field names.

    A file that gives no entry gives a line with `file` and `problem`. Touches no store.
    """
    failed = False
    for file in files:
        try:
            parsed = parse_wire(_bytes(file), content_type=None, url=None)
        except WirewatchError as error:
            failed = True
            print_json({"file": str(file), "problem": str(error), "hint": error.hint})
            continue
        for item, entry in enumerate(parsed.entries):
            print_json({"file": str(file), "item": item} | entry.model_dump(mode="json", exclude={"complete"}))
        if not parsed.entries:
            print_json({"file": str(file), "problem": "; ".join(parsed.problems) or "no entries"})
        for problem in parsed.problems:
            say(f"{file}: {problem}")
    raise typer.Exit(int(failed))


def analyse(
    context: typer.Context,
    files: Files = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="A JSON object a line: text, and perhaps id, headline, language.")
    ] = False,
) -> None:
    """Read texts and print what the text alone gives: language, agency, dateline, people, places, topics with evidence.

    One JSON line a text, in input order; a plain file is one text. Touches no store.

    Example: echo 'KYIV, Nov 3 (Reuters) - Volodymyr Zelenskyy met engineers.' | wirewatch analyse
    """
    session = Session.of(context)
    enricher = runtime.make_enricher(session.settings, session.configuration)
    batch: list[tuple[Any, Article]] = []
    for number, line in enumerate(_lines(files, jsonl=jsonl)):
        batch.append((line.get("id"), _article(str(number), line)))
        if len(batch) >= _CHUNK:
            _print_analysed(enricher, batch)
            batch = []
    _print_analysed(enricher, batch)


def _print_analysed(enricher: Any, batch: list[tuple[Any, Article]]) -> None:  # noqa: ANN401 - the language pipeline
    for (name, _), article in zip(batch, enricher.enrich([article for _, article in batch]), strict=True):
        document = article.document()
        print_json(({} if name is None else {"id": name}) | {field: document[field] for field in _TEXT_FIELDS})


def cluster(
    jsonl: Annotated[
        Path, typer.Option("--jsonl", help="A JSON object a line: id, text, and perhaps headline, published.")
    ],
) -> None:
    """Fold copies and group stories: the same ids with `duplicate_of` and `story_id`, in input order. Touches no store."""
    lines = list(_lines([jsonl], jsonl=True))
    articles = [_article(str(line.get("id", number)), line) for number, line in enumerate(lines)]
    if len({article.id for article in articles}) < len(articles):
        raise ConfigError(f"`{jsonl}` has an `id` twice", hint="each line needs an id of its own")
    made = fingerprints([comparable(article) for article in articles])
    members = [
        Member.of(article.id, one, agency=False, at=article.timestamp)
        for article, one in zip(articles, made, strict=True)
    ]
    folding = fold(members, [], meetings(members))
    for line, article in zip(lines, articles, strict=True):
        original = folding.originals[article.id]
        duplicate_of = None if original == article.id else original
        print_json(
            {"id": line.get("id", article.id), "duplicate_of": duplicate_of, "story_id": folding.stories[article.id]}
        )


def _article(name: str, line: dict[str, Any]) -> Article:
    return Article(
        id=name,
        source=Source(id="input", name="input"),
        first_seen=clock(),
        published=line.get("published"),
        headline=line.get("headline") or "",
        body=line.get("text") or "",
        language=line.get("language"),
    )


def _lines(files: list[Path] | None, *, jsonl: bool) -> Iterator[dict[str, Any]]:
    for file in files or [Path("-")]:
        text = _bytes(file).decode("utf-8", "replace")
        if not jsonl:
            yield {"text": text.strip("\n")}
            continue
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield _object(line, file, number)


def _object(line: str, file: Path, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise ConfigError(f"{file}:{number}: no JSON: {error}", hint="write one JSON object a line") from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ConfigError(f"{file}:{number}: no object with a `text`", hint='such as {"id": "1", "text": "…"}')
    return found


def _bytes(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read `{file}`: {error.strerror}", hint="check the name") from error
