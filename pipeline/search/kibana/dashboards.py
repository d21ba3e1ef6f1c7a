"""Dashboards: panels in rows on a grid of 48 columns, with controls above them.

Panels point at saved charts, sessions and maps, so that each can also be opened and changed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipeline.search.kibana.charts import Chart
from pipeline.search.kibana.maps import Map
from pipeline.search.kibana.objects import Reference, SavedObject, encoded, query
from pipeline.search.kibana.sessions import Session
from pipeline.search.kibana.views import View

GRID = 48
TAG = SavedObject("tag", "wirewatch", {"name": "Wirewatch", "description": "Made by Wirewatch", "color": "#4DD2CA"})
Content = Chart | Session | Map


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side, sharing the width in proportion to `widths` (equal shares without)."""

    height: int
    contents: Sequence[Content]
    widths: Sequence[int] = ()

    def shares(self) -> list[int]:
        """Return the width of each panel in columns of the grid; together they fill it."""
        parts = self.widths or [1] * len(self.contents)
        edges = [GRID * sum(parts[:place]) // sum(parts) for place in range(len(parts) + 1)]
        return [right - left for left, right in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard. `controls` are fields of `view` that readers can narrow it by."""

    id: str
    title: str
    description: str
    view: View
    rows: Sequence[Row]
    controls: Sequence[str] = field(default=())
    since: str = "now-24h"

    @property
    def contents(self) -> tuple[Content, ...]:
        """All that it shows, in reading order."""
        return tuple(content for row in self.rows for content in row.contents)

    def saved(self) -> SavedObject:
        """Return the saved object; what the panels show must be saved too."""
        panels, references = self._panels()
        attributes: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "timeRestore": True,
            "timeFrom": self.since,
            "timeTo": "now",
            "refreshInterval": {"pause": False, "value": 60_000},
            "optionsJSON": encoded(
                {
                    "useMargins": True,
                    "hidePanelTitles": False,
                    "syncColors": True,
                    "syncCursor": True,
                    "syncTooltips": False,
                }
            ),
            "kibanaSavedObjectMeta": {"searchSourceJSON": encoded({"query": query(""), "filter": []})},
            "panelsJSON": encoded(panels),
        }
        if self.controls:
            attributes["controlGroupInput"] = self._control_group()
            references += [
                Reference(f"controlGroup_{name}:optionsListDataView", "index-pattern", self.view.id)
                for name in self.controls
            ]
        return SavedObject(
            "dashboard", self.id, attributes, (*references, Reference("tag-ref-wirewatch", "tag", TAG.id))
        )

    def _panels(self) -> tuple[list[dict[str, Any]], list[Reference]]:
        panels: list[dict[str, Any]] = []
        references: list[Reference] = []
        top = 0
        for row in self.rows:
            left = 0
            for content, width in zip(row.contents, row.shares(), strict=True):
                saved, name = content.saved(), f"p{len(panels) + 1}"
                place = {"x": left, "y": top, "w": width, "h": row.height, "i": name}
                panels.append(
                    {
                        "type": saved.type,
                        "panelIndex": name,
                        "gridData": place,
                        "embeddableConfig": {"enhancements": {}},
                        "panelRefName": f"panel_{name}",
                    }
                )
                references.append(Reference(f"{name}:panel_{name}", saved.type, saved.id))
                left += width
            top += row.height
        return panels, references

    def _control_group(self) -> dict[str, Any]:
        controls = {
            name: {
                "order": order,
                "width": "medium",
                "grow": True,
                "type": "optionsListControl",
                "explicitInput": {
                    "id": name,
                    "fieldName": name,
                    "title": self.view.label(name),
                    "selectedOptions": [],
                    "enhancements": {},
                },
            }
            for order, name in enumerate(self.controls)
        }
        ignored = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
        return {
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": encoded(ignored),
            "panelsJSON": encoded(controls),
        }
