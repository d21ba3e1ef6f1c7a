"""What does the stage keep of what the language pipeline says, and for whom?"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from spacy.tokens import Doc

from pipeline.article import Article
from pipeline.enrich import Enricher
from pipeline.errors import StoreUnavailable
from pipeline.stages import STAGES, Services, StageReport
from pipeline.stages import run as run_stage
from pipeline.stages.upkeep import retry
from pipeline.store import Store
from tests.chain import a_worker, an_enricher, in_sqlite, kept, let_wait, problems, waiting
from tests.extending import extended
from tests.factories import NOON, REPORT, an_article

HOUR = timedelta(hours=1)
ELSEWHERE = "Nordlicht teilte das am Dienstag in Kiel mit."


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return an_enricher()


@pytest.fixture
def services(store: Store, enricher: Enricher) -> Iterator[Services]:
    with a_worker(store, enricher=lambda: enricher) as services:
        yield services


def refuse(word: str) -> Callable[[Doc], None]:
    def work(doc: Doc) -> None:
        if word in doc.text:
            raise LookupError(f"what is {word}?")

    return work


def let_be_enriched(store: Store, *articles: Article) -> None:
    let_wait(store, "enrich", *articles, enriched=False)


def enrich_all(services: Services, *, hours: float = 0) -> StageReport:
    return run_stage("enrich", services, limit=1000, clock=lambda: NOON + hours * HOUR)


def test_what_the_text_gives_is_kept_and_the_next_stages_wait(store: Store, services: Services) -> None:
    let_be_enriched(store, an_article())

    report = enrich_all(services)

    assert kept(store, "a1").entity_ids[0] == "nordlicht"
    assert kept(store, "a1").topics == ("space",)
    assert report.counts["enriched"] == 1
    assert [waiting(store, stage) for stage in ("enrich", "index", "alert")] == [0, 1, 1]


def test_a_copy_takes_over_what_its_original_says(store: Store, services: Services) -> None:
    copy = an_article(id="a2", duplicate_of="a1", body=ELSEWHERE, headline="Kurz gemeldet")
    let_be_enriched(store, an_article(), copy)

    enrich_all(services)

    assert kept(store, "a2").topics == ("space",)
    assert kept(store, "a2").mentions != kept(store, "a1").mentions


def test_a_copy_that_comes_later_takes_over_what_its_original_has(store: Store, services: Services) -> None:
    let_be_enriched(store, an_article())
    enrich_all(services)

    let_be_enriched(store, an_article(id="a2", duplicate_of="a1", body=ELSEWHERE, headline="Kurz gemeldet"))
    enrich_all(services)

    assert kept(store, "a2").topics == ("space",)


def test_a_copy_is_enriched_again_when_its_original_comes_after_it(store: Store, services: Services) -> None:
    copy = an_article(id="a2", body=ELSEWHERE, headline="Kurz gemeldet")
    let_be_enriched(store, copy)
    enrich_all(services)
    alone = kept(store, "a2").topics
    let_be_enriched(store, an_article())
    with store.transaction() as transaction:
        transaction.copies.group({"a2": "a1"}, {})

    enrich_all(services)

    assert alone == ()
    assert kept(store, "a2").topics == ("space",)


def test_what_was_found_in_a_version_that_is_superseded_is_not_kept(
    store: Store, services: Services, enricher: Enricher
) -> None:
    let_be_enriched(store, an_article())

    def overtake(_doc: Doc) -> None:
        with store.transaction() as transaction:
            transaction.articles.replace(an_article(version=2, body=ELSEWHERE, headline="Neu"), now=NOON)
            transaction.work.restart(["a1"], "read", now=NOON)

    with extended(enricher, overtake):
        report = STAGES["enrich"](services, limit=100, now=NOON)

    assert kept(store, "a1").version == 2
    assert kept(store, "a1").topics == ()
    assert report.counts["enriched"] == 0
    assert [waiting(store, stage) for stage in ("read", "enrich", "index", "alert")] == [1, 0, 0, 0]


def test_an_article_that_raises_is_set_aside_with_its_traceback_and_its_neighbours_go_on(
    store: Store, services: Services, enricher: Enricher
) -> None:
    poison = an_article(id="a5", body=f"Zyklop. {REPORT}")
    let_be_enriched(store, *(an_article(id=f"a{number}") for number in range(5)), poison)

    with extended(enricher, refuse("Zyklop")):
        report = enrich_all(services)

    (problem,) = problems(store)
    assert (problem.subject, problem.stage, problem.reason) == (
        "article:a5",
        "enrich",
        "LookupError: what is Zyklop?",
    )
    assert "in work" in problem.detail
    assert (report.counts["enriched"], report.counts["problems"]) == (5, 1)
    assert [waiting(store, stage) for stage in ("enrich", "index", "alert")] == [0, 5, 5]


@in_sqlite
def test_an_article_that_was_set_aside_can_be_tried_again(store: Store, services: Services, enricher: Enricher) -> None:
    let_be_enriched(store, an_article(body=f"Zyklop. {REPORT}"))
    with extended(enricher, refuse("Zyklop")):
        enrich_all(services)

    retry(store, None, now=NOON)
    enrich_all(services)

    assert problems(store) == []
    assert kept(store, "a1").topics == ("space",)


@in_sqlite
def test_a_new_version_that_goes_well_closes_the_problem(store: Store, services: Services, enricher: Enricher) -> None:
    with extended(enricher, refuse("Zyklop")):
        let_be_enriched(store, an_article(body=f"Zyklop. {REPORT}"))
        enrich_all(services)
        let_be_enriched(store, an_article(version=2))
        enrich_all(services)

    assert problems(store) == []


@in_sqlite
def test_where_the_surroundings_fail_nothing_is_set_aside(store: Store, services: Services, enricher: Enricher) -> None:
    let_be_enriched(store, an_article())

    def fail(_doc: Doc) -> None:
        raise StoreUnavailable("the list of names is away")

    with extended(enricher, fail), pytest.raises(StoreUnavailable):
        enrich_all(services)

    assert problems(store) == []
    assert enrich_all(services, hours=1).counts["enriched"] == 1
