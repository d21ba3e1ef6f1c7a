"""The four files a user edits, read and checked: `feeds.yaml`, `topics.yaml`, `entities.yaml`, `watches.yaml`.

Each has one top-level key, its own name; `watches.yaml` can have a second one, `digests`. Files in the folder `entities.d`, in the order of their names, add entities
or replace those of the files with the same id. Both add to the entities that come with Wirewatch (`shipped.joined`).
Whatever is wrong is told at once, a line each with file, line and field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipeline.config import page, references
from pipeline.config.models import Digest, Entity, Feed, Topic, Watch
from pipeline.config.page import Item, Page
from pipeline.config.shipped import joined

_IN_WATCHES = ("watches", "digests")
_NO_PLACES: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Configuration:
    """What the files say. The `entities` of a watch are ids, whatever name the file uses."""

    feeds: tuple[Feed, ...]
    topics: tuple[Topic, ...]
    entities: tuple[Entity, ...]
    watches: tuple[Watch, ...]
    digests: tuple[Digest, ...] = ()


def load(
    folder: Path,
    places: Mapping[str, Sequence[str]] = _NO_PLACES,
    *,
    shipped: Sequence[Entity] = (),
    check_query: Callable[[str], object] = lambda _query: None,
) -> Configuration:
    """Return the configuration in `folder`; raise one `ConfigError` that names everything wrong with it.

    `places` maps ids of countries and cities to their names, so that watches can use these. `shipped` are the
    entities that come with Wirewatch. `check_query` raises a `QueryError` for a query that cannot be understood.
    """
    feeds = page.read(folder / "feeds.yaml", "feeds", Feed)
    topics = page.read(folder / "topics.yaml", "topics", Topic)
    catalogues = _entity_pages(folder)
    watches = page.read(folder / "watches.yaml", "watches", Watch, sections=_IN_WATCHES)
    digests = _digests(folder / "watches.yaml")
    entities = joined(shipped, _merged(catalogues))
    if not any(catalogue.faults for catalogue in catalogues):
        catalogue = references.Catalogue(entities, places)
        topics = references.check_topics(topics, catalogue)
        watches = references.resolve(watches, catalogue)
    watches = references.check_watches(watches, None if topics.faults and not topics.nodes else topics.ids, feeds)
    watches = references.check_queries(watches, check_query)
    digests = references.check_digests(digests, None if watches.faults and not watches.nodes else watches.ids)
    page.refuse([feeds, topics, *catalogues, watches, digests])
    return Configuration(feeds.items, topics.items, entities, watches.items, digests.items)


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """Return the feeds in the file; raise a `ConfigError` that names everything wrong with it."""
    return _sound(page.read(path, "feeds", Feed)).items


def load_topics(
    path: Path, entities: Sequence[Entity] = (), places: Mapping[str, Sequence[str]] = _NO_PLACES
) -> tuple[Topic, ...]:
    """Return the topics in the file; raise a `ConfigError` that names everything wrong with it.

    Their entities must be among `entities` and `places`; without any, they are not looked up.
    """
    sheet = page.read(path, "topics", Topic)
    return _sound(references.check_topics(sheet, references.Catalogue(entities, places)) if entities else sheet).items


def load_entities(path: Path) -> tuple[Entity, ...]:
    """Return the entities in the file; `entities.d` beside it is not read."""
    return _sound(page.read(path, "entities", Entity)).items


def load_watches(path: Path) -> tuple[Watch, ...]:
    """Return the watches in the file as written; what they name is not looked up."""
    return _sound(page.read(path, "watches", Watch, sections=_IN_WATCHES)).items


def load_digests(path: Path) -> tuple[Digest, ...]:
    """Return the digests in the file of the watches; whether the watches they name exist is not looked up."""
    return _sound(_digests(path)).items


def _digests(path: Path) -> Page[Digest]:
    return page.read(path, "digests", Digest, sections=_IN_WATCHES)


def _entity_pages(folder: Path) -> list[Page[Entity]]:
    paths = [folder / "entities.yaml", *sorted((folder / "entities.d").glob("*.yaml"))]
    return [page.read(path, "entities", Entity) for path in paths]


def _merged(pages: Sequence[Page[Entity]]) -> tuple[Entity, ...]:
    return tuple({entity.id: entity for sheet in pages for entity in sheet.items}.values())


def _sound(sheet: Page[Item]) -> Page[Item]:
    page.refuse([sheet])
    return sheet
