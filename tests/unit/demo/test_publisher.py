"""What do the invented outlets' servers answer?"""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import feedparser
import pytest

from pipeline.demo.formats import day_first
from pipeline.demo.hostile import METADATA_LINK
from pipeline.demo.publisher import Publisher, poll_path
from pipeline.demo.texts import WireFeed, load_wire

STARTED = datetime(2026, 11, 3, 18, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
FEEDS = {feed.id: feed for feed in load_wire()}
SERVED = [feed for feed in FEEDS.values() if feed.format != "folder"]
SOUND = [feed for feed in SERVED if feed.behaviour in {"plain", "moved"}]


@pytest.fixture
def publisher() -> Publisher:
    return Publisher(tuple(FEEDS.values()), started=STARTED, base_url=BASE)


def guids(feed: WireFeed, body: bytes) -> list[str]:
    if feed.format == "jsonfeed":
        return [item["id"] for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return [entry.id for entry in parsed.entries]


@pytest.mark.parametrize("feed", SOUND, ids=lambda feed: feed.id)
def test_every_sound_feed_parses_and_lists_all_its_articles(feed: WireFeed, publisher: Publisher) -> None:
    answer = publisher.answer(feed.path, {})

    assert answer.status == 200
    assert guids(feed, answer.body) == [article.guid for article in feed.at(1)]


@pytest.mark.parametrize("validator", [("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")])
@pytest.mark.parametrize("feed", SOUND, ids=lambda feed: feed.id)
def test_a_matching_validator_is_answered_304(feed: WireFeed, validator: tuple[str, str], publisher: Publisher) -> None:
    first = publisher.answer(feed.path, {})

    second = publisher.answer(feed.path, {validator[1]: first.headers[validator[0]]})

    assert (second.status, second.body) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]


def test_a_weak_tag_in_a_list_matches_too(publisher: Publisher) -> None:
    etag = publisher.answer(FEEDS["stadtfunk"].path, {}).headers["ETag"]

    assert publisher.answer(FEEDS["stadtfunk"].path, {"if-none-match": f'"other", W/{etag}'}).status == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": format_datetime(STARTED, usegmt=True)},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": format_datetime(STARTED - timedelta(days=9), usegmt=True)},
    ],
)
def test_validators_that_do_not_match_bring_the_feed(headers: dict[str, str], publisher: Publisher) -> None:
    assert publisher.answer(FEEDS["stadtfunk"].path, headers).status == 200


def test_the_second_issue_changes_the_tag_and_brings_the_update(publisher: Publisher) -> None:
    agency = FEEDS["depesche-nord"]
    first = publisher.answer(agency.path, {})

    publisher.publish(2)
    second = publisher.answer(agency.path, {"if-none-match": first.headers["ETag"]})

    assert second.status == 200
    assert guids(agency, second.body) == [article.guid for article in agency.at(2)]
    assert "zweite Welle" in second.body.decode()


def test_the_second_issue_leaves_other_feeds_unchanged(publisher: Publisher) -> None:
    etag = publisher.answer(FEEDS["world-dispatch"].path, {}).headers["ETag"]

    publisher.publish(2)

    assert publisher.answer(FEEDS["world-dispatch"].path, {"if-none-match": etag}).status == 304


def test_the_failing_feed_fails_twice_and_then_works(publisher: Publisher) -> None:
    path = FEEDS["austin-courier"].path

    answers = [publisher.answer(path, {}) for _ in range(4)]

    assert [answer.status for answer in answers] == [503, 503, 200, 200]
    assert answers[0].headers["Retry-After"] == "0"


def test_the_feed_that_moved_says_where_to(publisher: Publisher) -> None:
    feed = FEEDS["lakeside-radio"]

    answer = publisher.answer(poll_path(feed), {})

    assert (answer.status, answer.headers["Location"]) == (301, BASE + feed.path)


def test_the_compressed_feed_is_compressed_only_for_readers_who_accept_it(publisher: Publisher) -> None:
    path = FEEDS["boersenblick"].path

    compressed = publisher.answer(path, {"accept-encoding": "br, gzip"})
    plain = publisher.answer(path, {})

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.body) == plain.body


