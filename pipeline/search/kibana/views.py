"""The data views: which indices Kibana shows, what their fields are called, and how values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.search.kibana.objects import SavedObject, encoded

_URGENCIES = {1: "1 flash", 2: "2 bulletin", 3: "3 urgent", 4: "4 rush", 5: "5 routine", 6: "6 low", 7: "7", 8: "8"}


@dataclass(frozen=True, slots=True)
class View:
    """A data view. `labels`: field → what people read; `formats`: field → Kibana's field formatter."""

    id: str
    name: str
    pattern: str
    labels: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """Return what people read for a field."""
        return self.labels.get(name, name)

    def saved(self) -> SavedObject:
        """Return the saved object."""
        return SavedObject(
            "index-pattern",
            self.id,
            {
                "title": self.pattern,
                "name": self.name,
                "timeFieldName": "@timestamp",
                "allowNoIndex": True,
                "fields": "[]",
                "typeMeta": "{}",
                "sourceFilters": "[]",
                "fieldAttrs": encoded({name: {"customLabel": label} for name, label in self.labels.items()}),
                "fieldFormatMap": encoded(self.formats),
                "runtimeFieldMap": "{}",
            },
        )


def _link(label: str, template: str = "{{rawValue}}") -> dict[str, Any]:
    return {"id": "url", "params": {"type": "a", "urlTemplate": template, "labelTemplate": label}}


def _story_link() -> dict[str, Any]:
    """Lead from a story's id to its articles in Discover. Relative, so that it stays in the space and the host."""
    state = "/app/discover#/?_a=(query:(language:kuery,query:'story_id:%22{{value}}%22'))"
    return _link("{{rawValue}}", state)


ARTICLES = View(
    id="wirewatch-articles",
    name="Wirewatch: articles",
    pattern="wirewatch-articles",
    labels={
        "@timestamp": "Time",
        "headline": "Headline",
        "source.name": "Source",
        "source.country": "Country of the source",
        "source.kind": "Kind of source",
        "agency": "Agency",
        "people": "People",
        "organisations": "Organisations",
        "places": "Places",
        "products": "Products",
        "tickers": "Tickers",
        "topics": "Topics",
        "language": "Language",
        "urgency": "Urgency",
        "status": "Status",
        "feeds": "Feeds",
        "watches": "Watches",
        "url": "Link",
        "story_id": "Story",
        "duplicate_of": "Copy of",
        "copies": "Copies",
        "first_seen": "First seen",
        "words": "Words",
    },
    formats={
        "url": _link("Open ↗"),
        "story_id": _story_link(),
        "urgency": {
            "id": "static_lookup",
            "params": {
                "lookupEntries": [{"key": str(key), "value": value} for key, value in _URGENCIES.items()],
                "unknownKeyValue": "-",
            },
        },
    },
)
