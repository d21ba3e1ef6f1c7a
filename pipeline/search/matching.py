"""Which of these articles match? Asked of articles that are in no index, such as those just enriched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.article import Article
from pipeline.search.embedded import EmbeddedIndex
from pipeline.search.query import Query


def matching(query: Query, articles: Sequence[Article]) -> set[str]:
    """Return the ids of `articles` that match `query`, copies and killed ones too. No server is needed."""
    return matching_each({"": query}, articles)[""]


def matching_each(queries: Mapping[str, Query], articles: Sequence[Article]) -> dict[str, set[str]]:
    """Return the ids that match, by the name of each query; cheaper than one call for each."""
    index = EmbeddedIndex.in_memory()
    index.write(articles)
    return {name: index.matching(query) for name, query in queries.items()}
