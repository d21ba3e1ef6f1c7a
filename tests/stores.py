"""Stores for tests, in both databases, and what lies in them; a `conftest.py` makes the fixtures known to its folder."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import Article
from pipeline.feed_state import FeedState
from pipeline.store import Outgoing, Print, Recorded, Store, Transaction
from pipeline.store.engine import open_engine
from pipeline.store.schema import metadata
from tests.factories import NOON, an_article
from tests.postgres import Postgres

DATABASES = ("sqlite", "postgresql")
Connect = Callable[[], Store]
"""Opens the test's database once more, as another worker does."""
LEASE = timedelta(minutes=5)


@pytest.fixture(scope="session")
def _emptied_url(postgres: Postgres, _template: str) -> str:
    return postgres.database(template=_template)


@pytest.fixture
def emptied_url(_emptied_url: str) -> str:
    """The URL of a PostgreSQL database with the present schema and nothing in it; emptying it is quicker than making one."""
    engine = open_engine(_emptied_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
    engine.dispose()
    return _emptied_url


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    sqlite = request.param == "sqlite"
    made = Store(f"sqlite:///{tmp_path / 'store.db'}" if sqlite else request.getfixturevalue("emptied_url"))
    yield made
    made.close()


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing was made yet."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def connect(store_url: str) -> Iterator[Connect]:
    """Opens a new database, or opens it once more, as another worker does."""
    opened: list[Store] = []

    def connect() -> Store:
        opened.append(Store(store_url))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def keep_versions(transaction: Transaction, articles: Sequence[Article], *, now: datetime, enriched: bool) -> None:
    """Put articles into the store; one that it knows is a new version."""
    known = transaction.articles.received([one.id for one in articles])
    for one in articles:
        if one.id in known:
            transaction.articles.replace(one, now=now)
        else:
            transaction.articles.add(one)
        transaction.articles.save(one, enriched=enriched)


def keep(store: Store, *articles: Article, stage: str | None = None) -> None:
    """Put new articles into the store, waiting for `stage`."""
    with store.transaction() as transaction:
        for article in articles:
            transaction.articles.add(article)
        if stage:
            transaction.work.add([article.id for article in articles], stage, now=NOON)


def keep_named(store: Store, *names: str, stage: str | None = None) -> None:
    """Put ordinary articles with these ids into the store."""
    keep(store, *(an_article(id=name) for name in names), stage=stage)


def claim(transaction: Transaction, owner: str, *, limit: int = 10, now: datetime = NOON) -> dict[str, int]:
    """Claim what waits for `read`."""
    return transaction.work.claim("read", owner, limit=limit, now=now, lease=LEASE)


def articles_in(store: Store, names: Collection[str]) -> dict[str, Article]:
    with store.reading() as transaction:
        return transaction.articles.many(names)


def a_state(**changes: Any) -> FeedState:
    """The state of a feed that was polled at noon."""
    fields = {
        "feed_id": "kuestenblatt",
        "url": "https://kuestenblatt.example/rss",
        "interval_s": 600.0,
        "next_poll": NOON + timedelta(minutes=10),
    }
    return FeedState(**fields | changes)


def a_print(**changes: Any) -> Print:
    """The fingerprint of an ordinary article."""
    fields: dict[str, Any] = {
        "article_id": "a1",
        "at": NOON,
        "agency": False,
        "words": 80,
        "exact": 7,
        "packed": b"\0\xff",
        "bands": (1, 2),
    }
    return Print(**fields | changes)


def an_alert(**changes: Any) -> Recorded:
    """An alert about an ordinary article."""
    fields: dict[str, Any] = {
        "id": "alert-1",
        "watch_id": "harbour",
        "story_id": "s1",
        "article_id": "a1",
        "created": NOON,
        "reasons": {"entities": ["kiel"]},
        "lag_seconds": 12.5,
    }
    return Recorded(**fields | changes)


def a_message(**changes: Any) -> Outgoing:
    """A message that waits to be sent."""
    fields = {
        "id": "<m1@wirewatch.invalid>",
        "alert_id": "alert-1",
        "recipient": "desk@example.org",
        "raw": b"Subject: x",
    }
    return Outgoing(**fields | {"attempts": 0} | changes)
