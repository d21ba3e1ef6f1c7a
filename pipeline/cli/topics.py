"""`wirewatch topics`: what articles are tagged with, how well the rules do it, and what they lack."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import runtime
from pipeline.cli.analyse import Faults, article_of
from pipeline.cli.describing import LOOK, add
from pipeline.cli.lines import Fault, Given, read_json_lines
from pipeline.cli.session import Session, clock
from pipeline.cli.terminal import AsJson, print_json, print_table, print_text, progress, say
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Topic
    from pipeline.enrich.suggestions import Suggestion
    from pipeline.enrich.trials import Marked, Trial, Verdict

topics = typer.Typer(
    help="List topics, measure their rules on marked articles, and find what they lack.", no_args_is_help=True
)
On = Annotated[
    Path,
    typer.Option(
        "--on",
        metavar="ARTICLES",
        help="A JSON object a line: `text`, perhaps `headline`, `language`, `id`; `expected_topics`, perhaps `may_topics`; `-`: standard input.",
    ),
]
_BATCH = 64


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(topics, list_topics, "list")
    add(topics, try_topics, "test")
    add(topics, suggest_phrases, "suggest")
    app.add_typer(topics, name="topics", rich_help_panel=LOOK)


def list_topics(context: typer.Context, as_json: AsJson = False) -> None:
    """List the configured topics.

    For example:

        wirewatch topics list

    Next: `wirewatch search 'topics:ukraine'`; edit `topics.yaml` to add one of your own, `docs/topics.md` tells how.
    """
    configured = Session.of(context).configuration.topics
    if as_json:
        for topic in configured:
            print_json(topic.model_dump(mode="json"))
        return
    rows = [
        (one.id, one.name, one.threshold, len(one.phrases), len(one.entities), one.description) for one in configured
    ]
    print_table(
        ["id", "name", "threshold", "phrases", "entities", "description"], rows, wrapped=["name", "description"]
    )


def try_topics(
    context: typer.Context,
    on: On,
    file: Annotated[
        Path | None, typer.Argument(metavar="[TOPICS.yaml]", help="The rules to try. Default: those in `config/`.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--topic", metavar="ID", help="Only this one; can be repeated.")
    ] = None,
    examples: Annotated[int, typer.Option(min=0, metavar="N", help="So many mistakes of each kind a topic.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Measure the rules on articles marked by hand: precision, recall, and examples of what went wrong.

    `expected_topics` of a line are the topics that a reader gives the article, all of them; `may_topics` those that do
    no harm. Precision is the share of the tags given that are right, recall the share of the right ones that were
    given. A miss shows how far it got. Lines that cannot be used are told and left out, with exit status 1.

    For example:

        wirewatch topics test --on marked.jsonl
        wirewatch topics test my-topics.yaml --on marked.jsonl --topic harbours --examples 10
        wirewatch topics test --on marked.jsonl --json | jq 'select(.recall < 0.9)'

    Next: `wirewatch topics suggest --on marked.jsonl --topic ID` proposes phrases.
    """
    from pipeline.enrich.trials import judge, together

    tried, marked, status = _marked(Session.of(context), file, on)
    chosen = [_one(tried, name) for name in only] if only else tried
    trials = judge(marked, chosen)
    shown = {name: one for name, one in trials.items() if only or one.right or one.wrong or one.missed}
    if as_json:
        for name, one in shown.items():
            print_json(_document(name, one))
        raise typer.Exit(status)
    rows = [_row(name, one) for name, one in sorted(shown.items())]
    rows += [_row("all", together(shown.values()))] if len(shown) > 1 else []
    print_table(["topic", "precision", "recall", "right", "wrong", "missed"], rows)
    for name, one in sorted(shown.items()):
        for kind, verdicts in (("wrong", one.wrong), ("missed", one.missed)):
            for verdict in verdicts[:examples]:
                print_text(f"{kind} {name}: {_told(verdict, _one(tried, name).threshold)}")
    say(f"{len(marked)} marked articles; `--examples N` shows more mistakes")
    raise typer.Exit(status)


