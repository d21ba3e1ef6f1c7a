"""Does `check` say of every feed whether it works, in bounded time, whatever the others do?"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.fetch import Limits
from pipeline.stages.check import Finding, check
from tests.newsroom import a_feed, item, rss
from tests.unit.fetch.loopback import Answer, a_fetcher, a_raw_server, a_site

LIMITS = Limits(timeout=1.0, wire_bytes=100_000)
DEAD = 30


@contextmanager
def dead_hosts() -> Iterator[list[str]]:
    """Thirty hosts that take connections and never answer."""
    over = threading.Event()

    def keep_silent(_: socket.socket) -> None:
        over.wait(20)

    with ExitStack() as stack:
        stack.callback(over.set)
        yield [stack.enter_context(a_raw_server(keep_silent, host=f"127.0.0.{2 + number}")) for number in range(DEAD)]


def test_dead_hosts_cost_a_few_timeouts_and_the_good_ones_are_told_at_once() -> None:
    with dead_hosts() as dead, a_site({"/": Answer(200, rss(item(1)))}) as site:
        feeds = [a_feed(url, id=f"dead-{number}") for number, url in enumerate(dead)]
        with a_fetcher(limits=LIMITS, workers=16) as fetcher:
            started = time.monotonic()
            found = list(check(fetcher, [a_feed(site.url), *feeds], limits=LIMITS, limit=10))
            seconds = time.monotonic() - started

    assert found[0].works
    assert len(found) == DEAD + 1
    assert all("within 1 s" in str(one.problem) for one in found[1:])
    # one after the other they would take thirty
    assert seconds < 15


def test_findings_say_what_is_there_and_what_is_wrong(tmp_path: Path) -> None:
    answers = {
        "/good": Answer(200, rss(item(1), item(2))),
        "/moved": Answer(301, headers={"Location": "/good"}),
        "/missing": Answer(404),
        "/page": Answer(200, b"<html><body>K</body></html>"),
        "/none": Answer(200, rss()),
        "/cut": Answer(200, rss(item(1), item(2))[:-60]),
    }
    (tmp_path / "a.xml").write_bytes(rss(item(3)))
    (tmp_path / "b.xml").write_bytes(b"kaputt")
    with a_site(answers) as site, a_fetcher() as fetcher:
        feeds = [a_feed(site.url + path, id=path[1:]) for path in answers]
        feeds += [a_feed(tmp_path.as_uri(), id="folder"), a_feed((tmp_path / "x").as_uri(), id="no-folder")]

        found = {one.feed_id: one for one in check(fetcher, feeds, limits=LIMITS, limit=10)}

    def told(name: str) -> tuple[int, str]:
        return found[name].entries, found[name].problem or ""

    assert told("good") == (2, "")
    assert told("moved") == (2, f"moved for good to {site.url}/good")
    assert told("missing") == (0, "the server answered 404")
    assert told("none") == (0, "no entries")
    assert (found["page"].works, found["cut"].entries, found["folder"].entries) == (False, 1, 1)
    assert "HTML page" in told("page")[1]
    assert "breaks off" in told("cut")[1]
    assert "`b.xml`: this is plain text" in told("folder")[1]
    assert "cannot be read" in told("no-folder")[1]


def test_two_addresses_under_one_name_are_both_checked() -> None:
    with a_site({"/1": Answer(200, rss(item(1))), "/2": Answer(404)}) as site, a_fetcher() as fetcher:
        feeds = [a_feed(f"{site.url}/{number}", id="given") for number in (1, 2)]

        found: list[Finding] = list(check(fetcher, feeds, limits=LIMITS, limit=10))

    assert sorted(one.works for one in found) == [False, True]
