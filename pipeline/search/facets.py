"""How many of the articles found have which value in a field?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tantivy

from pipeline.errors import QueryError
from pipeline.search.fields import FACETS, Field, find_field, nearest
from pipeline.search.schema import GROUP, facet_column

SIZE = 20


def count_facets(
    searcher: tantivy.Searcher, wanted: tantivy.Query, facets: Sequence[str], *, fold_copies: bool
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the most frequent values of each field and how many articles have them, copies counted once if folded."""
    if not facets:
        return {}
    columns = {name: facet_column(facet(name)) for name in facets}
    request = {name: _terms(column, fold_copies=fold_copies) for name, column in columns.items()}
    answer = searcher.aggregate(wanted, request)
    return {name: _counts(answer.get(name, {})) for name in facets}


def facet(name: str) -> Field:
    """Return the field called `name`; raises `QueryError` with the nearest where it cannot be counted."""
    field = find_field(name)
    if field is None or not field.facet:
        near = nearest(name, FACETS)
        hint = f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{each}`' for each in FACETS)}"
        raise QueryError(f"`{name}` is no field with facets", query=name, hint=hint)
    return field


def _terms(column: str, *, fold_copies: bool) -> dict[str, Any]:
    terms: dict[str, Any] = {"field": column, "size": SIZE}
    if not fold_copies:
        return {"terms": terms}
    return {"terms": terms | {"order": {"articles": "desc"}}, "aggs": {"articles": {"cardinality": {"field": GROUP}}}}


def _counts(answer: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    counts = [
        (bucket["key"], round(bucket["articles"]["value"]) if "articles" in bucket else bucket["doc_count"])
        for bucket in answer.get("buckets", ())
    ]
    return tuple(sorted(counts, key=lambda count: (-count[1], count[0])))
