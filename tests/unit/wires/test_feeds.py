"""What does `parse` make of documents that are broken, hostile, or no feeds at all?"""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Entry
from pipeline.errors import Unreadable
from pipeline.wires import Parsed, article_id, parse

ITEM = "<item><title>Möwen &amp; Meer {0}</title><link>https://x.example/{0}</link><guid>g{0}</guid></item>"


SHARDS = """
<rss>
<feed xmlns='http://www.w3.org/2005/Atom'>
<channel>
<item>
</item>
<title>
</title>
x
<link>
<link href='http://[/'/>
<guid>
&#99999999;
&x;
&#xd800;
<![CDATA[
]]>
<!--
<content>
<author>
<pubDate x='1'>
<category/>
<source url='x'>
<xhtml:div>
<updated>
9999-99-99
</rss>
<media:credit role='author'>
<image>
<dc:date>
<a:urgency>7
<?x
<!DOCTYPE x [
""".splitlines()


def rss(*items: str, declaration: str = '<?xml version="1.0"?>', end: str = "</channel></rss>") -> str:
    return f'{declaration}<rss version="2.0"><channel><title>Küste</title>{"".join(items)}{end}'


def read(document: str | bytes, *, limit: int = 2000, content_type: str | None = None) -> Parsed:
    data = document if isinstance(document, bytes) else document.encode()
    return parse(data, content_type=content_type, url="https://x.example/feed.xml", limit=limit)


def headlines(parsed: Parsed) -> list[str]:
    return [entry.headline for entry in parsed.entries]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"", "empty"),
        (b" \r\n\0", "empty"),
        (b"/etc/hostname", "plain text"),
        (b"<newsMessage/>", "newsmessage"),
        (b"%PDF-1.7", "PDF"),
        (gzip.compress(b"<rss/>", mtime=0), "gzip"),
        (b'{"error": "no such feed"}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "broken JSON"),
        (b"[" * 200_000, "broken JSON"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "HTML page"),
    ],
)
def test_what_is_no_feed_is_named(document: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read(document)


def test_a_page_names_its_feeds_in_the_hint() -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/neu.xml"></head></html>'

    with pytest.raises(Unreadable) as caught:
        read(page)

    assert "https://x.example/neu.xml" in (caught.value.hint or "")


def test_a_truncated_document_gives_the_items_before_the_break() -> None:
    whole = rss(*[ITEM.format(number) for number in range(5)])

    parsed = read(whole[: whole.index("g4")])

    assert len(parsed.entries) == 4
    assert "breaks off" in parsed.problems[0]


def test_garbage_between_items_loses_none() -> None:
    parsed = read(rss(ITEM.format(1), "<<&]]> <b>", ITEM.format(2), "</i>", ITEM.format(3)))

    assert [entry.guid for entry in parsed.entries] == ["g1", "g2", "g3"]
    assert any("broken" in problem for problem in parsed.problems)


def test_of_too_many_items_the_first_are_kept() -> None:
    parsed = read(rss(*[ITEM.format(number) for number in range(100_000)]), limit=50)

    assert [entry.guid for entry in parsed.entries] == [f"g{number}" for number in range(50)]
    assert parsed.truncated == 99_950
    assert parsed.problems == ()


def test_the_limit_holds_for_json_too() -> None:
    item = '{"id": "1", "content_text": "Text"}'

    parsed = read(f'{{"version": "https://jsonfeed.org/version/1", "items": [{",".join([item] * 9)}]}}', limit=4)

    assert (len(parsed.entries), parsed.truncated) == (4, 5)


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8-sig", "iso-8859-1", None),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("cp1252", "utf-8", None),
        ("cp1252", "utf-8", "application/xml; charset=utf-8"),
        ("cp1252", "iso-8859-1", "text/xml"),
        ("utf-16", "utf-16", None),
        ("utf-16-le", "utf-8", None),
        ("iso-8859-15", "punycode", "text/xml; charset=nonsense"),
    ],
)
def test_umlauts_survive_any_declaration(encoding: str, declared: str, content_type: str | None) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'

    parsed = read(rss(ITEM.format(1), declaration=declaration).encode(encoding), content_type=content_type)

    assert (parsed.title, headlines(parsed)) == ("Küste", ["Möwen & Meer 1"])


def test_one_stray_byte_spoils_only_itself() -> None:
    parsed = read(rss("<item><title>Grüße — </title></item>").encode().replace("— ".encode(), "— ".encode() + b"\x80"))

    assert headlines(parsed) == ["Grüße — €"]


def test_an_entity_bomb_does_not_go_off() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 20}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    document = bomb + "]>" + rss("<item><title>&i; Ende</title></item>", declaration="")

    parsed = read(document)

    assert headlines(parsed) == ["&i; Ende"]


def test_a_second_document_type_defines_nothing_either() -> None:
    types = "<!DOCTYPE a [\n<!ENTITY x 'eins'>\n]>\n" * 2

    assert headlines(read(types + rss("<item><title>&x;!</title></item>", declaration=""))) == ["&x;!"]


@pytest.mark.parametrize("reference", ["&#xd800;", "&#99999999;", "&#0;", "&#x1F;", "&", "&#;", "&nothing;"])
def test_a_wrong_character_reference_spoils_no_item(reference: str) -> None:
    parsed = read(rss(f"<item><title>A {reference} B</title><guid>1</guid></item>", ITEM.format(2)))

    assert [entry.guid for entry in parsed.entries] == ["1", "g2"]
    assert parsed.problems == ()


def test_a_script_in_a_summary_is_gone_with_its_text() -> None:
    parsed = read(rss("<item><description>&lt;script&gt;steal()&lt;/script&gt;Text</description></item>"))

    assert parsed.entries[0].summary == "Text"


def test_two_pages_under_one_guid_stay_two_articles() -> None:
    parsed = read(rss(ITEM.format(1), ITEM.format(2).replace("g2", "g1")))

    assert len({article_id("x", entry) for entry in parsed.entries}) == 2
    assert "stands for 2 different pages" in parsed.problems[0]


def test_a_guid_that_is_no_address_is_no_link() -> None:
    assert read(rss("<item><title>A</title><guid>4711</guid></item>")).entries[0].url is None


def test_a_report_delivered_whole_needs_no_page() -> None:
    report = "Die Fähre fährt wieder nach Plan. " * 20

    whole = read(rss(f"<item><description>Fähre</description><content>{report}</content></item>"))
    cut = read(rss(f"<item><description>Fähre</description><content>{report} Weiterlesen »</content></item>"))

    assert whole.entries[0].complete
    assert not cut.entries[0].complete


def test_nesting_by_the_ten_thousand_ends_well() -> None:
    assert read(rss("<item><title>A</title>" + "<x>" * 20_000)).format == "rss"


@settings(max_examples=300)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.lists(st.sampled_from(SHARDS), max_size=40).map(lambda shards: "".join(shards).encode())
)
def test_any_bytes_give_entries_or_unreadable(data: bytes) -> None:
    entries: tuple[Entry, ...] = ()

    with suppress(Unreadable):
        entries = parse(data, content_type=None, url=None).entries

    assert all(entry.headline or entry.summary or entry.body or entry.status == "killed" for entry in entries)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_any_values_in_a_json_feed_are_survived(value: object) -> None:
    item = dict.fromkeys(["id", "url", "title", "content_html", "date_published", "authors", "tags", "language"], value)
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": value, "language": value, "items": [item, value]}

    parsed = read(json.dumps(feed))

    assert parsed.format == "jsonfeed"
