"""Saved Discover sessions: lists of articles, alerts or polls with the columns a reader wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.search.kibana.objects import Reference, SavedObject, encoded, query
from pipeline.search.kibana.views import ALERTS, ARTICLES, POLLS, View

_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"
_WIDTHS = {"headline": 620, "error": 620}


@dataclass(frozen=True, slots=True)
class Session:
    """A list, the newest first; `only` is KQL."""

    id: str
    title: str
    view: View
    columns: Sequence[str]
    only: str = ""
    description: str = ""

    def saved(self) -> SavedObject:
        """Return the saved object, in the flat form that every Kibana 9 reads and newer ones migrate."""
        source = {"query": query(self.only), "filter": [], "highlightAll": True, "indexRefName": _INDEX}
        widths = {name: {"width": width} for name, width in _WIDTHS.items() if name in self.columns}
        attributes = {
            "title": self.title,
            "description": self.description,
            "columns": list(self.columns),
            "sort": [["@timestamp", "desc"]],
            "grid": {"columns": widths} if widths else {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "timeRestore": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": encoded(source)},
        }
        return SavedObject("search", self.id, attributes, (Reference(_INDEX, "index-pattern", self.view.id),))


_NEWS = ("source.name", "headline", "topics", "people", "url")

LATEST = Session(
    "wirewatch-latest", "Wirewatch: latest", ARTICLES, _NEWS, "NOT status: killed", "Everything, the newest first."
)
ORIGINALS = Session(
    "wirewatch-originals",
    "Wirewatch: originals only",
    ARTICLES,
    ("source.name", "agency", "headline", "copies", "story_id", "url"),
    "NOT status: killed AND NOT duplicate_of: *",
    "Copies are folded away.",
)
CORRECTIONS = Session(
    "wirewatch-corrections",
    "Wirewatch: corrections and kills",
    ARTICLES,
    ("status", "version", "source.name", "headline", "updated", "url"),
    "status: (corrected OR killed) OR version > 1",
    "What changed after it came out.",
)
WATCHED = Session(
    "wirewatch-watched",
    "Wirewatch: watched",
    ARTICLES,
    ("watches", "source.name", "headline", "people", "organisations", "url"),
    "watches: * AND NOT status: killed",
    "Articles that matched a watch, copies included.",
)
SENT = Session(
    "wirewatch-alerts-sent",
    "Wirewatch: alerts sent",
    ALERTS,
    ("watch_name", "headline", "source.name", "why", "state", "recipients", "sent_lag_seconds", "url", "story_id"),
    "state: sent",
    "What people were told, for which watch, why, and how long after its publication.",
)
FAILED_POLLS = Session(
    "wirewatch-failed-polls",
    "Wirewatch: failed polls",
    POLLS,
    ("feeds", "outcome", "status", "failures", "error"),
    "outcome: (failed or gone)",
    "Which feeds did not answer as they should, and why.",
)
SESSIONS = (LATEST, ORIGINALS, CORRECTIONS, WATCHED, SENT, FAILED_POLLS)
