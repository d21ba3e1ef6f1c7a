"""A folder that an agency delivers files into: each file is read once, and none is lost."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.stages import Services, StageReport, poll
from pipeline.stages.upkeep import retry
from tests.factories import NOON
from tests.newsroom import a_feed, a_newsroom, articles, item, make_due, problems, rss, state


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    folder = tmp_path / "wire"
    folder.mkdir()
    return folder


@pytest.fixture
def services(wire: Path, tmp_path: Path) -> Iterator[Services]:
    with a_newsroom(tmp_path / "data", a_feed(wire.as_uri()), feed_max_entries="100") as running:
        yield running


def deliver(folder: Path, name: str, data: bytes, *, at: datetime = NOON - timedelta(hours=1)) -> None:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (at.timestamp(), at.timestamp()))


def poll_now(services: Services, now: datetime = NOON) -> StageReport:
    if is_known(services):
        make_due(services, now)
    return poll.run(services, limit=10, now=now)


def is_known(services: Services) -> bool:
    with services.store.reading() as transaction:
        return bool(transaction.feeds.states())


def headlines(services: Services) -> list[str]:
    return [article.headline for article in articles(services)]


def reasons(services: Services) -> list[str]:
    return sorted(problem.reason for problem in problems(services).get("feed:kuestenblatt", []))


def test_only_what_is_new_is_read(services: Services, wire: Path) -> None:
    deliver(wire, "1.xml", rss(item(1)))
    first = poll_now(services)
    deliver(wire, "2.xml", rss(item(2)))

    second = poll_now(services)
    third = poll_now(services)

    assert [report.counts["entries"] for report in (first, second, third)] == [1, 1, 0]
    assert headlines(services) == ["Meldung Nummer 1", "Meldung Nummer 2"]


def test_a_file_with_an_old_date_or_one_from_a_clock_ahead_is_not_missed(services: Services, wire: Path) -> None:
    deliver(wire, "1.xml", rss(item(1)))
    poll_now(services)
    deliver(wire, "old.xml", rss(item(2)), at=NOON - timedelta(days=365))
    deliver(wire, "ahead.xml", rss(item(3)), at=NOON + timedelta(days=2))

    poll_now(services)

    assert len(headlines(services)) == 3


def test_a_file_replaced_by_a_newer_one_makes_a_new_version(services: Services, wire: Path) -> None:
    deliver(wire, "1.xml", rss(item(1)))
    poll_now(services)
    deliver(wire, "1.xml", rss(item(1, headline="Berichtigt")), at=NOON - timedelta(minutes=1))

    poll_now(services)

    assert [(article.headline, article.version) for article in articles(services)] == [("Berichtigt", 2)]


def test_of_two_files_with_one_article_in_one_poll_the_later_file_counts(services: Services, wire: Path) -> None:
    deliver(wire, "b-first.xml", rss(item(1, headline="Erste Fassung")))
    deliver(wire, "a-second.xml", rss(item(1, headline="Zweite Fassung")), at=NOON - timedelta(minutes=1))

    poll_now(services)

    assert headlines(services) == ["Zweite Fassung"]


def test_a_file_that_is_still_being_written_waits(services: Services, wire: Path) -> None:
    whole = rss(item(1), item(2))
    deliver(wire, "1.xml", whole[:200], at=NOON - timedelta(seconds=1))
    early = poll_now(services)
    deliver(wire, "1.xml", whole, at=NOON)

    poll_now(services, NOON + timedelta(seconds=10))

    assert early.counts["entries"] == 0
    assert len(headlines(services)) == 2
    assert reasons(services) == []


def test_an_upload_that_stood_still_half_way_comes_again_in_full(services: Services, wire: Path) -> None:
    whole = rss(item(1), item(2))
    deliver(wire, "1.xml", whole[:-60])
    poll_now(services)
    told = reasons(services)
    deliver(wire, "1.xml", whole, at=NOON - timedelta(minutes=1))

    poll_now(services)

    assert "`1.xml`: the document breaks off" in told[0]
    assert len(headlines(services)) == 2


def test_a_link_out_of_the_folder_is_not_followed(services: Services, wire: Path, tmp_path: Path) -> None:
    deliver(tmp_path, "secret.xml", rss(item(1)))
    (wire / "link.xml").symlink_to(tmp_path / "secret.xml")
    (wire / "up.xml").symlink_to(tmp_path)

    poll_now(services)

    assert headlines(services) == []


def test_a_file_that_is_no_feed_stays_a_problem_and_harms_no_neighbour(services: Services, wire: Path) -> None:
    deliver(wire, "bad.xml", b"\0\1kaputt")
    deliver(wire, "good.xml", rss(item(1)))
    poll_now(services)
    deliver(wire, "later.xml", rss(item(2)))

    poll_now(services)

    assert len(headlines(services)) == 2
    assert [reason.partition(":")[0] for reason in reasons(services)] == ["`bad.xml`"]


def test_a_problem_tried_again_reads_the_files_again(services: Services, wire: Path) -> None:
    deliver(wire, "bad.xml", b"kaputt")
    poll_now(services)

    retry(services.store, None, now=NOON)
    closed = reasons(services)
    poll.run(services, limit=1, now=NOON)

    assert closed == []
    assert len(reasons(services)) == 1


def test_a_backlog_of_thousands_is_worked_off_in_one_go(services: Services, wire: Path) -> None:
    for number in range(1050):
        deliver(wire, f"{number}.xml", rss(item(number)))

    reports = [poll.run(services, limit=10, now=NOON) for _ in range(12)]

    assert [report.counts["new"] for report in reports] == [100] * 10 + [50, 0]
    assert reports[-1].claimed == 0
    assert len(articles(services)) == 1050


def test_a_large_file_does_not_multiply_what_one_poll_holds(services: Services, wire: Path) -> None:
    for number in range(4):
        deliver(wire, f"{number}.xml", rss(*(item(100 * number + one) for one in range(100))))

    report = poll.run(services, limit=10, now=NOON)

    assert report.counts["entries"] == 100


def test_the_folder_goes_on_where_a_crash_left_it(services: Services, wire: Path) -> None:
    deliver(wire, "1.xml", rss(item(1)))
    with services.store.transaction() as transaction:
        transaction.feeds.claim(["kuestenblatt"], "dead worker", now=NOON, lease=timedelta(minutes=5))

    while_leased = poll.run(services, limit=1, now=NOON)
    after = poll.run(services, limit=1, now=NOON + timedelta(minutes=5))

    assert (while_leased.claimed, after.counts["new"]) == (0, 1)


def test_a_folder_that_is_missing_is_told_and_its_return_closes_that_problem_alone(
    services: Services, wire: Path
) -> None:
    deliver(wire, "bad.xml", b"kaputt")
    poll_now(services)
    wire.rename(wire.parent / "away")
    for _ in range(3):
        poll_now(services)
    missing = reasons(services)
    (wire.parent / "away").rename(wire)

    poll_now(services)

    assert len(missing) == 2
    assert "cannot be read" in " ".join(missing)
    assert [reason.partition(":")[0] for reason in reasons(services)] == ["`bad.xml`"]
    assert state(services).failures == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read_do_not_stand_in_the_way_of_others(services: Services, wire: Path) -> None:
    for number in range(150):
        deliver(wire, f"a{number}.xml", rss(item(number)))
        (wire / f"a{number}.xml").chmod(0)
    deliver(wire, "y.xml", b"kaputt", at=NOON - timedelta(minutes=2))
    deliver(wire, "z.xml", rss(item(999)), at=NOON - timedelta(minutes=1))

    poll_now(services)

    assert headlines(services) == ["Meldung Nummer 999"]
    assert len(reasons(services)) == 22
    assert "`y.xml`: this is plain text, no feed" in reasons(services)
