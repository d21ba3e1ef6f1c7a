"""The map: where the news is, as a grid of points over the places that articles name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.search.kibana.objects import Reference, SavedObject, encoded, query
from pipeline.search.kibana.views import ARTICLES, View

_SOURCE = "layer_1_source_index_pattern"


@dataclass(frozen=True, slots=True)
class Map:
    """Points of `field`, the larger the more documents there are. The base map comes from Elastic, through the browser."""

    id: str
    title: str
    view: View
    field: str

    def saved(self) -> SavedObject:
        """Return the saved object."""
        state = {
            "zoom": 1.8,
            "center": {"lat": 35, "lon": 20},
            "timeFilters": {"from": "now-24h", "to": "now"},
            "refreshConfig": {"isPaused": True, "interval": 0},
            "query": query(""),
            "filters": [],
            "settings": {"autoFitToDataBounds": False},
        }
        attributes = {
            "title": self.title,
            "description": "",
            "mapStateJSON": encoded(state),
            "layerListJSON": encoded([_base(), self._grid()]),
            "uiStateJSON": encoded({"isLayerTOCOpen": False, "openTOCDetails": []}),
        }
        return SavedObject("map", self.id, attributes, (Reference(_SOURCE, "index-pattern", self.view.id),))

    def _grid(self) -> dict[str, Any]:
        by_count = {"name": "doc_count", "origin": "source"}
        return {
            "id": "places",
            "label": "Places in the news",
            "type": "GEOJSON_VECTOR",
            "visible": True,
            "alpha": 0.75,
            "minZoom": 0,
            "maxZoom": 24,
            "joins": [],
            "includeInFitToBounds": True,
            "sourceDescriptor": {
                "type": "ES_GEO_GRID",
                "id": "places-grid",
                "indexPatternRefName": _SOURCE,
                "geoField": self.field,
                "requestType": "point",
                "resolution": "MOST_FINE",
                "metrics": [{"type": "count"}],
                "applyGlobalQuery": True,
                "applyGlobalTime": True,
                "applyForceRefresh": True,
            },
            "style": {
                "type": "VECTOR",
                "isTimeAware": True,
                "properties": {
                    "iconSize": {"type": "DYNAMIC", "options": {"minSize": 7, "maxSize": 26, "field": by_count}},
                    "fillColor": {
                        "type": "DYNAMIC",
                        "options": {"color": "Yellow to Red", "type": "ORDINAL", "field": by_count},
                    },
                },
            },
        }


def _base() -> dict[str, Any]:
    return {
        "id": "base",
        "type": "EMS_VECTOR_TILE",
        "label": None,
        "visible": True,
        "alpha": 1,
        "minZoom": 0,
        "maxZoom": 24,
        "includeInFitToBounds": True,
        "sourceDescriptor": {"type": "EMS_TMS", "isAutoSelect": True},
        "style": {"type": "EMS_VECTOR_TILE", "color": ""},
    }


PLACES = Map("wirewatch-places", "Places in the news", ARTICLES, "locations")
MAPS = (PLACES,)
