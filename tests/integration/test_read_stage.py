"""When is a page fetched, what of it is kept, and what happens where there is none? Over real servers and real stores."""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.stages import Services, StageReport, poll, read
from pipeline.store import Problem, Store
from tests.factories import NOON, REPORT
from tests.newsroom import a_feed, a_newsroom, articles, make_due, problems, rss
from tests.unit.fetch.loopback import Answer, Site, a_raw_server, a_site, redirect

LEASE = timedelta(minutes=5)
TEASER = "Der Satellitenbetreiber Nordlicht wächst."
PARAGRAPHS = (
    "Der Satellitenbetreiber Nordlicht will bis zum Sommer drei weitere Bodenstationen in Betrieb nehmen, zwei an der Ostsee.",
    "Die Bauarbeiten sollen im Februar beginnen; die Genehmigungen liegen nach Angaben einer Sprecherin bereits alle vor.",
    "Rund vierzig neue Arbeitsplätze sind geplant, die meisten davon in der Technik und im Betrieb der großen Anlagen.",
)


def page(*paragraphs: str, charset: str = "utf-8", head: str = "") -> bytes:
    """A page with an article, in the encoding that its meta tag names."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    meta = f'<meta charset="{charset}">' if charset else ""
    markup = (
        f"<!doctype html><html><head>{meta}<title>Bodenstationen</title>{head}"
        "<style>.x { color: red }</style><script>var spion = 1</script></head><body>"
        "<nav><a href='/'>Start</a> <a href='/sport'>Sport</a></nav>"
        f"<article><h1>Bodenstationen</h1><script>verfolge()</script>{text}<style>p {{ margin: 0 }}</style></article>"
        "<footer>Impressum</footer></body></html>"
    )
    return markup.encode(charset or "utf-8")


def teaser(url: str, number: int | str = 1, text: str = TEASER) -> str:
    return (
        f"<item><guid>tag:{number}</guid><link>{url}</link><title>Bodenstationen {number}</title>"
        f"<pubDate>Tue, 03 Nov 2026 11:00:00 GMT</pubDate><description>{text}</description></item>"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site() as running:
        running.answers |= {"/feed": Answer(200, rss(teaser(f"{running.url}/1"))), "/1": Answer(200, page(*PARAGRAPHS))}
        yield running


@pytest.fixture
def services(site: Site, tmp_path: Path) -> Iterator[Services]:
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", full_text=True), fetch_timeout="1s") as running:
        yield running


def read_polled(services: Services) -> StageReport:
    poll.run(services, limit=100, now=NOON)
    return read.run(services, limit=100, now=NOON)


def only_article(services: Services) -> Article:
    [article] = articles(services)
    return article


def only_problem(services: Services) -> Problem:
    [[problem]] = problems(services).values()
    return problem


def waiting(services: Services) -> dict[str, int]:
    with services.store.reading() as transaction:
        return {stage: found.count for stage, found in transaction.work.waiting().items()}


def pages_asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked if path not in {"/feed", "/robots.txt"}]


def test_the_page_behind_a_teaser_becomes_the_article_in_paragraphs(services: Services) -> None:
    read_polled(services)

    article = only_article(services)
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert article.complete
    assert waiting(services) == {"dedup": 1}


def test_scripts_styles_and_what_stands_around_are_never_in_the_text(services: Services) -> None:
    read_polled(services)

    body = only_article(services).body
    for word in ("spion", "verfolge", "color", "margin", "Sport", "Impressum"):
        assert word not in body


def test_without_full_text_no_page_is_fetched(site: Site, tmp_path: Path) -> None:
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed")) as services:
        read_polled(services)

        assert only_article(services).body == TEASER
    assert [path for path, _ in site.asked] == ["/feed"]


def test_an_entry_that_is_complete_is_not_fetched(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(200, rss(teaser(f"{site.url}/1", text=f"{REPORT} {REPORT} {REPORT}")))

    read_polled(services)

    assert pages_asked(site) == []
    assert only_article(services).body.startswith("Der Satellitenbetreiber")


def test_a_page_shorter_than_the_teaser_keeps_the_teaser(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(200, rss(teaser(f"{site.url}/1", text=" ".join([TEASER] * 12))))
    site.answers["/1"] = Answer(200, page(PARAGRAPHS[0]))

    read_polled(services)

    assert only_article(services).body == " ".join([TEASER] * 12)


def test_a_page_without_an_article_keeps_the_teaser(services: Services, site: Site) -> None:
    site.answers["/1"] = Answer(200, page())

    read_polled(services)

    assert only_article(services).body == TEASER
    assert not only_article(services).complete


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404), "the page answered 404"),
        (Answer(410), "the page answered 410"),
        (Answer(403), "the page answered 403"),
        (Answer(204), "the page answered 204"),
        (Answer(200, b""), "the page is empty"),
        (Answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}), "`application/pdf`, no HTML page"),
        (Answer(200, b"%PDF-1.7"), "binary data"),
        (Answer(200, b"nur Text"), "plain text"),
        (Answer(200, page("Bitte Cookies akzeptieren: Einwilligung und Datenschutz.")), "a consent wall"),
        (Answer(200, page("Please enable JavaScript to read on.")), "wants JavaScript"),
        (Answer(200, page(*PARAGRAPHS) + b" " * 50_000_000), "more bytes than allowed"),
        (redirect(302, "/1"), "redirects in a circle"),
        (redirect(302, "http://169.254.169.254/"), "link-local"),
        (Answer(200, b"<div>" * 5_000 + b"Text"), "nested too deeply"),
        (Answer(200, b"<p>x</p>" * 100_000), "too many elements"),
        (Answer(200, b"<!--<html><svg><math></p></table><a <b>&#xFFFFFFFF;<![CDATA["), "no HTML page"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_where_the_page_gives_nothing_the_feed_text_goes_on_and_the_reason_is_told(
    services: Services, site: Site, answer: Answer, reason: str
) -> None:
    site.answers["/1"] = answer

    read_polled(services)

    assert only_article(services).body == TEASER
    assert reason in only_problem(services).reason
    assert waiting(services) == {"dedup": 1}


def test_a_page_that_robots_may_not_read_is_not_fetched(services: Services, site: Site) -> None:
    site.answers["/robots.txt"] = Answer(200, b"User-agent: *\nDisallow: /1")

    read_polled(services)

    assert pages_asked(site) == []
    assert only_article(services).body == TEASER
    assert "robots.txt" in only_problem(services).reason


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_tried_three_times_and_then_the_feed_text_goes_on(
    services: Services, site: Site, status: int
) -> None:
    site.answers["/1"] = Answer(status)

    read_polled(services)
    early = read.run(services, limit=100, now=NOON + timedelta(seconds=4))
    second = read.run(services, limit=100, now=NOON + timedelta(minutes=1))
    third = read.run(services, limit=100, now=NOON + timedelta(minutes=2))

    assert (early.claimed, second.counts["postponed"], third.counts["read"]) == (0, 1, 1)
    assert pages_asked(site) == ["/1"] * 3
    assert only_article(services).body == TEASER
    assert f"answered {status}" in only_problem(services).reason


def test_a_server_that_recovers_gives_its_page_after_all(services: Services, site: Site) -> None:
    good = site.answers["/1"]
    site.answers["/1"] = Answer(503)
    read_polled(services)
    site.answers["/1"] = good

    read.run(services, limit=100, now=NOON + timedelta(minutes=1))

    assert only_article(services).complete
    assert problems(services) == {}


def test_retry_after_is_waited_for(services: Services, site: Site) -> None:
    site.answers["/1"] = Answer(429, headers={"Retry-After": "300"})

    read_polled(services)
    early = read.run(services, limit=100, now=NOON + timedelta(seconds=299))
    later = read.run(services, limit=100, now=NOON + timedelta(seconds=300))

    assert (early.claimed, later.claimed) == (0, 1)


def test_news_does_not_wait_for_a_server_that_wants_an_hour(services: Services, site: Site) -> None:
    site.answers["/1"] = Answer(429, headers={"Retry-After": "3600"})

    read_polled(services)

    assert only_article(services).body == TEASER
    assert waiting(services) == {"dedup": 1}


CHARSETS = [
    ("windows-1251", "Оператор спутников «Северное сияние» строит три новые наземные станции на побережье Балтийского моря."),
    ("gb18030", "卫星运营商北极光计划在夏季之前启用三座新的地面站，其中两座位于波罗的海沿岸，一座位于哈尔茨山区，建设工程将于二月开始。"),
    ("shift_jis", "衛星事業者は夏までに新しい地上局を三か所で稼働させる予定で、そのうち二か所はバルト海沿岸に建設される見通しだ。"),
    ("iso-8859-1", "Für die Küste sind größere Anlagen geplant, erklärte eine Sprecherin des Satellitenbetreibers in der Hauptstadt."),
]  # fmt: skip


@pytest.mark.parametrize(("charset", "sentence"), CHARSETS)
def test_the_meta_tag_names_the_encoding(services: Services, site: Site, charset: str, sentence: str) -> None:
    site.answers["/1"] = Answer(200, page(*[sentence] * 3, charset=charset), {"Content-Type": "text/html"})

    read_polled(services)

    assert sentence in only_article(services).body


@pytest.mark.parametrize(("charset", "sentence"), CHARSETS)
def test_the_header_names_the_encoding(services: Services, site: Site, charset: str, sentence: str) -> None:
    body = page(*[sentence] * 3, charset="").decode().encode(charset)
    site.answers["/1"] = Answer(200, body, {"Content-Type": f"text/html; charset={charset}"})

    read_polled(services)

    assert sentence in only_article(services).body


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_unicode_in_any_width_is_read(services: Services, site: Site, encoding: str) -> None:
    body = page(*PARAGRAPHS, charset="").decode().encode(encoding)
    site.answers["/1"] = Answer(200, body, {"Content-Type": f"text/html; charset={encoding.removesuffix('-sig')}"})

    read_polled(services)

    assert only_article(services).body == "\n\n".join(PARAGRAPHS)


def test_umlauts_survive_a_header_that_lies(services: Services, site: Site) -> None:
    site.answers["/1"] = Answer(200, page(*PARAGRAPHS), {"Content-Type": "text/html; charset=iso-8859-1"})

    read_polled(services)

    assert "großen Anlagen" in only_article(services).body


@contextmanager
def a_silent_server(host: str = "127.0.0.1") -> Iterator[str]:
    """Takes requests and answers none."""
    over = threading.Event()

    def keep_silent(_: socket.socket) -> None:
        over.wait(20)

    with a_raw_server(keep_silent, host=host) as url:
        try:
            yield url
        finally:
            over.set()


def test_sites_that_do_not_answer_for_robots_txt_delay_nobody_else(tmp_path: Path) -> None:
    with ExitStack() as stack:
        good = stack.enter_context(a_site({f"/{number}": Answer(200, page(*PARAGRAPHS)) for number in range(20)}))
        silent = [stack.enter_context(a_silent_server(f"127.0.0.{2 + number}")) for number in range(12)]
        links = [f"{url}/x" for url in silent] + [f"{good.url}/{number}" for number in range(20)]
        good.answers["/feed"] = Answer(200, rss(*(teaser(link, number) for number, link in enumerate(links))))
        feed = a_feed(f"{good.url}/feed", full_text=True)
        services = stack.enter_context(a_newsroom(tmp_path, feed, fetch_timeout="1s"))

        report = read_polled(services)

        assert (report.counts["fetched"], report.counts["postponed"]) == (20, 12)
        # one after the other they would take 12 seconds
        assert report.seconds < 8
        assert waiting(services) == {"dedup": 20, "read": 12}


def test_a_site_that_does_not_answer_is_asked_again_and_then_its_articles_go_on(tmp_path: Path) -> None:
    with a_silent_server() as silent, a_site() as site:
        site.answers["/feed"] = Answer(200, rss(teaser(f"{silent}/x")))
        with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", full_text=True), fetch_timeout="1s") as services:
            first = read_polled(services)
            early = read.run(services, limit=100, now=NOON + timedelta(minutes=9))
            second = read.run(services, limit=100, now=NOON + timedelta(minutes=10))
            third = read.run(services, limit=100, now=NOON + timedelta(minutes=20))

            assert (first.counts["postponed"], early.claimed, second.counts["postponed"]) == (1, 0, 1)
            assert third.counts["read"] == 1
            assert "robots.txt` gave no answer" in only_problem(services).reason


def test_a_run_over_pages_that_do_not_come_ends_before_its_lease(tmp_path: Path) -> None:
    def never(_: Mapping[str, str]) -> Answer:
        time.sleep(0.3)
        return Answer(503)

    with a_site({f"/{number}": never for number in range(40)}) as site:
        site.answers["/feed"] = Answer(200, rss(*(teaser(f"{site.url}/{number}", number) for number in range(40))))
        feed = a_feed(f"{site.url}/feed", full_text=True)
        with a_newsroom(tmp_path, feed, lease="2s", per_host="1") as services:
            report = read_polled(services)
            with services.store.transaction() as transaction:
                again = transaction.work.claim("read", "other", limit=100, now=NOON + timedelta(minutes=1), lease=LEASE)

    assert report.counts["postponed"] == 40
    assert set(again.values()) == {0, 1}
    # those that were not asked for, or not waited for, have lost none of their tries
    assert len(pages_asked(site)) - sum(again.values()) in {0, 1}


def test_a_site_may_ask_for_a_rest_between_two_pages(tmp_path: Path) -> None:
    moments: list[float] = []

    def note(_: Mapping[str, str]) -> Answer:
        moments.append(time.monotonic())
        return Answer(200, page(*PARAGRAPHS))

    with a_site({f"/{number}": note for number in range(3)}) as site:
        site.answers["/robots.txt"] = Answer(200, b"User-agent: *\nCrawl-delay: 0.3")
        site.answers["/feed"] = Answer(200, rss(*(teaser(f"{site.url}/{number}", number) for number in range(3))))
        with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", full_text=True)) as services:
            read_polled(services)

    assert len(moments) == 3
    assert all(later - earlier >= 0.3 for earlier, later in itertools.pairwise(moments))


def test_a_site_that_wants_long_rests_gives_one_page_a_run_and_holds_up_nobody(tmp_path: Path) -> None:
    answers = {f"/{number}": Answer(200, page(*PARAGRAPHS)) for number in range(5)}
    with a_site(answers) as slow, a_site(answers) as quick:
        slow.answers["/robots.txt"] = Answer(200, b"User-agent: *\nCrawl-delay: 3600")
        links = [f"{site.url}/{number}" for site in (slow, quick) for number in range(5)]
        quick.answers["/feed"] = Answer(200, rss(*(teaser(link, number) for number, link in enumerate(links))))
        with a_newsroom(tmp_path, a_feed(f"{quick.url}/feed", full_text=True)) as services:
            first = read_polled(services)
            early = read.run(services, limit=100, now=NOON + timedelta(seconds=29))

    assert (first.counts["fetched"], first.counts["postponed"], early.claimed) == (6, 4, 0)
    assert len(pages_asked(slow)) == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        return Store(f"sqlite:///{tmp_path / 'store.db'}")
    make: Callable[[], Store] = request.getfixturevalue("new_postgres_store")
    return make()


def test_what_another_worker_took_over_is_dropped_and_the_rest_goes_on(tmp_path: Path, store: Store) -> None:
    with a_site({f"/{number}": Answer(200, page(*PARAGRAPHS)) for number in range(5)}) as site:
        site.answers["/feed"] = Answer(200, rss(*(teaser(f"{site.url}/{number}", number) for number in range(5))))
        feed = a_feed(f"{site.url}/feed", full_text=True)
        with a_newsroom(tmp_path, feed, store=store) as services:

            def overtaken(_: Mapping[str, str]) -> Answer:
                with store.transaction() as transaction:
                    ids = transaction.work.claim("read", "other", limit=2, now=NOON + LEASE, lease=LEASE)
                    taken.extend(ids)
                return Answer(200, page(*PARAGRAPHS))

            taken: list[str] = []
            site.answers["/robots.txt"] = overtaken
            report = read_polled(services)

            assert (report.claimed, report.counts["read"]) == (5, 3)
            assert {one.id for one in articles(services) if not one.body} == set(taken)
            assert waiting(services) == {"dedup": 3, "read": 2}
            assert problems(services) == {}


def test_a_version_that_arrives_while_its_page_is_fetched_is_not_overwritten(tmp_path: Path, store: Store) -> None:
    with a_site() as site:
        site.answers["/feed"] = Answer(200, rss(teaser(f"{site.url}/1")))
        with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", full_text=True), store=store) as services:

            def update(_: Mapping[str, str]) -> Answer:
                site.answers["/feed"] = Answer(200, rss(teaser(f"{site.url}/1", text="Berichtigt.")))
                make_due(services, NOON)
                poll.run(services, limit=1, now=NOON)
                return Answer(200, page(*PARAGRAPHS))

            site.answers["/1"] = update
            read_polled(services)

            assert (only_article(services).version, only_article(services).summary) == (2, "Berichtigt.")
            assert only_article(services).body == ""
            assert waiting(services) == {"read": 1}
