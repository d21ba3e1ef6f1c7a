"""Several worker processes on one store: they share the work, and neither fails nor waits for the others for ever."""

from pathlib import Path

import pytest

from pipeline.config import Feed
from pipeline.store import Store
from tests.integration import working
from tests.stores import keep_named

ENTRIES = 150
ITEM = "<item><guid>{0}</guid><title>Meldung {0}</title><description>Im Hafen liegt Schiff {0}.</description></item>"


@pytest.fixture
def url(store_url: str) -> str:
    Store(store_url).close()
    return store_url


def put(url: str, *names: str, stage: str | None = "read") -> None:
    store = Store(url)
    keep_named(store, *names, stage=stage)
    store.close()


def a_folder_feed(folder: Path, name: str, order: range) -> Feed:
    """A feed in a folder, which carries the same articles as every other of these."""
    (folder / name).mkdir()
    items = "".join(ITEM.format(number) for number in order)
    (folder / name / "wire.xml").write_text(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>')
    return Feed(id=name, source="kuestenblatt", name=name, url=(folder / name).as_uri(), local=True)


def test_four_workers_do_every_article_exactly_once(url: str) -> None:
    names = [f"a{number:04}" for number in range(2000)]
    put(url, *names)

    done = working.together(working.empty_the_queue, [(url, f"worker-{number}", 20) for number in range(4)])

    assert sorted(name for some in done for name in some) == names


def test_feeds_of_one_publisher_polled_at_one_moment_lose_and_repeat_no_article(url: str, tmp_path: Path) -> None:
    orders = {"up": range(ENTRIES), "down": range(ENTRIES - 1, -1, -1), "again": range(ENTRIES)}
    feeds = [a_folder_feed(tmp_path, name, order) for name, order in orders.items()]

    counts = working.together(working.poll_feed, [(url, tmp_path / "data", feed) for feed in feeds])

    store = Store(url)
    with store.reading() as transaction:
        articles = list(transaction.articles.all())
        waiting = transaction.work.waiting()
    store.close()
    assert sorted(one.get("new", 0) for one in counts) == [0, 0, ENTRIES]
    assert len(articles) == ENTRIES
    assert {frozenset(one.feeds) for one in articles} == {frozenset(orders)}
    assert {one.version for one in articles} == {1}
    assert {stage: one.count for stage, one in waiting.items()} == {"read": ENTRIES}


def test_a_feed_goes_to_one_of_those_who_want_it_at_one_moment(url: str) -> None:
    feeds = [f"feed-{number:03}" for number in range(300)]

    taken = working.together(working.claim_feeds, [(url, f"w{n}", feeds[:: -1 if n % 2 else 1]) for n in range(4)])

    assert sorted(one for some in taken for one in some) == feeds


def test_of_workers_that_alert_at_one_moment_one_records_it(url: str) -> None:
    new = working.together(working.record_alerts, [(url, f"w{number}", 40) for number in range(4)])

    assert sum(new) == 40


def test_a_problem_met_by_several_at_one_moment_is_counted_by_each(url: str) -> None:
    working.together(working.record_problem, [(url, 25)] * 4)

    store = Store(url)
    with store.reading() as transaction:
        (problem,) = transaction.problems.latest()
    store.close()
    assert problem.times == 100


def test_new_versions_and_workers_with_the_same_articles_never_wait_for_each_other_in_a_circle(url: str) -> None:
    names = [f"a{number}" for number in range(8)]
    put(url, *names)

    working.together(_one_of, [("poll", url, names), ("read", url, names[::-1]), ("read", url, names[3:] + names[:3])])


def test_workers_that_let_the_copies_of_each_other_follow_never_wait_for_each_other_in_a_circle(url: str) -> None:
    names = [f"a{number}" for number in range(8)]
    put(url, *names, stage="enrich")

    mine = [(url, names[:4], names[4:]), (url, names[4:], names[:4])]

    working.together(working.enrich_articles, [(*one, 60) for one in mine])


def _one_of(stage: str, url: str, names: list[str]) -> None:
    {"poll": working.bring_versions, "read": working.read_articles}[stage](url, names, 60)