def suggest_phrases(
    context: typer.Context,
    on: On,
    topic: Annotated[str, typer.Option("--topic", metavar="ID", help="The topic to find phrases for.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[TOPICS.yaml]", help="The rules to add to. Default: those in `config/`.")
    ] = None,
    least: Annotated[int, typer.Option(min=1, metavar="N", help="In at least so many articles of the topic.")] = 2,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Propose phrases and entities that tell a topic, from articles marked by hand, as lines for `topics.yaml`.

    They stand more often in the articles of the topic than chance would have it (log-odds with a prior), and the
    topic does not have them yet. The more articles are marked, others too, the better; under twenty, read with doubt.

    For example:

        wirewatch topics suggest --on marked.jsonl --topic harbours
        wirewatch topics suggest --on marked.jsonl --topic ukraine --least 5 --json

    Next: copy what makes sense into `topics.yaml`, then `wirewatch topics test --on marked.jsonl`.
    """
    from pipeline.enrich.suggestions import entry, suggest

    session = Session.of(context)
    tried, marked, status = _marked(session, file, on)
    wanted = _one(tried, topic)
    about = sum(topic in one.expected for one in marked)
    if not about:
        raise ConfigError(
            f"no article in {on} has `{topic}` among its `expected_topics`", hint="mark some by hand first"
        )
    found = suggest(marked, wanted, languages=session.settings.languages, least=least)[:limit]
    if as_json:
        for one in found:
            print_json({"words": one.words, "entity": one.is_entity, "languages": one.languages, "score": round(one.score, 2),
                        "articles": one.right, "others": one.wrong, "precision": round(one.precision, 3), "yaml": entry(one)})  # fmt: skip
        raise typer.Exit(status)
    for title, lines in (
        ("phrases:", [one for one in found if not one.is_entity]),
        ("entities:", [one for one in found if one.is_entity]),
    ):
        if lines:
            print_text(f"    {title}")
        for one in lines:
            print_text(f"{entry(one)}  # {_share(one)}")
    say(f"{len(found)} proposals from {about} articles of `{topic}` and {len(marked) - about} others")
    raise typer.Exit(status)


def _marked(session: Session, file: Path | None, on: Path) -> tuple[Sequence[Topic], list[Marked], int]:
    """Return the topics to try, the enriched marked articles, and the exit status."""
    from dataclasses import replace

    from pipeline.config import load_topics
    from pipeline.enrich import place_names
    from pipeline.enrich.trials import lenient

    configuration = session.configuration
    if file:
        configuration = replace(configuration, topics=load_topics(file, configuration.entities, place_names()))
    faults, given, known = Faults(), [], {one.id for one in configuration.topics}
    for number, line in enumerate(read_json_lines([on])):
        read = line if isinstance(line, Fault) else _read(line, number, known)
        if isinstance(read, Fault):
            faults.counted(read)
        else:
            given.append(read)
    if not given:
        raise ConfigError(
            f"{on} has no marked article", hint='write lines such as {"text": "…", "expected_topics": ["ukraine"]}'
        )
    enricher = runtime.make_enricher(
        session.settings, replace(configuration, topics=tuple(lenient(configuration.topics)))
    )
    done: list[Marked] = []
    left = iter(given)
    with progress() as told:
        while batch := list(islice(left, _BATCH)):
            for one, article in zip(batch, enricher.enrich([one.article for one in batch]), strict=True):
                done.append(replace(one, article=article))
            told("enrich", len(done), len(given))
    return configuration.topics, done, faults.told()


def _read(line: Given, number: int, known: set[str]) -> Marked | Fault:
    from pipeline.enrich.trials import Marked

    lists = []
    for field in ("expected_topics", "may_topics"):
        found = line.fields.get(field, () if field == "may_topics" else None)
        if found is None:
            return Fault(
                line.file, line.line, f"`{field}` is missing; `[]` says that the article is about none", line.id
            )
        if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
            return Fault(line.file, line.line, f"`{field}` is no list of topics", line.id)
        lists.append(frozenset(found))
    if strange := sorted(lists[0] - known):
        return Fault(line.file, line.line, f"no topic is called `{strange[0]}`", line.id)
    place = f"{line.file}:{line.line}" if line.id is None else str(line.id)
    return Marked(article_of(line, str(number), now=clock()), lists[0], lists[1], place)


def _one(configured: Sequence[Topic], name: str) -> Topic:
    for topic in configured:
        if topic.id == name:
            return topic
    raise ConfigError(f"no topic has the id `{name}`", hint="`wirewatch topics list` shows them all")


def _row(name: str, one: Trial) -> tuple[object, ...]:
    return name, f"{one.precision:.2f}", f"{one.recall:.2f}", len(one.right), len(one.wrong), len(one.missed)


def _told(verdict: Verdict, threshold: float) -> str:
    article, evidence = verdict.marked.article, verdict.evidence
    title = article.headline or article.body[:60]
    why = (
        f"{evidence.score:g} of {threshold:g}, from {', '.join(evidence.phrases)}"
        if evidence
        else "nothing speaks for it"
    )
    return f"{verdict.marked.place} {title!r}: {why}"


def _document(name: str, one: Trial) -> dict[str, Any]:
    figures = {
        "topic": name,
        "precision": round(one.precision, 4),
        "recall": round(one.recall, 4),
        "right": len(one.right),
    }
    return figures | {"wrong": list(_mistakes(one.wrong)), "missed": list(_mistakes(one.missed))}


def _mistakes(verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    for verdict in verdicts:
        evidence = verdict.evidence.model_dump(mode="json") if verdict.evidence else None
        yield {"article": verdict.marked.place, "headline": verdict.marked.article.headline, "evidence": evidence}


def _share(one: Suggestion) -> str:
    name = f"{one.name}, " if one.is_entity else ""
    return f"{name}in {one.right} articles of the topic, {one.wrong} others"
