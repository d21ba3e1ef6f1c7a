"""Does the sample wire work over real connections on loopback, with a real folder?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest
import trafilatura

from pipeline.demo import SampleWire, load_wire

STARTED = datetime(2026, 11, 3, 18, 0, tzinfo=UTC)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[SampleWire]:
    with SampleWire(STARTED, tmp_path / "wire") as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as running:
        yield running


def test_every_feed_is_local_and_comes_from_loopback_or_a_folder(wire: SampleWire, tmp_path: Path) -> None:
    urls = {feed.id: feed.url for feed in wire.feeds}

    assert all(feed.local for feed in wire.feeds)
    assert urls.pop("pressestelle") == (tmp_path / "wire" / "pressestelle").as_uri()
    assert all(url.startswith(f"{wire.base_url}/") for url in urls.values())
    assert wire.base_url.startswith("http://127.0.0.1:")


def test_every_feed_answers_over_http(wire: SampleWire, client: httpx.Client) -> None:
    feeds = [feed for feed in wire.feeds if feed.url.startswith("http:")]

    statuses = {feed.id: client.get(feed.url).status_code for feed in feeds}

    assert statuses.pop("austin-courier") == 503
    assert statuses.pop("lakeside-radio") == 301
    assert set(statuses.values()) == {200}


def test_a_second_poll_with_the_validators_is_answered_304_on_the_same_connection(
    wire: SampleWire, client: httpx.Client
) -> None:
    url = next(feed.url for feed in wire.feeds if feed.id == "world-dispatch")
    first = client.get(url)

    second = client.get(url, headers={"If-None-Match": first.headers["etag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert first.http_version == "HTTP/1.1"
    assert wire.answered(urlsplit(url).path) == {200: 1, 304: 1}


def test_a_redirect_leads_to_the_feed(wire: SampleWire, client: httpx.Client) -> None:
    url = next(feed.url for feed in wire.feeds if feed.id == "lakeside-radio")

    answer = client.get(url, follow_redirects=True)

    assert [hop.status_code for hop in answer.history] == [301]
    assert len(feedparser.parse(answer.content).entries) == 5


def test_the_update_reaches_a_reader_who_has_the_old_validators(wire: SampleWire, client: httpx.Client) -> None:
    url = next(feed.url for feed in wire.feeds if feed.id == "depesche-nord")
    etag = client.get(url).headers["etag"]

    wire.publish_update()
    answer = client.get(url, headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert "BERICHTIGUNG" in answer.text


def test_the_text_can_be_read_from_a_page_without_what_stands_around_it(wire: SampleWire, client: httpx.Client) -> None:
    teaser_feeds = [feed for feed in load_wire() if feed.full_text]

    for feed in teaser_feeds:
        for article in feed.at(1):
            page = client.get(f"{wire.base_url}/{feed.id}/{article.slug}").text
            text = trafilatura.extract(page, fast=True)

            assert text is not None
            assert all(paragraph in text for paragraph in article.paragraphs)
            assert "214" not in text


def test_the_folder_holds_a_file_an_article_and_stays_untouched_by_an_update(wire: SampleWire, tmp_path: Path) -> None:
    folder = tmp_path / "wire" / "pressestelle"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    wire.publish_update()

    assert sorted(before) == ["pm-081.xml", "pm-082.json", "pm-083.json", "pm-084.xml"]
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_head_request_brings_no_body(wire: SampleWire, client: httpx.Client) -> None:
    answer = client.head(f"{wire.base_url}/robots.txt")

    assert (answer.status_code, answer.content) == (200, b"")


def test_two_wires_can_run_side_by_side(wire: SampleWire, tmp_path: Path) -> None:
    with SampleWire(STARTED, tmp_path / "other") as other:
        assert other.base_url != wire.base_url


def test_after_the_end_nobody_answers(tmp_path: Path, client: httpx.Client) -> None:
    with SampleWire(STARTED, tmp_path) as gone:
        url = gone.base_url

    with pytest.raises(httpx.ConnectError):
        client.get(url)
