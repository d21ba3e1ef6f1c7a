"""Search: what a query means, which articles match it, and the words that show why.

`SearchIndex` is the port; `EmbeddedIndex` serves it without a server. `parse_query` settles the query language
once, for every adapter.
"""

from pipeline.search.embedded import EmbeddedIndex
from pipeline.search.fields import FACETS, FIELDS, Field, FieldType, find_field
from pipeline.search.language import parse_query
from pipeline.search.links import KibanaLinks
from pipeline.search.matching import matching, matching_each
from pipeline.search.port import Hit, Rejected, Replacement, Results, SearchIndex, Snippet, Sort
from pipeline.search.query import Query
from pipeline.search.replacement import EmbeddedReplacement

__all__ = [
    "FACETS",
    "FIELDS",
    "EmbeddedIndex",
    "EmbeddedReplacement",
    "Field",
    "FieldType",
    "Hit",
    "KibanaLinks",
    "Query",
    "Rejected",
    "Replacement",
    "Results",
    "SearchIndex",
    "Snippet",
    "Sort",
    "find_field",
    "matching",
    "matching_each",
    "parse_query",
]
