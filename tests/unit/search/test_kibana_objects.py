"""Does every Kibana 9 take the saved objects, and does every panel show fields that exist?"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.search import names
from pipeline.search.elastic import journal_mapping, mapping
from pipeline.search.kibana import SavedObject, ndjson, saved_objects
from pipeline.search.kibana.charts import Chart
from pipeline.search.kibana.dashboards import GRID, Dashboard
from pipeline.search.kibana.desk import DASHBOARDS, FEED_HEALTH
from pipeline.search.kibana.objects import TYPE_VERSIONS

OBJECTS = saved_objects()
# The mapping of the indices behind each data view.
PROPERTIES: dict[str, dict[str, Any]] = {
    "wirewatch-articles": mapping.mappings()["properties"],
    **{f"wirewatch-{kind}": journal_mapping.mappings(kind)["properties"] for kind in names.KINDS},
}
COUNTABLE = {"keyword", "long", "integer", "double", "date", "geo_point"}
# The highest version of each type that the first Kibana 9 knows; one above it is refused by the server.
HIGHEST = {
    "dashboard": "10.3.0",
    "lens": "8.9.0",
    "search": "10.5.0",
    "map": "8.4.0",
    "index-pattern": "8.0.0",
    "tag": "8.0.0",
}
LOCATIONS = "locations"


def fields_of(view: str) -> set[str]:
    return set(types_of(view))


def types_of(view: str) -> dict[str, str]:
    """The fields of a data view and their types; what holds other fields has none itself."""
    found: dict[str, str] = {}
    for name, told in PROPERTIES[view].items():
        inner = {f"{name}.{one}": each for one, each in told.get("properties", {}).items()}
        found |= {one: each["type"] for one, each in (inner or {name: told}).items()}
    return found


def named(kind: str) -> list[SavedObject]:
    return [one for one in OBJECTS if one.type == kind]


def view_of(one: SavedObject) -> str:
    return next(reference.id for reference in one.references if reference.type == "index-pattern")


def columns(chart: SavedObject) -> dict[str, Any]:
    (layer,) = chart.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
    found: dict[str, Any] = layer["columns"]
    return found


def strings_of_json(attributes: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in attributes.items():
        if name.endswith("JSON") or name in {"fieldFormatMap", "fieldAttrs", "runtimeFieldMap", "fields", "typeMeta"}:
            yield name, value
        elif isinstance(value, dict):
            yield from strings_of_json(value)


@pytest.mark.parametrize(
    ("articles", "patterns"),
    [
        ("wirewatch-articles", ["wirewatch-articles", "wirewatch-alerts", "wirewatch-polls"]),
        ("newsroom-articles", ["newsroom-articles", "newsroom-alerts", "newsroom-polls"]),
        ("newsroom", ["newsroom", "newsroom-alerts", "newsroom-polls"]),
    ],
)
def test_the_data_views_show_what_lies_under_the_name_that_is_set(articles: str, patterns: list[str]) -> None:
    views = [one for one in saved_objects(articles) if one.type == "index-pattern"]

    assert [view.attributes["title"] for view in views] == patterns


def by_id(objects: tuple[SavedObject, ...]) -> list[Any]:
    return [pytest.param(one, id=f"{one.type}-{one.id}") for one in objects]


def test_ids_are_unique_because_kibana_refuses_a_file_with_an_object_twice() -> None:
    assert len({(one.type, one.id) for one in OBJECTS}) == len(OBJECTS)


def test_a_file_holds_one_object_a_line_with_the_versions_it_was_modelled_on() -> None:
    lines = [json.loads(line) for line in ndjson(OBJECTS).decode().splitlines()]

    assert [line["id"] for line in lines] == [one.id for one in OBJECTS]
    assert all(line["coreMigrationVersion"] == "8.8.0" for line in lines)
    assert all(line["typeMigrationVersion"] == TYPE_VERSIONS[line["type"]] for line in lines)


def test_no_version_is_higher_than_the_first_kibana_9_knows() -> None:
    for kind, version in TYPE_VERSIONS.items():
        assert tuple(map(int, version.split("."))) <= tuple(map(int, HIGHEST[kind].split(".")))


@pytest.mark.parametrize("one", by_id(OBJECTS))
def test_attributes_that_hold_json_are_strings_of_valid_json(one: SavedObject) -> None:
    for name, value in strings_of_json(dict(one.attributes)):
        assert isinstance(value, str), name
        json.loads(value)


@pytest.mark.parametrize("one", by_id(OBJECTS))
def test_every_reference_leads_to_an_object_of_the_file(one: SavedObject) -> None:
    known = {(other.type, other.id) for other in OBJECTS}

    assert {(reference.type, reference.id) for reference in one.references} <= known


@pytest.mark.parametrize("one", by_id(tuple(named("lens"))))
def test_a_chart_names_only_columns_it_has_and_fields_its_view_has(one: SavedObject) -> None:
    (layer,) = one.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
    known = columns(one)

    assert layer["columnOrder"] == list(known)
    picture = one.attributes["state"]["visualization"]
    layers = picture.get("layers", [picture])
    used = [layer.get("xAccessor") for layer in layers] + [layer.get("splitAccessor") for layer in layers]
    used += [name for layer in layers for name in layer.get("accessors", ())]
    used += [column["columnId"] for column in picture.get("columns", ())] + [picture.get("metricAccessor")]
    assert {name for name in used if name} == set(known)
    for column in known.values():
        assert column["sourceField"] in fields_of(view_of(one)) | {"___records___"}
        assert types_of(view_of(one)).get(column["sourceField"], "keyword") in COUNTABLE
        order = column["params"].get("orderBy", {}).get("columnId")
        assert order is None or order in known


@pytest.mark.parametrize("one", by_id(tuple(named("lens"))))
def test_groups_come_before_numbers_as_lens_demands(one: SavedObject) -> None:
    grouped = [column["isBucketed"] for column in columns(one).values()]

    assert grouped == sorted(grouped, reverse=True)


@pytest.mark.parametrize("one", by_id(tuple(named("search"))))
def test_a_saved_session_lists_fields_its_view_has(one: SavedObject) -> None:
    assert set(one.attributes["columns"]) <= fields_of(view_of(one))


@pytest.mark.parametrize("one", by_id(tuple(named("index-pattern"))))
def test_labels_and_formats_are_for_fields_that_exist(one: SavedObject) -> None:
    labelled = json.loads(one.attributes["fieldAttrs"]) | json.loads(one.attributes["fieldFormatMap"])

    assert set(labelled) <= fields_of(one.id)


def test_the_map_shows_the_places_of_articles() -> None:
    (one,) = named("map")

    layers = json.loads(one.attributes["layerListJSON"])

    assert layers[1]["sourceDescriptor"]["geoField"] == LOCATIONS
    assert layers[1]["sourceDescriptor"]["indexPatternRefName"] in {reference.name for reference in one.references}


@pytest.mark.parametrize("one", by_id(tuple(named("dashboard"))))
def test_each_panel_and_control_is_referred_to_by_its_name(one: SavedObject) -> None:
    names = {reference.name for reference in one.references}

    for panel in json.loads(one.attributes["panelsJSON"]):
        assert f"{panel['panelIndex']}:{panel['panelRefName']}" in names
    controls = json.loads(one.attributes["controlGroupInput"]["panelsJSON"])
    view = next(reference.id for reference in one.references if reference.name.startswith("controlGroup_"))
    for name, control in controls.items():
        assert f"controlGroup_{name}:optionsListDataView" in names
        assert control["explicitInput"]["fieldName"] in fields_of(view)


@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.id)
def test_a_control_narrows_every_panel_for_kibana_shows_none_where_the_field_is_missing(board: Dashboard) -> None:
    shown = {content.view.id for content in board.contents}

    assert shown
    for view in shown:
        assert set(board.controls) <= fields_of(view)


def test_the_lag_from_publication_to_mail_is_shown_as_median_95th_percentile_and_worst() -> None:
    numbers = {
        (column["operationType"], column["params"].get("percentile"))
        for chart in FEED_HEALTH.contents
        if isinstance(chart, Chart) and chart.kind == "lnsMetric"
        for column in columns(chart.saved()).values()
        if column["sourceField"] == "sent_lag_seconds"
    }

    assert numbers == {("percentile", 50), ("percentile", 95), ("max", None)}


@pytest.mark.parametrize("one", by_id(tuple(named("dashboard"))))
def test_panels_fill_the_grid_without_overlapping(one: SavedObject) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(one.attributes["panelsJSON"]):
        place = panel["gridData"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        taken |= cells

    height = max(y for _, y in taken) + 1
    assert len(taken) == GRID * height


def test_a_dashboard_opens_with_what_is_new_and_goes_on_by_itself() -> None:
    for board in DASHBOARDS:
        attributes = board.saved().attributes
        assert attributes["timeRestore"]
        assert attributes["refreshInterval"] == {"pause": False, "value": 60_000}
