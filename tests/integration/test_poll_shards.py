"""Does each shard ask its own hosts, all shards together every feed, and each feed once?"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.stages import Services, poll, run, shards
from tests.factories import NOON
from tests.newsroom import a_feed, a_newsroom, articles, item, rss


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    feeds = []
    for number in range(6):
        folder = tmp_path / f"wire-{number}"
        folder.mkdir()
        (folder / "feed.xml").write_bytes(rss(item(number)))
        feeds.append(a_feed(folder.as_uri(), id=f"wire-{number}"))
    with a_newsroom(tmp_path / "data", *feeds) as opened:
        yield opened


def test_a_poll_among_some_feeds_leaves_the_others_due(services: Services) -> None:
    report = poll.run(services, limit=100, now=NOON, among={"wire-1", "wire-4", "unknown"})

    assert report.claimed == 2
    assert sorted(poll.due(services, now=NOON)) == ["wire-0", "wire-2", "wire-3", "wire-5"]


def test_the_limit_counts_among_the_chosen_only(services: Services) -> None:
    assert poll.run(services, limit=1, now=NOON, among={"wire-5"}).claimed == 1


def test_all_shards_together_ask_every_feed_once_and_then_none_is_due(services: Services) -> None:
    due = shards.due(services, shards=3, now=NOON)

    reports = [shards.run(services, shard=one, shards=3, limit=100, clock=lambda: NOON) for one in due]

    assert sum(report.claimed for report in reports) == 6
    assert all(report.claimed for report in reports)
    assert len(articles(services)) == 6
    assert shards.due(services, shards=3, now=NOON) == []


def test_a_shard_without_a_feed_that_is_due_does_nothing(services: Services) -> None:
    (empty, *_) = [one for one in range(64) if one not in shards.due(services, shards=64, now=NOON)]

    assert shards.run(services, shard=empty, shards=64, limit=100, clock=lambda: NOON).claimed == 0


def test_the_same_shard_run_by_two_at_once_asks_no_feed_twice(services: Services, tmp_path: Path) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(a_newsroom(tmp_path / "data", *services.configuration.feeds))
        with services.store.transaction() as transaction:
            transaction.feeds.claim(["wire-0"], "another", now=NOON, lease=services.settings.lease)

        report = shards.run(other, shard=0, shards=1, limit=100, clock=lambda: NOON)

    assert report.claimed == 5


def test_with_its_patience_at_an_end_a_stage_leaves_the_rest_for_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "feed.xml").write_bytes(rss(*map(item, range(150))))
    with a_newsroom(tmp_path / "data", a_feed(folder.as_uri())) as services:
        poll.run(services, limit=1, now=NOON)

        first = run("read", services, limit=1000, clock=lambda: NOON, patience=timedelta(0))
        second = run("read", services, limit=1000, clock=lambda: NOON, patience=timedelta(minutes=5))

    assert (first.claimed, second.claimed) == (100, 50)
