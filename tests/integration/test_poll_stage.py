"""What does a poll ask for, what does it keep, and when does it come again? Over real servers and real stores."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from pipeline.article import Status
from pipeline.errors import StoreUnavailable
from pipeline.feed_state import FeedState
from pipeline.stages import Services, StageReport, poll
from pipeline.store import Store
from tests.factories import NOON
from tests.newsroom import a_feed, a_newsroom, articles, item, problems, rss, state
from tests.unit.fetch.loopback import Answer, Site, a_site, redirect

ETAG = 'W/"drei"'
SYNDICATION = (
    '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>'
    '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">2</sy:updateFrequency>'
)
MODIFIED = "Tue, 03 Nov 2026 11:59:59 GMT"


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site({"/feed": Answer(200, rss(item(1), item(2)))}) as running:
        yield running


@pytest.fixture
def services(site: Site, tmp_path: Path) -> Iterator[Services]:
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed")) as running:
        yield running


def poll_at(services: Services, now: datetime) -> StageReport:
    return poll.run(services, limit=100, now=now)


def poll_again(services: Services) -> StageReport:
    """Poll at the moment for which the next poll is planned."""
    return poll_at(services, state(services).next_poll)


def wait(services: Services) -> float:
    """Return the seconds between the last poll and the next one."""
    now = state(services)
    assert now.last_polled
    return (now.next_poll - now.last_polled).total_seconds()


def test_what_is_new_waits_for_the_read_stage(services: Services) -> None:
    report = poll_at(services, NOON)

    with services.store.reading() as transaction:
        waiting = transaction.work.waiting()
    assert [article.headline for article in articles(services)] == ["Meldung Nummer 1", "Meldung Nummer 2"]
    assert waiting["read"].count == 2
    assert report.counts["new"] == 2


def test_a_feed_is_not_asked_before_its_time(services: Services, site: Site) -> None:
    poll_at(services, NOON)

    early = poll_at(services, state(services).next_poll - timedelta(seconds=1))

    assert early.claimed == 0
    assert len(site.asked) == 1


def test_validators_come_back_verbatim_and_a_304_brings_nothing(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(200, rss(item(1)), {"ETag": ETAG, "Last-Modified": MODIFIED})
    poll_at(services, NOON)
    site.answers["/feed"] = Answer(304)

    report = poll_again(services)

    asked = site.asked[1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == (ETAG, MODIFIED)
    assert report.counts["unchanged"] == 1
    assert (state(services).etag, state(services).last_status, state(services).changes) == (ETAG, 304, 1)


def test_the_same_body_again_is_not_read_again(services: Services) -> None:
    poll_at(services, NOON)

    report = poll_again(services)

    assert report.counts["unchanged"] == 1
    assert report.counts["entries"] == 0


@pytest.mark.parametrize(
    ("head", "headers", "shortest", "longest"),
    [
        ("", {}, 400, 480),
        ("", {"Cache-Control": "max-age=1800"}, 1800, 1980),
        ("", {"Cache-Control": "max-age=99999"}, 3600, 3960),
        ("", {"Cache-Control": "no-cache, max-age=1800"}, 400, 480),
        ("<ttl>30</ttl>", {}, 1800, 1980),
        ("<ttl>1440</ttl>", {}, 3600, 3960),
        (SYNDICATION, {}, 1800, 1980),
        ("<skipHours><hour>12</hour><hour>13</hour></skipHours>", {}, 7200, 7800),
        ("<skipDays><day>Tuesday</day></skipDays>", {}, 43200, 43800),
    ],
    ids=["none", "max-age", "long max-age", "no-cache", "ttl", "long ttl", "sy", "skipHours", "skipDays"],
)  # fmt: skip
def test_a_feed_may_ask_for_a_longer_wait_within_the_caps(
    services: Services, site: Site, head: str, headers: dict[str, str], shortest: float, longest: float
) -> None:
    site.answers["/feed"] = Answer(200, rss(item(1), head=head), headers)

    poll_at(services, NOON)

    assert shortest <= wait(services) <= longest


def test_a_feed_that_changes_is_asked_more_often_and_one_that_rests_more_seldom(services: Services, site: Site) -> None:
    waits = []
    for number in range(3):
        site.answers["/feed"] = Answer(200, rss(item(number)))
        poll_at(services, NOON) if number == 0 else poll_again(services)
        waits.append(state(services).interval_s)
    for _ in range(3):
        poll_again(services)
        waits.append(state(services).interval_s)

    assert waits[0] > waits[1] > waits[2] < waits[3] < waits[4] < waits[5]


def test_a_permanent_move_is_believed_at_the_third_answer(services: Services, site: Site) -> None:
    site.answers |= {"/feed": redirect(301, "/new"), "/new": Answer(200, rss(item(1)))}

    poll_at(services, NOON)
    for _ in range(3):
        poll_again(services)

    assert [path for path, _ in site.asked] == ["/feed", "/new"] * 3 + ["/new"]
    assert state(services).url == f"{site.url}/new"


def test_a_temporary_redirect_is_followed_and_never_remembered(services: Services, site: Site) -> None:
    site.answers |= {"/feed": redirect(302, "/new"), "/new": Answer(200, rss(item(1)))}

    poll_at(services, NOON)
    for _ in range(4):
        poll_again(services)

    assert state(services).url == f"{site.url}/feed"
    assert len(articles(services)) == 1


def test_a_feed_that_is_gone_is_retired_and_told(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(410)

    poll_at(services, NOON)
    later = poll_at(services, NOON + timedelta(days=30))

    assert later.claimed == 0
    assert "gone for good" in problems(services)["feed:kuestenblatt"][0].reason


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_a_failing_feed_is_asked_less_and_less_and_recovers(services: Services, site: Site, status: int) -> None:
    good = site.answers["/feed"]
    site.answers["/feed"] = Answer(status)
    waits = []

    poll_at(services, NOON)
    waits.append(wait(services))
    for _ in range(6):
        poll_again(services)
        waits.append(wait(services))
    told = problems(services)
    site.answers["/feed"] = good
    poll_again(services)

    assert waits[0] >= 60
    assert waits[-1] > waits[0]
    assert max(waits) <= 6 * 3600
    assert f"answered {status}" in told["feed:kuestenblatt"][0].reason
    assert (state(services).failures, problems(services)) == (0, {})
    assert len(articles(services)) == 2


def test_two_feeds_that_fail_together_do_not_come_again_together(site: Site, tmp_path: Path) -> None:
    feeds = [a_feed(f"{site.url}/{name}", id=name) for name in ("a", "b")]
    with a_newsroom(tmp_path, *feeds) as services:
        poll_at(services, NOON)

        assert state(services, "a").next_poll != state(services, "b").next_poll


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(services: Services, site: Site, status: int) -> None:
    site.answers["/feed"] = Answer(status, headers={"Retry-After": "7200"})

    poll_at(services, NOON)

    assert wait(services) >= 7200


def test_a_recovery_told_by_304_closes_the_problem_too(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(200, rss(item(1)), {"ETag": ETAG})
    poll_at(services, NOON)
    site.answers["/feed"] = Answer(404)
    poll_again(services)
    told = problems(services)
    site.answers["/feed"] = Answer(304)

    poll_again(services)

    assert told
    assert problems(services) == {}


def test_a_body_that_breaks_off_is_told_and_comes_again_in_full(services: Services, site: Site) -> None:
    whole = rss(item(1), item(2), item(3))
    site.answers["/feed"] = Answer(200, whole[: whole.index(b"<title>Meldung Nummer 3")], {"ETag": ETAG})
    poll_at(services, NOON)
    saved, told = len(articles(services)), problems(services)
    site.answers["/feed"] = Answer(200, whole, {"ETag": ETAG})

    poll_again(services)

    assert saved == 2
    assert "breaks off" in told["feed:kuestenblatt"][0].reason
    assert "if-none-match" not in site.asked[1][1]
    assert len(articles(services)) == 3
    assert problems(services) == {}


def test_an_update_becomes_a_new_version_and_waits_again(services: Services, site: Site) -> None:
    poll_at(services, NOON)
    site.answers["/feed"] = Answer(200, rss(item(1, headline="Meldung Nummer 1 berichtigt"), item(2)))

    report = poll_again(services)

    first = articles(services)[0]
    with services.store.reading() as transaction:
        earlier = transaction.articles.versions(first.id)
    assert (first.version, first.headline) == (2, "Meldung Nummer 1 berichtigt")
    assert [old.headline for old in earlier] == ["Meldung Nummer 1"]
    assert (report.counts["versions"], report.counts["new"]) == (1, 0)


def test_of_two_items_with_one_guid_and_page_the_later_counts(services: Services, site: Site) -> None:
    early, late = (
        item(1, headline="Erste Fassung"),
        item(1, headline="Neue Fassung", date="Tue, 03 Nov 2026 11:30:00 GMT"),
    )
    site.answers["/feed"] = Answer(200, rss(early, late))

    poll_at(services, NOON)

    assert [article.headline for article in articles(services)] == ["Neue Fassung"]


def test_two_pages_under_one_guid_stay_two_articles(services: Services, site: Site) -> None:
    other = item(2).replace("tag:2", "tag:1")
    site.answers["/feed"] = Answer(200, rss(item(1), other))

    poll_at(services, NOON)

    assert len(articles(services)) == 2
    assert "2 different pages" in problems(services)["feed:kuestenblatt"][0].reason


def test_one_article_in_two_feeds_of_a_publisher_is_one_article(site: Site, tmp_path: Path) -> None:
    site.answers["/sport"] = Answer(200, rss(item(1), item(3)))
    feeds = [
        a_feed(f"{site.url}/feed"),
        a_feed(f"{site.url}/sport", id="sport", source="kuestenblatt"),
        a_feed(f"{site.url}/feed", id="anderswo"),
    ]
    with a_newsroom(tmp_path, *feeds) as services:
        poll_at(services, NOON)

        found = articles(services)

    assert sorted(article.feeds for article in found) == [
        ("anderswo",), ("anderswo",), ("kuestenblatt",), ("kuestenblatt", "sport"), ("sport",),
    ]  # fmt: skip


def test_items_without_link_title_or_date_are_kept_and_told(services: Services, site: Site) -> None:
    odd = "<item><description>Nur ein Satz ohne alles andere.</description></item>"
    future = item(2, date="Tue, 03 Nov 2099 11:00:00 GMT")
    site.answers["/feed"] = Answer(200, rss(odd, future, "<item></item>"))

    poll_at(services, NOON)

    assert all(article.timestamp == NOON for article in articles(services))
    assert len(articles(services)) == 2
    told = " ".join(problem.reason for problem in problems(services)["feed:kuestenblatt"])
    for part in ("no link", "no headline", "no date", "future", "1 item without any text"):
        assert part in told


def test_a_tombstone_kills_the_article_and_leaves_its_headline_and_address(services: Services, site: Site) -> None:
    entry = (
        "<entry><id>tag:1</id><title>Brücke gesperrt</title><link href='https://kuestenblatt.example/1'/>"
        "<updated>2026-11-03T10:00:00Z</updated><summary>Die Brücke ist gesperrt.</summary></entry>"
    )
    stone = (
        "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='tag:1' when='2026-11-03T11:00:00Z'/>"
    )
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title>{}</feed>'
    site.answers["/feed"] = Answer(200, atom.format(entry).encode())
    poll_at(services, NOON)
    site.answers["/feed"] = Answer(200, atom.format(stone).encode())

    poll_again(services)

    killed = articles(services)[0]
    assert (killed.status, killed.version, killed.summary, killed.body) == (Status.KILLED, 2, "", "")
    assert (killed.headline, killed.url) == ("Brücke gesperrt", "https://kuestenblatt.example/1")


def test_a_tombstone_for_what_never_came_is_no_article(services: Services, site: Site) -> None:
    stone = (
        "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='tag:9' when='2026-11-03T11:00:00Z'/>"
    )
    site.answers["/feed"] = Answer(
        200, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title>{stone}</feed>'.encode()
    )

    poll_at(services, NOON)

    assert articles(services) == []


def test_a_json_feed_that_has_ended_is_retired(services: Services, site: Site) -> None:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "K", "expired": True, "items": []}
    site.answers["/feed"] = Answer(200, json.dumps(document).encode(), {"Content-Type": "application/feed+json"})

    poll_at(services, NOON)

    assert state(services).retired == "the feed says that it has ended"


def test_many_namespaces_confuse_nobody(services: Services, site: Site) -> None:
    spaces = " ".join(f'xmlns:n{number}="https://kuestenblatt.example/ns/{number}"' for number in range(100))
    more = "".join(f"<n{number}:title>falsch</n{number}:title>" for number in range(100))
    document = rss(item(1, more=more)).replace(b'version="2.0"', f'version="2.0" {spaces}'.encode())
    site.answers["/feed"] = Answer(200, document)

    poll_at(services, NOON)

    assert [article.headline for article in articles(services)] == ["Meldung Nummer 1"]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    if request.param == "postgresql":
        make: Callable[[], Store] = request.getfixturevalue("new_postgres_store")
        return make
    return lambda: Store(f"sqlite:///{tmp_path / 'store.db'}")


REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE UPDATE OF state ON feed BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE ''the disk is full''; END' LANGUAGE plpgsql",
        "CREATE TRIGGER refuse BEFORE UPDATE OF state ON feed FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}
RELENTING = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP TRIGGER refuse ON feed"}


@contextmanager
def a_full_disk(store: Store) -> Iterator[None]:
    """Let the database refuse the state of a feed, which is among the last things that a poll writes."""
    dialect = store._engine.dialect.name
    with store._engine.begin() as connection:
        for statement in REFUSING[dialect]:
            connection.exec_driver_sql(statement)
    yield
    with store._engine.begin() as connection:
        connection.exec_driver_sql(RELENTING[dialect])


def states(services: Services) -> Mapping[str, FeedState]:
    with services.store.reading() as transaction:
        return transaction.feeds.states()


def test_articles_and_validators_are_kept_together_or_not_at_all(
    site: Site, tmp_path: Path, new_store: Callable[[], Store]
) -> None:
    site.answers["/feed"] = Answer(200, rss(item(1), item(2)), {"ETag": ETAG})
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed"), store=new_store()) as services:
        with a_full_disk(services.store), pytest.raises(StoreUnavailable, match="the disk is full"):
            poll_at(services, NOON)
        after_the_crash = (articles(services), states(services))
        poll_at(services, NOON)

        assert after_the_crash == ([], {})
        assert len(articles(services)) == 2
        assert state(services).etag == ETAG
        assert "if-none-match" not in site.asked[1][1]


def test_a_worker_that_came_too_late_changes_nothing(
    site: Site, tmp_path: Path, new_store: Callable[[], Store]
) -> None:
    store = new_store()
    feed = a_feed(f"{site.url}/feed")
    with (
        a_newsroom(tmp_path, feed, store=store) as services,
        a_newsroom(tmp_path, feed, store=store) as other,
    ):
        lease = services.settings.lease

        def overtaken(_: Mapping[str, str]) -> Answer:
            """While this worker waits for its answer, its lease runs out and another polls the feed, which has news."""
            site.answers["/feed"] = Answer(200, rss(item(1, headline="Neue Fassung")), {"ETag": ETAG})
            poll_at(other, NOON + lease)
            return Answer(200, rss(item(1, headline="Alte Fassung")))

        site.answers["/feed"] = overtaken
        poll_at(services, NOON)

        assert [(one.headline, one.version) for one in articles(services)] == [("Neue Fassung", 1)]
        assert (state(services).etag, state(services).polls) == (ETAG, 1)


def test_two_workers_share_the_feeds_and_ask_each_once(tmp_path: Path, new_store: Callable[[], Store]) -> None:
    store = new_store()
    answers = {f"/{number}": Answer(200, rss(item(number))) for number in range(20)}
    with a_site(answers) as site:
        feeds = [a_feed(f"{site.url}/{number}", id=f"feed-{number}") for number in range(20)]
        with a_newsroom(tmp_path, *feeds, store=store) as one, a_newsroom(tmp_path, *feeds, store=store) as other:
            with ThreadPoolExecutor(2) as workers:
                reports = list(workers.map(lambda services: poll_at(services, NOON), [one, other]))

            assert sum(report.claimed for report in reports) == 20
            assert len(articles(one)) == 20
    assert sorted(path for path, _ in site.asked) == sorted(answers)


def test_feeds_that_a_slow_poll_did_not_come_to_are_given_back(tmp_path: Path) -> None:
    def slowly(_: Mapping[str, str]) -> Answer:
        sleep(0.15)
        return Answer(200, rss(item(1)))

    with a_site({f"/{number}": slowly for number in range(20)}) as site:
        feeds = [a_feed(f"{site.url}/{number}", id=f"feed-{number}") for number in range(20)]
        with a_newsroom(tmp_path, *feeds, lease="1s", per_host="1") as services, a_newsroom(tmp_path, *feeds) as other:
            report = poll_at(services, NOON)
            rest = poll_at(other, NOON)

    assert 0 < report.claimed < 20
    assert report.claimed + rest.claimed == 20


def test_a_feed_comes_through_the_proxy_that_the_settings_name(tmp_path: Path) -> None:
    public = a_feed("http://kuestenblatt.example/feed", local=False)
    with (
        a_site({public.url: Answer(200, rss(item(1)))}) as proxy,
        a_newsroom(tmp_path, public, fetch_proxy=proxy.url) as services,
    ):
        poll_at(services, NOON)

        assert len(articles(services)) == 1
