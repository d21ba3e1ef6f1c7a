"""The fields of an article in Elasticsearch, and the templates that give them to every index.

Names and keywords are what Kibana counts and filters by, as they were written. Beside them stand what `wirewatch
search` matches: `people.words`, by word; `topics.lower`, without regard to case. Text is in `headline`, `body` …,
and stemmed in `headline_de`, `body_de` … of German articles. `original` is the id of the original on copies and the
article's own elsewhere. `mentions` and `topic_evidence` are kept, but not indexed.
"""

from __future__ import annotations

from typing import Any

from pipeline.search.elastic.analysis import CASELESS, FOLDED, FOLDED_SEARCH, LANGUAGES, NAMES, analysis
from pipeline.search.fields import FIELDS, Field, FieldType, searched_fields

VERSION = 1
"""Goes up with every change of this module or `analysis.py` that articles must be indexed anew for."""
ORIGINAL = "original"
BOOSTS = {"headline": 3.0, "subheadline": 1.5, "people": 2.0, "organisations": 2.0, "places": 2.0, "products": 2.0}
LONGEST_KEYWORD = 2_000
_KEPT = {"type": "object", "enabled": False}
_UNSEARCHED = {"type": "keyword", "index": False, "doc_values": False}


def stem_field(name: str, language: str) -> str:
    """Return the name of the field with the text of `name` stemmed in `language`."""
    return f"{name}_{language}"


def columns(field: Field) -> tuple[str, ...]:
    """Return the names of the fields in which values of `field` are matched."""
    match field.type:
        case FieldType.TEXT:
            return (field.name, *(stem_field(field.name, language) for language in LANGUAGES))
        case FieldType.NAMES:
            return (f"{field.name}.words",)
        case FieldType.KEYWORD:
            return (f"{field.name}.lower",)
        case _:
            return (field.name,)


def mappings() -> dict[str, Any]:
    """Return the mapping of an index of articles. A field that is not in it is refused."""
    properties: dict[str, Any] = {ORIGINAL: {"type": "keyword"}, "mentions": _KEPT, "topic_evidence": _KEPT}
    for field in FIELDS:
        outer, _, inner = field.name.partition(".")
        place = properties.setdefault(outer, {"properties": {}})["properties"] if inner else properties
        place |= _fields(field, inner or outer)
    properties["dateline"]["properties"] |= {"text": _UNSEARCHED, "date": _UNSEARCHED}
    properties["locations"] = {"type": "geo_point"}
    made = [column for field in FIELDS if field.type is FieldType.TEXT for column in columns(field)[1:]]
    return {
        "dynamic": "strict",
        "_meta": {"version": VERSION},
        "_source": {"excludes": [ORIGINAL, *made]},
        "properties": properties,
    }


def default_fields() -> list[str]:
    """Return where a word without a field name is looked for, with weights, as `index.query.default_field` takes it."""
    return [_weighted(column, BOOSTS.get(field.name, 1.0)) for field in searched_fields() for column in columns(field)]


def component_templates(name: str, *, polish: bool, policy: str | None) -> dict[str, dict[str, Any]]:
    """Return the component templates by name; `policy` is the lifecycle policy, where the server has one."""
    index = {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "5s",
        "query.default_field": default_fields(),
        "mapping.total_fields.limit": 300,
    }
    parts: dict[str, dict[str, Any]] = {
        f"{name}-settings": {"settings": {"index": index}},
        # the server checks each part alone, so that the mapping needs its analysers beside it
        f"{name}-mappings": {"settings": {"analysis": analysis(polish=polish)}, "mappings": mappings()},
    }
    if policy:
        parts[f"{name}-lifecycle"] = {"settings": {"index.lifecycle.name": policy}}
    return parts


def _weighted(column: str, boost: float) -> str:
    return column if boost == 1.0 else f"{column}^{boost:g}"


def _fields(field: Field, name: str) -> dict[str, Any]:
    match field.type:
        case FieldType.TEXT:
            stems = {stem_field(name, language): {"type": "text", "analyzer": language} for language in LANGUAGES}
            return {name: {"type": "text", "analyzer": FOLDED, "search_analyzer": FOLDED_SEARCH}} | stems
        case FieldType.NAMES:
            return {name: _keyword({"words": {"type": "text", "analyzer": NAMES}})}
        case FieldType.KEYWORD:
            lower = {"type": "keyword", "normalizer": CASELESS, "ignore_above": LONGEST_KEYWORD, "doc_values": False}
            return {name: _keyword({"lower": lower})}
        case FieldType.NUMBER:
            return {name: {"type": "long"}}
        case FieldType.DATE:
            return {name: {"type": "date"}}


def _keyword(beside: dict[str, Any]) -> dict[str, Any]:
    return {"type": "keyword", "ignore_above": LONGEST_KEYWORD, "fields": beside}
