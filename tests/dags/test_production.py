"""From end to end with Airflow's own scheduler: the sample wire comes in, the alerts go out, and kills lose nothing."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline import runtime
from pipeline.config import Settings
from pipeline.demo import SampleWire
from pipeline.stages import Services, run_all
from tests.command_line import WITHOUT_MODEL
from tests.dags.newsroom import ROOT, Newsroom, a_wire, mails
from tests.dags.production import Production
from tests.mail_server import Post, a_server
from tests.postgres import Postgres

pytest.importorskip("airflow", reason="the extra `airflow` is not installed")


@contextmanager
def a_patient_wire(folder: Path) -> Iterator[SampleWire]:
    """The sample wire, of which every feed was asked twice before: one of them fails that often."""
    with a_wire(folder) as wire:
        for feed in wire.feeds:
            if feed.url.startswith("http"):
                for _ in range(2):
                    httpx.get(feed.url)
        yield wire


def came(services: Services) -> dict[str, Any]:
    """What stands in the store and in the index, by headlines, which are the same on every sample wire."""
    with services.store.reading() as transaction:
        articles = {one.id: one for one in transaction.articles.all()}
        alerts, waiting = transaction.ledger.alerts(), transaction.work.waiting()
    stories: dict[str | None, list[str]] = {}
    for one in articles.values():
        stories.setdefault(one.story_id, []).append(one.headline)
    return {
        "articles": sorted((one.headline, one.version, one.topics, one.watches) for one in articles.values()),
        "stories": sorted(sorted(one) for one in stories.values()),
        "alerts": sorted((one.watch_id, min(stories[articles[one.article_id].story_id])) for one in alerts),
        "indexed": sorted(articles[one].headline for one, _ in services.index.ids()),
        "waiting": dict(waiting),
    }


class Desk:
    """The newsroom that production works for, as somebody at a desk sees it."""

    def __init__(self, services: Services, wire: SampleWire, post: Post) -> None:
        self._services, self.wire, self._post = services, wire, post

    @property
    def came(self) -> dict[str, Any]:
        return came(self._services)

    def is_done(self) -> bool:
        """Whether articles came and nothing waits for a stage or to be sent."""
        with self._services.store.reading() as transaction:
            outbox, waiting = transaction.ledger.outbox(), transaction.work.waiting()
        return bool(outbox.get("sent")) and not outbox.get("waiting") and not any(one.count for one in waiting.values())

    def make_due(self) -> None:
        """Let every feed be due, as if its time had come."""
        with self._services.store.transaction() as transaction:
            for state in transaction.feeds.states().values():
                transaction.feeds.revive(state.changed(next_poll=datetime.now(UTC)))

    @property
    def messages(self) -> list[str]:
        """The ids of the mails that the mail server took."""
        return [str(mail["Message-ID"]) for mail in mails(self._post)]

    @property
    def sent(self) -> int:
        """How many mails the ledger says were sent."""
        with self._services.store.reading() as transaction:
            return transaction.ledger.outbox().get("sent", 0)


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Services]:
    """The same wire and watches in this process, without Airflow."""
    settings = Settings.load(WITHOUT_MODEL | {"WIREWATCH_DATA": str(tmp_path / "undisturbed")})
    with a_patient_wire(tmp_path / "reference") as wire:
        configuration = replace(runtime.load_configuration(ROOT / "config"), feeds=tuple(wire.feeds))
        with runtime.working(settings, configuration) as services:
            list(run_all(services, clock=lambda: datetime.now(UTC)))
            wire.publish_update()
            desk = Desk(services, wire, Post())
            desk.make_due()
            list(run_all(services, clock=lambda: datetime.now(UTC)))
            yield services


def test_kills_of_scheduler_and_task_and_a_second_scheduler_lose_nothing_and_send_nothing_twice(
    postgres: Postgres, undisturbed: Services, tmp_path: Path
) -> None:
    post, store_url = Post(), postgres.database()
    with ExitStack() as stack:
        port = stack.enter_context(a_server(post))
        wire = stack.enter_context(a_patient_wire(tmp_path / "wire"))
        newsroom = Newsroom(tmp_path)
        newsroom.take_shipped(wire.feeds)
        newsroom.variables |= {"WIREWATCH_STORE_URL": store_url, "WIREWATCH_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        production = stack.enter_context(Production(tmp_path / "airflow", postgres.database(), newsroom.variables))
        services = stack.enter_context(runtime.working(Settings.load(newsroom.variables)))
        desk = Desk(services, wire, post)

        production.unpause("poll_wires", "process_articles")
        production.wait_until(desk.is_done, "the sample wire is indexed and the alerts are sent")
        first = len(desk.messages)
        assert first

        wire.publish_update()
        desk.make_due()
        production.trigger("poll_wires")
        production.wait_until(lambda: "dedup" in production.tasks("process_articles", state="running"), "dedup runs")
        killed = production.kill("scheduler")
        assert any("LocalExecutor" in one and "<idle>" not in one for one in killed), killed
        for number in (1, 2):
            production.start("scheduler", number=number)
        production.wait_until(lambda: desk.is_done() and production.is_idle(), "what was left is done")

        assert desk.came == came(undisturbed)
        assert set(Counter(desk.messages).values()) == {1}
        assert len(desk.messages) == desk.sent > first
