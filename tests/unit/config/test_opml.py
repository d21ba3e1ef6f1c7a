"""Lists of feeds in and out, and lists that mean harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Feed, parse_opml, read_opml, write_opml
from pipeline.errors import PermanentError, TooLarge, Unreadable

FULL = Feed.model_validate(
    {
        "id": "kuestenblatt",
        "name": 'Küstenblatt & "Söhne" <Kiel>',
        "url": "https://kuestenblatt.example/rss?a=1&b=2",
        "source": "verlag",
        "source_name": "Küstenverlag",
        "language": "de",
        "country": "DE",
        "kind": "newspaper",
        "interval": "90s",
        "full_text": True,
        "tried": False,
        "enabled": False,
    }
)


def opml(*outlines: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


FEEDS = st.lists(
    st.builds(
        Feed,
        id=st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)?", fullmatch=True),
        name=st.text(min_size=1).filter(lambda name: name.isprintable() and name.strip() == name),
        url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z?=&]{0,9}", fullmatch=True),
        language=st.sampled_from([None, "de", "zh-Hant", "pt-BR"]),
        country=st.sampled_from([None, "DE", "TW"]),
        full_text=st.booleans(),
    ),
    max_size=5,
    unique_by=(lambda feed: feed.id, lambda feed: feed.url),
)


@given(FEEDS)
def test_what_was_written_is_read_again(feeds: list[Feed]) -> None:
    assert read_opml(write_opml([*feeds, FULL])) == [*feeds, FULL]


def test_feeds_on_this_machine_are_not_passed_on() -> None:
    feed = Feed(id="wire", name="Wire", url="http://127.0.0.1/rss", local=True)

    assert read_opml(write_opml([feed])) == []


def test_a_list_of_another_reader_is_understood_with_its_folders() -> None:
    document = opml(
        '<outline text="Press"><outline type="rss" text="The Harbour Post" xmlUrl="feed://post.example/rss"/>',
        '<outline text="Sea" title="Die Größte See" language="en-us" xmlUrl="feed:https://sea.example/atom"/></outline>',
        '<outline xmlUrl="https://sea.example/atom" text="again"/><outline text="新聞" xmlUrl="https://xw.example/rss"/>',
    )

    feeds = read_opml(document)

    assert [(feed.id, feed.url) for feed in feeds] == [
        ("the-harbour-post", "https://post.example/rss"),
        ("die-grosste-see", "https://sea.example/atom"),
        ("xw-example", "https://xw.example/rss"),
    ]
    assert feeds[1].language == "en-US"


def test_feeds_of_one_name_get_ids_of_their_own() -> None:
    feeds = read_opml(opml(*(f'<outline text="News" xmlUrl="https://{host}.example/"/>' for host in "abc")))

    assert [feed.id for feed in feeds] == ["news", "news-2", "news-3"]


def test_ids_that_are_taken_are_left_alone() -> None:
    feeds = read_opml(opml('<outline text="News" xmlUrl="https://a.example/"/>'), taken={"news", "news-2"})

    assert [feed.id for feed in feeds] == ["news-3"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/", "http://[x"])
def test_an_outline_that_cannot_be_polled_is_left_out_and_named(address: str) -> None:
    outlines = parse_opml(opml(f'<outline text="a" xmlUrl="{address}"/>\n<outline xmlUrl="https://b.example/"/>'))

    assert [feed.url for feed in outlines.feeds] == ["https://b.example/"]
    assert len(outlines.problems) == 1
    assert outlines.problems[0].startswith("line 1: `")


def test_a_list_cannot_make_a_feed_local() -> None:
    document = write_opml([FULL]).replace(b"wirewatch:id=", b'wirewatch:local="true" wirewatch:id=')

    assert read_opml(document) == [FULL]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"hello",
        b"<html><body>Not found</body></html>",
        b"<opml><body><outline",
        b'<?xml version="1.0" encoding="klingon"?><opml/>',
        b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body>&b;</body></opml>',
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>',
        b'<!DOCTYPE opml [<!ENTITY % x SYSTEM "http://a.example/x">%x;]><opml/>',
    ],
)
def test_what_is_no_opml_or_defines_entities_is_refused(document: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_opml(document)

    assert caught.value.hint


def test_an_endless_list_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_opml(opml('<outline xmlUrl="https://a.example/"/>' * 20_001))

    with pytest.raises(TooLarge):
        read_opml(b" " * 20_000_001)


@given(st.binary() | st.text(alphabet='<>/="opmlutinexU &;![').map(str.encode))
def test_whatever_a_document_says_nothing_but_a_permanent_error_comes_of_it(document: bytes) -> None:
    try:
        assert isinstance(read_opml(document), list)
    except PermanentError as error:
        assert error.hint  # noqa: PT017 - either outcome is fine
