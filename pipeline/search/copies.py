"""Which of the articles found are shown? A copy only where its original was not found, and then one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy
from tantivy import Occur
from tantivy import Query as Tantivy

from pipeline.search.schema import COPY, GROUP, KEY, TIME

_LOOKAHEAD = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An article found, not yet read."""

    score: float
    address: tantivy.DocAddress


def ranked(searcher: tantivy.Searcher, query: Tantivy, *, by_time: bool, limit: int, offset: int = 0) -> list[Found]:
    """Return articles from `offset` on, the newest or the most relevant first."""
    if by_time:
        result = searcher.search(query, limit, count=False, order_by_field=TIME, offset=offset)
    else:
        result = searcher.search(query, limit, count=False, offset=offset)
    return [Found(0.0 if by_time else score, address) for score, address in result.hits]


def folded(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Tantivy, *, by_time: bool, limit: int
) -> list[Found]:
    """Return up to `limit` articles with copies folded away."""
    shown: list[Found] = []
    seen: set[int] = set()
    offset, page = 0, limit * _LOOKAHEAD
    while len(shown) < limit:
        found = ranked(searcher, query, by_time=by_time, limit=page, offset=offset)
        shown += _unfolded(searcher, schema, query, found, seen)
        offset += page
        if len(found) < page:
            break
        page *= 2
    return shown[:limit]


def _unfolded(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Tantivy, found: list[Found], seen: set[int]
) -> Iterator[Found]:
    addresses = [each.address for each in found]
    groups = searcher.fast_field_values(GROUP, addresses)
    keys = searcher.fast_field_values(KEY, addresses)
    copied = {int(group or 0) for group, key in zip(groups, keys, strict=True) if group != key}
    originals = _originals(searcher, schema, query, copied - seen)
    for each, group, key in zip(found, groups, keys, strict=True):
        if group == key or (group not in seen and group not in originals):
            seen.add(int(group or 0))
            yield each


def _originals(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Tantivy, groups: set[int]
) -> set[int | float | bool | None]:
    """Return which of the originals in `groups` were found as well."""
    if not groups:
        return set()
    wanted = Tantivy.term_set_query(schema, KEY, list(groups))
    original = Tantivy.term_query(schema, COPY, field_value=False)
    both = Tantivy.boolean_query([(Occur.Must, query), (Occur.Must, wanted), (Occur.Must, original)])
    result = searcher.search(both, len(groups), count=False)
    return set(searcher.fast_field_values(KEY, [address for _, address in result.hits]))
