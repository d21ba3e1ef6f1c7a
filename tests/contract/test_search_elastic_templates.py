"""What is asked of a full server, which has what the test node lacks: a lifecycle, and a plugin for Polish."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pipeline.search.elastic import connect
from pipeline.search.elastic.analysis import LANGUAGES, POLISH, analysis
from pipeline.search.elastic.mapping import columns, default_fields, mappings
from pipeline.search.elastic.templates import Abilities, install
from pipeline.search.fields import FIELDS, FieldType
from tests.elasticsearch.gateway import Gateway, a_gateway


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with a_gateway() as gateway:
        gateway.always = (200, {"acknowledged": True})
        yield gateway


def installed(gateway: Gateway, able: Abilities, keep: timedelta | None) -> None:
    with connect([gateway.url]) as client:
        install(client, "news", able, keep=keep)


def asked(gateway: Gateway, path: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(gateway.bodies[path])
    return body


def test_a_server_with_a_lifecycle_deletes_old_months_by_itself(gateway: Gateway) -> None:
    installed(gateway, Abilities(lifecycle=True, polish=False), timedelta(days=400))

    phases = asked(gateway, "/_ilm/policy/news")["policy"]["phases"]
    lifecycle = asked(gateway, "/_component_template/news-lifecycle")["template"]["settings"]
    assert phases["delete"] == {"min_age": "400d", "actions": {"delete": {}}}
    assert lifecycle == {"index.lifecycle.name": "news"}
    assert "news-lifecycle" in asked(gateway, "/_index_template/news")["composed_of"]


def test_a_policy_makes_no_index_read_only(gateway: Gateway) -> None:
    installed(gateway, Abilities(lifecycle=True, polish=False), None)

    phases = asked(gateway, "/_ilm/policy/news")["policy"]["phases"]
    assert phases == {"hot": {"actions": {}}}


def test_a_server_without_a_lifecycle_is_not_asked_for_one(gateway: Gateway) -> None:
    installed(gateway, Abilities(lifecycle=False, polish=False), timedelta(days=400))

    assert not any("lifecycle" in path or "_ilm" in path for path in gateway.bodies)
    assert asked(gateway, "/_index_template/news")["composed_of"] == ["news-settings", "news-mappings"]


def test_the_template_lets_no_index_come_into_being_by_itself(gateway: Gateway) -> None:
    installed(gateway, Abilities(lifecycle=False, polish=False), None)

    assert asked(gateway, "/_index_template/news")["allow_auto_create"] is False


def test_polish_is_stemmed_where_its_plugin_is() -> None:
    assert "polish_stem" in analysis(polish=True)["analyzer"][POLISH]["filter"]
    assert "polish_stem" not in analysis(polish=False)["analyzer"][POLISH]["filter"]


def test_every_filter_and_analyser_that_is_named_is_there() -> None:
    made = analysis(polish=False)
    built_in = {"lowercase", "asciifolding", "german_normalization", "remove_duplicates"}

    used = {each for analyser in made["analyzer"].values() for each in analyser["filter"]}

    assert used - built_in == set(made["filter"]) & used
    assert set(made["filter"]) <= used
    assert set(LANGUAGES) <= set(made["analyzer"])


def test_a_bare_word_is_looked_for_in_every_language_of_every_text() -> None:
    searched = {each.partition("^")[0] for each in default_fields()}

    texts = [field for field in FIELDS if field.type is FieldType.TEXT]
    assert {column for field in texts for column in columns(field)} <= searched
    assert {"people.words", "places.words", "organisations.words", "products.words"} <= searched


def test_every_field_that_a_query_can_name_is_in_the_mapping() -> None:
    known = set(_names(mappings()["properties"]))

    assert {column for field in FIELDS for column in columns(field)} <= known
    assert {field.name for field in FIELDS} <= known


def _names(properties: dict[str, dict[str, object]], prefix: str = "") -> Iterator[str]:
    for name, told in properties.items():
        yield prefix + name
        for inside in ("properties", "fields"):
            below = told.get(inside, {})
            assert isinstance(below, dict)
            yield from _names(below, f"{prefix}{name}.")
