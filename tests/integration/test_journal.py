"""What does the journal say of polls and alerts, and what becomes of it where no server has a use for it?"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from pipeline import runtime
from pipeline.alert import alert_id
from pipeline.config import Configuration, Settings
from pipeline.enrich import Enricher
from pipeline.stages import Services, alert, index, journal, poll, upkeep
from pipeline.store import Record, Store
from tests.alerting import a_watch, a_worker, let_alert, let_wait, mailer_at, on_starlink
from tests.factories import NOON
from tests.mail_server import Post, a_server
from tests.newsroom import a_feed, a_newsroom, item, make_due, rss
from tests.stores import a_message, an_alert
from tests.unit.fetch.loopback import Answer, Site, a_site

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site({"/feed": Answer(200, rss(item(1), item(2)))}) as running:
        yield running


@pytest.fixture
def services(site: Site, tmp_path: Path) -> Iterator[Services]:
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed", source="kbl", source_name="Küstenblatt Verlag")) as running:
        yield running


def rows(store: Store) -> list[dict[str, Any]]:
    """What the journal says, in the order of time."""
    with store.reading() as transaction:
        found = sorted(transaction.journal.all(), key=lambda one: (one.at, one.id))
    return [dict(one.document) for one in found]


def poll_at(services: Services, minutes: int) -> dict[str, Any]:
    """Poll so long after noon; returns the row of that poll without what differs from run to run."""
    now = NOON + timedelta(minutes=minutes)
    if minutes:
        make_due(services, now)
    poll.run(services, limit=10, now=now)
    row = rows(services.store)[-1]
    assert row.pop("seconds", 0.0) >= 0
    assert row.pop("feeds") == "kuestenblatt"
    assert row.pop("source") == {"id": "kbl", "name": "Küstenblatt Verlag"}
    return row


def test_a_first_poll_is_told_with_what_it_brought_and_without_a_delay(services: Services) -> None:
    assert poll_at(services, 0) == {"outcome": "changed", "status": 200, "entries": 2, "new": 2}
    assert rows(services.store)[0]["seconds"] > 0


def test_later_polls_tell_how_late_the_new_articles_came(services: Services, site: Site) -> None:
    poll_at(services, 0)
    dates = ("11:50", "12:05", "12:09", "12:11")
    new = [item(number, date=f"Tue, 03 Nov 2026 {date}:00 GMT") for number, date in enumerate(dates, 3)]
    site.answers["/feed"] = Answer(200, rss(item(1, headline="Neu gefasst"), *new, item(9, date="unknown")))

    row = poll_at(services, 10)

    assert (row["new"], row["versions"], row["entries"]) == (5, 1, 6)
    assert (row["delay_seconds"], row["worst_delay_seconds"]) == (180.0, 1200.0)


def test_a_poll_that_brings_nothing_is_told_too(services: Services, site: Site) -> None:
    poll_at(services, 0)

    same = poll_at(services, 10)
    site.answers["/feed"] = Answer(304)
    not_modified = poll_at(services, 20)

    assert same == {"outcome": "unchanged", "status": 200}
    assert not_modified == {"outcome": "unchanged", "status": 304}


def test_failures_are_told_with_the_reason_and_how_many_there_were_in_a_row(services: Services, site: Site) -> None:
    site.answers["/feed"] = Answer(500)
    poll_at(services, 0)

    again = poll_at(services, 10)
    site.answers["/feed"] = Answer(200, b"no feed at all")
    unreadable = poll_at(services, 20)
    site.answers["/feed"] = Answer(410)
    gone = poll_at(services, 30)

    assert again == {"outcome": "failed", "status": 500, "error": "the server answered 500", "failures": 2}
    assert (unreadable["outcome"], unreadable["failures"], unreadable["problems"]) == ("failed", 3, 1)
    assert unreadable["error"]
    assert (gone["outcome"], gone["status"], gone["failures"], gone["problems"]) == ("gone", 410, 4, 1)


def test_who_lost_the_feed_to_another_tells_nothing(services: Services, site: Site) -> None:
    def lose(_headers: Mapping[str, str]) -> Answer:
        with services.store.transaction() as transaction:
            transaction.feeds.release_all(services.worker)
            transaction.feeds.claim(["kuestenblatt"], "another", now=NOON, lease=HOUR)
        return Answer(503)

    site.answers["/feed"] = lose

    poll.run(services, limit=10, now=NOON)

    assert rows(services.store) == []


class PickyPost(Post):
    """Has no mailbox for those who are `unknown`, and none for `full` at the moment."""

    async def handle_RCPT(
        self, server: Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.to_recipient = {"unknown": "550 5.1.1 no such mailbox", "full": "452 4.2.2 mailbox full"}.get(
            address.partition("@")[0], "250 fine"
        )
        return await super().handle_RCPT(server, session, envelope, address, options)


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return runtime.make_enricher(Settings.load({}), Configuration((), (), (), ()))


@pytest.fixture
def desk(tmp_path: Path, enricher: Enricher) -> Iterator[Callable[..., Services]]:
    """Makes a worker with a watch for these recipients, whose mails go to a real server, and an article for it."""
    with ExitStack() as opened:
        port = opened.enter_context(a_server(PickyPost()))

        def desk(*recipients: str) -> Services:
            store = Store(f"sqlite:///{tmp_path / 'store.db'}")
            watch = a_watch(to=tuple(f"{one}@desk.example" for one in recipients))
            made = a_worker(store, mailer_at(port), watches=[watch], enricher=lambda: enricher)
            let_alert(store, on_starlink(published=NOON - 2 * MINUTE, topics=("space",), agency="dpa", language="de"))
            return opened.enter_context(made)

        yield desk


def alert_at(services: Services, minutes: int = 0) -> dict[str, Any]:
    """Decide and deliver so long after noon; returns the row of the only alert."""
    alert.run(services, limit=10, now=NOON + minutes * MINUTE)
    (row,) = rows(services.store)
    return row


def test_an_alert_is_told_with_why_and_how_late_and_without_its_recipients(desk: Callable[..., Services]) -> None:
    services = desk("one", "two")

    row = alert_at(services)

    sent = datetime.fromisoformat(row.pop("sent"))
    assert timedelta() <= sent - NOON < MINUTE
    assert row.pop("sent_lag_seconds") == pytest.approx(120 + (sent - NOON).total_seconds(), abs=0.01)
    assert row == {
        "id": alert_id("starlink", "story-a1"),
        "watches": "starlink",
        "watch_name": "Starlink",
        "article_id": "a1",
        "story_id": "story-a1",
        "headline": "Bericht a1",
        "url": "https://kuestenblatt.example/a1",
        "source": {"id": "kuestenblatt", "name": "Küstenblatt"},
        "agency": "dpa",
        "language": "de",
        "topics": ["space"],
        "why": ["entities: starlink"],
        "published": "2026-11-03T11:58:00+00:00",
        "lag_seconds": 120.0,
        "recipients": 2,
        "reached": 2,
        "state": "sent",
    }


def test_an_alert_whose_mail_is_put_off_waits(desk: Callable[..., Services]) -> None:
    row = alert_at(desk("full"))

    assert (row["state"], row["reached"]) == ("waiting", 0)
    assert "sent" not in row


def test_an_alert_that_nobody_may_get_is_refused(desk: Callable[..., Services]) -> None:
    row = alert_at(desk("unknown"))

    assert (row["state"], row["recipients"], row["reached"]) == ("refused", 1, 0)


def test_one_recipient_who_gets_it_is_enough_for_an_alert_to_be_sent(desk: Callable[..., Services]) -> None:
    row = alert_at(desk("one", "unknown", "full"))

    assert (row["state"], row["recipients"], row["reached"]) == ("sent", 3, 1)


def test_the_first_mail_counts_where_another_follows_later(desk: Callable[..., Services]) -> None:
    services = desk("one", "full")
    first = alert_at(services)
    with services.store.transaction() as transaction:
        (later,) = [one.id for one in transaction.ledger.deliveries([first["id"]]) if one.state == "waiting"]
        transaction.ledger.sent(later, "nobody", now=NOON + HOUR)

        journal.tell_delivery(transaction, first["id"], now=NOON + HOUR)

    (row,) = rows(services.store)
    assert (row["sent"], row["sent_lag_seconds"]) == (first["sent"], first["sent_lag_seconds"])
    assert (row["reached"], row["state"]) == (2, "sent")


def test_two_workers_that_deliver_at_once_overlook_no_mail_of_each_other(postgres_url: str) -> None:
    one, two, watcher = (Store(postgres_url) for _ in range(3))
    with one.transaction() as transaction:
        transaction.ledger.record(an_alert(), [a_message(id=name) for name in ("<1@x>", "<2@x>")])
        transaction.journal.write(Record("alert-1", "alerts", NOON, {"lag_seconds": 1.0}), now=NOON)

    def deliver_second() -> None:
        with two.transaction() as transaction:
            transaction.ledger.sent("<2@x>", "two", now=NOON + 2 * MINUTE)
            journal.tell_delivery(transaction, "alert-1", now=NOON + 2 * MINUTE)

    colleague = Thread(target=deliver_second)
    with one.transaction() as transaction:
        transaction.ledger.sent("<1@x>", "one", now=NOON + MINUTE)
        journal.tell_delivery(transaction, "alert-1", now=NOON + MINUTE)
        colleague.start()
        wait_for_a_lock(watcher)
    colleague.join()

    (row,) = rows(one)
    for store in (one, two, watcher):
        store.close()
    assert (row["reached"], row["sent"], row["sent_lag_seconds"]) == (2, (NOON + MINUTE).isoformat(), 61.0)


def wait_for_a_lock(store: Store) -> None:
    """Return as soon as somebody waits for what another holds."""
    for _ in range(1_000):
        with store._engine.connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one():
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def test_mail_of_an_alert_without_a_row_goes_out_all_the_same(desk: Callable[..., Services]) -> None:
    services = desk("one")
    let_wait(services.store, 1)

    report = alert.run(services, limit=10, now=NOON)

    assert report.counts["sent"] == 2
    assert len(rows(services.store)) == 1


def test_an_article_that_raises_no_alert_has_no_row(desk: Callable[..., Services]) -> None:
    services = desk("one")
    let_alert(services.store, on_starlink("a2", entity_ids=()), on_starlink("a3", story_id="story-a1"))

    alert_at(services)

    assert len(rows(services.store)) == 1


def test_the_embedded_index_leaves_the_rows_where_they_are(services: Services) -> None:
    poll_at(services, 0)

    report = index.run(services, limit=10, now=NOON)

    assert (report.counts.total(), report.stopped) == (0, None)
    with services.store.transaction() as transaction:
        assert len(transaction.journal.claim("one", limit=10, now=NOON, lease=HOUR)) == 1


def test_housekeeping_forgets_what_is_older_than_the_journal_is_kept(site: Site, tmp_path: Path) -> None:
    with a_newsroom(tmp_path, a_feed(f"{site.url}/feed"), journal_retention="1h") as services:
        poll.run(services, limit=10, now=NOON)
        make_due(services, NOON + 10 * MINUTE)
        poll.run(services, limit=10, now=NOON + 10 * MINUTE)

        counts = upkeep.housekeeping(services, now=NOON + HOUR + MINUTE)

        assert counts["journal_rows_forgotten"] == 1
        assert [row["outcome"] for row in rows(services.store)] == ["unchanged"]
