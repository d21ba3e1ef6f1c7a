"""Do links in mails lead to the right place in Kibana, and survive mail programs?"""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.alert.plain import web_link
from pipeline.search import KibanaLinks
from pipeline.search.elastic.mapping import mappings
from pipeline.search.kibana import saved_objects
from tests.factories import NOON

LINKS = KibanaLinks("https://kibana.example/base")


def parameters(link: str) -> dict[str, Any]:
    """What the locator gets."""
    (told,) = parse_qs(urlsplit(link).query, strict_parsing=True)["p"]
    found: dict[str, Any] = json.loads(told)
    return found


def test_a_link_names_discovers_locator_and_a_version_that_every_kibana_9_brings_up_to_date() -> None:
    parts = urlsplit(LINKS.article("a1", at=NOON))

    asked = parse_qs(parts.query)
    assert (parts.netloc, parts.path) == ("kibana.example", "/base/app/r")
    assert (asked["l"], asked["v"]) == (["DISCOVER_APP_LOCATOR"], ["9.0.0"])


@pytest.mark.parametrize(("space", "path"), [("default", "/app/r"), ("newsroom", "/s/newsroom/app/r")])
def test_a_link_leads_into_the_space_that_is_set(space: str, path: str) -> None:
    assert urlsplit(KibanaLinks("https://kibana.example/", space).article("a1", at=NOON)).path == path


def test_an_article_is_asked_for_by_its_id_and_a_story_by_its_own_or_the_articles() -> None:
    assert parameters(LINKS.article("a1", at=NOON))["query"] == {"language": "kuery", "query": 'id:"a1"'}
    assert parameters(LINKS.story("s1", "a1", at=NOON))["query"]["query"] == 'story_id:"s1" or id:"a1"'


def test_what_is_asked_for_lies_in_the_range_looked_at_however_late_the_mail_is_read() -> None:
    told = parameters(LINKS.article("a1", at=NOON))

    assert told["timeRange"] == {"from": "2026-10-27T12:00:00Z", "to": "now"}


def test_the_data_view_and_the_columns_exist() -> None:
    known = {one.id for one in saved_objects() if one.type == "index-pattern"}
    fields = mappings()["properties"]

    for told in (parameters(LINKS.article("a1", at=NOON)), parameters(LINKS.story("s1", "a1", at=NOON))):
        assert told["dataViewId"] in known
        assert {column.partition(".")[0] for column in told["columns"]} <= set(fields)


@pytest.mark.parametrize("article_id", ['a"b\\c', "a'b(c)d!e&f=g#h i", "台湾", "a" * 64])
def test_no_id_breaks_the_link_or_the_query(article_id: str) -> None:
    link = LINKS.article(article_id, at=NOON)

    escaped = article_id.replace("\\", "\\\\").replace('"', '\\"')
    assert parameters(link)["query"]["query"] == f'id:"{escaped}"'
    assert web_link(link) == link
    assert not set("'()!\" ") & set(link)


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_news_of_any_time_can_be_linked_to(at: datetime) -> None:
    assert parameters(LINKS.article("a1", at=at))["timeRange"]["from"].endswith("Z")
