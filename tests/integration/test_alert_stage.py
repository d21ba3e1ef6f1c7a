"""Who is told of what, and how often? The stage on a real store, with alerts as files in an outbox folder."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline import runtime
from pipeline.article import Status
from pipeline.config import Configuration, Settings
from pipeline.enrich import Enricher
from pipeline.search import KibanaLinks
from pipeline.stages import STAGES, StageReport, alert, boundary
from pipeline.store import Store
from tests.alerting import Desk, a_copy, a_watch, on_starlink
from tests.factories import NOON, a_source
from tests.postgres import _template, postgres, postgres_url  # noqa: F401

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return runtime.make_enricher(Settings.load({}), Configuration((), (), (), ()))


@pytest.fixture
def desk(tmp_path: Path, enricher: Enricher) -> Iterator[Desk]:
    desk = Desk(lambda: Store(f"sqlite:///{tmp_path / 'store.db'}"), tmp_path / "outbox", enricher)
    yield desk
    desk.close()


def test_an_article_on_what_is_watched_raises_one_alert(desk: Desk) -> None:
    desk.receive(on_starlink(), on_starlink("a2", entity_ids=("tesla",)))

    report = desk.run()
    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]
    assert report.counts["alerts"] == report.counts["sent"] == 1


def test_what_an_article_matched_is_kept_with_it(desk: Desk) -> None:
    desk.receive(on_starlink(), on_starlink("a2", entity_ids=()))

    desk.run(a_watch(), a_watch(id="also"))

    with desk.store.reading() as transaction:
        assert {name: one.watches for name, one in transaction.articles.many(["a1", "a2"]).items()} == {
            "a1": ("also", "starlink"),
            "a2": (),
        }


def test_each_recipient_gets_a_message(desk: Desk) -> None:
    desk.receive(on_starlink())

    desk.run(a_watch(to=("one@desk.example", "two@desk.example")))

    assert sorted(str(mail["To"]) for mail in desk.mails) == ["one@desk.example", "two@desk.example"]


def test_each_watch_that_matches_gets_its_alert(desk: Desk) -> None:
    desk.receive(on_starlink())

    desk.run(a_watch(), a_watch(id="all", name="Alles", entities=(), sources=("kuestenblatt",)))

    assert desk.subjects == ["[Alles] Bericht a1", "[Starlink] Bericht a1"]


def test_a_watch_that_is_switched_off_is_silent(desk: Desk) -> None:
    desk.receive(on_starlink())

    desk.run(a_watch(enabled=False))

    assert desk.mails == []


@pytest.mark.parametrize("together", [True, False])
def test_a_copy_raises_no_second_alert(desk: Desk, *, together: bool) -> None:
    desk.receive(on_starlink())
    if not together:
        desk.run()
    desk.receive(a_copy("a2"))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]


@pytest.mark.parametrize("together", [True, False])
def test_a_later_report_of_the_story_raises_no_second_alert(desk: Desk, *, together: bool) -> None:
    desk.receive(on_starlink())
    if not together:
        desk.run()
    desk.receive(on_starlink("a2", story_id="story-a1", published=NOON + HOUR))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]


def test_a_new_version_raises_no_second_alert(desk: Desk) -> None:
    desk.receive(on_starlink())
    desk.run()
    desk.receive(on_starlink(version=2, headline="Berichtigt", status=Status.CORRECTED))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]


def test_a_story_that_joined_one_already_told_raises_none(desk: Desk) -> None:
    desk.receive(on_starlink(), on_starlink("a2", entity_ids=()))
    desk.run()
    with desk.store.transaction() as transaction:
        transaction.copies.tell({}, {"story-a1": "story-a2"}, now=NOON)
    desk.receive(on_starlink("a3", story_id="story-a2"))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]


def test_a_story_that_is_joined_between_claim_and_decision_raises_none(desk: Desk) -> None:
    """Dedup runs beside the stage: what the stage read when it claimed may be over when it decides."""
    desk.receive(on_starlink())
    desk.run()
    desk.receive(on_starlink("a2"))
    watcher, report = desk.worker(a_watch()), StageReport("alert", NOON)
    claimed = boundary.claim(watcher, report, limit=10, now=NOON)
    with desk.store.transaction() as transaction:
        transaction.copies.tell({}, {"story-a2": "story-a1"}, now=NOON)

    alert._decide(watcher, report, claimed.articles, now=NOON)

    assert [one.id for one in claimed.articles] == ["a2"]
    assert report.counts["alerts"] == 0


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"topics": ("space",)}, "topic"),
        ({"sources": ("seepost",)}, "source"),
        ({"languages": ("pl",)}, "language"),
        ({"urgency": 2}, "urgent"),
        ({"query": 'headline:"Bericht words"'}, "words"),
        ({"query": "published:[now-2h TO now] AND NOT language:de"}, "language"),
    ],
)
def test_a_watch_matches_by_each_of_its_conditions(conditions: dict[str, Any], told: str, desk: Desk) -> None:
    desk.receive(
        on_starlink("topic", topics=("space",)),
        on_starlink("source", source=a_source(id="seepost", name="Seepost")),
        on_starlink("language", language="pl"),
        on_starlink("urgent", urgency=1),
        on_starlink("less-urgent", urgency=3),
        on_starlink("words", headline="Ein Bericht words"),
        on_starlink("plain"),
    )

    desk.run(a_watch(entities=(), **conditions))

    (mail,) = desk.mails
    assert told in str(mail["Subject"])


def test_all_conditions_of_a_watch_must_hold(desk: Desk) -> None:
    desk.receive(
        on_starlink("a1", urgency=1), on_starlink("a2", urgency=5), on_starlink("a3", urgency=1, language="pl")
    )

    desk.run(a_watch(urgency=2, query="language:de"))

    assert desk.subjects == ["[Starlink] Bericht a1"]


@pytest.mark.parametrize("status", [Status.KILLED, Status.WITHHELD])
def test_a_killed_or_withheld_article_raises_none_and_waits_for_nothing(status: Status, desk: Desk) -> None:
    desk.receive(on_starlink(status=status), on_starlink("a2", status=status, embargo_until=NOON - HOUR))

    desk.run()

    assert desk.mails == []
    with desk.store.reading() as transaction:
        assert "alert" not in transaction.work.waiting()


def test_an_embargoed_article_raises_its_alert_when_its_hour_has_come(desk: Desk) -> None:
    desk.receive(on_starlink(embargo_until=NOON + HOUR))

    before = [desk.run(now=NOON + minutes).claimed for minutes in (timedelta(), HOUR / 2)]
    silent = desk.mails == []
    desk.run(now=NOON + HOUR)

    assert before == [1, 0]
    assert silent
    assert desk.subjects == ["[Starlink] Bericht a1"]


def test_an_embargo_of_days_is_looked_at_now_and_then_and_no_look_counts_as_an_attempt_in_vain(desk: Desk) -> None:
    desk.receive(on_starlink(embargo_until=NOON + 30 * HOUR))

    looks = sum(desk.run(now=NOON + number * HOUR / 4).claimed for number in range(30 * 4))
    desk.run(now=NOON + 30 * HOUR)

    assert looks == 30
    assert desk.subjects == ["[Starlink] Bericht a1"]


def test_an_embargo_that_a_clock_ahead_put_off_ends_in_time_after_the_clock_is_set_back(desk: Desk) -> None:
    desk.receive(on_starlink(embargo_until=NOON + 2000 * HOUR))
    desk.run(now=NOON + 1999 * HOUR)
    desk.receive(on_starlink("a2"))

    desk.run(now=NOON)
    early = desk.subjects
    desk.run(now=NOON + 2000 * HOUR)

    assert early == ["[Starlink] Bericht a2"]
    assert desk.subjects == ["[Starlink] Bericht a1", "[Starlink] Bericht a2"]


def test_an_alert_about_news_dated_ahead_comes_at_once_and_not_before_them(desk: Desk) -> None:
    desk.receive(on_starlink(published=NOON + HOUR))

    desk.run()

    with desk.store.reading() as transaction:
        (raised,) = transaction.ledger.alerts()
    assert raised.lag_seconds == 0.0


def test_old_news_raise_none(desk: Desk) -> None:
    desk.receive(on_starlink(published=NOON - timedelta(days=3)))

    desk.run()

    assert desk.mails == []


def test_news_that_were_under_embargo_are_as_old_as_its_end(desk: Desk) -> None:
    desk.receive(on_starlink(published=NOON - timedelta(days=5), embargo_until=NOON - HOUR))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]
    with desk.store.reading() as transaction:
        (kept,) = transaction.ledger.alerts()
    assert kept.lag_seconds == 3600


def test_an_alert_is_about_the_original_and_names_the_copies(desk: Desk) -> None:
    desk.receive(a_copy("a0", published=NOON - HOUR), on_starlink(), a_copy("a2"))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a1"]
    assert "This is a copy" not in desk.text()
    assert "- Blatt a0\n  https://kuestenblatt.example/a0\n- Blatt a2" in desk.text()


def test_a_copy_that_comes_before_its_original_is_told_of_with_the_original_named(desk: Desk) -> None:
    desk.receive(on_starlink(entity_ids=()), a_copy("a3"))
    desk.run(a_watch(entities=("nobody",)))
    desk.receive(a_copy("a2"))

    desk.run()
    desk.receive(on_starlink())
    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a2"]
    assert (
        "This is a copy; the original\n- Küstenblatt, 2026-11-03 12:00 UTC\n  https://kuestenblatt.example/a1\n"
        in desk.text()
    )
    assert "Also carried by\n- Blatt a3\n" in desk.text()


@pytest.mark.parametrize(
    "hidden", [{"status": Status.WITHHELD}, {"status": Status.KILLED}, {"embargo_until": NOON + HOUR}]
)
def test_what_must_not_be_public_is_named_in_no_alert(hidden: dict[str, Any], desk: Desk) -> None:
    desk.receive(on_starlink(**hidden), a_copy("a2"), a_copy("a3", **hidden))

    desk.run()

    assert desk.subjects == ["[Starlink] Bericht a2"]
    assert "kuestenblatt.example/a1" not in desk.text()
    assert "Blatt a3" not in desk.text()


def test_an_article_of_which_no_mail_can_be_made_holds_up_no_other(desk: Desk) -> None:
    desk.receive(on_starlink(), on_starlink("a2"))
    impossible = a_watch(id="impossible").model_copy(update={"name": None})

    desk.run(impossible, a_watch())

    assert desk.subjects == ["[Starlink] Bericht a1", "[Starlink] Bericht a2"]
    with desk.store.reading() as transaction:
        assert {one.subject for one in transaction.problems.latest()} == {"article:a1", "article:a2"}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_workers_at_once_on_one_story_raise_one_alert(
    database: str, request: pytest.FixtureRequest, tmp_path: Path, enricher: Enricher
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}" if database == "sqlite" else request.getfixturevalue("postgres_url")
    desk = Desk(lambda: Store(url), tmp_path / "outbox", enricher)
    desk.receive(*[on_starlink(f"a{number}", story_id=f"story-{number % 5}") for number in range(60)])
    both = threading.Barrier(4, timeout=20)
    reports: list[StageReport] = []

    def work() -> None:
        services = desk.worker(a_watch())
        both.wait()
        reports.extend(STAGES["alert"](services, limit=10, now=NOON) for _ in range(6))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(desk.mails) == 5
    assert sum(report.counts["alerts"] for report in reports) == 5
    assert sum(report.counts["seen"] for report in reports) == 60
    desk.close()


def test_an_alert_leads_to_the_article_and_its_story_in_kibana_where_one_is_set(desk: Desk) -> None:
    desk.receive(on_starlink())
    worker = desk.worker(a_watch(), kibana_url="https://kibana.example", kibana_space="newsroom")

    alert.run(worker, limit=100, now=NOON)

    links = KibanaLinks("https://kibana.example", "newsroom")
    article, story = links.article("a1", at=NOON), links.story("story-a1", "a1", at=NOON)
    (mail,) = desk.mails
    html = mail.get_body(("html",))
    assert html
    assert f"The story in Kibana:\n{story}\n\nThe article in Kibana:\n{article}\n" in desk.text()
    assert {unescape(one) for one in re.findall(r'href="([^"]*)"', html.get_content())} >= {article, story}


def test_an_article_that_is_in_no_story_has_no_link_to_one(desk: Desk) -> None:
    desk.receive(on_starlink(story_id=None))

    alert.run(desk.worker(a_watch(), kibana_url="https://kibana.example"), limit=100, now=NOON)

    assert "The article in Kibana:" in desk.text()
    assert "The story in Kibana:" not in desk.text()


def test_without_a_kibana_no_alert_speaks_of_it(desk: Desk) -> None:
    desk.receive(on_starlink())

    desk.run()

    assert "Kibana" not in desk.text()
