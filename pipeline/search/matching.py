"""Which of these articles match? Asked of articles that are in no index, such as those just enriched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import tantivy

from pipeline.article import Article
from pipeline.search.analysis import analysers
from pipeline.search.fields import FIELDS, Field
from pipeline.search.folder import HEAP, prepared, reading
from pipeline.search.query import Query
from pipeline.search.schema import KEY, key, schema, to_question
from pipeline.search.translate import Translator


def matching(query: Query, articles: Sequence[Article]) -> set[str]:
    """Return the ids of `articles` that match `query`, copies and killed ones too. No server is needed."""
    return matching_each({"": query}, articles)[""]


def matching_each(queries: Mapping[str, Query], articles: Sequence[Article]) -> dict[str, set[str]]:
    """Return the ids that match, by the name of each query; cheaper than one call for each."""
    wanted = frozenset[Field]().union(*(query.fields() for query in queries.values()))
    fields = [field for field in FIELDS if field in wanted]
    with reading():
        index = prepared(tantivy.Index(schema(fields)))
        searcher = _searcher(index, articles, fields)
        translator = Translator(index.schema, analysers())
        ids = {key(article.id): article.id for article in articles}
        return {name: {ids[one] for one in _found(searcher, translator, query)} for name, query in queries.items()}


def _searcher(index: tantivy.Index, articles: Sequence[Article], fields: Sequence[Field]) -> tantivy.Searcher:
    """Return the articles to search in, with those fields alone that a query looks at."""
    writer = index.writer(HEAP, 1)
    for article in articles:
        with suppress(ValueError, OverflowError):  # what no index can take matches nothing
            writer.add_document(to_question(article, fields))
    writer.commit()
    index.reload()
    return index.searcher()


def _found(searcher: tantivy.Searcher, translator: Translator, query: Query) -> list[int]:
    found = searcher.search(translator.translate(query.root), max(1, searcher.num_docs), count=False)
    keys = searcher.fast_field_values(KEY, [address for _, address in found.hits])
    return [int(one or 0) for one in keys]
