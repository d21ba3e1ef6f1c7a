"""`wirewatch analyse`: the language pipeline, on files and pipes, without a store."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import runtime
from pipeline.cli.describing import TEXTS, add
from pipeline.cli.lines import Fault, Given, read_json_lines, read_texts
from pipeline.cli.offsets import Offsets
from pipeline.cli.parse import Always
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import flush, print_json, say

if TYPE_CHECKING:
    from pipeline.article import Article
    from pipeline.enrich import Enricher

_FIELDS = (
    "language", "agency", "dateline", "byline", "people", "organisations", "places", "products", "tickers",
    "entity_ids", "mentions", "topics", "topic_evidence", "locations", "words",
)  # fmt: skip
_BATCH = 64
_MOST_TOLD = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, analyse, "analyse", TEXTS)


def analyse(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="Files to read; none or `-`: standard input.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="A JSON object a line: `text`, and perhaps `id`, `headline`, `language`.")
    ] = False,
    _as_json: Always = False,
) -> None:
    """Read texts and print what the text alone gives: language, agency, dateline, names, topics with their evidence.

    One JSON line a text, in input order; a plain file is one text. With --jsonl the `id` comes back and other keys are
    ignored. `start` and `end` of a mention, and the `spans` of a topic's evidence, count characters of `headline`, a line feed and `text`; of `text` alone where
    there is no headline. A line that cannot be used gives a line with `file`, `line` and `problem` in its place, and
    exit status 1; the others go on. Files of any length are read line by line. Touches no store.

    For example:

        echo 'KYIV, Nov 3 (Reuters) - Volodymyr Zelenskyy met engineers.' | wirewatch analyse
        wirewatch analyse --jsonl archive.jsonl > enriched.jsonl
        wirewatch analyse report.txt | jq .people

    Next: `entities.yaml` and `topics.yaml` say which names and topics are known.
    """
    session = Session.of(context)
    enricher = runtime.make_enricher(session.settings, session.configuration)
    given = read_json_lines(files) if jsonl else read_texts(files)
    now, faults = clock(), Faults()
    while batch := list(islice(given, _BATCH)):
        for result in _analysed(enricher, batch, now):
            print_json(faults.counted(result).document() if isinstance(result, Fault) else result)
        flush()
    raise typer.Exit(faults.told())


class Faults:
    """Tells the first faults as they come, and how many there were in the end."""

    def __init__(self) -> None:
        self._count = 0

    def counted(self, fault: Fault) -> Fault:
        """Count a fault, and tell it if it is one of the first."""
        self._count += 1
        if self._count <= _MOST_TOLD:
            say(f"error: {fault.place}: {fault.problem}")
        return fault

    def told(self) -> int:
        """Tell how many there were; returns the exit status."""
        if self._count > _MOST_TOLD:
            say(f"error: and {self._count - _MOST_TOLD} more; each stands in the output with its `problem`")
        return int(self._count > 0)


def article_of(given: Given, name: str, *, now: datetime, published: datetime | None = None) -> Article:
    """Return the article that a text on its own would be."""
    from pipeline.article import Article, Source, clean_text

    return Article(
        id=name,
        source=Source(id="input", name="input"),
        first_seen=now,
        published=published,
        headline=given.headline or "",
        body=given.text.rstrip("\n"),
        language=clean_text(given.language) if given.language else None,
    )


def _analysed(enricher: Enricher, batch: Sequence[Given | Fault], now: datetime) -> Iterator[dict[str, Any] | Fault]:
    from pipeline.stages.boundary import SetAside, attempt

    articles = {
        number: article_of(one, str(number), now=now) for number, one in enumerate(batch) if isinstance(one, Given)
    }
    together = attempt(lambda: enricher.enrich(list(articles.values())), "input")
    enriched = {} if isinstance(together, SetAside) else dict(zip(articles, together, strict=True))
    for number, one in enumerate(batch):
        if isinstance(one, Fault):
            yield one
        elif number in enriched:
            yield _document(one, enriched[number])
        else:
            yield _alone(enricher, one, articles[number])


def _alone(enricher: Enricher, given: Given, article: Article) -> dict[str, Any] | Fault:
    """Return what a text gives of which one neighbour, or it itself, cannot be worked on."""
    from pipeline.stages.boundary import SetAside, attempt

    outcome = attempt(lambda: enricher.enrich([article]), article.id)
    if isinstance(outcome, SetAside):
        return Fault(given.file, given.line, outcome.reason, given.id)
    return _document(given, outcome[0])


def _document(given: Given, article: Article) -> dict[str, Any]:
    document = article.document()
    _tell_in_given_text(document, given, article)
    return ({} if given.id is None else {"id": given.id}) | {field: document[field] for field in _FIELDS}


def _tell_in_given_text(document: dict[str, Any], given: Given, article: Article) -> None:
    """Let mentions and evidence point into the text as it was given, where cleaning it has moved them."""
    text = f"{given.headline}\n{given.text}" if given.headline else given.text
    if article.text == text.rstrip("\n"):
        return
    offsets = Offsets(text)
    for mention in document["mentions"]:
        mention["start"], mention["end"] = offsets.given(mention["start"], mention["end"])
        mention["text"] = text[mention["start"] : mention["end"]]
    for evidence in document["topic_evidence"].values():
        evidence["spans"] = [offsets.given(*span) for span in evidence["spans"]]
