"""Does every message that waits go out, once, whatever the mail server and other workers do?"""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from pipeline.stages import Services
from pipeline.stages.delivery import PAUSE, wait_before
from pipeline.stages.upkeep import retry
from pipeline.store import Store
from tests.alerting import a_worker, deliver_all, ids_of, let_wait, mailer_at, outbox, store_url
from tests.factories import NOON
from tests.mail_server import Post, a_closed_port, a_server, content_of
from tests.stores import Connect

LATER = NOON + 2 * PAUSE
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Closed by the worker that uses it."""
    return Store(f"sqlite:///{tmp_path / 'store.db'}")


def problems(services: Services) -> dict[str, str]:
    """Subjects and reasons of what is open."""
    with services.store.reading() as transaction:
        return {one.subject: one.reason for one in transaction.problems.latest()}


@contextmanager
def a_server_that_hangs_up() -> Iterator[tuple[int, list[None]]]:
    """Its port, and an item for every call it got."""
    calls: list[None] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                listener.accept()[0].close()
                calls.append(None)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], calls
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()


def test_all_that_waits_goes_out_once_over_one_connection(post: Post, store: Store) -> None:
    waiting = let_wait(store, 5)

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        report = deliver_all(services)
        deliver_all(services, now=LATER)

        assert ids_of(post) == Counter(waiting)
        assert report.counts["sent"] == 5
        assert report.stopped is None
        assert outbox(services) == {"sent": 5}
    assert len(post.sessions) == 1


def test_no_more_than_the_limit_goes_out(post: Post, store: Store) -> None:
    let_wait(store, 5)

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        deliver_all(services, limit=2)

        assert outbox(services) == {"sent": 2, "waiting": 3}


def test_a_server_that_is_away_is_asked_once_by_all_and_told_of_once(connect: Connect) -> None:
    store = connect()
    let_wait(store, 200)

    with (
        a_server_that_hangs_up() as (port, calls),
        a_worker(store, mailer_at(port)) as services,
        a_worker(connect(), mailer_at(port)) as colleague,
    ):
        reports = [
            deliver_all(one, now=NOON + timedelta(seconds=number)) for number, one in enumerate([services, colleague])
        ]

        assert len(calls) == 1
        assert outbox(services) == {"waiting": 200}
        assert set(problems(services)) == {"mail"}
        for report in reports:
            assert f"`127.0.0.1:{port}` takes no mail" in str(report.stopped)
            assert "200 messages wait and will be tried again after 12:01:0" in str(report.stopped)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)], ids=str)
def test_a_pause_that_a_clock_ahead_began_does_not_hold_up_mail_when_the_clock_is_set_back(
    post: Post, store: Store, jump: timedelta
) -> None:
    waiting = let_wait(store, 2)
    with a_closed_port() as closed, a_worker(Store(store_url(store)), mailer_at(closed)) as services:
        deliver_all(services, now=NOON + jump)

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        report = deliver_all(services, now=LATER)

        assert report.stopped is None
        assert ids_of(post) == Counter(waiting)


def test_a_server_that_is_back_gets_each_message_once(post: Post, store: Store) -> None:
    waiting = let_wait(store, 3)

    with a_closed_port() as closed, a_worker(Store(store_url(store)), mailer_at(closed)) as services:
        for minute in range(30):
            deliver_all(services, now=NOON + minute * PAUSE)
        with services.store.transaction() as transaction:
            first = transaction.ledger.claim("reader", now=NOON + timedelta(hours=1), lease=timedelta())
        assert first is not None
        assert first.attempts == 0
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        deliver_all(services, now=NOON + timedelta(hours=1))

        assert ids_of(post) == Counter(waiting)
        assert problems(services) == {}


def test_a_message_at_which_the_server_dies_holds_up_no_other(store: Store) -> None:
    waiting = let_wait(store, 3)

    class Fragile(Post):
        async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
            if waiting[0].encode() in content_of(envelope) and isinstance(server.transport, asyncio.Transport):
                server.transport.abort()
                return "421 never heard"
            return await super().handle_DATA(server, session, envelope)

    post = Fragile()
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        deliver_all(services)
        deliver_all(services, now=LATER)

        assert ids_of(post) == Counter(waiting[1:])
        assert outbox(services) == {"sent": 2, "waiting": 1}


def test_a_message_refused_for_good_is_set_aside_and_the_others_go(post: Post, store: Store) -> None:
    first, *_ = let_wait(store, 3)
    post.to_recipient = "550 5.1.1 no such mailbox"

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        deliver_all(services, limit=1)
        post.to_recipient = "250 fine"
        report = deliver_all(services)

        assert list(problems(services)) == [f"message:{first}"]
        assert "550 5.1.1 no such mailbox" in problems(services)[f"message:{first}"]
        assert outbox(services) == {"refused": 1, "sent": 2}
        assert report.stopped is None


def test_a_message_refused_for_now_is_tried_again_after_longer_and_longer_pauses(post: Post, store: Store) -> None:
    (identifier,) = let_wait(store, 1)
    post.to_recipient = "452 4.2.2 mailbox full"
    tries = []

    with a_server(post) as port, a_worker(store, mailer_at(port), alert_max_attempts=5) as services:
        for minute in range(400):
            report = deliver_all(services, now=NOON + timedelta(minutes=minute, seconds=minute))
            tries += [minute] * report.counts["problems"]

        assert tries == [0, 2, 8, 26, 80]
        assert outbox(services) == {"refused": 1}
        assert list(problems(services)) == [f"message:{identifier}"]


def test_a_server_that_puts_everybody_off_for_a_day_costs_no_message(post: Post, store: Store) -> None:
    waiting = let_wait(store, 3)
    post.to_message = "451 4.3.0 try again later"

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        for hour in range(25):
            deliver_all(services, now=NOON + timedelta(hours=hour))
        post.to_message = "250 fine"
        for hour in range(25, 50):
            deliver_all(services, now=NOON + timedelta(hours=hour))

        assert ids_of(post) == Counter(waiting)
        assert problems(services) == {}


def test_the_attempts_of_the_default_last_longer_than_a_day() -> None:
    waits = [wait_before(attempt) for attempt in range(1, 8)]

    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(days=1)


def test_a_refused_message_is_tried_at_once_when_a_person_says_so(post: Post, store: Store) -> None:
    let_wait(store, 2)
    post.to_recipient = "550 no"
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        deliver_all(services)
        with services.store.reading() as transaction:
            chosen = transaction.problems.latest()[0].id
        post.to_recipient = "250 fine"

        retry(services.store, [chosen], now=NOON)
        deliver_all(services)

        assert outbox(services) == {"refused": 1, "sent": 1}


def test_a_person_need_not_wait_for_the_end_of_the_pause(post: Post, store: Store) -> None:
    let_wait(store, 1)
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        post.to_sender = "421 closing"
        deliver_all(services)
        post.to_sender = "250 fine"

        retry(services.store, None, now=NOON)
        deliver_all(services, now=NOON + PAUSE / 2)

        assert outbox(services) == {"sent": 1}
