"""A new generation of indices, built beside the one in use.

Meanwhile every other process writes its changes to both. Here nothing is overwritten that such a process has put in
already: it read the store later. In the end the alias leads to the new generation, in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.errors import SearchUnavailable
from pipeline.search.elastic.bulk import PATIENCE, Bulk
from pipeline.search.elastic.failures import asking
from pipeline.search.elastic.index import NAME, ids_in
from pipeline.search.elastic.layout import Places, next_generation
from pipeline.search.elastic.templates import abilities, install
from pipeline.search.elastic.writing import put, ready, take_out
from pipeline.search.port import Rejected


class ElasticReplacement:
    """A `Replacement`. `name`, `keep` and `patience` are as in `ElasticIndex`."""

    def __init__(
        self, client: Elasticsearch, *, name: str = NAME, keep: timedelta | None = None, patience: float = PATIENCE
    ) -> None:
        self._client = client
        self._name = name
        self._bulk = Bulk(client, patience=patience)
        with asking():
            able = abilities(client)
            install(client, name, able, keep=keep)
            self._places = Places(client, name, lifecycle=lambda: able.lifecycle)
            layout = self._places.layout()
            self._generation = next_generation(layout)
            self._places.delete([index for old in layout.building for index in layout.indices(old) if layout.current])
            self._places.start(self._generation, visible=False)
        self._adopted = False

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """See `SearchIndex.write`. What another process has written meanwhile stays, and counts as written."""
        articles, rejected = ready(documents, without=remove)
        with asking():
            if remove:
                take_out(self._client, self._bulk, remove, self._places.layout().indices(self._generation))
            generation = self._generation
            refused = put(self._bulk, articles, lambda months: self._places.only(generation, months), overwrite=False)
        return rejected + [one for one in refused if not one.outdated]

    def ids(self) -> Iterator[tuple[str, int]]:
        """See `SearchIndex.ids`."""
        with asking():
            yield from ids_in(self._client, f"{self._name}-{self._generation}*")

    def adopt(self) -> None:
        """See `Replacement.adopt`."""
        with asking():
            self._client.indices.refresh(index=f"{self._name}-{self._generation}*")
            self._places.switch(self._generation)
        self._adopted = True

    def close(self) -> None:
        """See `Replacement.close`."""
        if not self._adopted:
            with suppress(SearchUnavailable), asking():
                self._places.delete(self._places.layout().indices(self._generation))
        self._client.close()
