"""What is asked of the server for one search: which articles, how many, which values, and what is shown of copies."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.search.elastic.mapping import ORIGINAL
from pipeline.search.elastic.translate import Dsl
from pipeline.search.facets import SIZE, facet
from pipeline.search.moments import milliseconds
from pipeline.search.port import Sort

_LOOKAHEAD = 3
_DEEPEST = 10_000  # `index.max_result_window`: so far the server pages
_EXACT_TO = 40_000  # the most that a count of different values can be exact to
_TOTAL = "total"
_TIMEOUT = "30s"
_ORDERS: dict[Sort, list[str | dict[str, Any]]] = {
    "time": [{"@timestamp": "desc"}],
    "relevance": [{"_score": "desc"}, {"@timestamp": "desc"}],
}


@dataclass(frozen=True, slots=True)
class Found:
    """An article found, not yet read. `rank` is what hits are sorted by, the highest first."""

    index: str
    id: str
    original: str
    rank: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of articles, and the counts over all that match."""

    found: list[Found]
    total: int
    facets: dict[str, tuple[tuple[str, int], ...]]


def wanted(query: Dsl, since: datetime | None, *, hidden: bool) -> Dsl:
    """Return `query` within the limits of a search."""
    clauses: Dsl = {"must": [query]}
    if since is not None:
        clauses["filter"] = [{"range": {"@timestamp": {"gte": milliseconds(since), "format": "epoch_millis"}}}]
    if not hidden:
        clauses["must_not"] = [{"term": {"status": "killed"}}]
    return {"bool": clauses}


class Search:
    """One search in `index`. Copies count as one article with their original if they are folded."""

    def __init__(self, client: Elasticsearch, index: str, query: Dsl, *, sort: Sort, fold_copies: bool) -> None:
        self._client = client
        self._index = index
        self._query = query
        self._order = _ORDERS[sort]
        self._fold = fold_copies

    def first(self, limit: int, facets: Sequence[str]) -> Answer:
        """Return up to `limit` articles, and the counts."""
        size = limit * _LOOKAHEAD if self._fold else limit
        aggregations = {f"facet {name}": self._count_values(facet(name).name) for name in facets}
        if self._fold:
            aggregations[_TOTAL] = {"cardinality": {"field": ORIGINAL, "precision_threshold": _EXACT_TO}}
        answer = self._page(size, aggs=aggregations or None, track_total_hits=not self._fold)
        counted = answer.get("aggregations", {})
        total = counted[_TOTAL]["value"] if self._fold else answer["hits"]["total"]["value"]
        counts = {name: _counts(counted[f"facet {name}"]) for name in facets}
        found = _found(answer)
        return Answer(self._folded(found, size, limit) if self._fold else found, total, counts)

    def _folded(self, heads: list[Found], size: int, limit: int) -> list[Found]:
        """Return `limit` reports, each by its original where that matches, by the first of its copies elsewhere.

        The server's groups come in the order of their first article, which may be a copy. So more are asked for
        until none of those to come can rank above what is shown.
        """
        shown = self._by_originals(heads)
        offset = size
        while len(heads) == size and limit and heads[-1].rank > shown[min(limit, len(shown)) - 1].rank:
            if (size := min(size, _DEEPEST - offset)) <= 0:
                break
            heads = _found(self._page(size, offset=offset))
            shown = sorted([*shown, *self._by_originals(heads)], key=lambda one: one.rank, reverse=True)
            offset += size
        return shown[:limit]

    def _by_originals(self, heads: list[Found]) -> list[Found]:
        wanted = [one.original for one in heads if one.id != one.original]
        originals = {one.id: one for one in self._those(wanted)} if wanted else {}
        return sorted((originals.get(one.original, one) for one in heads), key=lambda one: one.rank, reverse=True)

    def _those(self, ids: list[str]) -> list[Found]:
        query = {"bool": {"must": [self._query], "filter": [{"ids": {"values": ids}}]}}
        return _found(self._ask(query, size=len(ids), track_total_hits=False))

    def _page(self, size: int, *, offset: int = 0, **options: Any) -> Any:  # noqa: ANN401 - JSON
        collapse = {"field": ORIGINAL} if self._fold else None
        options = {"track_total_hits": False} | options
        return self._ask(self._query, size=size, from_=offset, collapse=collapse, **options)

    def _ask(self, query: Dsl, **options: Any) -> Any:  # noqa: ANN401 - JSON
        # without these, months that fail would be left out of the answer, and nobody would know
        return self._client.search(
            allow_partial_search_results=False,
            timeout=_TIMEOUT,
            index=self._index,
            query=query,
            sort=self._order,
            source=False,
            docvalue_fields=[{"field": ORIGINAL}],
            **options,
        )

    def _count_values(self, field: str) -> Dsl:
        if not self._fold:
            return {"terms": {"field": field, "size": SIZE}}
        terms = {"field": field, "size": SIZE, "order": {"articles": "desc"}}
        return {"terms": terms, "aggs": {"articles": {"cardinality": {"field": ORIGINAL}}}}


def read(client: Elasticsearch, found: Sequence[Found]) -> list[tuple[Found, dict[str, Any]]]:
    """Return what was found with its document, without what is gone meanwhile."""
    if not found:
        return []
    answer = client.mget(docs=[{"_index": one.index, "_id": one.id} for one in found], realtime=False)
    return [(one, doc["_source"]) for one, doc in zip(found, answer["docs"], strict=True) if doc.get("found")]


def words_of(client: Elasticsearch, index: str, analyser: str, texts: Sequence[str]) -> list[list[set[str]]]:
    """Return the words of each text as `analyser` of the server makes them, each with all its forms."""
    told = client.indices.analyze(index=index, analyzer=analyser, text=list(texts))
    starts = [0, *accumulate(len(text.encode("utf-16-le")) // 2 + 1 for text in texts)]
    words: list[dict[int, set[str]]] = [{} for _ in texts]
    for token in told["tokens"]:
        number = bisect_right(starts, token["start_offset"]) - 1
        words[number].setdefault(token["position"], set()).add(token["token"])
    return [list(each.values()) for each in words]


def _found(answer: Any) -> list[Found]:  # noqa: ANN401 - JSON
    return [
        Found(hit["_index"], hit["_id"], hit["fields"][ORIGINAL][0], tuple(hit["sort"]))
        for hit in answer["hits"]["hits"]
    ]


def _counts(answer: Any) -> tuple[tuple[str, int], ...]:  # noqa: ANN401 - JSON
    counts = [
        (bucket["key"], bucket["articles"]["value"] if "articles" in bucket else bucket["doc_count"])
        for bucket in answer["buckets"]
    ]
    return tuple(sorted(counts, key=lambda count: (-count[1], count[0])))
