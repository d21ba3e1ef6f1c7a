"""What do notes in a text, which no field of the format tells, make of an article? Over real stores."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import Article, Status
from pipeline.stages import Services, read
from pipeline.store import Store
from tests.chain import a_worker, kept, let_wait, problems, waiting
from tests.factories import NOON, REPORT, an_article

SIX_IN_BERLIN = datetime(2026, 11, 12, 5, 0, tzinfo=UTC)
IN_TEXT = f"SPERRFRIST: 12.11.2026, 06.00 Uhr\n\nKIEL (dpa) - {REPORT}"
WITHOUT_END = f"SPERRFRIST: Redebeginn\n\nKIEL (dpa) - {REPORT}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.fixture
def services(store: Store) -> Iterator[Services]:
    with a_worker(store) as running:
        yield running


def after_reading(services: Services, *articles: Article) -> Article:
    """The first of the articles when they are read."""
    let_wait(services.store, "read", *articles, enriched=False)
    read.run(services, limit=100, now=NOON)
    return kept(services.store, articles[0].id)


def test_an_embargo_in_the_text_holds_the_article(services: Services) -> None:
    article = after_reading(services, an_article(body=IN_TEXT))

    assert (article.embargo_until, article.status) == (SIX_IN_BERLIN, Status.USABLE)
    assert article.body == IN_TEXT
    assert problems(services.store) == []


def test_an_embargo_of_the_format_is_stronger(services: Services) -> None:
    article = after_reading(services, an_article(body=IN_TEXT, embargo_until=NOON))

    assert article.embargo_until == NOON


def test_an_embargo_in_a_summary_without_a_body_holds_too(services: Services) -> None:
    assert after_reading(services, an_article(body="", summary=IN_TEXT)).embargo_until == SIX_IN_BERLIN


def test_an_embargo_whose_end_nobody_can_tell_withholds_the_article_and_is_a_problem(services: Services) -> None:
    article = after_reading(services, an_article(body=WITHOUT_END), an_article(id="a2"))

    assert (article.embargo_until, article.status) == (None, Status.WITHHELD)
    assert [(one.subject, one.reason) for one in problems(services.store)] == [
        ("article:a1", "withheld: nobody can tell when its embargo ends: `SPERRFRIST: Redebeginn`")
    ]
    assert kept(services.store, "a2").status is Status.USABLE
    assert waiting(services.store, "dedup") == 2


def test_reading_again_changes_nothing_and_tells_it_again(services: Services) -> None:
    first = after_reading(services, an_article(body=WITHOUT_END))

    again = after_reading(services, first)

    assert again == first
    assert [one.times for one in problems(services.store)] == [2]


def test_a_new_version_without_the_embargo_is_free(services: Services) -> None:
    after_reading(services, an_article(body=WITHOUT_END))

    assert after_reading(services, an_article(body=REPORT, version=2)).status is Status.USABLE


def test_a_correction_note_marks_the_article(services: Services) -> None:
    article = after_reading(services, an_article(body=f"(Berichtigung: Im 1. Satz heißt es drei) {REPORT}"))

    assert article.status is Status.CORRECTED


@pytest.mark.parametrize("status", [Status.KILLED, Status.WITHHELD])
def test_a_note_frees_nothing_that_the_format_holds_back(services: Services, status: Status) -> None:
    assert after_reading(services, an_article(body=f"(Berichtigung: Name) {IN_TEXT}", status=status)).status is status
