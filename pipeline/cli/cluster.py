"""`wirewatch cluster`: copies and stories, on files and pipes, without a store."""

# ruff: noqa: PLC0415

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.analyse import Faults, article_of
from pipeline.cli.describing import TEXTS, add
from pipeline.cli.lines import Fault, Given, read_json_lines
from pipeline.cli.parse import Always
from pipeline.cli.session import clock
from pipeline.cli.terminal import print_json

if TYPE_CHECKING:
    from pipeline.article import Article
    from pipeline.dedup import Folding


def register(app: typer.Typer) -> None:
    """Add the command."""
    add(app, cluster, "cluster", TEXTS)


def cluster(
    jsonl: Annotated[
        Path,
        typer.Option(
            "--jsonl",
            metavar="FILE",
            help="A JSON object a line: `id`, `text`, perhaps `headline`, `published`; `-`: standard input.",
        ),
    ],
    _as_json: Always = False,
) -> None:
    """Fold copies and group stories: the same ids with `duplicate_of` and `story_id`, in input order.

    The earliest of several copies is the original; `duplicate_of` is null for it. Articles of one story share a
    `story_id`. `published` is RFC 3339, in UTC where no zone is given. A line that cannot be used
    gives a line with `file`, `line` and `problem` in its place, and exit status 1. Touches no store.

    For example:

        wirewatch cluster --jsonl archive.jsonl
        wirewatch cluster --jsonl - < archive.jsonl | jq 'select(.duplicate_of)'
    """
    lines = _with_own_ids(list(read_json_lines([jsonl])))
    now, faults = clock(), Faults()
    articles: dict[int, Article] = {}
    for number, line in enumerate(lines):
        made = _article(line, number, now)
        if isinstance(made, Fault):
            lines[number] = made
        else:
            articles[number] = made
    folding = _fold(list(articles.values()))
    for number, line in enumerate(lines):
        if isinstance(line, Fault):
            print_json(faults.counted(line).document())
        else:
            print_json(_placed(line, articles[number].id, folding, lines))
    raise typer.Exit(faults.told())


def _with_own_ids(lines: Sequence[Given | Fault]) -> list[Given | Fault]:
    """Return the lines; those without an id, or with one that stands before them, as faults."""
    first: dict[str, int] = {}
    checked: list[Given | Fault] = []
    for line in lines:
        if isinstance(line, Fault):
            checked.append(line)
        elif line.id is None:
            checked.append(Fault(line.file, line.line, "`id` is missing"))
        elif (earlier := first.setdefault(_written(line.id), line.line)) != line.line:
            checked.append(Fault(line.file, line.line, f"the same `id` stands in line {earlier}", line.id))
        else:
            checked.append(line)
    return checked


def _article(line: Given | Fault, number: int, now: datetime) -> Article | Fault:
    if isinstance(line, Fault):
        return line
    published = None
    if line.published and line.published.strip():
        try:
            published = _moment(line.published.strip())
        except (ValueError, OverflowError):
            problem = f"`published`: `{line.published[:60]}` is no time; write it as in `2026-11-03T09:30:00Z`"
            return Fault(line.file, line.line, problem, line.id)
    # Ids of our own: they sort in input order, whatever those in the file are.
    return article_of(line, f"{number:012}", now=now, published=published)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _fold(articles: Sequence[Article]) -> Folding:
    from pipeline.dedup import Member, fingerprints, fold, meetings
    from pipeline.stages.dedup import comparable

    made = fingerprints([comparable(article) for article in articles])
    members = [
        Member.of(article.id, one, agency=False, at=article.timestamp)
        for article, one in zip(articles, made, strict=True)
    ]
    return fold(members, [], meetings(members))


def _placed(line: Given, name: str, folding: Folding, lines: Sequence[Given | Fault]) -> Mapping[str, object]:
    original = folding.originals[name]
    duplicate_of = None if original == name else lines[int(original)].id
    kind, _, first = folding.stories[name].rpartition("-")
    return {"id": line.id, "duplicate_of": duplicate_of, "story_id": f"{kind}-{_written(lines[int(first)].id)}"}


def _written(name: object) -> str:
    return name if isinstance(name, str) else json.dumps(name, ensure_ascii=False, sort_keys=True)
