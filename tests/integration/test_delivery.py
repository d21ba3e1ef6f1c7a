"""Does every message that waits go out, once, whatever the mail server and other workers do?"""

import asyncio
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import Envelope, Session

from pipeline.alert import SmtpMailer
from pipeline.stages import Services, StageReport
from pipeline.stages.delivery import PAUSE, deliver, wait_before
from pipeline.stages.upkeep import retry
from pipeline.store import Store
from tests.alerting import Connect, a_worker, let_wait
from tests.factories import NOON
from tests.mail_server import Post, a_closed_port, a_server, content_of
from tests.postgres import _template, postgres, postgres_url  # noqa: F401

LATER = NOON + 2 * PAUSE
ROOT = Path(__file__).parents[2]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Closed by the worker that uses it."""
    return Store(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connect]:
    url = f"sqlite:///{tmp_path / 'store.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened: list[Store] = []

    def connect() -> Store:
        opened.append(Store(url))
        return opened[-1]

    yield connect
    for store in opened:
        store.close()


def mailer_at(port: int) -> SmtpMailer:
    return SmtpMailer(f"smtp://127.0.0.1:{port}", 5)


def run(services: Services, *, now: datetime = NOON, limit: int = 1000) -> StageReport:
    report = StageReport("alert", now)
    deliver(services, report, limit=limit)
    return report


def ids_of(post: Post) -> Counter[str]:
    return Counter(str(message_from_bytes(content_of(envelope))["Message-ID"]) for envelope in post.taken)


def outbox(services: Services) -> dict[str, int]:
    with services.store.reading() as transaction:
        return transaction.ledger.outbox()


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
        report = run(services)
        run(services, now=LATER)

        assert ids_of(post) == Counter(waiting)
        assert report.counts["sent"] == 5
        assert report.stopped is None
        assert outbox(services) == {"sent": 5}
    assert len(post.sessions) == 1


def test_no_more_than_the_limit_goes_out(post: Post, store: Store) -> None:
    let_wait(store, 5)

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        run(services, limit=2)

        assert outbox(services) == {"sent": 2, "waiting": 3}


def test_a_server_that_is_away_is_asked_once_by_all_and_told_of_once(connect: Connect) -> None:
    store = connect()
    let_wait(store, 200)

    with (
        a_server_that_hangs_up() as (port, calls),
        a_worker(store, mailer_at(port)) as services,
        a_worker(connect(), mailer_at(port)) as colleague,
    ):
        reports = [run(one, now=NOON + timedelta(seconds=number)) for number, one in enumerate([services, colleague])]

        assert len(calls) == 1
        assert outbox(services) == {"waiting": 200}
        assert set(problems(services)) == {"mail"}
        for report in reports:
            assert f"`127.0.0.1:{port}` takes no mail" in str(report.stopped)
            assert "200 messages wait and will be tried again after 12:01:0" in str(report.stopped)


def test_a_server_that_is_back_gets_each_message_once(post: Post, store: Store) -> None:
    waiting = let_wait(store, 3)

    with a_closed_port() as closed, a_worker(Store(store_url(store)), mailer_at(closed)) as services:
        for minute in range(30):
            run(services, now=NOON + minute * PAUSE)
        with services.store.transaction() as transaction:
            first = transaction.ledger.claim("reader", now=NOON + timedelta(hours=1), lease=timedelta())
        assert first is not None
        assert first.attempts == 0
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        run(services, now=NOON + timedelta(hours=1))

        assert ids_of(post) == Counter(waiting)
        assert problems(services) == {}


def store_url(store: Store) -> str:
    return str(store._engine.url)


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
        run(services)
        run(services, now=LATER)

        assert ids_of(post) == Counter(waiting[1:])
        assert outbox(services) == {"sent": 2, "waiting": 1}


def test_a_message_refused_for_good_is_set_aside_and_the_others_go(post: Post, store: Store) -> None:
    first, *_ = let_wait(store, 3)
    post.to_recipient = "550 5.1.1 no such mailbox"

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        run(services, limit=1)
        post.to_recipient = "250 fine"
        report = run(services)

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
            report = run(services, now=NOON + timedelta(minutes=minute, seconds=minute))
            tries += [minute] * report.counts["problems"]

        assert tries == [0, 2, 8, 26, 80]
        assert outbox(services) == {"refused": 1}
        assert list(problems(services)) == [f"message:{identifier}"]


def test_a_server_that_puts_everybody_off_for_a_day_costs_no_message(post: Post, store: Store) -> None:
    waiting = let_wait(store, 3)
    post.to_message = "451 4.3.0 try again later"

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        for hour in range(25):
            run(services, now=NOON + timedelta(hours=hour))
        post.to_message = "250 fine"
        for hour in range(25, 50):
            run(services, now=NOON + timedelta(hours=hour))

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
        run(services)
        with services.store.reading() as transaction:
            chosen = transaction.problems.latest()[0].id
        post.to_recipient = "250 fine"

        retry(services.store, [chosen], now=NOON)
        run(services)

        assert outbox(services) == {"refused": 1, "sent": 1}


def test_a_person_need_not_wait_for_the_end_of_the_pause(post: Post, store: Store) -> None:
    let_wait(store, 1)
    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        post.to_sender = "421 closing"
        run(services)
        post.to_sender = "250 fine"

        retry(services.store, None, now=NOON)
        run(services, now=NOON + PAUSE / 2)

        assert outbox(services) == {"sent": 1}


def test_two_workers_at_once_share_the_work_and_send_each_message_once(post: Post, connect: Connect) -> None:
    waiting = let_wait(connect(), 40)
    both = threading.Barrier(2, timeout=20)
    reports: list[StageReport] = []

    def work(port: int, store: Store) -> None:
        with a_worker(store, mailer_at(port)) as services:
            both.wait()
            reports.append(run(services))

    with a_server(post) as port:
        workers = [threading.Thread(target=work, args=(port, connect())) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert ids_of(post) == Counter(waiting)
    assert sum(report.counts["sent"] for report in reports) == 40
    assert min(report.counts["sent"] for report in reports) > 0


def test_a_lease_begins_when_the_turn_of_a_message_comes(post: Post, connect: Connect) -> None:
    """The stage began ten minutes ago, which is two leases; another worker looks while a message is under way."""
    waiting = let_wait(connect(), 1)
    began = NOON
    meanwhile: list[StageReport] = []

    with (
        a_server(post) as port,
        a_worker(connect(), mailer_at(port)) as slow,
        a_worker(connect(), mailer_at(port)) as other,
    ):
        post.before_message = lambda: meanwhile.append(run(other, now=began + timedelta(minutes=10, seconds=5)))
        report = StageReport("alert", began)
        report._begun -= 600
        deliver(slow, report, limit=10)

    assert ids_of(post) == Counter(waiting)
    assert len(meanwhile) == 1


def test_a_worker_that_comes_too_late_says_what_was_sent_and_changes_nothing_else(connect: Connect) -> None:
    store = connect()
    (identifier,) = let_wait(store, 1)
    lease = timedelta(minutes=5)
    with store.transaction() as transaction:
        transaction.ledger.claim("slow", now=NOON, lease=lease)
    with store.transaction() as transaction:
        taken_over = transaction.ledger.claim("other", now=NOON + lease, lease=lease)

    with store.transaction() as transaction:
        late = [
            transaction.ledger.refused(identifier, "slow", "550"),
            transaction.ledger.postpone(identifier, "slow", "451", until=NOON),
            transaction.ledger.give_back(identifier, "slow", until=NOON),
        ]
        still_waiting = transaction.ledger.outbox()
        was_mine = transaction.ledger.sent(identifier, "slow", now=NOON)
        refused_after_all = transaction.ledger.refused(identifier, "other", "550")

    assert taken_over is not None
    assert late == [False, False, False]
    assert still_waiting == {"waiting": 1}
    assert (was_mine, refused_after_all) == (False, False)
    with store.reading() as transaction:
        assert transaction.ledger.outbox() == {"sent": 1}


WORKER = """
import sys
from datetime import datetime
from pipeline.alert import SmtpMailer
from pipeline.stages import StageReport
from pipeline.stages.delivery import deliver
from pipeline.store import Store
from tests.alerting import a_worker
url, port, now = sys.argv[1:]
with a_worker(Store(url), SmtpMailer(f"smtp://127.0.0.1:{port}", 5)) as services:
    deliver(services, StageReport("alert", datetime.fromisoformat(now)), limit=10)
"""


def test_a_worker_killed_after_the_servers_yes_is_followed_by_the_very_same_message(post: Post, store: Store) -> None:
    """The one case in which a message is handed over twice; mail stores know it by its Message-ID."""
    let_wait(store, 1)
    after_the_lease = NOON + timedelta(minutes=6)

    with a_server(post) as port, a_worker(store, mailer_at(port)) as services:
        command = [sys.executable, "-c", WORKER, store_url(store), str(port), NOON.isoformat()]
        with subprocess.Popen(command, cwd=ROOT) as worker:
            post.before_message = worker.kill
            assert worker.wait(30) < 0
        post.before_message = lambda: None

        run(services, now=NOON + timedelta(minutes=1))
        held = outbox(services)
        run(services, now=after_the_lease)

        assert held == {"waiting": 1}
        assert outbox(services) == {"sent": 1}
    assert [envelope.content for envelope in post.taken] == [post.taken[0].content] * 2
