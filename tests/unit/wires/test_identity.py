"""When are two entries the same article?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.wires import article_id, canonical_url
from tests.factories import NOON, an_entry


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Wire.Example:443/A?utm_source=x&id=7#top", "https://wire.example/A?id=7"),
        ("http://wire.example:80?fbclid=1", "http://wire.example/"),
        ("http://wire.example:8080/a", "http://wire.example:8080/a"),
        ("https://wire.example/a?b=2&a=1&gclid=3&wt_mc=4&xtor=5&at_medium=6", "https://wire.example/a?b=2&a=1"),
        ("https://user:secret@wire.example/a", "https://wire.example/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://wire.example:port/", "https://wire.example:port/"),
        ("tag:wire.example,2026:1", "tag:wire.example,2026:1"),
    ],
)
def test_a_canonical_url_has_no_noise(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_the_guid_decides_before_the_address() -> None:
    first, second = an_entry(guid="a", url="https://x.example/1"), an_entry(guid="a", url="https://x.example/2")

    assert article_id("wire", first) == article_id("wire", second)


def test_two_providers_never_share_an_id() -> None:
    assert article_id("one", an_entry()) != article_id("two", an_entry())


def test_without_a_guid_tracking_tags_make_no_difference() -> None:
    first = an_entry(guid=None, url="https://x.example/1?utm_medium=rss")
    second = an_entry(guid=None, url="https://x.example/1#comments")

    assert article_id("wire", first) == article_id("wire", second)


def test_without_guid_and_address_headline_and_date_decide() -> None:
    bare = {"guid": None, "url": None, "headline": "Ein  Titel"}

    assert article_id("wire", an_entry(**bare)) == article_id("wire", an_entry(**bare | {"headline": "Ein Titel "}))
    assert article_id("wire", an_entry(**bare)) != article_id("wire", an_entry(**bare, published=NOON.replace(hour=1)))


def test_white_space_in_a_guid_makes_no_difference() -> None:
    assert article_id("wire", an_entry(guid=" a\n b ")) == article_id("wire", an_entry(guid="a b"))


def test_an_id_is_twenty_hexadecimal_digits() -> None:
    identifier = article_id("wire", an_entry())

    assert len(identifier) == 20
    assert int(identifier, 16)


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-zA-Z:@\[\].0-9]{0,20}[/?#&=a-z_0-9]{0,30}", fullmatch=True))
def test_a_canonical_url_stays_as_it_is(url: str) -> None:
    once = canonical_url(url)

    assert canonical_url(once) == once
