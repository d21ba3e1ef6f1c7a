"""What may be fetched, by a site's robots.txt?"""

import threading
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest

from pipeline.errors import FetchFailed, RefusedAddress
from pipeline.fetch import Limits, Request, Robots
from tests.factories import NOON
from tests.unit.fetch.loopback import AGENT, Answer, a_fetcher, a_site, local, redirect

RULES = b"""\xef\xbb\xbfUser-agent: Otherbot
Disallow: /

User-agent: *
Disallow: /intern/
Crawl-delay: 3

User-agent: wirewatch
User-agent: somebody
Disallow: /archiv/
Allow: /archiv/2026/
Crawl-delay: 1.5
"""


def test_the_group_named_after_us_counts_and_no_other() -> None:
    with a_site({"/robots.txt": Answer(200, RULES)}) as site, a_fetcher() as fetcher:
        robots = Robots(fetcher, AGENT)
        paths = ["/", "/intern/x", "/archiv/1", "/archiv/2026/1"]
        allowed = [robots.allowed(f"{site.url}{path}", now=NOON, local=True) for path in paths]
        delay = robots.crawl_delay(f"{site.url}/", now=NOON, local=True)

    assert allowed == [True, True, False, True]
    assert delay == 1.5


def test_a_stranger_gets_the_rules_for_all() -> None:
    with a_site({"/robots.txt": Answer(200, RULES)}) as site, a_fetcher() as fetcher:
        robots = Robots(fetcher, "Newsbird/2 (x)")

        assert robots.allowed(f"{site.url}/", now=NOON, local=True)
        assert not robots.allowed(f"{site.url}/intern/x", now=NOON, local=True)
        assert robots.crawl_delay(f"{site.url}/", now=NOON, local=True) == 3


def test_a_site_is_asked_once_a_day() -> None:
    with a_site({"/robots.txt": Answer(200, RULES)}) as site, a_fetcher() as fetcher:
        robots = Robots(fetcher, AGENT)
        for hours in (0, 1, 23, 24, 25):
            robots.allowed(f"{site.url}/{hours}", now=NOON + timedelta(hours=hours), local=True)

    assert [path for path, _ in site.asked] == ["/robots.txt", "/robots.txt"]


def test_a_clock_set_back_asks_again() -> None:
    with a_site({"/robots.txt": Answer(200, RULES)}) as site, a_fetcher() as fetcher:
        robots = Robots(fetcher, AGENT)
        robots.allowed(f"{site.url}/", now=NOON, local=True)
        robots.allowed(f"{site.url}/", now=NOON - timedelta(days=99), local=True)

    assert len(site.asked) == 2


def test_many_sites_are_asked_at_once_and_none_twice() -> None:
    together = threading.Barrier(4, timeout=5)

    def when_all_are_there(_: object) -> Answer:
        together.wait()
        return Answer(200, RULES)

    with ExitStack() as stack:
        sites = [
            stack.enter_context(a_site({"/robots.txt": when_all_are_there}, host=f"127.0.0.{n}")) for n in range(1, 5)
        ]
        robots = Robots(stack.enter_context(a_fetcher(workers=4)), AGENT)
        pages = [local(f"{site.url}/archiv/{number}") for site in sites for number in range(3)]

        robots.learn([*pages, local("gopher://x/"), Request("http://127.0.0.9:9/")], now=NOON)
        allowed = [robots.allowed(page.url, now=NOON, local=True) for page in pages]

    assert not any(allowed)
    assert [len(site.asked) for site in sites] == [1] * 4


def test_what_one_site_does_wrong_is_told_of_that_site_only() -> None:
    with a_site({"/robots.txt": Answer(503)}) as bad, a_site(host="127.0.0.2") as good, a_fetcher() as fetcher:
        robots = Robots(fetcher, AGENT)

        robots.learn([local(f"{bad.url}/"), local(f"{good.url}/")], now=NOON)

        assert robots.allowed(f"{good.url}/", now=NOON, local=True)
        with pytest.raises(FetchFailed):
            robots.allowed(f"{bad.url}/", now=NOON, local=True)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_rules_allows_everything(status: int) -> None:
    with a_site({"/robots.txt": Answer(status)}) as site, a_fetcher() as fetcher:
        assert Robots(fetcher, AGENT).allowed(f"{site.url}/", now=NOON, local=True)


def test_rules_behind_a_redirect_count() -> None:
    answers = {"/robots.txt": redirect(301, "/rules"), "/rules": Answer(200, b"User-agent: *\nDisallow: /")}
    with a_site(answers) as site, a_fetcher() as fetcher:
        assert not Robots(fetcher, AGENT).allowed(f"{site.url}/", now=NOON, local=True)


def test_redirects_in_a_circle_count_as_no_rules() -> None:
    with a_site({"/robots.txt": redirect(301, "/robots.txt")}) as site, a_fetcher() as fetcher:
        assert Robots(fetcher, AGENT).allowed(f"{site.url}/", now=NOON, local=True)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_in_trouble_is_left_alone_for_a_while(status: int) -> None:
    with a_site({"/robots.txt": Answer(status)}) as site, a_fetcher() as fetcher:
        robots = Robots(fetcher, AGENT)
        for minutes in (0, 9):
            with pytest.raises(FetchFailed) as caught:
                robots.allowed(f"{site.url}/a", now=NOON + timedelta(minutes=minutes), local=True)
        site.answers["/robots.txt"] = Answer(404)
        later = robots.allowed(f"{site.url}/a", now=NOON + timedelta(minutes=10), local=True)

    assert caught.value.subject == f"{site.url}/a"
    assert caught.value.retry_after == 60
    assert later
    assert len(site.asked) == 2


def test_a_site_that_does_not_answer_is_left_alone() -> None:
    with a_site() as site:
        pass
    with a_fetcher() as fetcher, pytest.raises(FetchFailed):
        Robots(fetcher, AGENT).allowed(f"{site.url}/", now=NOON, local=True)


def test_a_private_address_is_refused() -> None:
    with a_fetcher() as fetcher, pytest.raises(RefusedAddress):
        Robots(fetcher, AGENT).allowed("http://127.0.0.1:9/", now=NOON)


@pytest.mark.parametrize(
    "rules",
    [
        "".join(f"User-agent: a{n}\n" for n in range(14_000)) + "Disallow: /x\n" * 14_000,
        "User-agent: *\n" + ("Disallow: /" + "*a" * 500 + "$\n") * 400,
        "\0\x1b" * 100_000,
    ],
)
def test_hostile_rules_cost_little(rules: str) -> None:
    with a_site({"/robots.txt": Answer(200, rules.encode())}) as site, a_fetcher(limits=Limits()) as fetcher:
        started = time.process_time()
        allowed = Robots(fetcher, AGENT).allowed(f"{site.url}/{'a' * 2000}", now=NOON, local=True)
        seconds = time.process_time() - started

    assert allowed in (True, False)
    assert seconds < 5
