"""What becomes of news that come too late for an alert? One summary a reader, and nothing of what was never his."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.config import Configuration, Settings
from pipeline.enrich import Enricher
from pipeline.store import Store
from tests.alerting import Desk, a_digest, a_watch, let_come_through, on_starlink
from tests.factories import NOON
from tests.stores import keep

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEGUN = NOON - 30 * DAY
EDITOR = "editor@wirewatch.example"


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return runtime.make_enricher(Settings.load({}), Configuration((), (), (), ()))


@pytest.fixture
def desk(tmp_path: Path, enricher: Enricher) -> Iterator[Desk]:
    """A desk at which feed and watch are known for a month."""
    desk = Desk(lambda: Store(f"sqlite:///{tmp_path / 'store.db'}"), tmp_path / "outbox", enricher)
    desk.receive(on_starlink("first", entity_ids=(), published=BEGUN), now=BEGUN)
    let_come_through(desk.store, "first", since=BEGUN)
    desk.run(now=BEGUN)
    yield desk
    desk.close()


def miss(desk: Desk, *names: str, days: int = 5, **changes: object) -> None:
    """Let articles come to the stage that are some days old."""
    articles = [on_starlink(one, published=NOON - days * DAY, **changes) for one in names]
    desk.receive(*articles)
    let_come_through(desk.store, *names, since=BEGUN)


def test_what_was_missed_in_a_pause_comes_in_one_summary(desk: Desk) -> None:
    miss(desk, "a1", "a2", "a3")

    report = desk.run()
    assert desk.subjects == []
    published = desk.publish(now=NOON)

    assert (report.counts["late"], report.counts["alerts"]) == (3, 0)
    assert published.counts["summaries"] == published.counts["sent"] == 1
    assert desk.subjects == ["[Late news] 3 stories too late for an alert, Tue 3 Nov"]
    assert "because they were more than 2 days old when their turn came" in desk.text().replace("\n", " ")


def test_fresh_news_that_a_clock_days_ahead_takes_for_old_are_told_of_once_in_a_summary(desk: Desk) -> None:
    desk.receive(on_starlink("a1"))
    let_come_through(desk.store, "a1", since=BEGUN)

    ahead = desk.run(now=NOON + 5 * DAY)
    back = [desk.run(now=NOON), desk.publish(now=NOON), desk.publish(now=NOON + 2 * HOUR)]

    assert (ahead.counts["late"], ahead.counts["alerts"]) == (1, 0)
    assert back[0].claimed == 0
    assert [subject.partition("]")[0] for subject in desk.subjects] == ["[Late news"]


def test_nobody_is_told_twice(desk: Desk) -> None:
    miss(desk, "a1")
    desk.run()
    desk.publish(now=NOON)
    desk.publish(now=NOON + 2 * HOUR)
    miss(desk, "a2", story_id="story-a1")
    desk.run()

    desk.publish(now=NOON + 4 * HOUR)

    assert len(desk.subjects) == 1


def test_a_fresh_report_of_a_story_raises_an_alert_and_is_not_told_of_as_late(desk: Desk) -> None:
    miss(desk, "old", story_id="s1")
    desk.receive(on_starlink("fresh", story_id="s1"))

    desk.run()
    desk.publish(now=NOON)

    assert desk.subjects == ["[Starlink] Bericht fresh"]


def test_a_fresh_report_that_comes_in_a_later_batch_does_so_too(desk: Desk) -> None:
    miss(desk, "old", story_id="s1")
    desk.run()
    desk.receive(on_starlink("fresh", story_id="s1"))

    desk.run()
    desk.publish(now=NOON)

    assert desk.subjects == ["[Starlink] Bericht fresh"]


def test_a_new_installation_tells_of_nothing_old(tmp_path: Path, enricher: Enricher) -> None:
    desk = Desk(lambda: Store(f"sqlite:///{tmp_path / 'new.db'}"), tmp_path / "outbox", enricher)
    desk.receive(*(on_starlink(f"a{days}", published=NOON - days * DAY) for days in range(3, 300, 9)))
    let_come_through(desk.store, *(f"a{days}" for days in range(3, 300, 9)), since=NOON)

    report = desk.run()
    desk.publish(now=NOON)

    assert report.counts["late"] == 0
    assert desk.subjects == []
    desk.close()


def test_a_new_watch_does_not_mail_the_news_of_last_week(desk: Desk) -> None:
    miss(desk, "a1")

    desk.run(a_watch(id="new", name="New"))
    desk.publish(now=NOON)

    assert desk.subjects == []


def test_while_more_waits_in_the_chain_the_summary_waits_too_but_not_for_long(desk: Desk) -> None:
    miss(desk, "a1")
    desk.run()
    keep(desk.store, on_starlink("next"), stage="read")

    desk.publish(now=NOON + timedelta(minutes=9))
    assert desk.subjects == []
    desk.publish(now=NOON + timedelta(minutes=10))

    assert len(desk.subjects) == 1


def test_a_reader_gets_one_summary_an_hour_at_most(desk: Desk) -> None:
    miss(desk, "a1")
    desk.run()
    desk.publish(now=NOON)
    miss(desk, "a2", "a3")
    desk.run()

    desk.publish(now=NOON + timedelta(minutes=59))
    assert len(desk.subjects) == 1
    desk.publish(now=NOON + HOUR)

    assert [one[:22] for one in desk.subjects] == ["[Late news] 1 story to", "[Late news] 2 stories "]


def test_each_reader_is_told_of_what_his_watches_missed(desk: Desk) -> None:
    editors = a_watch(id="editors", name="Editors", to=(EDITOR,), entities=("tesla",))
    desk.receive(on_starlink("before", entity_ids=(), published=BEGUN), now=BEGUN)
    desk.run(a_watch(), editors, now=BEGUN)
    miss(desk, "a1")
    miss(desk, "t1", "t2", entity_ids=("tesla",))

    desk.run(a_watch(), editors)
    desk.publish(now=NOON)

    assert {mail["To"]: mail["Subject"][12:21] for mail in desk.mails} == {
        EDITOR: "2 stories",
        "desk@wirewatch.example": "1 story t",
    }


def test_the_summary_is_in_the_zone_of_the_readers_digest(desk: Desk) -> None:
    miss(desk, "a1")
    desk.run()

    desk.publish(a_digest(zone="America/New_York"), now=NOON)

    assert "Written Tue 3 Nov 2026, 07:00 EST" in desk.text()


def test_a_flood_is_one_mail_that_names_fifty_and_counts_the_rest(desk: Desk) -> None:
    names = [f"a{number}" for number in range(60)]
    miss(desk, *names)

    desk.run()
    desk.publish(now=NOON)

    assert desk.subjects == ["[Late news] 60 stories too late for an alert, Tue 3 Nov"]
    assert desk.text().count("https://kuestenblatt.example/a") == 50
    assert "10 older stories did not fit into this mail." in desk.text()
