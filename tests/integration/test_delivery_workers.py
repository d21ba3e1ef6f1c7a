"""Do several workers, slow, late or killed, send each message once?"""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.stages import StageReport
from pipeline.stages.delivery import PAUSE, deliver
from pipeline.store import Store
from tests.alerting import a_worker, deliver_all, ids_of, let_wait, mailer_at, outbox, store_url
from tests.factories import NOON
from tests.mail_server import Post, a_server
from tests.stores import Connect

LATER = NOON + 2 * PAUSE
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'store.db'}")


def test_two_workers_at_once_share_the_work_and_send_each_message_once(post: Post, connect: Connect) -> None:
    waiting = let_wait(connect(), 40)
    both = threading.Barrier(2, timeout=20)
    reports: list[StageReport] = []

    def work(port: int, store: Store) -> None:
        with a_worker(store, mailer_at(port)) as services:
            both.wait()
            reports.append(deliver_all(services))

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
        post.before_message = lambda: meanwhile.append(deliver_all(other, now=began + timedelta(minutes=10, seconds=5)))
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

        deliver_all(services, now=NOON + timedelta(minutes=1))
        held = outbox(services)
        deliver_all(services, now=after_the_lease)

        assert held == {"waiting": 1}
        assert outbox(services) == {"sent": 1}
    assert [envelope.content for envelope in post.taken] == [post.taken[0].content] * 2
