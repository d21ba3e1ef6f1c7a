"""The search port on an Elasticsearch cluster. What was written is found within five seconds, at once after `close`.

Any number of processes may read and write. An old retry never overwrites a newer version: versions are the store's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from time import perf_counter
from typing import Self

from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.errors import SearchUnavailable
from pipeline.search.analysis import analysers
from pipeline.search.elastic.bulk import PATIENCE, Bulk
from pipeline.search.elastic.documents import to_article
from pipeline.search.elastic.failures import REINDEX, asking
from pipeline.search.elastic.layout import FIRST, Places, months_before
from pipeline.search.elastic.searching import Found, Search, read, wanted, words_of
from pipeline.search.elastic.templates import (
    Abilities,
    abilities,
    check_index,
    check_version,
    install,
    installed_version,
    set_retention,
)
from pipeline.search.elastic.translate import Translator
from pipeline.search.elastic.writing import put, ready, take_out
from pipeline.search.names import ARTICLES
from pipeline.search.port import Hit, Rejected, Results, Sort
from pipeline.search.query import Query
from pipeline.search.snippets import Marker

NAME = ARTICLES
MAX_HITS = 1_000
_PAGE = 5_000


class ElasticIndex:
    """A `SearchIndex` on a cluster. `name` is the alias that people and Kibana ask.

    `keep`: how old articles become, None for ever. `patience`: seconds for which a busy server is asked again.
    `refresh`: what is written is found on return, which costs much with small batches.
    """

    def __init__(
        self,
        client: Elasticsearch,
        *,
        name: str = NAME,
        keep: timedelta | None = None,
        patience: float = PATIENCE,
        refresh: bool = False,
    ) -> None:
        self._client = client
        self._name = name
        self._keep = keep
        self._bulk = Bulk(client, patience=patience, refresh=refresh)
        self._analysers = analysers()
        self._translator = Translator(self._analysers, self._words_of)
        self._unseen = False

    def prepare(self) -> Self:
        """Make templates and indices where there are none yet, and return this index.

        Raises `SearchUnavailable` where the server cannot be used as it is, with what to do.
        """
        with asking():
            layout, version = self._places.layout(), installed_version(self._client, self._name)
            if version is not None:
                check_version(version, f"the index template `{self._name}`")
            else:
                install(self._client, self._name, self._able, keep=self._keep)
            if not layout.aliases:
                self._places.start(FIRST, visible=True)
            elif layout.current is not None:
                check_index(self._client, layout.indices(layout.current)[0])
        return self

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """See `SearchIndex.write`; not all or nothing: where it raises, some may be written. Write in large batches."""
        articles, rejected = ready(documents, without=remove)
        self._unseen = self._unseen or bool(articles or remove)
        with asking():
            if remove:
                take_out(self._client, self._bulk, remove, list(self._places.usable().aliases))
            return rejected + put(self._bulk, articles, self._places.writable)

    def search(  # noqa: PLR0913 - these are the choices of a search
        self,
        query: Query,
        *,
        limit: int = 20,
        since: datetime | None = None,
        sort: Sort = "time",
        facets: Sequence[str] = (),
        fold_copies: bool = True,
        hidden: bool = False,
    ) -> Results:
        """See `SearchIndex.search`."""
        started = perf_counter()
        limit = max(0, min(limit, MAX_HITS))
        with asking(query.text):
            question = wanted(self._translator.translate(query.root), since, hidden=hidden)
            search = Search(self._client, self._name, question, sort=sort, fold_copies=fold_copies)
            answer = search.first(limit, facets)
            found = answer.found[:limit]
            hits = self._hits(query, found, scored=sort == "relevance")
        return Results(answer.total, hits, answer.facets, (perf_counter() - started) * 1000)

    def ids(self) -> Iterator[tuple[str, int]]:
        """See `SearchIndex.ids`."""
        with asking():
            self._places.usable()
            yield from ids_in(self._client, self._name)

    def clear(self) -> None:
        """See `SearchIndex.clear`."""
        with asking():
            self._places.delete(list(self._places.layout().aliases))
            self._places.start(FIRST, visible=True)

    def tidy(self, *, now: datetime, keep: timedelta | None) -> int:
        """See `SearchIndex.tidy`. Months are deleted whole; what a `wirewatch reindex` left behind goes, too."""
        with asking():
            layout = self._places.usable()
            old = months_before(layout.aliases, now - keep) if keep else []
            counted = [index for index in old if self._name in layout.aliases[index]]
            gone = self._count(counted) if counted else 0
            self._places.delete([*old, *layout.outlived])
            if self._able.lifecycle:
                set_retention(self._client, self._name, keep=keep)
            self._merge(months_before(set(layout.indices(layout.current or "")) - set(old), now))
        return gone

    def describe(self) -> str:
        """Say in a phrase what is there; raises `SearchUnavailable` where something is wrong."""
        with asking():
            layout = self._places.usable()
            count = self._count([self._name])
            server = self._client.info()["version"]["number"]
            if layout.building:
                hint = "if no `wirewatch reindex` is at work, one was broken off; run it again"
                raise SearchUnavailable(f"a second set of indices stands beside that of `{self._name}`", hint=hint)
        months = len(layout.indices(layout.current or "")) - 1
        return f"{count} articles of {months} months in Elasticsearch {server}"

    def close(self) -> None:
        """Let what was written be found, and let go of connections."""
        if self._unseen:
            with suppress(SearchUnavailable), asking():
                self._client.indices.refresh(index=self._name)
        self._client.close()

    @cached_property
    def _able(self) -> Abilities:
        return abilities(self._client)

    @cached_property
    def _places(self) -> Places:
        return Places(self._client, self._name, lifecycle=lambda: self._able.lifecycle)

    def _count(self, indices: Sequence[str]) -> int:
        self._client.indices.refresh(index=indices)
        return int(self._client.count(index=indices)["count"])

    def _hits(self, query: Query, found: Sequence[Found], *, scored: bool) -> tuple[Hit, ...]:
        marker = Marker(query.root, self._analysers)
        hits = []
        for one, source in read(self._client, found):
            try:
                document = to_article(source)
            except ValueError as error:
                raise SearchUnavailable(str(error), hint=REINDEX) from error
            hits.append(Hit(one.id, one.rank[0] if scored else 0.0, document, marker.snippets(document)))
        return tuple(hits)

    def _words_of(self, analyser: str, texts: Sequence[str]) -> list[list[set[str]]]:
        layout = self._places.usable()
        return words_of(self._client, layout.indices(layout.current or "")[0], analyser, texts)

    def _merge(self, indices: Sequence[str]) -> None:
        """Let the server merge months that are over: few articles of them still change, and they take less room then."""
        for index in indices:
            segments = self._client.indices.stats(index=index, metric="segments")["_all"]["primaries"]["segments"]
            if segments["count"] > 1:
                self._client.indices.forcemerge(index=index, max_num_segments=1, wait_for_completion=False)


def ids_in(client: Elasticsearch, index: str) -> Iterator[tuple[str, int]]:
    """Yield id and version of every article in `index`, in order of id."""
    client.indices.refresh(index=index)
    after = None
    while True:
        answer = client.search(
            index=index, size=_PAGE, sort=[{"id": "asc"}], search_after=after, source=False,
            allow_partial_search_results=False,
            docvalue_fields=[{"field": "version"}], track_total_hits=False,
        )  # fmt: skip
        hits = answer["hits"]["hits"]
        yield from ((hit["_id"], hit["fields"]["version"][0]) for hit in hits)
        if len(hits) < _PAGE:
            return
        after = hits[-1]["sort"]
