"""What happens when the saved objects are sent to a server that answers as Kibana does, and to none?"""

import json

import pytest

from pipeline.errors import ConfigError, SearchUnavailable
from pipeline.search.kibana import KibanaServer, SavedObject, saved_objects
from tests.command_line import process, wirewatch
from tests.kibana import KEY, Kibana, kibana

__all__ = ["kibana"]


def test_all_objects_get_into_the_default_space(kibana: Kibana) -> None:
    with KibanaServer(kibana.url, authorization=KEY) as server:
        installed = server.install(saved_objects())

    assert installed.count == len(saved_objects())
    assert installed.refused == ()
    assert len(kibana.spaces["default"]) == len(saved_objects())


def test_doing_it_twice_leaves_each_object_once(kibana: Kibana) -> None:
    with KibanaServer(kibana.url, authorization=KEY) as server:
        server.install(saved_objects())
        again = server.install(saved_objects())

    assert again.count == len(kibana.spaces["default"]) == len(saved_objects())


def test_a_space_of_choice_is_made_once(kibana: Kibana) -> None:
    with KibanaServer(kibana.url, authorization=KEY, space="news-desk") as server:
        server.install(saved_objects())
        server.install(saved_objects())

    assert len(kibana.spaces["news-desk"]) == len(saved_objects())
    assert kibana.spaces["default"] == {}


def test_refused_objects_are_told_although_the_answer_is_200(kibana: Kibana) -> None:
    without_views: list[SavedObject] = [one for one in saved_objects() if one.type in {"search", "tag"}]

    with KibanaServer(kibana.url, authorization=KEY) as server:
        installed = server.install(without_views)

    assert installed.count == 1
    assert {refusal.type for refusal in installed.refused} == {"search"}
    assert installed.refused[0].reason.startswith("missing_references: index-pattern wirewatch-")


def test_wrong_credentials_are_a_matter_of_configuration(kibana: Kibana) -> None:
    with KibanaServer(kibana.url, authorization="ApiKey wrong") as server, pytest.raises(ConfigError) as caught:
        server.install(saved_objects())

    assert "refuses these credentials (HTTP 401)" in str(caught.value)
    assert "WIREWATCH_ELASTICSEARCH_API_KEY" in str(caught.value.hint)


def test_a_kibana_that_is_still_starting_says_so(kibana: Kibana) -> None:
    kibana.ready = False

    with KibanaServer(kibana.url, authorization=KEY) as server, pytest.raises(SearchUnavailable) as caught:
        server.install(saved_objects())

    assert "not ready yet" in str(caught.value)
    assert "try again" in str(caught.value.hint)


def test_nobody_at_the_address_is_told_with_what_to_check() -> None:
    with KibanaServer("http://127.0.0.1:9") as server, pytest.raises(SearchUnavailable) as caught:
        server.install(saved_objects())

    assert "cannot be reached" in str(caught.value)
    assert "WIREWATCH_KIBANA_URL" in str(caught.value.hint)


def test_the_command_loads_them_and_tells_how_many(
    kibana: Kibana, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_KIBANA_URL", kibana.url)
    monkeypatch.setenv("WIREWATCH_KIBANA_SPACE", "newsroom")
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH_API_KEY", KEY.removeprefix("ApiKey "))

    ran = wirewatch(capsys, "kibana", "setup", "--json")

    assert ran.status == 0
    assert ran.document == {"loaded": len(saved_objects()), "space": "newsroom", "refused": []}
    assert len(kibana.spaces["newsroom"]) == len(saved_objects())


def test_without_an_address_the_command_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    ran = wirewatch(capsys, "kibana", "setup")

    assert ran.status == 2
    assert "WIREWATCH_KIBANA_URL" in ran.err


def test_the_export_is_what_the_import_takes() -> None:
    ran = process("kibana", "export", settings={"ELASTICSEARCH_INDEX": "newsroom-articles"})

    objects = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 0
    assert len(objects) == len(saved_objects())
    views = [one["attributes"]["title"] for one in objects if one["type"] == "index-pattern"]
    assert views == ["newsroom-articles", "newsroom-alerts", "newsroom-polls"]
