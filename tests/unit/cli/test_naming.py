"""The id of a feed that was given none."""

import pytest

from pipeline.cli.naming import identifier_of
from pipeline.config import Feed


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.org/news.rss", "example"),
        ("https://feeds.harbour-post.co.uk/all", "harbour-post"),
        ("https://rss.world.example.com/", "world-example"),
        ("http://127.0.0.1:8080/feed", "127-0-0-1"),
        ("http://localhost/feed", "localhost"),
        ("https://www.com/", "www"),
        ("file:///srv/Press%20Office/", "press-office"),
        ("https://münchen.example/", "m-nchen"),
        ("https://[", "feed"),
        ("nonsense", "feed"),
    ],
)
def test_it_comes_from_the_host_or_the_folder(url: str, expected: str) -> None:
    assert identifier_of(url, ()) == expected


def test_one_that_is_taken_gets_a_number() -> None:
    assert identifier_of("https://example.org/b", {"example", "example-2"}) == "example-3"


def test_it_is_an_id_that_a_feed_may_have() -> None:
    url = f"https://{'a-' * 30}b.example/"

    assert Feed(id=identifier_of(url, ()), name="A", url=url).url == url
