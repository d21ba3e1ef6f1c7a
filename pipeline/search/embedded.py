"""The search port on tantivy, in this process: an index in a folder, or one in memory.

Any number of processes may read while one writes; each search sees what was written before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import tantivy
from tantivy import Occur
from tantivy import Query as Tantivy

from pipeline.article import Article
from pipeline.search.analysis import analysers
from pipeline.search.copies import Found, folded, ranked
from pipeline.search.facets import count_facets
from pipeline.search.folder import open_folder, prepared, reading, writing
from pipeline.search.moments import milliseconds
from pipeline.search.port import Hit, Rejected, Results, Sort
from pipeline.search.query import Query
from pipeline.search.schema import GROUP, ID, KEY, STORED, TIME, key, schema, to_document
from pipeline.search.snippets import Marker
from pipeline.search.translate import Translator

MAX_HITS = 1_000
PATIENCE = 10.0
_PAGE = 1_000


class EmbeddedIndex:
    """A `SearchIndex` without a server. `patience`: seconds to wait while another process writes."""

    def __init__(self, index: tantivy.Index, *, patience: float = PATIENCE) -> None:
        self._index = index
        self._schema = index.schema
        self._analysers = analysers()
        self._translator = Translator(self._schema, self._analysers)
        self._patience = patience

    @classmethod
    def open(cls, folder: Path, *, patience: float = PATIENCE) -> Self:
        """Return the index in `folder`, made now if there is none.

        Raises `SearchUnavailable` where it is damaged or of another version of Wirewatch.
        """
        with reading():
            return cls(open_folder(folder), patience=patience)

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty index that is gone when it is let go of."""
        return cls(prepared(tantivy.Index(schema())))

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """See `SearchIndex.write`; all or nothing. A commit takes some 20 ms however small it is, so write in batches."""
        newest: dict[str, Article] = {}
        for article in documents:
            if article.id not in newest or article.version >= newest[article.id].version:
                newest[article.id] = article
        for article_id in remove:
            newest.pop(article_id, None)
        if not newest and not remove:
            return []
        with reading(), writing(self._index, self._patience) as writer:
            known = self._versions(self._searcher(), [*newest, *remove])
            rejected = [outcome for article in newest.values() if (outcome := _put(writer, article, known))]
            for article_id in known.keys() & set(remove):
                writer.delete_documents_by_term(ID, article_id)
            writer.commit()
        return rejected

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
        with reading():
            searcher, wanted = self._searcher(), self._wanted(query, since, hidden=hidden)
            total = self._count(searcher, wanted, fold_copies=fold_copies)
            found = self._found(searcher, wanted, limit, sort, fold_copies=fold_copies) if limit and total else []
            counts = count_facets(searcher, wanted, facets, fold_copies=fold_copies)
            hits = self._hits(searcher, query, found)
        return Results(total, hits, counts, (perf_counter() - started) * 1000)

    def ids(self) -> Iterator[tuple[str, int]]:
        """See `SearchIndex.ids`."""
        with reading():
            searcher = self._searcher()
            names = sorted(name for name, _ in searcher.terms_with_prefix(ID, ""))
            for start in range(0, len(names), _PAGE):
                page = names[start : start + _PAGE]
                known = self._versions(searcher, page)
                yield from ((name, known[name]) for name in page if name in known)

    def clear(self) -> None:
        """See `SearchIndex.clear`."""
        with reading(), writing(self._index, self._patience) as writer:
            writer.delete_all_documents()
            writer.commit()

    def tidy(self, *, now: datetime, keep: timedelta | None) -> int:
        """See `SearchIndex.tidy`. Room is given back by itself."""
        if keep is None:
            return 0
        low, high = (
            datetime.min.replace(tzinfo=UTC),
            (now - keep).replace(day=1, hour=0, minute=0, second=0, microsecond=0),
        )
        bounds = (milliseconds(low), milliseconds(high))
        old = Tantivy.range_query(self._schema, "first_seen", tantivy.FieldType.Integer, *bounds, include_upper=False)
        with reading(), writing(self._index, self._patience) as writer:
            gone = int(self._searcher().search(old, 1).count)  # type: ignore[attr-defined] # missing in tantivy's stub
            writer.delete_documents_by_query(old)
            writer.commit()
        return gone

    def describe(self) -> str:
        """See `SearchIndex.describe`."""
        return f"{sum(1 for _ in self.ids())} articles in the embedded index"

    def close(self) -> None:
        """Nothing is held between calls, so nothing is left to do."""

    def _searcher(self) -> tantivy.Searcher:
        self._index.reload()
        return self._index.searcher()

    def _versions(self, searcher: tantivy.Searcher, ids: Sequence[str]) -> dict[str, int]:
        by_key = {key(article_id): article_id for article_id in ids}
        wanted = Tantivy.term_set_query(self._schema, KEY, list(by_key))
        addresses = [address for _, address in searcher.search(wanted, len(by_key), count=False).hits]
        keys = searcher.fast_field_values(KEY, addresses)
        versions = searcher.fast_field_values("version", addresses)
        return {by_key[int(k or 0)]: int(version or 0) for k, version in zip(keys, versions, strict=True)}

    def _wanted(self, query: Query, since: datetime | None, *, hidden: bool) -> Tantivy:
        clauses = [(Occur.Must, self._translator.translate(query.root))]
        if since is not None:
            low, kind = milliseconds(since), tantivy.FieldType.Integer
            recent = Tantivy.range_query(self._schema, TIME, kind, low, None)
            clauses.append((Occur.Must, Tantivy.const_score_query(recent, 0.0)))
        if not hidden:
            clauses.append((Occur.MustNot, Tantivy.term_query(self._schema, "status", "killed")))
        return Tantivy.boolean_query(clauses)

    def _count(self, searcher: tantivy.Searcher, wanted: Tantivy, *, fold_copies: bool) -> int:
        if fold_copies:
            return round(searcher.cardinality(wanted, GROUP))
        return int(searcher.search(wanted, 1).count)  # type: ignore[attr-defined] # missing in tantivy's stub

    def _found(
        self, searcher: tantivy.Searcher, wanted: Tantivy, limit: int, sort: Sort, *, fold_copies: bool
    ) -> list[Found]:
        if fold_copies:
            return folded(searcher, self._schema, wanted, by_time=sort == "time", limit=limit)
        return ranked(searcher, wanted, by_time=sort == "time", limit=limit)

    def _hits(self, searcher: tantivy.Searcher, query: Query, found: list[Found]) -> tuple[Hit, ...]:
        marker = Marker(query.root, self._analysers)
        documents = [(each.score, _document(searcher, each.address)) for each in found]
        return tuple(Hit(document["id"], score, document, marker.snippets(document)) for score, document in documents)


def _put(writer: tantivy.IndexWriter, article: Article, known: dict[str, int]) -> Rejected | None:
    if (present := known.get(article.id)) is not None and present > article.version:
        return Rejected(
            article.id, f"version {present} is in the index, and newer than {article.version}", outdated=True
        )
    try:
        document = to_document(article)
    except (ValueError, OverflowError) as error:
        return Rejected(article.id, f"the index cannot take it: {error}")
    if present is not None:
        writer.delete_documents_by_term(ID, article.id)
    writer.add_document(document)
    return None


def _document(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(searcher.doc(address).get_first(STORED) or b"{}"))
    return found
