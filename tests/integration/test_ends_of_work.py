"""What becomes of claims when work ends before it is done, and of an article that ends it again and again."""

import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from spacy.tokens import Doc

from pipeline import runtime
from pipeline.config import Configuration, Settings
from pipeline.enrich import Enricher
from pipeline.errors import SearchUnavailable, StoreUnavailable
from pipeline.stages import run
from pipeline.stages.boundary import MOST_ATTEMPTS
from pipeline.store import Store
from tests.chain import an_enricher, kept, let_wait, problems, waiting
from tests.extending import extended
from tests.factories import NOON, REPORT, an_article

ROOM = 400 * 2**20
"""So many bytes a process may grow that has little memory."""


class OutOfTimeError(BaseException):
    """What a scheduler raises in work that takes too long; like Airflow's it is no `Exception`."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'wirewatch.db'}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return an_enricher()


def break_off(folder: Path, stage: str, reason: BaseException) -> None:
    """Claim what waits, and end by `reason` before anything is done."""
    settings = Settings.load({"WIREWATCH_DATA": str(folder)})
    nothing = Configuration((), (), (), ())
    with suppress(type(reason)), runtime.working(settings, nothing, too_long=(OutOfTimeError,)) as services:
        with services.store.transaction() as transaction:
            transaction.work.claim(stage, services.worker, limit=100, now=NOON, lease=settings.lease)
        raise reason


def attempts(store: Store) -> dict[str, int]:
    """What can be claimed now, with the attempts before."""
    with store.transaction() as transaction:
        return transaction.work.claim("read", "next", limit=100, now=NOON, lease=timedelta(minutes=5))


@pytest.mark.parametrize(
    "reason",
    [KeyboardInterrupt(), SystemExit(1), StoreUnavailable("the disk is full"), SearchUnavailable("no answer")],
    ids=lambda reason: type(reason).__name__,
)
def test_an_end_that_no_article_can_have_caused_counts_against_none(
    store: Store, tmp_path: Path, reason: BaseException
) -> None:
    let_wait(store, "read", an_article())

    break_off(tmp_path, "read", reason)

    assert attempts(store) == {"a1": 0}


@pytest.mark.parametrize("reason", [OutOfTimeError(), MemoryError(), KeyError("x")], ids=lambda one: type(one).__name__)
def test_an_end_that_an_article_may_have_caused_counts_against_those_that_were_claimed(
    store: Store, tmp_path: Path, reason: BaseException
) -> None:
    let_wait(store, "read", an_article(), an_article(id="a2"))

    break_off(tmp_path, "read", reason)

    assert attempts(store) == {"a1": 1, "a2": 1}


def at_zyklop(work: Callable[[], object]) -> Callable[[Doc], None]:
    """Return what does `work` when it comes to a text with the word Zyklop."""

    def meet(doc: Doc) -> None:
        if "Zyklop" in doc.text:
            work()

    return meet


def run_out_of_time() -> None:
    """Take for ever, until the alarm goes off, as a task's does."""
    former = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        threading.Event().wait()
    finally:
        signal.signal(signal.SIGALRM, former)


def _ring(_number: int, _frame: object) -> None:
    raise OutOfTimeError


def enrich_all(folder: Path, enricher: Enricher) -> bool:
    """Enrich what waits; returns whether time ran out."""
    settings = Settings.load({"WIREWATCH_DATA": str(folder)})
    try:
        with runtime.working(settings, Configuration((), (), (), ()), too_long=(OutOfTimeError,)) as services:
            services.__dict__["enricher"] = enricher
            run("enrich", services, limit=100, clock=lambda: NOON)
    except OutOfTimeError:
        return True
    return False


def test_an_article_that_lets_every_task_run_out_of_time_is_set_aside_and_its_neighbours_go_on(
    store: Store, tmp_path: Path, enricher: Enricher
) -> None:
    neighbours = [an_article(id=f"a{number}") for number in range(5)]
    let_wait(store, "enrich", *neighbours, an_article(id="a3x", body=f"Zyklop. {REPORT}"), enriched=False)

    with extended(enricher, at_zyklop(run_out_of_time)):
        ends = sum(enrich_all(tmp_path, enricher) for _ in range(MOST_ATTEMPTS + 2))

    (problem,) = problems(store)
    assert ends == MOST_ATTEMPTS
    assert problem.subject == "article:a3x"
    assert f"{MOST_ATTEMPTS} workers ended while they worked on it" in problem.reason
    assert all(kept(store, one.id).topics for one in neighbours)
    assert (waiting(store, "enrich"), waiting(store, "alert")) == (0, len(neighbours))


def test_an_article_that_wants_more_memory_than_there_is_is_set_aside_at_once_and_its_neighbours_go_on(
    store: Store, tmp_path: Path, enricher: Enricher
) -> None:
    neighbours = [an_article(id=f"a{number}") for number in range(3)]
    let_wait(store, "enrich", *neighbours, an_article(id="a1x", body=f"Zyklop. {REPORT}"), enriched=False)
    store.close()

    with extended(enricher, at_zyklop(lambda: bytearray(2 * ROOM))):
        status = _with_little_memory(tmp_path, enricher)

    (problem,) = problems(store)
    assert status == 0
    assert (problem.subject, problem.reason) == ("article:a1x", "MemoryError: ")
    assert all(kept(store, one.id).topics for one in neighbours)
    assert waiting(store, "enrich") == 0


def _with_little_memory(folder: Path, enricher: Enricher) -> int:
    """Enrich in a child process that may grow by `ROOM` only; returns its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
            status = int(enrich_all(folder, enricher))
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
