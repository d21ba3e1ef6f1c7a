"""Does housekeeping forget what is too old and nothing else, and may it be broken off anywhere?"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Configuration
from pipeline.search import EmbeddedIndex
from pipeline.stages import Services, index, read
from pipeline.stages import run as run_stage
from pipeline.stages.upkeep import housekeeping, retry_transient
from pipeline.store import Store, Transaction
from pipeline.store.schema import metadata
from tests.chain import a_worker, found, kept, let_wait, waiting
from tests.factories import NOON, an_article
from tests.newsroom import a_feed, a_newsroom, problems, rss
from tests.stores import a_state, an_alert
from tests.unit.fetch.loopback import Answer, a_site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPERATOR = "ops@wirewatch.example"


@contextmanager
def a_caretaker(store: Store, folder: Path, **settings: Any) -> Iterator[Services]:
    chosen: dict[str, Any] = {"data": folder, "operators": OPERATOR} | settings
    with a_worker(store, index=lambda: EmbeddedIndex.open(folder / "index"), **chosen) as services:
        services.configuration = Configuration((a_feed("https://kuestenblatt.example/rss"),), (), (), ())
        yield services


def fill(store: Store, *, newest: int = 1, carried: bool = False) -> None:
    """An old article with a copy, and so many new ones; with `carried`, all of them in one feed. And what was set aside."""
    old = NOON - 40 * DAY
    many = [an_article(id=f"n{number:03}", published=NOON - DAY, first_seen=NOON - DAY) for number in range(newest)]
    let_wait(store, "index", an_article(id="old", first_seen=old), *many)
    let_wait(store, "index", an_article(id="copy", first_seen=old, duplicate_of="old"))
    with store.transaction() as transaction:
        if carried:
            transaction.articles.seen({"old": "x", "copy": "x"}, "kuestenblatt", now=old)
            transaction.articles.seen({one.id: "x" for one in many}, "kuestenblatt", now=NOON - DAY)
        transaction.ledger.record(an_alert(article_id="old", story_id="s1"), [])
        transaction.problems.record("read", "article:copy", "the page answered 404", now=old)
        transaction.problems.record("poll", "feed:gone", "over", now=NOON - 100 * DAY)
        transaction.problems.close(subject="feed:gone", stage="poll")
        transaction.problems.record("read", "article:n000", "503", detail=read.AGAIN, now=NOON - 2 * HOUR)
        state = a_state(feed_id="kuestenblatt", failures=9, last_error="503", last_changed=NOON - DAY)
        transaction.feeds.claim(["kuestenblatt"], "x", now=NOON, lease=HOUR)
        transaction.feeds.save(state, "x")


def articles_of(store: Store) -> set[str]:
    with store.reading() as transaction:
        return {one.id for one in transaction.articles.all()}


def test_without_a_retention_every_article_stays(store: Store, tmp_path: Path) -> None:
    fill(store)

    with a_caretaker(store, tmp_path) as services:
        counts = housekeeping(services, now=NOON)

    assert counts["articles_forgotten"] == 0
    assert {"old", "copy"} <= articles_of(store)


def test_what_has_outlived_its_time_leaves_store_and_index_and_is_never_told_again(
    store: Store, tmp_path: Path
) -> None:
    fill(store)

    with a_caretaker(store, tmp_path, store_retention="30d") as services:
        run_stage("index", services, limit=1000, clock=lambda: NOON)
        was_found = found(services.index)
        counts = housekeeping(services, now=NOON)
        again = housekeeping(services, now=NOON)
        left = found(services.index)

    assert {"old", "copy"} <= set(was_found)
    assert (counts["articles_forgotten"], counts["strays_removed"]) == (2, 2)
    assert again["articles_forgotten"] == again["strays_removed"] == 0
    assert articles_of(store) == set(left) == {"n000"}
    with store.reading() as transaction:
        assert transaction.ledger.alerted("harbour", "s1")
        assert not [one for one in transaction.problems.about(["article:copy"]) if one.open]


@pytest.mark.parametrize(("newest", "forgotten"), [(298, 0), (300, 2)])
def test_what_a_feed_may_still_carry_stays(store: Store, tmp_path: Path, newest: int, forgotten: int) -> None:
    fill(store, newest=newest, carried=True)

    with a_caretaker(store, tmp_path, store_retention="30d") as services:
        counts = housekeeping(services, now=NOON)

    assert counts["articles_forgotten"] == forgotten


def test_problems_that_are_over_for_months_go(store: Store, tmp_path: Path) -> None:
    fill(store)

    with a_caretaker(store, tmp_path) as services:
        counts = housekeeping(services, now=NOON)

    assert counts["problems_forgotten"] == 1
    with store.reading() as transaction:
        assert "feed:gone" not in {one.subject for one in transaction.problems.latest(everything=True)}


# trying again


def test_a_page_that_did_not_answer_is_tried_again_and_completes_the_article(tmp_path: Path) -> None:
    teaser = "<item><guid>tag:1</guid><link>{}/1</link><title>Mole</title><pubDate>{}</pubDate></item>"
    date = "Tue, 03 Nov 2026 11:00:00 GMT"
    text = "Im Hafen wurde eine neue Mole gebaut, die den Fischern bei Sturm Schutz bieten soll. " * 5

    with a_site() as site:
        site.answers |= {"/feed": Answer(200, rss(teaser.format(site.url, date))), "/1": Answer(503)}
        with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", full_text=True)) as services:
            run_stage("poll", services, limit=10, clock=lambda: NOON)
            for number in range(3):
                read.run(services, limit=10, now=NOON + number * HOUR)
            first = problems(services)
            site.answers["/1"] = Answer(200, f"<article><h1>Mole</h1><p>{text}</p></article>".encode())
            too_soon = retry_transient(services.store, now=NOON + 2.5 * HOUR)
            later = retry_transient(services.store, now=NOON + 4 * HOUR)
            read.run(services, limit=10, now=NOON + 4 * HOUR)

            (name,) = (subject.removeprefix("article:") for subject in first)
            assert (too_soon, later) == (0, 1)
            assert "neue Mole" in kept(services.store, name).body
            assert problems(services) == {}


def fail_again(store: Store, *, now: datetime, reason: str = "503", detail: str = read.AGAIN) -> None:
    with store.transaction() as transaction:
        transaction.problems.record("read", "article:a1", reason, detail=detail, now=now)


def test_what_fails_again_and_again_is_tried_three_times(store: Store) -> None:
    let_wait(store, "index", an_article())
    counts = []
    for number in range(6):
        fail_again(store, now=NOON + number * 2 * HOUR)
        counts.append(retry_transient(store, now=NOON + (number * 2 + 1) * HOUR))

    assert counts == [1, 1, 1, 0, 0, 0]


def test_what_is_no_news_any_more_or_refused_for_good_is_not_tried_again(store: Store) -> None:
    let_wait(store, "index", an_article())
    fail_again(store, now=NOON - 4 * DAY)
    fail_again(store, now=NOON - 2 * HOUR, reason="the page answered 404", detail="")

    assert retry_transient(store, now=NOON) == 0
    assert waiting(store, "read") == 0


# broken off anywhere


class Mortal(Store):
    """Ends its process, as far as one can tell, when it is about to commit for the last time."""

    commits_left = 1_000

    @contextmanager
    def transaction(self, *, alone: str | None = None, wide: bool = False) -> Iterator[Transaction]:
        with super().transaction(alone=alone, wide=wide) as transaction:
            yield transaction
            self.commits_left -= 1
            if self.commits_left < 0:
                raise KeyboardInterrupt


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Mortal]:
    """Makes stores with nothing in them, one after the other."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("emptied_url")

        def emptied() -> Mortal:
            store = Mortal(url)
            with store._engine.begin() as connection:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
            return store

        return emptied
    Store(f"sqlite:///{tmp_path / 'template.db'}").close()
    numbers = count()

    def copied() -> Mortal:
        name = shutil.copy(tmp_path / "template.db", tmp_path / f"store-{next(numbers)}.db")
        return Mortal(f"sqlite:///{name}")

    return copied


