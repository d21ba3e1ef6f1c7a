"""What several worker processes do at the same moment in tests; each function runs in a process of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from signal import SIGKILL
from typing import Any, NoReturn

from pipeline import runtime
from pipeline.alert import FolderMailer
from pipeline.config import Configuration, Feed, Settings
from pipeline.stages import Services, digest, poll
from pipeline.store import Outgoing, Store
from tests.alerting import a_digest, a_watch, a_worker
from tests.factories import NOON, an_article
from tests.stores import LEASE, a_message, an_alert

# All imports are done once, in a process that has no threads and opened no store; the workers are its forks.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
_start: Barrier


def together(work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call `work` with each of the arguments, in as many processes, at the same moment; raises what one of them raised."""
    arguments = (_FORKS.Barrier(len(each)),)
    with ProcessPoolExecutor(len(each), mp_context=_FORKS, initializer=_prepare, initargs=arguments) as pool:
        return [future.result() for future in [pool.submit(work, *one) for one in each]]


def _prepare(barrier: Barrier) -> None:
    global _start  # noqa: PLW0603 - one a process, set before its only work
    _start = barrier


def struck(work: Callable[..., Any], arguments: tuple[Any, ...], *, after: float | None) -> bool:
    """Call `work` in a process of its own and kill it so many seconds after it began; returns whether it was still at work."""
    began = _FORKS.Event()
    process = _FORKS.Process(target=_begin, args=(began, work, arguments))
    process.start()
    assert began.wait(60)
    if after is not None:
        process.join(after)
        process.kill()
    process.join(60)
    assert process.exitcode in (0, -SIGKILL)
    return process.exitcode != 0


def _begin(began: Event, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    began.set()
    work(*arguments)


def open_store(url: str) -> dict[str, int]:
    _start.wait()
    store = Store(url)
    with store.reading() as transaction:
        counts = transaction.articles.counts()
    store.close()
    return counts


def empty_the_queue(url: str, owner: str, batch: int) -> list[str]:
    """Claim and finish until nothing waits; returns what was done."""
    store, done = Store(url), list[str]()
    _start.wait()
    while True:
        with store.transaction() as transaction:
            claimed = transaction.work.claim("read", owner, limit=batch, now=NOON, lease=LEASE)
        if not claimed:
            store.close()
            return done
        with store.transaction() as transaction:
            mine = transaction.work.finish("read", owner, claimed)
            transaction.work.add(mine, "dedup", now=NOON)
        done += mine


def poll_feed(url: str, data: Path, feed: Feed) -> dict[str, int]:
    settings = Settings.load({"WIREWATCH_DATA": str(data)})
    services = Services(
        settings=settings,
        configuration=Configuration((feed,), (), (), ()),
        store=Store(url),
        limits=runtime.limits(settings),
        fetcher=lambda: runtime.make_fetcher(settings),
        enricher=_unused,
        index=_unused,
        mailer=_unused,
    )
    _start.wait()
    report = poll.run(services, limit=1, now=NOON)
    services.close()
    return dict(report.counts)


def _unused() -> NoReturn:
    raise NotImplementedError


def record_alerts(url: str, owner: str, stories: int) -> int:
    """Record an alert about each story; returns how many were new."""
    store, new = Store(url), 0
    _start.wait()
    for number in range(stories):
        alert = an_alert(id=f"{owner}-{number}", story_id=f"s{number}", article_id=f"a{number}")
        message: Outgoing = a_message(id=f"<{alert.id}@x>", alert_id=alert.id)
        with store.transaction(alone="alert") as transaction:
            new += transaction.ledger.record(alert, [message])
    store.close()
    return new


def claim_feeds(url: str, owner: str, feeds: list[str]) -> set[str]:
    store = Store(url)
    _start.wait()
    with store.transaction() as transaction:
        taken = transaction.feeds.claim(feeds, owner, now=NOON, lease=LEASE)
    store.close()
    return taken


def record_problem(url: str, times: int) -> None:
    store = Store(url)
    _start.wait()
    for _ in range(times):
        with store.transaction() as transaction:
            transaction.problems.record("poll", "feed:orbit", "no feed", now=NOON)
    store.close()


def bring_versions(url: str, names: list[str], rounds: int) -> None:
    """Do what poll does with new versions."""
    store = Store(url)
    _start.wait()
    for version in range(2, rounds + 2):
        with store.transaction(alone="poll kuestenblatt") as transaction:
            for name in sorted(names):
                transaction.articles.replace(an_article(id=name, version=version), now=NOON)
            transaction.work.restart(names, "read", now=NOON)
    store.close()


def read_articles(url: str, names: list[str], rounds: int) -> None:
    """Do what read does: finish, save, hand on; `names` are in the order in which they were claimed."""
    store = Store(url)
    _start.wait()
    for number in range(rounds):
        now = NOON + number * timedelta(hours=1)
        with store.transaction() as transaction:
            transaction.work.claim("read", "reader", limit=len(names), now=now, lease=LEASE)
        with store.transaction() as transaction:
            mine = transaction.work.finish("read", "reader", names)
            for name in names:
                if name in mine:
                    transaction.articles.save(an_article(id=name))
            transaction.work.add(mine, "enrich", now=now)
    store.close()


def enrich_articles(url: str, names: list[str], followers: list[str], rounds: int) -> None:
    """Do what enrich does: finish, save, hand on, and let the copies of others follow."""
    store = Store(url)
    _start.wait()
    for number in range(rounds):
        now = NOON + number * timedelta(hours=1)
        with store.transaction() as transaction:
            transaction.work.claim("enrich", names[0], limit=len(names), now=now, lease=LEASE)
        with store.transaction(wide=True) as transaction:
            for name in sorted(transaction.work.finish("enrich", names[0], names)):
                transaction.articles.save(an_article(id=name), enriched=True)
            transaction.work.add(followers, "enrich", now=now)
            transaction.work.add(names, "alert", now=now)
    store.close()


def publish(url: str, outbox: Path, now: datetime) -> dict[str, int]:
    """Send the digests that are due; returns what was counted."""
    _start.wait()
    return publish_alone(url, outbox, now)


def publish_alone(url: str, outbox: Path, now: datetime) -> dict[str, int]:
    """As `publish`, without others to wait for."""
    with a_worker(Store(url), FolderMailer(outbox), watches=[a_watch()], digests=[a_digest()]) as services:
        return dict(digest.run(services, limit=100, now=now).counts)
