"""What do the readers of digests get, and when? The stage on a real store, with mails as files in an outbox folder."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.article import Status
from pipeline.config import Configuration, Settings
from pipeline.enrich import Enricher
from pipeline.stages import digest
from pipeline.store import Store
from tests.alerting import Desk, a_copy, a_digest, a_watch, on_starlink, store_url
from tests.factories import a_source
from tests.integration import working

DAY = timedelta(days=1)
HALF_PAST_SIX = datetime(2026, 11, 3, 5, 30, tzinfo=UTC)
"""In Berlin."""
NIGHT = HALF_PAST_SIX - timedelta(hours=4)


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return runtime.make_enricher(Settings.load({}), Configuration((), (), (), ()))


@pytest.fixture
def desk(tmp_path: Path, enricher: Enricher) -> Iterator[Desk]:
    desk = Desk(lambda: Store(f"sqlite:///{tmp_path / 'store.db'}"), tmp_path / "outbox", enricher)
    desk.publish(a_digest(), now=HALF_PAST_SIX - DAY)
    yield desk
    desk.close()


def alerted(desk: Desk, *names: str, now: datetime = NIGHT, **changes: object) -> None:
    """Let alerts about these articles be raised, and take their mails away."""
    desk.receive(*(on_starlink(one, published=now, first_seen=now, **changes) for one in names), now=now)
    desk.run(now=now)
    desk.empty()


def test_the_stories_of_the_period_come_in_one_mail_the_newest_first(desk: Desk) -> None:
    alerted(desk, "a1", headline="Erster Bericht")
    alerted(desk, "a2", headline="Zweiter Bericht", now=NIGHT + timedelta(minutes=5))

    report = desk.publish(a_digest(), now=HALF_PAST_SIX)

    assert desk.subjects == ["[Morning] 2 stories, Tue 3 Nov"]
    text = desk.text()
    assert text.index("Zweiter Bericht") < text.index("Erster Bericht")
    assert "From Mon 2 Nov 2026, 06:30 CET to Tue 3 Nov 2026, 06:30 CET (Europe/Berlin)" in text
    assert "Küstenblatt, Tue 3 Nov 2026, 02:35 CET" in text
    assert "Watches: Starlink" in text
    assert "https://kuestenblatt.example/a2" in text
    assert report.counts == {"periods": 1, "digests": 1, "sent": 1}


def test_before_its_hour_and_after_it_no_mail_goes(desk: Desk) -> None:
    alerted(desk, "a1")

    desk.publish(a_digest(), now=HALF_PAST_SIX - timedelta(seconds=1))
    assert desk.subjects == []
    desk.publish(a_digest(), now=HALF_PAST_SIX)
    desk.empty()

    desk.publish(a_digest(), now=HALF_PAST_SIX + timedelta(hours=1))
    desk.publish(a_digest(), now=HALF_PAST_SIX - DAY)

    assert desk.subjects == []


def test_a_period_without_news_has_no_mail_and_is_over(desk: Desk) -> None:
    report = desk.publish(a_digest(), now=HALF_PAST_SIX)
    alerted(desk, "a1", now=HALF_PAST_SIX + timedelta(hours=1))
    desk.publish(a_digest(), now=HALF_PAST_SIX + DAY)

    assert +report.counts == {"periods": 1}
    assert "From Tue 3 Nov 2026, 06:30 CET to Wed 4 Nov 2026" in desk.text()


def test_after_a_week_of_rest_one_mail_tells_of_the_whole_week(desk: Desk) -> None:
    alerted(desk, "a1")
    alerted(desk, "a2", now=NIGHT + 3 * DAY)

    desk.publish(a_digest(), now=HALF_PAST_SIX + 7 * DAY + timedelta(hours=2))

    assert desk.subjects == ["[Morning] 2 stories, Tue 10 Nov"]
    assert "From Mon 2 Nov 2026, 06:30 CET to Tue 10 Nov 2026, 06:30 CET" in desk.text()


def test_a_new_digest_begins_with_its_next_hour(desk: Desk) -> None:
    alerted(desk, "a1", now=NIGHT - 3 * DAY)
    evening = a_digest(id="evening", name="Evening", at="18:00")

    desk.publish(evening, now=NIGHT)
    desk.publish(evening, now=HALF_PAST_SIX + DAY)

    assert desk.subjects == []


def test_reports_of_one_story_are_one_entry_that_counts_them(desk: Desk) -> None:
    alerted(desk, "a1")
    desk.receive(a_copy("c1"), a_copy("c2"), now=NIGHT)
    desk.run(a_watch(), a_watch(id="also", name="Also"), now=NIGHT)
    desk.empty()

    desk.publish(a_digest(), watches=[a_watch(), a_watch(id="also", name="Also")], now=HALF_PAST_SIX)

    assert desk.subjects == ["[Morning] 1 story, Tue 3 Nov"]
    assert "3 articles from 3 sources" in desk.text()
    assert "Watches: Also, Starlink" in desk.text()


def test_what_its_source_withdrew_is_left_out_and_counted(desk: Desk) -> None:
    alerted(desk, "a1", "a2")
    desk.receive(on_starlink("a2", version=2, status=Status.KILLED, published=NIGHT), now=NIGHT)

    desk.publish(a_digest(), now=HALF_PAST_SIX)

    assert desk.subjects == ["[Morning] 1 story, Tue 3 Nov"]
    assert "Bericht a2" not in desk.text()
    assert "1 story was withdrawn by the source and left out." in desk.text()


def test_more_stories_than_fit_are_counted(desk: Desk) -> None:
    alerted(desk, "a1", "a2", "a3")

    desk.publish(a_digest(stories=2), now=HALF_PAST_SIX)

    assert desk.subjects == ["[Morning] 3 stories, Tue 3 Nov"]
    assert "1 older story did not fit into this mail." in desk.text()


@pytest.mark.parametrize(
    ("digest_watches", "watch_to", "told"),
    [
        ((), "desk@wirewatch.example", 1),
        ((), "DESK@wirewatch.example", 1),
        ((), "science@wirewatch.example", 1),  # no watch mails the reader: he reads of all
        (("starlink",), "science@wirewatch.example", 1),
        (("space",), "desk@wirewatch.example", 0),
    ],
)
def test_it_tells_of_the_watches_it_names_or_else_of_those_of_its_reader(
    digest_watches: tuple[str, ...], watch_to: str, told: int, desk: Desk
) -> None:
    alerted(desk, "a1")
    watches = [a_watch(to=(watch_to,)), a_watch(id="space", name="Space", to=("other@wirewatch.example",))]

    desk.publish(a_digest(watches=digest_watches), watches=watches, now=HALF_PAST_SIX)

    assert len(desk.subjects) == told


def test_a_reader_whom_a_watch_mails_is_told_of_no_other(desk: Desk) -> None:
    alerted(desk, "a1")
    watches = [a_watch(to=("other@wirewatch.example",)), a_watch(id="space", name="Space")]

    desk.publish(a_digest(), watches=watches, now=HALF_PAST_SIX)

    assert desk.subjects == []


def test_each_reader_gets_a_message_of_his_own(desk: Desk) -> None:
    alerted(desk, "a1")

    desk.publish(a_digest(to=("desk@wirewatch.example", "editor@wirewatch.example")), now=HALF_PAST_SIX)

    assert sorted(mail["To"] for mail in desk.mails) == ["desk@wirewatch.example", "editor@wirewatch.example"]
    assert len({mail["Message-ID"] for mail in desk.mails}) == 2


def test_an_alert_that_was_kept_only_after_its_period_had_ended_comes_in_the_next(desk: Desk) -> None:
    desk.publish(a_digest(), now=HALF_PAST_SIX)
    alerted(desk, "slow", now=HALF_PAST_SIX - timedelta(minutes=1))

    desk.publish(a_digest(), now=HALF_PAST_SIX + DAY)

    assert "Bericht slow" in desk.text()


def test_what_was_told_yesterday_is_not_told_again_today(desk: Desk) -> None:
    alerted(desk, "a1")
    desk.publish(a_digest(), now=HALF_PAST_SIX)
    desk.empty()

    desk.publish(a_digest(), now=HALF_PAST_SIX + DAY)

    assert desk.subjects == []


def test_a_digest_that_was_switched_off_does_not_catch_up(desk: Desk) -> None:
    off = a_digest(enabled=False)
    alerted(desk, "a1")
    desk.publish(off, now=HALF_PAST_SIX)
    alerted(desk, "a2", now=NIGHT + DAY)

    desk.publish(a_digest(), now=HALF_PAST_SIX + DAY)

    assert desk.subjects == ["[Morning] 1 story, Wed 4 Nov"]


def test_a_clock_that_showed_next_year_silences_no_digest_and_repeats_nothing(desk: Desk) -> None:
    alerted(desk, "a1")
    desk.publish(a_digest(), now=HALF_PAST_SIX + 365 * DAY)
    desk.empty()
    alerted(desk, "a2", now=HALF_PAST_SIX + timedelta(hours=1))

    desk.publish(a_digest(), now=HALF_PAST_SIX + timedelta(hours=2))
    desk.publish(a_digest(), now=HALF_PAST_SIX + DAY)

    assert desk.subjects == ["[Morning] 1 story, Wed 4 Nov"]
    assert "Bericht a2" in desk.text()


def test_what_would_be_sent_can_be_seen_before_and_changes_nothing(desk: Desk) -> None:
    alerted(desk, "a1")
    services = desk.worker(a_watch(), digests=[a_digest()])

    (mail,) = digest.preview(services, now=HALF_PAST_SIX)

    assert (mail["digest"], mail["recipient"]) == ("morning", "desk@wirewatch.example")
    assert [one["headline"] for one in mail["stories"]] == ["Bericht a1"]
    assert desk.subjects == []
    assert digest.preview(services, now=HALF_PAST_SIX - DAY) == []
    desk.publish(a_digest(), now=HALF_PAST_SIX)
    assert len(desk.subjects) == 1


def test_the_schedule_says_what_is_told_and_what_is_due(desk: Desk) -> None:
    unknown, off = a_digest(id="new", at="18:00"), a_digest(id="off", enabled=False)

    with desk.store.reading() as transaction:
        rows = digest.schedule(transaction, [a_digest(), unknown, off], now=NIGHT)

    assert [(row["digest"], row["told_until"], row["next"]) for row in rows] == [
        ("morning", HALF_PAST_SIX - DAY, HALF_PAST_SIX),
        ("new", None, datetime(2026, 11, 3, 17, 0, tzinfo=UTC)),
    ]


def test_four_workers_at_once_send_one_digest(store: Store, tmp_path: Path, enricher: Enricher) -> None:
    url = store_url(store)
    desk = Desk(lambda: Store(url), tmp_path / "outbox", enricher)
    desk.publish(a_digest(), now=HALF_PAST_SIX - DAY)
    alerted(desk, "a1")

    counts = working.together(working.publish, [(url, tmp_path / "outbox", HALF_PAST_SIX)] * 4)

    assert sum(one.get("digests", 0) for one in counts) == 1
    assert sum(one.get("sent", 0) for one in counts) == 1
    assert desk.subjects == ["[Morning] 1 story, Tue 3 Nov"]
    desk.close()


def test_killed_anywhere_a_worker_loses_no_digest_and_sends_none_twice(desk: Desk, tmp_path: Path) -> None:
    outbox, url = tmp_path / "outbox", store_url(desk.store)
    delays = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05)
    for number in range(len(delays)):
        alerted(desk, f"a{number}", now=NIGHT + number * DAY)

    mornings = [HALF_PAST_SIX + number * DAY for number in range(len(delays))]
    killed = [
        working.struck(working.publish_alone, (url, outbox, now), after=delay)
        for now, delay in zip(mornings, delays, strict=True)
    ]
    # The leases of the dead have run out by then.
    assert not working.struck(working.publish_alone, (url, outbox, mornings[-1] + timedelta(hours=1)), after=None)

    told = [name for file in outbox.glob("*.eml") for name in range(len(delays)) if f"Bericht a{name}" in read(file)]
    assert sorted(told) == list(range(len(delays)))
    assert any(killed)


def read(file: Path) -> str:
    """The plain text of a message."""
    part = message_from_bytes(file.read_bytes(), EmailMessage, policy=SMTP).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_another_source_of_the_story_is_named_with_its_agency(desk: Desk) -> None:
    source = a_source(id="funkhaus", name="Funkhaus Nord")
    alerted(desk, "a1", source=source, agency="dpa", urgency=1)

    desk.publish(a_digest(), now=HALF_PAST_SIX)

    assert "Funkhaus Nord (dpa), " in desk.text()
    assert "URGENT Bericht a1" in desk.text()
