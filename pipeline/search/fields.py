"""The searchable fields: what a query may name, what type each has, and what to suggest for a name that is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class FieldType(StrEnum):
    """How a field is matched."""

    TEXT = "text"
    """By word, stemmed in German and English, folded in other languages."""
    NAMES = "names"
    """By word, without regard to case, accents and umlaut spelling; never stemmed."""
    KEYWORD = "keyword"
    """By the whole value, without regard to case."""
    NUMBER = "number"
    """Whole numbers, by value or range."""
    DATE = "date"
    """Moments in UTC, by range or by a date that stands for its whole day, month or year."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the article document that a query may name.

    `searched` fields are those that a word without a field name is looked for in; `facet` fields can be counted.
    """

    name: str
    type: FieldType
    description: str
    searched: bool = False
    facet: bool = False


_TEXT, _NAMES, _KEYWORD, _NUMBER, _DATE = FieldType

FIELDS: tuple[Field, ...] = (
    Field("headline", _TEXT, "the headline", searched=True),
    Field("subheadline", _TEXT, "the line below the headline", searched=True),
    Field("summary", _TEXT, "the teaser", searched=True),
    Field("body", _TEXT, "the text of the article", searched=True),
    Field("people", _NAMES, "people named, as `people:putin` or in full", searched=True, facet=True),
    Field("organisations", _NAMES, "companies, ministries, parties and the like", searched=True, facet=True),
    Field("places", _NAMES, "countries and cities", searched=True, facet=True),
    Field("products", _NAMES, "products and services", searched=True, facet=True),
    Field("tickers", _NAMES, 'stock tickers, as `tickers:"NASDAQ:TSLA"` or `tickers:TSLA`', facet=True),
    Field("entity_ids", _KEYWORD, "ids of all entities named", facet=True),
    Field("topics", _KEYWORD, "topic tags, as `topics:starlink`", facet=True),
    Field("subjects", _KEYWORD, "IPTC Media Topic codes given by the wire", facet=True),
    Field("language", _KEYWORD, "BCP 47; `language:de` finds `de-AT`, too", facet=True),
    Field("source.id", _KEYWORD, "the publisher's id; `source` is short for it", facet=True),
    Field("source.name", _NAMES, "the publisher's name", facet=True),
    Field("source.country", _KEYWORD, "the publisher's country, ISO 3166-1", facet=True),
    Field("source.kind", _KEYWORD, "agency, broadcaster, newspaper, specialist, official or other", facet=True),
    Field("agency", _KEYWORD, "the agency that wrote the report, as `agency:dpa-AFX`", facet=True),
    Field("feeds", _KEYWORD, "ids of the feeds the article was seen in", facet=True),
    Field("byline", _NAMES, "who wrote it"),
    Field("dateline.place", _NAMES, "where it was filed; `dateline` is short for it", facet=True),
    Field("url", _KEYWORD, "the address, in quotes"),
    Field("guid", _KEYWORD, "the provider's id of the article, in quotes"),
    Field("id", _KEYWORD, "Wirewatch's id of the article"),
    Field("status", _KEYWORD, "usable, corrected or killed", facet=True),
    Field("urgency", _NUMBER, "IPTC urgency, 1 (flash) to 8, as `urgency:[1 TO 3]`"),
    Field("priority", _KEYWORD, "the agency's own priority mark", facet=True),
    Field("version", _NUMBER, "counts the updates of an article, from 1"),
    Field("words", _NUMBER, "length of the text in words"),
    Field("@timestamp", _DATE, "`published`, else `first_seen`"),
    Field("published", _DATE, "first issue, as `published:[2026-11-01 TO now]` or `published:>now-24h`"),
    Field("updated", _DATE, "creation of this version"),
    Field("first_seen", _DATE, "when a poll first saw it"),
    Field("embargo_until", _DATE, "when it became free for publication"),
    Field("duplicate_of", _KEYWORD, "id of the original, on copies only"),
    Field("copies", _NUMBER, "how many copies an original has, as `copies:>3`"),
    Field("story_id", _KEYWORD, "id of the story", facet=True),
    Field("watches", _KEYWORD, "ids of the watches it matched", facet=True),
)
ALIASES = {"source": "source.id", "dateline": "dateline.place", "timestamp": "@timestamp"}
FACETS = tuple(field.name for field in FIELDS if field.facet)
_BY_NAME = {field.name: field for field in FIELDS}


def find_field(name: str) -> Field | None:
    """Return the field called `name` or an alias of it."""
    return _BY_NAME.get(ALIASES.get(name, name))


def searched_fields() -> tuple[Field, ...]:
    """Return the fields that a word without a field name is looked for in."""
    return tuple(field for field in FIELDS if field.searched)


def nearest(name: str, known: Iterable[str] = (*_BY_NAME, *ALIASES)) -> str | None:
    """Return the known name that `name` was most likely meant to be."""
    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return near[0] if near else None
