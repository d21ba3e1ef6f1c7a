"""Articles that need care, from dedup to mail: felled workers, one report under two names, withdrawals, embargoes."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import runtime
from pipeline.article import Article, Status
from pipeline.config import Configuration, Settings, Watch
from pipeline.enrich import Enricher
from pipeline.search import EmbeddedIndex
from pipeline.stages import Services, run, run_all
from pipeline.stages.boundary import MOST_ATTEMPTS
from pipeline.store import Store
from tests.chain import a_worker, an_enricher, found, kept, let_wait, problems, waiting
from tests.factories import NOON, REPORT, a_source, an_article

HOUR = timedelta(hours=1)
CHAIN = ("dedup", "enrich", "index", "alert")
WATCH = Watch(id="nordlicht", name="Nordlicht", to=("desk@desk.example",), entities=("nordlicht",))


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return an_enricher()


@pytest.fixture
def services(tmp_path: Path, enricher: Enricher) -> Iterator[Services]:
    settings = Settings.load({"WIREWATCH_DATA": str(tmp_path)})
    services = runtime.open_services(settings, Configuration((), (), (), (WATCH,)))
    services.__dict__["enricher"] = enricher
    yield services
    services.close()


def work(services: Services, *, hours: float = 0) -> dict[str, int]:
    """Run the chain from dedup on; returns how many articles each stage took on in its first run."""
    reports = list(run_all(services, stages=CHAIN, clock=lambda: NOON + hours * HOUR))
    return {report.stage: report.claimed for report in reversed(reports)}


def arrive(services: Services, *articles: Article, hours: float = 0) -> None:
    let_wait(services.store, "dedup", *articles, now=NOON + hours * HOUR, enriched=False)


def mails(tmp_path: Path) -> int:
    return len(list((tmp_path / "outbox").glob("*.eml")))


def test_one_report_under_two_names_is_one_alert_and_both_are_found(services: Services, tmp_path: Path) -> None:
    arrive(services, an_article(), an_article(id="a2", source=a_source(id="inselecho", name="Inselecho")))

    work(services)

    assert kept(services.store, "a2").duplicate_of == "a1"
    assert found(services.index) == ["a1", "a2"]
    assert mails(tmp_path) == 1


def test_an_article_killed_after_it_was_told_remains_as_a_stub_and_is_told_no_more(
    services: Services, tmp_path: Path
) -> None:
    arrive(services, an_article())
    work(services)
    arrive(services, an_article(version=2, status=Status.KILLED, headline="Meldung zurückgezogen"), hours=1)

    work(services, hours=1)

    assert found(services.index, "status:killed") == ["a1"]
    assert found(services.index, "body:Bodenstationen") == []
    assert mails(tmp_path) == 1


def test_a_withheld_article_is_neither_found_nor_told_until_it_is_released(services: Services, tmp_path: Path) -> None:
    arrive(services, an_article(status=Status.WITHHELD))
    work(services)
    before = (found(services.index), mails(tmp_path))
    arrive(services, an_article(version=2), hours=1)

    work(services, hours=1)

    assert before == ([], 0)
    assert (found(services.index), mails(tmp_path)) == (["a1"], 1)


def test_an_embargoed_article_is_found_and_told_when_its_hour_has_come(services: Services, tmp_path: Path) -> None:
    arrive(services, an_article(embargo_until=NOON + HOUR))

    first = work(services)
    before = (found(services.index), mails(tmp_path))
    idle = work(services, hours=0.5)
    work(services, hours=1)

    assert before == ([], 0)
    assert first == {"dedup": 1, "enrich": 1, "index": 1, "alert": 1}
    assert set(idle.values()) == {0}
    assert (found(services.index), mails(tmp_path)) == (["a1"], 1)
    assert waiting(services.store, "index") == waiting(services.store, "alert") == 0


def test_what_is_put_off_does_not_keep_a_stage_going_in_circles(services: Services) -> None:
    embargoed = (
        an_article(id=f"e{number}", body=f"{number} {REPORT}", embargo_until=NOON + HOUR) for number in range(150)
    )
    let_wait(services.store, "index", *embargoed, an_article())

    report = run("index", services, limit=1_000_000, clock=lambda: NOON)

    assert report.claimed == 151
    assert report.counts["indexed"] == 1


def test_an_article_that_fells_its_workers_is_set_aside_and_all_its_neighbours_are_enriched(
    tmp_path: Path, enricher: Enricher
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store(url)
    neighbours = [an_article(id=f"a{number}") for number in range(6)]
    let_wait(store, "enrich", *neighbours, an_article(id="a3x", body=f"Zyklop. {REPORT}"), enriched=False)
    store.close()

    def fell(doc: Doc) -> Doc:
        if "Zyklop" in doc.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return doc

    Language.component("felling", func=fell)
    enricher.nlp.add_pipe("felling")
    felled = sum(_dies(url, enricher, hours=number) for number in range(MOST_ATTEMPTS + 2))
    enricher.nlp.remove_pipe("felling")

    store = Store(url)
    (problem,) = problems(store)
    assert felled == MOST_ATTEMPTS
    assert problem.subject == "article:a3x"
    assert f"{MOST_ATTEMPTS} workers ended" in problem.reason
    assert all(kept(store, one.id).topics for one in neighbours)
    assert waiting(store, "enrich") == 0
    store.close()


def _dies(url: str, enricher: Enricher, *, hours: float) -> bool:
    """Enrich in a child process; returns whether it was felled."""
    child = os.fork()
    if child == 0:
        try:
            with a_worker(Store(url), enricher=lambda: enricher) as services:
                run("enrich", services, limit=1000, clock=lambda: NOON + hours * HOUR)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_alerts_go_out_while_the_index_is_away(tmp_path: Path, services: Services) -> None:
    (tmp_path / "index").write_text("no folder")
    services.replacement = None
    arrive(services, an_article())

    reports = {report.stage: report for report in run_all(services, stages=CHAIN, clock=lambda: NOON)}

    assert reports["index"].stopped
    assert mails(tmp_path) == 1
    (tmp_path / "index").unlink()
    work(services, hours=1)
    assert found(EmbeddedIndex.open(tmp_path / "index")) == ["a1"]
