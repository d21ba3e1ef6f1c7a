"""The fields of polls and alerts in Elasticsearch.

What they have in common with articles is called as in an article, so that a control of a dashboard narrows all its panels.
Everything is what Kibana counts, filters and lists; nothing here is found by `wirewatch search`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.search.names import Kind

VERSION = 1
"""Goes up with every change of this module that the rows must be indexed anew for."""
LONGEST_KEYWORD = 2_000

_KEYWORD = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
_WORDS = {"type": "text"}
_BOTH = _KEYWORD | {"fields": {"words": _WORDS}}
_DATE, _COUNT, _SECONDS = {"type": "date"}, {"type": "integer"}, {"type": "double"}
_NAMED = {"properties": {"id": _KEYWORD, "name": _KEYWORD}}

FIELDS: Mapping[Kind, Mapping[str, Any]] = {
    "polls": {
        "@timestamp": _DATE,
        "feeds": _KEYWORD,
        "source": _NAMED,
        "outcome": _KEYWORD,
        "status": _COUNT,
        "error": _BOTH,
        "failures": _COUNT,
        "seconds": _SECONDS,
        "entries": _COUNT,
        "new": _COUNT,
        "versions": _COUNT,
        "problems": _COUNT,
        "delay_seconds": _SECONDS,
        "worst_delay_seconds": _SECONDS,
    },
    "alerts": {
        "@timestamp": _DATE,
        "id": _KEYWORD,
        "watches": _KEYWORD,
        "watch_name": _KEYWORD,
        "article_id": _KEYWORD,
        "story_id": _KEYWORD,
        "headline": _WORDS,
        "url": _KEYWORD,
        "source": _NAMED,
        "feeds": _KEYWORD,
        "agency": _KEYWORD,
        "language": _KEYWORD,
        "topics": _KEYWORD,
        "why": _BOTH,
        "published": _DATE,
        "lag_seconds": _SECONDS,
        "state": _KEYWORD,
        "sent": _DATE,
        "sent_lag_seconds": _SECONDS,
        "recipients": _COUNT,
        "reached": _COUNT,
    },
}


def mappings(kind: Kind) -> dict[str, Any]:
    """Return the mapping of an index of polls or alerts. A field that is not in it is refused."""
    return {"dynamic": "strict", "_meta": {"version": VERSION}, "properties": dict(FIELDS[kind])}


def component_templates(name: str, kind: Kind, *, policy: str | None) -> dict[str, dict[str, Any]]:
    """Return the component templates by name; `policy` is the lifecycle policy, where the server has one."""
    index = {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "5s",
    }
    parts: dict[str, dict[str, Any]] = {
        f"{name}-settings": {"settings": {"index": index}},
        f"{name}-mappings": {"mappings": mappings(kind)},
    }
    if policy:
        parts[f"{name}-lifecycle"] = {"settings": {"index.lifecycle.name": policy}}
    return parts
