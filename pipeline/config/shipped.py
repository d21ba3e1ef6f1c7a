"""The catalogue of entities that comes with Wirewatch, and what becomes of an entry that a user's file has, too.

`catalogue.json` is written by `tools/compile_catalogue.py` from the files in `tools/catalogue/`; `docs/catalogue.md` tells how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files

from pydantic import TypeAdapter

from pipeline.config.models import Alias, Entity

_FILE = files("pipeline.config") / "data" / "catalogue.json"


def shipped_entities() -> tuple[Entity, ...]:
    """Return the entities that come with Wirewatch; each says in `source` where it comes from."""
    return TypeAdapter(tuple[Entity, ...]).validate_json(_FILE.read_bytes())


def joined(shipped: Iterable[Entity], own: Iterable[Entity]) -> tuple[Entity, ...]:
    """Return the shipped entities and the user's own; of one that is both, what `added` makes of it."""
    both = {entity.id: entity for entity in shipped}
    for entity in own:
        both[entity.id] = added(both[entity.id], entity) if entity.id in both else entity
    return tuple(both.values())


def added(shipped: Entity, own: Entity) -> Entity:
    """Return `shipped` with what `own` says: each field given in its place, aliases and tickers on top.

    An alias that `own` gives again takes the place of the shipped one, so that its terms can be changed. With `replace`,
    nothing of `shipped` remains.
    """
    if own.replace:
        return own
    given = {field: getattr(own, field) for field in own.model_fields_set - {"aliases", "tickers"}}
    names = {name_of(alias) for alias in own.aliases} | {own.name}
    if own.name != shipped.name:
        given |= {"case": own.case, "context": own.context}
    aliases = [alias for alias in (*_former_name(shipped, own), *shipped.aliases) if name_of(alias) not in names]
    tickers = dict.fromkeys((*shipped.tickers, *own.tickers))
    return shipped.model_copy(update=given | {"aliases": (*aliases, *own.aliases), "tickers": tuple(tickers)})


def name_of(alias: str | Alias) -> str:
    """Return the alias as it is written in a text."""
    return alias if isinstance(alias, str) else alias.name


def _former_name(shipped: Entity, own: Entity) -> Iterator[str | Alias]:
    """Yield the shipped canonical name as an alias, on its terms, if the user calls the entity otherwise."""
    if own.name != shipped.name:
        bare = not (shipped.case or shipped.context)
        yield shipped.name if bare else Alias(name=shipped.name, context=shipped.context, case=shipped.case)
