"""`wirewatch entities`: who and what is known, by any name, and which names of the news are not."""

# ruff: noqa: PLC0415

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.describing import LOOK, add
from pipeline.cli.session import Session, clock, since
from pipeline.cli.terminal import AsJson, console, moment, print_json, print_table, print_text, say, shown
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Alias, Entity
    from pipeline.enrich.candidates import Candidate

entities = typer.Typer(help="Look up who and what is known, and find names that are not.", no_args_is_help=True)
_FACTS = ("id", "kind", "role", "country", "wikidata", "tickers", "location", "source")
_TERMS = ("context", "without", "languages")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add(entities, search_entities, "search")
    add(entities, show_entity, "show")
    add(entities, list_candidates, "candidates")
    app.add_typer(entities, name="entities", rich_help_panel=LOOK)


def search_entities(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, an alias, a ticker or an id, or a part of one.")],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find entities, countries and cities by any of their names, in any language; the nearest come first.

    Letter case and diacritics do not matter.

    For example:

        wirewatch entities search selenskyj
        wirewatch entities search NASDAQ:TSLA --json

    Next: `wirewatch entities show ID`.
    """
    from pipeline.enrich.directory import look_up

    found = look_up(_directory(Session.of(context)), text)
    if as_json:
        for one in found[:limit]:
            print_json(_document(one))
        return
    rows = [(one.id, one.name, one.kind, one.country, _aliases(one)) for one in found[:limit]]
    print_table(["id", "name", "kind", "country", "aliases"], rows, wrapped=["name", "aliases"])
    more = f" of {len(found)}; `--limit` shows more" if len(found) > limit else ""
    hint = "`wirewatch entities show ID` tells all about one" if found else "add it to `entities.yaml`"
    say(f"{min(len(found), limit)} found{more}; {hint}")


def show_entity(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID|NAME", help="An id, or a name of one entity.")],
    as_json: AsJson = False,
) -> None:
    """Tell all that is known of an entity: its names and when each counts, where it comes from, what uses it.

    For example:

        wirewatch entities show elon-musk
        wirewatch entities show "European Central Bank" --json

    Next: an entry with its id in `entities.yaml` adds to it.
    """
    session = Session.of(context)
    entity = _one(session, name)
    told = _document(entity) | {"origin": _origin(session, entity), **_uses(session, entity.id)}
    if as_json:
        print_json(told)
        return
    out = console()
    out.print(f"[bold]{shown(entity.name)}[/]")
    facts = [(fact, _said(told[fact])) for fact in (*_FACTS, "origin", "topics", "watches") if told.get(fact)]
    facts += [("name counts", terms)] if (terms := _terms(told)) else []
    print_table(["", ""], facts, wrapped=[""])
    names = [(one["name"], _terms(one)) for one in told["aliases"]]
    if names:
        print_table(["alias", "counts"], names, wrapped=["counts"], title="aliases")


def list_candidates(
    context: typer.Context,
    since_text: Annotated[
        str, typer.Option("--since", metavar="TIME", help="How far back to look: `24h`, `7d` …, or a date.")
    ] = "7d",
    least: Annotated[int, typer.Option(min=1, metavar="N", help="In at least so many articles.")] = 3,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List names that are often in the news and not in the catalogue, with the lines that would add the first one.

    For example:

        wirewatch entities candidates
        wirewatch entities candidates --since 30d --least 10 --json

    Next: add what you want to watch to `entities.yaml`; it counts for articles that come in from then on.
    """
    from pipeline.enrich.candidates import candidates
    from pipeline.enrich.directory import names, plain

    session, now = Session.of(context), clock()
    known = {plain(name) for entity in _directory(session) for name in names(entity)}
    begin = since(since_text, now)
    with session.store() as store, store.reading() as transaction:
        found = candidates(transaction.articles.all(since=begin, enriched=True), known, least=least)
    if as_json:
        for one in found[:limit]:
            print_json(_candidate(one))
        return
    rows = [(one.name, one.kind, len(one.articles), len(one.sources), one.example) for one in found[:limit]]
    print_table(["name", "kind", "articles", "sources", "example"], rows, wrapped=["name", "example"])
    say(f"{len(found)} names in at least {least} articles since {moment(begin)} are in no list")
    if found:
        say("to know one, add such lines to `entities.yaml`:")
        print_text("\n".join(_entry(found[0])))


def _directory(session: Session) -> Sequence[Entity]:
    from pipeline.enrich.directory import directory

    return directory(session.configuration.entities, session.settings.languages)


def _one(session: Session, name: str) -> Entity:
    from pipeline.article import Kind
    from pipeline.enrich import identity_of
    from pipeline.enrich.directory import named

    found = named(_directory(session), name)
    if not found:
        similar = f"`wirewatch entities search {name}` finds similar ones"
        person = f"a person of this name can be watched as `{identity_of(name, Kind.PERSON)}`"
        raise ConfigError(f"no entity is called `{name}`", hint=f"{similar}; {person}")
    if len(found) > 1:
        several = ", ".join(f"`{one.id}`" for one in found[:6])
        raise ConfigError(f"`{name}` can mean several: {several}", hint="name one by its id")
    return found[0]


def _origin(session: Session, entity: Entity) -> str:
    from pipeline.config import shipped_entities

    shipped = next((one for one in shipped_entities() if one.id == entity.id), None)
    if shipped == entity or entity not in session.configuration.entities:
        return "comes with Wirewatch"
    return "comes with Wirewatch, changed in your files" if shipped else "your files"


def _uses(session: Session, identifier: str) -> dict[str, list[str]]:
    configuration = session.configuration
    return {
        "topics": [one.id for one in configuration.topics if identifier in one.entities],
        "watches": [one.id for one in configuration.watches if identifier in one.entities],
    }


def _document(entity: Entity) -> dict[str, Any]:
    fields = entity.model_dump(mode="json", exclude={"aliases", "replace"}, exclude_none=True)
    return fields | {"aliases": [_alias(alias) for alias in entity.aliases]}


def _alias(alias: str | Alias) -> dict[str, Any]:
    return {"name": alias} if isinstance(alias, str) else alias.model_dump(mode="json", exclude_defaults=True)


def _aliases(entity: Entity) -> str:
    from pipeline.config import name_of

    return ", ".join(map(name_of, entity.aliases))


def _terms(alias: dict[str, Any]) -> str:
    parts = [f"{term}: {', '.join(alias[term])}" for term in _TERMS if alias.get(term)]
    parts += ["in this letter case"] if alias.get("case") else []
    return "; ".join([*parts, "without endings"] if alias.get("inflect") is False else parts)


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "articles": len(one.articles),
        "sources": len(one.sources),
        "example": one.example,
        "spellings": sorted({name for name, _ in one.names}),
        "yaml": "\n".join(_entry(one)),
    }


def _entry(one: Candidate) -> Iterator[str]:
    from pipeline.enrich.directory import plain

    others = sorted({name for name, _ in one.names} - {one.name})
    yield f"  - id: {re.sub(r'[^a-z0-9]+', '-', plain(one.name)).strip('-') or 'new-name'}"
    yield f"    name: {_quoted(one.name)}"
    yield f"    kind: {one.kind}"
    yield "    country: # such as DE, or leave the line out"
    yield f"    aliases: [{', '.join(map(_quoted, others))}]"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return (
        name
        if re.fullmatch(r"[^\W\d][\w .-]*\w", name) and name.lower() not in {"no", "on", "off", "yes"}
        else f'"{escaped}"'
    )
