"""Polls and alerts on an Elasticsearch cluster, in small indices of their own, laid out as those of articles are.

They are for Kibana: Wirewatch itself never reads them. An old retry never overwrites a newer version: versions are the store's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

from elasticsearch import Elasticsearch
from pydantic_core import to_json

from pipeline.errors import SearchUnavailable
from pipeline.search.elastic.bulk import PATIENCE, Bulk
from pipeline.search.elastic.failures import asking
from pipeline.search.elastic.journal_mapping import VERSION, component_templates
from pipeline.search.elastic.layout import FIRST, Places, month_of, months_before, next_generation
from pipeline.search.elastic.templates import (
    Abilities,
    abilities,
    check_index,
    check_version,
    install_parts,
    installed_version,
    set_retention,
)
from pipeline.search.elastic.writing import Ready, Targets, put
from pipeline.search.names import ARTICLES, KINDS, Kind, beside
from pipeline.search.port import Rejected

_BATCH = 1_000


class Row(Protocol):
    """A poll or an alert: what is told of it, and when it happened, which never changes."""

    @property
    def id(self) -> str:
        """The id of the document."""

    @property
    def kind(self) -> Kind:
        """In which index it belongs."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def version(self) -> int:
        """How often it has changed."""

    @property
    def document(self) -> Mapping[str, Any]:
        """All but the time, as JSON types."""


class ElasticJournal:
    """The indices of polls and alerts. `articles` is the alias of the articles, after which theirs are called.

    `keep`: how old rows become, None for ever. Templates and indices are made at the first use. `patience` and `refresh` are as in
    `ElasticIndex`. All methods raise `SearchUnavailable` where the server cannot be used as it is, with what to do.
    """

    def __init__(
        self,
        client: Elasticsearch,
        *,
        articles: str = ARTICLES,
        keep: timedelta | None = None,
        patience: float = PATIENCE,
        refresh: bool = False,
    ) -> None:
        self._client = client
        self._names = {kind: beside(articles, kind) for kind in KINDS}
        self._keep = keep
        self._bulk = Bulk(client, patience=patience, refresh=refresh)

    def write(self, rows: Sequence[Row]) -> list[Rejected]:
        """Put `rows` in, and return those that were refused. Safe to repeat; where it raises, some may be written."""
        with asking():
            places = self._prepared
            return [one for kind in KINDS for one in put(self._bulk, _ready(rows, kind), places[kind].writable)]

    def rebuild(self, rows: Iterable[Row]) -> tuple[int, list[Rejected]]:
        """Fill new indices with `rows`, read from here on, and let them take the place of the old ones in one step each.

        Returns how many rows are there, and those that were refused. Others may write meanwhile; nothing of theirs is lost.
        """
        with asking():
            generations = {kind: self._begin(kind) for kind in KINDS}
            try:
                count, rejected = self._fill(rows, generations)
                for kind, generation in generations.items():
                    self._client.indices.refresh(index=f"{self._names[kind]}-{generation}*")
                    self._places[kind].switch(generation)
            finally:
                self._drop_unused(generations)
        return count, rejected

    def tidy(self, *, now: datetime, keep: timedelta | None) -> None:
        """Delete the months that ended `keep` before `now`, and what a broken rebuild left behind."""
        with asking():
            for kind, places in self._prepared.items():
                layout = places.usable()
                old = months_before(layout.aliases, now - keep) if keep else []
                places.delete([*old, *layout.outlived])
                if self._able.lifecycle:
                    set_retention(self._client, self._names[kind], keep=keep)

    def describe(self) -> str:
        """Say in a phrase what is there; raises `SearchUnavailable` where something is wrong."""
        with asking():
            for places in self._prepared.values():
                places.usable()
            return " and ".join(f"{self._count(name)} {kind}" for kind, name in self._names.items())

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    @cached_property
    def _able(self) -> Abilities:
        return abilities(self._client)

    @cached_property
    def _places(self) -> dict[Kind, Places]:
        return {
            kind: Places(self._client, name, lifecycle=lambda: self._able.lifecycle)
            for kind, name in self._names.items()
        }

    @cached_property
    def _prepared(self) -> dict[Kind, Places]:
        """The places of both kinds, where templates and indices are now, of this version."""
        for kind, places in self._places.items():
            name, layout = self._names[kind], places.layout()
            version = installed_version(self._client, name)
            if version is None:
                self._install(kind)
            else:
                check_version(version, f"the index template `{name}`", known=VERSION)
            if not layout.aliases:
                places.start(FIRST, visible=True)
            elif layout.current is not None:
                check_index(self._client, layout.indices(layout.current)[0], known=VERSION)
        return self._places

    def _install(self, kind: Kind) -> None:
        name = self._names[kind]
        parts = component_templates(name, kind, policy=name if self._able.lifecycle else None)
        told = f"{kind} of Wirewatch"
        install_parts(self._client, name, parts, self._able, keep=self._keep, version=VERSION, description=told)

    def _begin(self, kind: Kind) -> str:
        self._install(kind)
        places = self._places[kind]
        layout = places.layout()
        if layout.current:
            places.delete([index for left in layout.building for index in layout.indices(left)])
        generation = next_generation(layout)
        places.start(generation, visible=False)
        return generation

    def _fill(self, rows: Iterable[Row], generations: Mapping[Kind, str]) -> tuple[int, list[Rejected]]:
        count, rejected = 0, list[Rejected]()
        for batch in _batches(rows):
            count += len(batch)
            for kind in KINDS:
                refused = put(self._bulk, _ready(batch, kind), self._only(kind, generations[kind]))
                rejected += [one for one in refused if not one.outdated]
        return count - len(rejected), rejected

    def _only(self, kind: Kind, generation: str) -> Targets:
        return lambda months: self._places[kind].only(generation, months)

    def _drop_unused(self, generations: Mapping[Kind, str]) -> None:
        with suppress(SearchUnavailable), asking():
            for kind, generation in generations.items():
                layout = self._places[kind].layout()
                if layout.current != generation:
                    self._places[kind].delete(layout.indices(generation))

    def _count(self, name: str) -> int:
        return int(self._client.count(index=name)["count"])


def _ready(rows: Iterable[Row], kind: Kind) -> list[Ready]:
    return [
        Ready(row.id, row.version, month_of(row.at), to_json({"@timestamp": row.at, **row.document}))
        for row in rows
        if row.kind == kind
    ]


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
