"""What the tests of the stages work with: services on a real store, and articles that wait for a stage."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Configuration, Entity, Settings, Topic
from pipeline.enrich import Enricher
from pipeline.search import Replacement, SearchIndex, parse_query
from pipeline.stages import Services
from pipeline.store import Problem, Store
from tests.factories import NOON
from tests.stores import keep_versions

in_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""For tests in which the store does not matter."""

ENTITIES = (Entity.model_validate({"id": "nordlicht", "name": "Nordlicht", "kind": "organisation"}),)
TOPICS = (Topic.model_validate({"id": "space", "name": "Space", "phrases": [{"phrase": "Bodenstationen"}]}),)


def an_enricher() -> Enricher:
    """A language pipeline that knows one company and one topic, both in `tests.factories.REPORT`."""
    return runtime.make_enricher(
        Settings.load({"WIREWATCH_NLP_MODELS": "*=none"}), Configuration((), TOPICS, ENTITIES, ())
    )


def no_enricher() -> Enricher:
    raise AssertionError("this stage needs no language pipeline")


def no_index() -> SearchIndex:
    raise AssertionError("this stage needs no index")


@contextmanager
def a_worker(
    store: Store,
    *,
    enricher: Callable[[], Enricher] = no_enricher,
    index: Callable[[], SearchIndex] = no_index,
    replacement: Callable[[], Replacement] | None = None,
    **changes: Any,
) -> Iterator[Services]:
    """Services on `store`, closed in the end."""
    settings = Settings.load({f"WIREWATCH_{name.upper()}": str(value) for name, value in changes.items()})
    services = Services(
        settings=settings,
        configuration=Configuration((), (), (), ()),
        store=store,
        limits=runtime.limits(settings),
        fetcher=lambda: runtime.make_fetcher(settings),
        enricher=enricher,
        index=index,
        mailer=lambda: runtime.make_mailer(settings),
        replacement=replacement,
    )
    try:
        yield services
    finally:
        services.close()


def let_wait(store: Store, stage: str, *articles: Article, now: datetime = NOON, enriched: bool = True) -> None:
    """Keep articles that wait for `stage` from `now` on; a known one is a new version."""
    with store.transaction() as transaction:
        keep_versions(transaction, articles, now=now, enriched=enriched)
        transaction.copies.group({one.id: one.duplicate_of for one in articles if one.duplicate_of}, {})
        transaction.work.restart([one.id for one in articles], stage, now=now)


def kept(store: Store, article_id: str) -> Article:
    """The article as it stands in the store."""
    with store.reading() as transaction:
        return transaction.articles.many([article_id])[article_id]


def waiting(store: Store, stage: str) -> int:
    """How many articles wait for `stage`."""
    with store.reading() as transaction:
        found = transaction.work.waiting().get(stage)
    return found.count if found else 0


def problems(store: Store) -> list[Problem]:
    """What is set aside now."""
    with store.reading() as transaction:
        return transaction.problems.latest()


def found(index: SearchIndex, query: str = "*") -> list[str]:
    """The ids of all articles in the index that match, killed ones too."""
    results = index.search(parse_query(query, now=NOON), limit=1000, fold_copies=False, hidden=True)
    return sorted(hit.id for hit in results.hits)


def ids(articles: Sequence[Article]) -> list[str]:
    return [one.id for one in articles]
