"""The data views: which indices Kibana shows, what their fields are called, and how values are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.search import names
from pipeline.search.kibana.objects import SavedObject, encoded
from pipeline.search.links import ARTICLES_VIEW

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
    """Lead from a story's id to its articles in Discover, however old. Relative, so that it stays in the space and the host."""
    place = f"dataSource:(dataViewId:{ARTICLES_VIEW},type:dataView)"
    asked = f"_a=({place},query:(language:kuery,query:'story_id:%22{{{{value}}}}%22'))"
    return _link("{{rawValue}}", f"/app/discover#/?_g=(time:(from:now-1y,to:now))&{asked}")


def _seconds() -> dict[str, Any]:
    return {
        "id": "duration",
        "params": {
            "inputFormat": "seconds",
            "outputFormat": "humanizePrecise",
            "outputPrecision": 0,
            "useShortSuffix": True,
        },
    }


ARTICLES = View(
    id=ARTICLES_VIEW,
    name="Wirewatch: articles",
    pattern=names.ARTICLES,
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
ALERTS = View(
    id="wirewatch-alerts",
    name="Wirewatch: alerts",
    pattern=names.beside(names.ARTICLES, "alerts"),
    labels={
        "@timestamp": "Time",
        "watch_name": "Watch",
        "watches": "Watches (ids)",
        "feeds": "Feeds",
        "headline": "Headline",
        "source.name": "Source",
        "agency": "Agency",
        "language": "Language",
        "topics": "Topics",
        "why": "Why",
        "state": "Delivery",
        "recipients": "Recipients",
        "reached": "Recipients reached",
        "published": "Published",
        "sent": "Sent",
        "lag_seconds": "From publication to alert",
        "sent_lag_seconds": "From publication to mail",
        "url": "Link",
        "story_id": "Story",
    },
    formats={
        "url": _link("Open ↗"),
        "story_id": _story_link(),
        "lag_seconds": _seconds(),
        "sent_lag_seconds": _seconds(),
    },
)
POLLS = View(
    id="wirewatch-polls",
    name="Wirewatch: polls",
    pattern=names.beside(names.ARTICLES, "polls"),
    labels={
        "@timestamp": "Time",
        "feeds": "Feeds",
        "source.name": "Source",
        "outcome": "Outcome",
        "status": "HTTP status",
        "error": "Reason",
        "failures": "Failures in a row",
        "seconds": "Answered within",
        "entries": "Entries",
        "new": "New articles",
        "versions": "New versions",
        "problems": "Problems",
        "delay_seconds": "From publication to arrival, median",
        "worst_delay_seconds": "From publication to arrival, worst",
    },
    formats={"delay_seconds": _seconds(), "worst_delay_seconds": _seconds()},
)


def views(articles: str) -> tuple[View, ...]:
    """Return the data views of an installation that finds its articles under the name `articles`."""
    return (
        replace(ARTICLES, pattern=articles),
        replace(ALERTS, pattern=names.beside(articles, "alerts")),
        replace(POLLS, pattern=names.beside(articles, "polls")),
    )