def test_the_windows_feed_is_not_utf_8_and_keeps_its_umlauts(publisher: Publisher) -> None:
    answer = publisher.answer(FEEDS["kuestenblatt"].path, {})

    assert "charset=windows-1252" in answer.headers["Content-Type"]
    assert "„Alke“" in answer.body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_dates_are_written_day_first_with_and_without_a_weekday(publisher: Publisher) -> None:
    text = publisher.answer(FEEDS["alpenkurier"].path, {}).body.decode()

    dates = re.findall(r"<pubDate>(.*?)</pubDate>", text)

    assert any(re.fullmatch(r"(Mo|Di), \d\d Nov 2026 \d\d:\d\d", date) for date in dates)
    assert any(re.fullmatch(r"\d\d\.\d\d\.2026 \d\d:\d\d", date) for date in dates)
    assert day_first(datetime(2026, 1, 5, 10, 0, tzinfo=UTC), weekday=True) == "Mo, 05 Jan 2026 10:00"


def test_the_broken_feed_ends_in_the_middle_after_good_items(publisher: Publisher) -> None:
    feed = FEEDS["inselecho"]

    parsed = feedparser.parse(publisher.answer(feed.path, {}).body)

    assert parsed.bozo
    assert {article.guid for article in feed.at(1)[:3]} <= {entry.get("id") for entry in parsed.entries}


def test_the_hostile_feed_attacks_and_still_holds_its_plain_articles(publisher: Publisher) -> None:
    feed = FEEDS["open-tipline"]

    body = publisher.answer(feed.path, {}).body
    parsed = feedparser.parse(body, sanitize_html=False)

    assert {article.guid for article in feed.at(1)} <= {entry.get("id") for entry in parsed.entries}
    assert any("\r\nBcc:" in entry.get("title", "") for entry in parsed.entries)
    assert METADATA_LINK in {entry.get("link") for entry in parsed.entries}
    assert max(len(entry.get("title", "")) for entry in parsed.entries) > 300_000
    assert all(part in body for part in (b"<!ENTITY lol9", b"SYSTEM", b"&lt;script&gt;", "\u202e".encode()))


@pytest.mark.parametrize("feed", SERVED, ids=lambda feed: feed.id)
def test_every_article_has_its_page_with_the_whole_text(feed: WireFeed, publisher: Publisher) -> None:
    pages = [publisher.answer(f"/{feed.id}/{article.slug}", {}) for article in feed.at(1)]

    assert {page.status for page in pages} == {200}
    assert all(b"cookie-consent" in page.body and b"<nav>" in page.body for page in pages)
    assert all(
        page.body.count(b"<p>") >= len(article.paragraphs) for page, article in zip(pages, feed.at(1), strict=True)
    )


@pytest.mark.parametrize("feed", [feed for feed in SERVED if feed.full_text], ids=lambda feed: feed.id)
def test_a_feed_whose_text_is_on_its_pages_carries_teasers_only(feed: WireFeed, publisher: Publisher) -> None:
    text = publisher.answer(feed.path, {}).body.decode()

    assert all(article.paragraphs[-1] not in text for article in feed.at(1))


def test_robots_txt_forbids_a_path_that_an_article_has(publisher: Publisher) -> None:
    robots = publisher.answer("/robots.txt", {})

    assert b"Disallow: /rheintal-bote/intern/" in robots.body
    assert any(article.slug.startswith("intern/") for article in FEEDS["rheintal-bote"].at(1))


@pytest.mark.parametrize("path", ["/", "/nobody/", "/stadtfunk/nothing", "//", "/../../etc/passwd"])
def test_unknown_paths_are_not_found(path: str, publisher: Publisher) -> None:
    assert publisher.answer(path, {}).status == 404


def test_the_same_start_gives_the_same_bytes(publisher: Publisher) -> None:
    again = Publisher(tuple(FEEDS.values()), started=STARTED, base_url=BASE)

    assert [publisher.answer(feed.path, {}) for feed in SERVED] == [again.answer(feed.path, {}) for feed in SERVED]