def kept_house(new_store: Callable[[], Mortal], folder: Path, commits: int) -> tuple[bool, dict[str, Any]]:
    """Keep house, broken off after so many commits, and once more; returns whether it was, and what came of it."""
    store = new_store()
    fill(store)
    broken = False
    with a_caretaker(store, folder, store_retention="30d") as services:
        index.run(services, limit=1000, now=NOON)
        store.commits_left = commits
        try:
            housekeeping(services, now=NOON)
        except KeyboardInterrupt:
            broken = True
        store.commits_left = 1_000
        services.worker = "the next"
        housekeeping(services, now=NOON + HOUR)
        index.run(services, limit=1000, now=NOON + HOUR)
        with store.reading() as transaction:
            told = {(one.subject, one.reason, one.open) for one in transaction.problems.latest(everything=True)}
            work = {stage: one.count for stage, one in transaction.work.waiting().items()}
        came = {
            "articles": articles_of(store),
            "indexed": found(services.index),
            "problems": told,
            "waiting": work,
            "mails": sorted(one.name.partition("-Wirewatch-")[2] for one in (folder / "outbox").glob("*.eml")),
        }
    return broken, came


def test_broken_off_before_any_commit_and_run_again_it_comes_to_the_same(
    new_store: Callable[[], Mortal], tmp_path: Path
) -> None:
    _, undisturbed = kept_house(new_store, tmp_path / "undisturbed", 1_000)
    times = 0
    while True:
        broken, came = kept_house(new_store, tmp_path / str(times), times)
        assert came == undisturbed, times
        if not broken:
            break
        times += 1

    assert times >= 8
    assert len(undisturbed["mails"]) == 2
    assert undisturbed["waiting"]["read"] == 1
    assert undisturbed["articles"].isdisjoint({"old", "copy"})
