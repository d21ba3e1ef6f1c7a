"""Documents on their way to the server: which of them, in what form, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from pipeline.article import Article
from pipeline.search.elastic import failures
from pipeline.search.elastic.bulk import Bulk, Operation, Refusal, check
from pipeline.search.elastic.documents import to_document
from pipeline.search.elastic.layout import month_of
from pipeline.search.port import Rejected

_CONFLICT = re.compile(r"current version \[(\d+)\].*\[(\d+)\]")
_MOST_LOOKUPS = 5_000
_GONE, _CONFLICTING = "index_not_found_exception", "version_conflict_engine_exception"
_ATTEMPTS = 3

Targets = Callable[[Collection[str]], Mapping[str, Sequence[str]]]
"""Takes months; returns of each the indices to write to. What the first says of a document is what counts."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An article, or a row of the journal, as it is sent. `month` is that of the index it lies in."""

    id: str
    version: int
    month: str
    document: bytes

    def operations(self, indices: Mapping[str, Sequence[str]], *, overwrite: bool) -> list[Operation]:
        """Return what puts it into the indices of its month."""
        return [Operation(index, self.id, self.document, self.version, overwrite) for index in indices[self.month]]


def ready(documents: Iterable[Article], without: Collection[str] = ()) -> tuple[list[Ready], list[Rejected]]:
    """Return the newest of each article in the form in which it is sent, and those that have none."""
    newest: dict[str, Article] = {}
    for article in documents:
        if article.id not in newest or article.version >= newest[article.id].version:
            newest[article.id] = article
    made, rejected = [], []
    for article in newest.values():
        if article.id in without:
            continue
        try:
            made.append(Ready(article.id, article.version, month_of(article.first_seen), to_document(article)))
        except ValueError as error:
            rejected.append(Rejected(article.id, f"the index cannot take it: {error}"))
    return made, rejected


def put(bulk: Bulk, documents: Sequence[Ready], targets: Targets, *, overwrite: bool = True) -> list[Rejected]:
    """Write `documents`, and return what was refused of them. Asks for `targets` again where an index is gone."""
    rejected: list[Rejected] = []
    waiting = list(documents)
    for attempt in range(_ATTEMPTS):
        if not waiting:
            break
        indices = targets({one.month for one in waiting})
        leading = {names[0] for names in indices.values()}
        operations = [operation for one in waiting for operation in one.operations(indices, overwrite=overwrite)]
        refusals = [one for one in bulk.write(operations) if one.operation.index in leading]
        gone = {one.operation.id for one in refusals if one.error.get("type") == _GONE and attempt + 1 < _ATTEMPTS}
        rejected += [_rejected(one) for one in check(refusals) if one.operation.id not in gone]
        waiting = [one for one in waiting if one.id in gone]
    return rejected


def take_out(client: Elasticsearch, bulk: Bulk, ids: Sequence[str], indices: Sequence[str]) -> None:
    """Delete articles wherever they are. They are looked for as they are now, found by a search already or not."""
    step = max(1, _MOST_LOOKUPS // max(1, len(indices)))
    for start in range(0, len(ids), step):
        wanted = [{"_index": index, "_id": one} for one in ids[start : start + step] for index in indices]
        docs = client.mget(docs=wanted, source=False)["docs"] if wanted else ()
        found = [Operation(doc["_index"], doc["_id"]) for doc in docs if doc.get("found")]
        check(one for one in bulk.write(found) if one.status != 404)


def _rejected(refusal: Refusal) -> Rejected:
    told = failures.reason(refusal.error)
    if refusal.error.get("type") != _CONFLICTING:
        return Rejected(refusal.operation.id, f"the search server refuses it: {told}")
    versions = _CONFLICT.search(told)
    reason = f"version {versions[1]} is in the index, and newer than {versions[2]}" if versions else told
    return Rejected(refusal.operation.id, reason, outdated=True)
