"""Does the search index follow the store, whatever happens to either?"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.article import Article, Status
from pipeline.search import EmbeddedIndex, EmbeddedReplacement, Rejected, parse_query
from pipeline.search.folder import writing
from pipeline.stages import STAGES, Services, StageReport
from pipeline.stages import run as run_stage
from pipeline.stages.upkeep import housekeeping, reindex, retry
from pipeline.store import Store
from tests.chain import a_worker, found, in_sqlite, kept, let_wait, problems, waiting
from tests.factories import NOON, an_article

HOUR = timedelta(hours=1)
EVERYTHING = parse_query("*", now=NOON)
IMPOSSIBLE = 2**70  # no search index has numbers of this size
Work = Callable[..., Services]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def worker(store: Store, folder: Path) -> Iterator[Work]:
    """Makes workers on the store and the index; each is a process of its own as far as they can tell."""
    opened = ExitStack()

    def make(
        index: Callable[[], EmbeddedIndex] = lambda: EmbeddedIndex.open(folder, patience=0.1), *, repairs: bool = True
    ) -> Services:
        replacement = (lambda: EmbeddedReplacement(folder, patience=0.1)) if repairs else None
        return opened.enter_context(a_worker(store, index=index, replacement=replacement))

    with opened:
        yield make


@pytest.fixture
def services(worker: Work) -> Services:
    return worker()


def index_all(services: Services, *, hours: float = 0) -> StageReport:
    return run_stage("index", services, limit=1000, clock=lambda: NOON + hours * HOUR)


def index_once(services: Services, *, hours: float = 0) -> StageReport:
    return STAGES["index"](services, limit=100, now=NOON + hours * HOUR)


def test_what_waits_is_found_afterwards(store: Store, services: Services) -> None:
    let_wait(store, "index", *(an_article(id=f"a{number}", headline=f"Bericht {number}") for number in range(150)))

    report = index_all(services)

    assert report.counts["indexed"] == 150
    assert found(services.index, 'headline:"Bericht 149"') == ["a149"]
    assert waiting(store, "index") == 0


@in_sqlite
def test_the_index_follows_the_versions(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article())
    index_all(services)

    let_wait(store, "index", an_article(version=2, headline="Nordlicht baut vier Bodenstationen"))
    index_all(services)

    assert list(services.index.ids()) == [("a1", 2)]
    assert found(services.index, "headline:vier") == ["a1"]


def test_an_article_that_the_index_refuses_is_set_aside_and_its_neighbours_go_on(
    store: Store, services: Services
) -> None:
    let_wait(store, "index", an_article(), an_article(id="a2", urgency=IMPOSSIBLE), an_article(id="a3"))

    report = index_all(services)

    assert found(services.index) == ["a1", "a3"]
    assert [(one.subject, one.stage) for one in problems(store)] == [("article:a2", "index")]
    assert "the index cannot take it" in problems(store)[0].reason
    assert (report.counts["problems"], waiting(store, "index")) == (1, 0)


@in_sqlite
def test_a_version_that_can_be_indexed_closes_the_problem(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article(urgency=IMPOSSIBLE))
    index_all(services)

    let_wait(store, "index", an_article(version=2))
    index_all(services)

    assert problems(store) == []


@in_sqlite
def test_an_older_version_that_comes_late_is_no_problem(store: Store, services: Services) -> None:
    services.index.write([an_article(version=3)])
    let_wait(store, "index", an_article(version=2))

    index_all(services)

    assert problems(store) == []
    assert list(services.index.ids()) == [("a1", 3)]


def test_while_another_writes_for_long_the_articles_wait_and_the_report_says_so(
    store: Store, services: Services
) -> None:
    let_wait(store, "index", an_article(), an_article(id="a2"))

    with writing(services.index._index, 1):  # type: ignore[attr-defined]
        report = index_all(services)

    assert report.stopped is not None
    assert "another Wirewatch process" in report.stopped
    assert waiting(store, "index") == 2
    assert index_all(services).claimed == 0
    assert index_all(services, hours=1).counts["indexed"] == 2


def test_an_outage_of_days_sets_nothing_aside(store: Store, services: Services) -> None:
    let_wait(store, "index", *(an_article(id=f"a{number}") for number in range(5)))
    with writing(services.index._index, 1):  # type: ignore[attr-defined]
        stopped = [index_once(services, hours=number).stopped for number in range(1, 40)]

    report = index_once(services, hours=41)

    assert all(stopped)
    assert report.counts["indexed"] == 5
    assert problems(store) == []


@in_sqlite
def test_soon_after_an_outage_everything_is_tried_again(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article())
    with writing(services.index._index, 1):  # type: ignore[attr-defined]
        index_once(services, hours=100)

    report = index_once(services, hours=100.1)

    assert report.counts["indexed"] == 1


@pytest.mark.parametrize("earlier", [True, False])
@in_sqlite
def test_a_withheld_article_is_in_no_index(store: Store, services: Services, *, earlier: bool) -> None:
    if earlier:
        let_wait(store, "index", an_article())
        index_all(services)
    let_wait(store, "index", an_article(version=2, status=Status.WITHHELD))

    index_all(services)

    assert found(services.index) == []
    assert waiting(store, "index") == 0


@in_sqlite
def test_of_a_killed_article_a_stub_without_text_remains(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article())
    index_all(services)

    let_wait(store, "index", an_article(version=2, status=Status.KILLED))
    index_all(services)

    assert found(services.index, "status:killed") == ["a1"]
    assert found(services.index, "body:Bodenstationen") == []
    assert kept(store, "a1").body


def test_an_embargoed_article_waits_for_its_hour_and_not_in_circles(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article(embargo_until=NOON + HOUR), an_article(id="a2"))

    before = index_all(services)
    hidden = found(services.index)
    after = index_all(services, hours=1)

    assert before.claimed == 2
    assert hidden == ["a2"]
    assert after.claimed == 1
    assert found(services.index) == ["a1", "a2"]


class Slow(EmbeddedIndex):
    """An index that lets something happen before it writes for the first time."""

    before: Callable[[], object] = staticmethod(lambda: None)

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        before, self.before = self.before, lambda: None
        before()
        return super().write(documents, remove=remove)


def test_a_worker_that_is_overtaken_does_not_bring_a_withheld_article_back(
    store: Store, folder: Path, worker: Work
) -> None:
    slow, quick = worker(lambda: Slow.open(folder)), worker()

    def overtake() -> None:
        let_wait(store, "index", an_article(version=2, status=Status.WITHHELD))
        index_all(quick)

    let_wait(store, "index", an_article())
    slow.index.before = overtake  # type: ignore[attr-defined]
    index_all(slow)

    assert found(quick.index) == []
    assert waiting(store, "index") == 0


@in_sqlite
def test_two_workers_that_share_an_article_come_to_an_end(store: Store, folder: Path, worker: Work) -> None:
    slow, quick = worker(lambda: Slow.open(folder)), worker()
    let_wait(store, "index", an_article())
    slow.index.before = lambda: index_all(quick, hours=1)  # type: ignore[attr-defined]

    report = index_all(slow)

    assert report.claimed == 2
    assert waiting(store, "index") == 0
    assert found(quick.index) == ["a1"]


def cut_in_half(folder: Path) -> None:
    for file in folder.glob("*.term"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite_with_nonsense(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b"\xff" * file.stat().st_size)


def lose_its_head(folder: Path) -> None:
    (folder / "meta.json").unlink()


def grow_old(folder: Path) -> None:
    (folder / "wirewatch.json").write_text(json.dumps({"schema": 0}))


@pytest.mark.parametrize(
    ("damage", "opened"),
    [
        (cut_in_half, True),
        (cut_in_half, False),
        (overwrite_with_nonsense, True),
        (overwrite_with_nonsense, False),
        (lose_its_head, True),
        (lose_its_head, False),
        (grow_old, False),
    ],
)
@in_sqlite
def test_a_damaged_index_is_built_again_from_the_store(
    store: Store, folder: Path, worker: Work, damage: Callable[[Path], None], *, opened: bool
) -> None:
    let_wait(store, "index", *(an_article(id=f"a{number}") for number in range(20)))
    services = worker()
    index_all(services)
    damage(folder)
    services = services if opened else worker()
    let_wait(store, "index", an_article(id="b1"))

    report = index_all(services)

    assert report.stopped is None
    assert waiting(store, "index") == 0
    assert report.counts["rebuilt"] == 21
    assert len(found(worker().index)) == 21


@in_sqlite
def test_where_no_replacement_is_offered_a_damaged_index_is_left_to_a_person(
    store: Store, folder: Path, worker: Work
) -> None:
    EmbeddedIndex.open(folder)
    lose_its_head(folder)
    let_wait(store, "index", an_article())

    report = index_all(worker(repairs=False))

    assert report.stopped is not None
    assert "`wirewatch reindex`" in report.stopped
    assert waiting(store, "index") == 1


@in_sqlite
def test_an_index_of_a_newer_version_is_not_touched(store: Store, folder: Path, services: Services) -> None:
    EmbeddedIndex.open(folder)
    (folder / "wirewatch.json").write_text(json.dumps({"schema": 99}))
    let_wait(store, "index", an_article())

    report = index_all(services)

    assert report.stopped is not None
    assert "another version" in report.stopped
    assert "`wirewatch reindex`" in report.stopped
    assert json.loads((folder / "wirewatch.json").read_text()) == {"schema": 99}


@in_sqlite
def test_while_one_builds_the_index_again_another_waits(store: Store, folder: Path, worker: Work) -> None:
    EmbeddedIndex.open(folder)
    lose_its_head(folder)
    let_wait(store, "index", an_article())
    building = EmbeddedReplacement(folder)

    report = index_all(worker())
    building.close()

    assert report.stopped is not None
    assert "another Wirewatch process" in report.stopped
    assert index_all(worker(), hours=1).counts["rebuilt"] == 1


def test_reindex_gives_the_same_index_as_the_stage(store: Store, folder: Path, services: Services) -> None:
    let_wait(
        store,
        "index",
        *(an_article(id=f"a{number}") for number in range(3)),
        an_article(id="b1", status=Status.WITHHELD),
        an_article(id="b2", status=Status.KILLED),
        an_article(id="b3", embargo_until=NOON + HOUR),
    )
    let_wait(store, "enrich", an_article(id="c1"), enriched=False)
    index_all(services)
    before = [hit.document for hit in services.index.search(EVERYTHING, limit=100, hidden=True, fold_copies=False).hits]

    count = reindex(services, lambda: EmbeddedReplacement(folder), now=NOON)

    after = [hit.document for hit in services.index.search(EVERYTHING, limit=100, hidden=True, fold_copies=False).hits]
    assert count == len(after) == 4
    assert after == before


@in_sqlite
def test_reindex_tells_how_far_it_is_to_the_end(store: Store, folder: Path, services: Services) -> None:
    let_wait(store, "index", *(an_article(id=f"a{number}") for number in range(501)))
    let_wait(store, "enrich", an_article(id="c1"), enriched=False)
    told: list[tuple[str, int, int]] = []
    services.progress = lambda *how_far: told.append(how_far)

    reindex(services, lambda: EmbeddedReplacement(folder), now=NOON)

    assert told == [("reindex", 500, 502), ("reindex", 501, 502), ("reindex", 501, 501)]


@in_sqlite
def test_reindex_that_fails_leaves_the_index_as_it_was(store: Store, folder: Path, services: Services) -> None:
    let_wait(store, "index", an_article())
    index_all(services)

    def fail(_stage: str, _done: int, _known: int) -> None:
        raise KeyboardInterrupt

    services.progress = fail
    with pytest.raises(KeyboardInterrupt):
        reindex(services, lambda: EmbeddedReplacement(folder), now=NOON)

    assert found(services.index) == ["a1"]
    assert services.index.write([an_article(id="a2")]) == []


def test_housekeeping_repairs_what_differs_on_either_side(store: Store, services: Services) -> None:
    hidden = [an_article(id="w1", status=Status.WITHHELD), an_article(id="w2", embargo_until=NOON + HOUR)]
    let_wait(store, "index", *(an_article(id=f"a{number}", version=2) for number in range(6)), *hidden)
    index_all(services)
    services.index.write(hidden, remove=["a0", "a1"])
    services.index.write([an_article(id="stray")])
    let_wait(store, "index", an_article(id="a5", version=3))
    index_all(services)
    services.index.write([], remove=["a5"])
    services.index.write([an_article(id="a5", version=2)])

    counts = housekeeping(services, now=NOON)
    index_all(services)

    assert list(services.index.ids()) == [*((f"a{number}", 2) for number in range(5)), ("a5", 3)]
    assert counts["articles_to_index_again"] == 3
    assert counts["strays_removed"] == 3
    assert housekeeping(services, now=NOON)["articles_to_index_again"] == 0


@in_sqlite
def test_housekeeping_leaves_what_is_being_enriched_anew_in_the_index(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article())
    index_all(services)
    with store.transaction() as transaction:
        transaction.articles.replace(an_article(version=2), now=NOON)

    counts = housekeeping(services, now=NOON)

    assert list(services.index.ids()) == [("a1", 1)]
    assert counts["articles_to_index_again"] == counts["strays_removed"] == 0


@in_sqlite
def test_housekeeping_takes_out_what_the_index_does_not_keep_so_long(
    store: Store, folder: Path, services: Services
) -> None:
    old = an_article(id="old", first_seen=NOON - timedelta(days=90))
    let_wait(store, "index", an_article(), old)
    index_all(services)

    with a_worker(store, index=lambda: EmbeddedIndex.open(folder), index_retention="30d") as short:
        housekeeping(short, now=NOON)
        left = found(short.index)
        again = housekeeping(short, now=NOON)

    assert left == ["a1"]
    assert again["articles_to_index_again"] == again["strays_removed"] == 0


def test_a_problem_that_is_tried_again_waits_for_its_stage(store: Store, services: Services) -> None:
    let_wait(store, "index", an_article(urgency=IMPOSSIBLE))
    index_all(services)

    retry(store, None, now=NOON)

    assert problems(store) == []
    assert index_all(services).counts["problems"] == 1
    assert len(problems(store)) == 1
