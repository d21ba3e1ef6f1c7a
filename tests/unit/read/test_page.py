"""What article is on this page, if any?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Status
from pipeline.errors import Unreadable
from pipeline.read import Page, needs_page, read_page
from tests.factories import an_article

FIRST = (
    "Die Fähre zwischen Kiel und der Insel Morsum fährt ab Sonntag wieder nach dem gewohnten Plan. "
    "Das teilte die Reederei am Dienstag mit, nachdem der Anleger über mehrere Monate erneuert worden war."
)
SECOND = (
    "Fahrkarten gibt es wie bisher am Schalter und im Netz, die Preise bleiben bis zum Jahresende unverändert. "
    "Im kommenden Sommer soll ein zweites Schiff die Strecke verstärken, wenn die Genehmigung vorliegt."
)
FACTS = """<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": ["NewsArticle"],
"headline": "Fähre fährt wieder", "datePublished": "2026-11-03T11:00:00+01:00", "author": [{"name": "Anna Beispiel"}]}]}</script>"""


def a_page(*, head: str = FACTS, body: str = "", charset: str = "utf-8") -> str:
    return (
        f'<!DOCTYPE html><html lang="de_de"><head><meta charset="{charset}"><title>Fähre – Küstenblatt</title>{head}</head><body>'
        f'<nav><a href="/">Start</a> <a href="/sport">Sport</a></nav><article><h1>Fähre fährt wieder</h1><p>{FIRST}</p>'
        f"<p>{SECOND}</p>{body}</article><script>track()</script><footer>Impressum</footer></body></html>"
    )


def read(html: str | bytes, *, content_type: str | None = "text/html") -> Page:
    return read_page(
        html if isinstance(html, bytes) else html.encode(),
        url="https://www.x.example/faehre",
        content_type=content_type,
    )


def test_a_page_gives_its_article() -> None:
    page = read(a_page())

    assert page.body == f"{FIRST}\n\n{SECOND}"
    assert (page.headline, page.byline, page.language) == ("Fähre fährt wieder", "Anna Beispiel", "de-DE")
    assert page.published == datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def test_without_structured_data_the_meta_tags_speak() -> None:
    head = (
        '<meta property="og:title" content="Fähre &amp;amp; Hafen"><meta name="author" content="Max Muster">'
        '<meta property="article:published_time" content="2026-11-03T10:00:00Z">'
    )

    page = read(a_page(head=head))

    assert (page.headline, page.byline) == ("Fähre & Hafen", "Max Muster")
    assert page.published == datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def test_without_any_facts_the_visible_headline_counts() -> None:
    page = read(a_page(head=""))

    assert (page.headline, page.byline, page.published) == ("Fähre fährt wieder", None, None)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/faehre?id=1", "https://www.x.example/faehre?id=1"),
        ("https://m.x.example/faehre", "https://m.x.example/faehre"),
        ("https://elsewhere.example.org/faehre", None),
        ("javascript:1", None),
    ],
)
def test_a_canonical_address_stays_on_the_site(link: str, address: str | None) -> None:
    assert read(a_page(head=f'<link rel="canonical" href="{link}">')).canonical_url == address


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("cp1252", "iso-8859-1", "text/html"),
        ("cp1252", "utf-8", "text/html; charset=utf-8"),
        ("utf-8", "iso-8859-1", None),
        ("utf-16", "utf-16", "text/html"),
    ],
)
def test_umlauts_survive_any_declaration(encoding: str, declared: str, content_type: str | None) -> None:
    assert read(a_page(charset=declared).encode(encoding), content_type=content_type).body.startswith("Die Fähre")


def test_list_items_stand_on_lines_of_their_own() -> None:
    page = read(a_page(body="<ul><li>der Shantychor singt</li><li>die Feuerwehr grillt</li></ul>"))

    assert page.body.endswith("\n\n- der Shantychor singt\n- die Feuerwehr grillt")


@pytest.mark.parametrize(
    ("html", "content_type", "reason"),
    [
        (b" ", "text/html", "empty"),
        (b"\x89PNG\r\n", "text/html", "binary"),
        (b"{}", "application/json", "application/json"),
        (b"just text", "text/html", "plain text"),
        (b"<html><body></body></html>", "text/html", "no text"),
        (b"<div>" * 2_000, "text/html", "nested"),
        (b"<p>x " * 70_000, "text/html", "too many elements"),
        (
            b"<html><body><div><p>We value your privacy. We use cookies. Give your consent or accept all.</p></div></body></html>",
            "text/html",
            "consent wall",
        ),
        (
            b"<html><body><div id=a></div><noscript>Please enable JavaScript to read.</noscript></body></html>",
            "text/html",
            "JavaScript",
        ),
        (b"<html><body><h1>Are you a robot?</h1><p>Solve the captcha.</p></body></html>", "text/html", "robot check"),
    ],
)
def test_a_page_without_an_article_says_why(html: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(html, content_type=content_type)


def test_broken_structured_data_does_no_harm() -> None:
    for data in (
        '{"@type":',
        "[" * 50_000,
        '{"@type": "NewsArticle", "author": 3, "datePublished": "9999-99", "headline": []}',
    ):
        page = read(a_page(head=f'<script type="application/ld+json">{data}</script>'))

        assert page.headline == "Fähre fährt wieder"


def test_only_a_teaser_behind_a_web_address_needs_its_page() -> None:
    assert needs_page(an_article(), full_text=True)
    assert not needs_page(an_article(), full_text=False)
    assert not needs_page(an_article(complete=True), full_text=True)
    assert not needs_page(an_article(status=Status.KILLED), full_text=True)
    assert not needs_page(an_article(status=Status.WITHHELD), full_text=True)
    assert not needs_page(an_article(url=None), full_text=True)
    assert not needs_page(an_article(url="ftp://x.example/1"), full_text=True)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<article>",
                "text ",
                "<h1>",
                "<!--",
                "<table>",
                "<a href='http://['>",
                "&#0;",
                "\x00",
                "<time datetime=x>",
            ]
        ),
        max_size=30,
    ).map(lambda shards: "".join(shards).encode())
)
def test_any_bytes_give_a_page_or_unreadable(html: bytes) -> None:
    try:
        page = read(html, content_type=None)
    except Unreadable:
        return
    assert page.body
