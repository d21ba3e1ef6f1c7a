"""Charts (Kibana's Lens): columns that count or group, and the pictures made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.search.kibana.objects import Reference, SavedObject, query
from pipeline.search.kibana.views import View

_LAYER = "layer"
_REFERENCE = f"indexpattern-datasource-layer-{_LAYER}"
_RECORDS = "___records___"
Series = Literal["bar_stacked", "bar_horizontal", "line"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart: its id in the chart, the field it reads (`___records___` for a count), how Lens writes it."""

    id: str
    field: str
    state: Mapping[str, Any]


def count(label: str = "Articles", *, only: str | None = None) -> Column:
    """Return the number of documents; `only` (KQL) counts those that match it."""
    return _metric("count", _RECORDS, label, "count", {"emptyAsNull": False}, only=only)


def total(field: str, label: str) -> Column:
    """Return the sum of a number."""
    return _metric(f"sum-{field}", field, label, "sum", {"emptyAsNull": False})


def newest(label: str = "Newest") -> Column:
    """Return the latest time."""
    return _metric("newest", "@timestamp", label, "max", {}, data_type="date")


def distinct(field: str, label: str) -> Column:
    """Return how many different values a field has."""
    return _metric(f"distinct-{field}", field, label, "unique_count", {"emptyAsNull": False})


def percentile(field: str, percent: int, label: str) -> Column:
    """Return the value that so many percent of the numbers do not pass."""
    return _metric(f"p{percent}-{field}", field, label, "percentile", {"percentile": percent})


def highest(field: str, label: str) -> Column:
    """Return the largest number."""
    return _metric(f"max-{field}", field, label, "max", {})


def time() -> Column:
    """Return the time in steps that fit the range looked at."""
    state = {
        "label": "Time", "customLabel": True, "dataType": "date", "operationType": "date_histogram", "isBucketed": True,
        "scale": "interval", "sourceField": "@timestamp",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }  # fmt: skip
    return Column("time", "@timestamp", state)


def top(view: View, field: str, size: int, *, by: Column) -> Column:
    """Return the most frequent values of a field, ordered by the column `by`."""
    state = {
        "label": view.label(field), "customLabel": True, "dataType": "string", "operationType": "terms",
        "isBucketed": True, "scale": "ordinal", "sourceField": field,
        "params": {
            "size": size, "orderBy": {"type": "column", "columnId": by.id}, "orderDirection": "desc",
            "otherBucket": False, "missingBucket": False, "parentFormat": {"id": "terms"},
            "include": [], "exclude": [], "includeIsRegex": False, "excludeIsRegex": False,
        },
    }  # fmt: skip
    return Column(f"top-{field}", field, state)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one data view; `only` (KQL) narrows what it shows."""

    id: str
    title: str
    view: View
    columns: Sequence[Column]
    kind: Literal["lnsXY", "lnsDatatable", "lnsMetric"]
    visualization: Mapping[str, Any]
    only: str = ""

    def saved(self) -> SavedObject:
        """Return the saved object."""
        layer = {
            "columnOrder": [column.id for column in self.columns],
            "columns": {column.id: dict(column.state) for column in self.columns},
            "incompleteColumns": {},
            "sampling": 1,
        }
        state = {
            "adHocDataViews": {},
            "internalReferences": [],
            "filters": [],
            "query": query(self.only),
            "datasourceStates": {"formBased": {"layers": {_LAYER: layer}}},
            "visualization": dict(self.visualization),
        }
        attributes = {"title": self.title, "description": "", "visualizationType": self.kind, "state": state}
        return SavedObject("lens", self.id, attributes, (Reference(_REFERENCE, "index-pattern", self.view.id),))


def ranking(  # noqa: PLR0913 - what a ranking is made of
    name: str, title: str, view: View, field: str, *, size: int = 12, only: str = ""
) -> Chart:
    """Return horizontal bars of the most frequent values of a field."""
    counted = count()
    bars = top(view, field, size, by=counted)
    picture = _xy("bar_horizontal", x=bars, accessors=[counted], legend=False)
    return Chart(name, title, view, (bars, counted), "lnsXY", picture, only)


def timeline(  # noqa: PLR0913 - what a timeline is made of
    name: str,
    title: str,
    view: View,
    *,
    split: str | None = None,
    size: int = 8,
    only: str = "",
    of: Column | None = None,
) -> Chart:
    """Return stacked bars over time, of articles unless told otherwise, one colour for each of the largest values of `split`."""
    counted, when = of or count(), time()
    parts = (top(view, split, size, by=counted),) if split else ()
    picture = _xy("bar_stacked", x=when, accessors=[counted], split=parts[0] if parts else None, legend=bool(parts))
    return Chart(name, title, view, (*parts, when, counted), "lnsXY", picture, only)


def lines(name: str, title: str, view: View, numbers: Sequence[Column], *, only: str = "") -> Chart:
    """Return a line over time for each of `numbers`."""
    when = time()
    return Chart(name, title, view, (when, *numbers), "lnsXY", _xy("line", x=when, accessors=numbers), only)


def table(  # noqa: PLR0913 - what a table is made of
    name: str, title: str, view: View, rows: Sequence[str], numbers: Sequence[Column], *, size: int = 25, only: str = ""
) -> Chart:
    """Return a table: a line for each combination of the most frequent values of `rows`, ordered by the first number."""
    groups = [top(view, field, size, by=numbers[0]) for field in rows]
    columns = (*groups, *numbers)
    picture = {
        "layerId": _LAYER,
        "layerType": "data",
        "columns": [{"columnId": column.id} for column in columns],
        "sorting": {"columnId": numbers[0].id, "direction": "desc"},
    }
    return Chart(name, title, view, columns, "lnsDatatable", picture, only)


def number(name: str, title: str, view: View, of: Column, *, only: str = "") -> Chart:
    """Return one number, large."""
    return Chart(
        name, title, view, (of,), "lnsMetric", {"layerId": _LAYER, "layerType": "data", "metricAccessor": of.id}, only
    )


def _metric(  # noqa: PLR0913 - one argument a property of Lens
    name: str,
    field: str,
    label: str,
    operation: str,
    params: Mapping[str, Any],
    *,
    data_type: str = "number",
    only: str | None = None,
) -> Column:
    state: dict[str, Any] = {
        "label": label, "customLabel": True, "dataType": data_type, "operationType": operation, "isBucketed": False,
        "scale": "ratio", "sourceField": field, "params": dict(params),
    }  # fmt: skip
    if only is not None:
        state["filter"] = query(only)
    return Column(name if only is None else f"{name}-{label.lower().replace(' ', '-')}", field, state)


def _xy(
    series: Series, *, x: Column, accessors: Sequence[Column], split: Column | None = None, legend: bool = True
) -> dict[str, Any]:
    layer: dict[str, Any] = {
        "layerId": _LAYER,
        "layerType": "data",
        "seriesType": series,
        "xAccessor": x.id,
        "accessors": [column.id for column in accessors],
    }
    if split is not None:
        layer["splitAccessor"] = split.id
    return {
        "legend": {"isVisible": legend, "position": "right"},
        "valueLabels": "hide",
        "preferredSeriesType": series,
        "layers": [layer],
    }
