"""One poll over good, broken and hostile feeds: every good article arrives, and every bad feed says what is wrong."""

import gzip
import itertools
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from pipeline.config import Feed
from pipeline.stages import Services, poll
from pipeline.wires import parse
from tests.factories import NOON
from tests.newsroom import a_feed, a_newsroom, articles, item, make_due, problems, rss, state
from tests.unit.fetch.loopback import Answer, Site, a_fetcher, a_raw_server, a_site, redirect

MEGABYTE = 1_000_000
GOOD = 12
MANY = 20_000
PAGE = b"<!doctype html><html><head><title>K</title></head><body><p>Willkommen</p></body></html>"
FEED_PAGE = PAGE.replace(b"<title>", b'<link rel="alternate" type="application/rss+xml" href="/rss"><title>')
ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "'
    + b"ha" * 50
    + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(10))
    + b"]>"
    + rss(item(1, headline="&k;"))
)


def zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()


# path → (answer, what the problem says, how many articles come all the same)
BAD: dict[str, tuple[Answer, str, int]] = {
    "/html": (Answer(200, PAGE), "this is an HTML page, no feed", 0),
    "/empty": (Answer(200, b""), "the answer is empty", 0),
    "/blank": (Answer(200, b" \n\0 "), "the answer is empty", 0),
    "/text": (Answer(200, b"Service nicht verfuegbar"), "this is plain text, no feed", 0),
    "/svg": (Answer(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "root element `svg`", 0),
    "/pdf": (Answer(200, b"%PDF-1.7 ..."), "this is a PDF file, no feed", 0),
    "/packed": (Answer(200, gzip.compress(rss(item(1)), mtime=0)), "gzip-compressed data", 0),
    "/json": (Answer(200, b'{"items": 3}'), "JSON, but no JSON Feed", 0),
    "/broken-json": (Answer(200, b'{"version": "https://jsonfeed.org/version/1.1", "items": ['), "broken JSON", 0),
    "/deep-json": (Answer(200, b"[" * 200_000), "broken JSON", 0),
    "/zeros": (Answer(200, zeros(100), {"Content-Encoding": "gzip"}), "larger than 4,000,000 bytes", 0),
    "/long": (Answer(200, rss(item(1)) + b" " * 3 * MEGABYTE), "more bytes than allowed", 0),
    "/circle": (redirect(302, "/circle"), "redirects in a circle", 0),
    "/metadata": (redirect(302, "http://169.254.169.254/latest/meta-data/"), "link-local address", 0),
    "/file": (redirect(301, "file:///etc/passwd"), "neither http nor https", 0),
    "/gone": (Answer(410), "gone for good", 0),
    "/missing": (Answer(404), "the server answered 404", 0),
    "/locked": (Answer(403), "the server answered 403", 0),
    "/cut": (Answer(200, rss(item(1), item(2))[:-60]), "breaks off", 1),
    "/bomb": (Answer(200, ENTITY_BOMB), "", 1),
    "/latin": (Answer(200, rss(item(1, headline="Käse")).decode().encode("latin-1")), "", 1),
    "/greek": (Answer(200, b'<?xml version="1.0" encoding="utf-16"?>' + rss(item(1, headline="Käse"))), "", 1),
    "/odd": (Answer(200, rss("<item><title>Nur ein Titel</title></item>")), "no link; no date", 1),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    good = {f"/good/{number}": Answer(200, rss(item(number))) for number in range(GOOD)}
    with a_site(good | {path: answer for path, (answer, _, _) in BAD.items()}) as running:
        yield running


def limited(folder: Path, *feeds: Feed, timeout: str = "1s", plain: str = "4MB") -> AbstractContextManager[Services]:
    return a_newsroom(folder, *feeds, fetch_timeout=timeout, fetch_max_bytes="2MB", fetch_max_decompressed=plain)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    for _ in itertools.count():
        connection.sendall(b" ")
        time.sleep(0.05)


def test_one_poll_brings_every_good_article_and_a_reason_for_every_bad_feed(site: Site, tmp_path: Path) -> None:
    def named(path: str) -> str:
        return path.strip("/").replace("/", "-")

    feeds = [a_feed(site.url + path, id=named(path)) for path in site.answers]
    with ExitStack() as stack:
        slow = stack.enter_context(a_raw_server(drip))
        noise = stack.enter_context(a_raw_server(lambda connection: connection.sendall(b"\0\xff" * 500)))
        feeds += [a_feed(slow, id="slow"), a_feed(noise, id="noise"), a_feed("http://127.0.0.1:1/", id="closed")]
        feeds += [a_feed(f"{site.url}/good/0", id="private", local=False)]
        feeds += [a_feed((tmp_path / "nowhere").as_uri(), id="no-folder")]
        services = stack.enter_context(limited(tmp_path / "data", *feeds))

        report = poll.run(services, limit=1000, now=NOON)

        told = {subject.removeprefix("feed:"): found[0].reason for subject, found in problems(services).items()}
        came = [article.feeds[0] for article in articles(services)]
        failed = {one: state(services, one).last_error or "" for one in ("slow", "noise", "closed", "no-folder")}
    assert report.claimed == len(feeds)
    for number in range(GOOD):
        assert came.count(f"good-{number}") == 1
    for path, (_, reason, number) in BAD.items():
        assert reason in told.get(named(path), ""), path
        assert bool(reason) == (named(path) in told), path
        assert came.count(named(path)) == number, path
    assert "not a public address" in told["private"]
    # one that did not answer this once is not yet worth a person's time
    assert not failed.keys() & told.keys()
    assert "within 1 s" in failed["slow"]
    assert "could not be fetched" in failed["noise"]
    assert "could not be fetched" in failed["closed"]
    assert "cannot be read" in failed["no-folder"]


def test_a_feed_that_keeps_failing_is_told_at_the_third_time(tmp_path: Path) -> None:
    with limited(tmp_path, a_feed("http://127.0.0.1:1/feed")) as services:
        poll.run(services, limit=1, now=NOON)
        told = [len(problems(services))]
        for _ in range(2):
            make_due(services, NOON)
            poll.run(services, limit=1, now=NOON)
            told.append(len(problems(services)))

    assert told == [0, 0, 1]


def test_a_page_in_place_of_a_feed_names_the_feed(tmp_path: Path) -> None:
    with a_site({"/": Answer(200, FEED_PAGE)}) as site, limited(tmp_path, a_feed(f"{site.url}/")) as services:
        poll.run(services, limit=1, now=NOON)

        told = problems(services)["feed:kuestenblatt"][0]

    assert f"`{site.url}/rss`" in told.detail


def test_an_entity_bomb_does_not_go_off_in_the_headline(tmp_path: Path) -> None:
    with a_site({"/": Answer(200, ENTITY_BOMB)}) as site, limited(tmp_path, a_feed(f"{site.url}/")) as services:
        poll.run(services, limit=1, now=NOON)

        found = articles(services)

    assert len(found[0].headline) < 10


def test_a_name_whose_address_turns_private_is_refused(tmp_path: Path) -> None:
    with a_site({"/": Answer(200, rss(item(1)))}) as site:
        url = site.url.replace("127.0.0.1", "kuestenblatt.example") + "/"
        with a_newsroom(tmp_path, a_feed(url, local=False)) as services:
            services.fetcher = a_fetcher(resolve=lambda *_: ["127.0.0.1"])
            poll.run(services, limit=1, now=NOON)

            told = problems(services)["feed:kuestenblatt"][0].reason

    assert "`kuestenblatt.example` is at `127.0.0.1`, which is not a public address" in told
    assert site.asked == []


def dated(number: int) -> str:
    days, seconds = divmod(number, 86_400)
    return f"{1 + days} Nov 2026 {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02} GMT"


@pytest.mark.parametrize("order", ["newest first", "oldest first"])
def test_of_far_too_many_entries_the_newest_are_kept_and_the_rest_is_told(tmp_path: Path, order: str) -> None:
    items = [item(number, date=dated(number)) for number in range(MANY)]
    body = rss(*(items if order == "oldest first" else reversed(items)))
    answers = {"/": Answer(200, gzip.compress(body, 1), {"Content-Encoding": "gzip"})}
    with a_site(answers) as site, limited(tmp_path, a_feed(f"{site.url}/"), timeout="30s", plain="40MB") as services:
        poll.run(services, limit=1, now=NOON)

        found = {article.guid for article in articles(services)}
        told = problems(services)["feed:kuestenblatt"][0].reason

    assert found == {f"tag:{number}" for number in range(MANY - 2000, MANY)}
    assert told == f"{MANY - 2000} entries over the limit of 2000 were left out"


def test_a_hundred_thousand_entries_cost_little_more_memory_than_their_text() -> None:
    body = rss(*(item(number) for number in range(100_000)))
    tracemalloc.start()

    parsed = parse(body, content_type=None, url=None, limit=100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (len(parsed.entries), parsed.truncated) == (100, 99_900)
    assert peak < 3 * len(body)
