"""How the schema comes to be, and what becomes of the stores of other versions, in both databases."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, inspect

import pipeline.store
from pipeline.errors import ConfigError
from pipeline.store import Record, Store
from pipeline.store.schema import metadata
from tests.factories import NOON, an_article
from tests.integration import working
from tests.stores import LEASE, a_message, a_print, a_state, an_alert

DOCUMENT = an_article().model_dump_json(exclude_defaults=True)
# What revision 0001 held; later revisions may name columns that are not here.
FIRST_ROWS: dict[str, list[dict[str, Any]]] = {
    "article": [
        {
            "id": name,
            "source_id": "kuestenblatt",
            "version": 1,
            "status": "usable",
            "timestamp": NOON,
            "first_seen": NOON,
            "url": None,
            "document": json.dumps(json.loads(DOCUMENT) | {"id": name}),
            "enriched": True,
            "duplicate_of": original,
            "story_id": "s1",
        }
        for name, original in (("a1", None), ("a2", "a1"))
    ],
    "superseded": [{"article_id": "a1", "version": 0, "document": DOCUMENT, "replaced": NOON}],
    "sighting": [{"article_id": "a1", "feed_id": "kuestenblatt", "first_seen": NOON, "content": "c"}],
    "work": [{"article_id": "a1", "stage": "read", "available": NOON, "since": NOON, "attempts": 2}],
    "feed": [{"feed_id": "kuestenblatt", "state": a_state().model_dump_json(), "next_poll": NOON}],
    "fingerprint": [{"article_id": "a1", "at": NOON, "agency": False, "words": 80, "exact": 7, "packed": b"\0\xff"}],
    "band": [{"key": -5, "number": 1}],
    "story": [{"id": "s1", "started": NOON}, {"id": "s0", "started": NOON, "joined": "s1"}],
    "alert": [
        {"id": "alert-1", "watch_id": "harbour", "story_id": "s0", "article_id": "a1", "created": NOON, "reasons": "{}"}
    ],
    "message": [
        {"id": "<m1@x>", "alert_id": "alert-1", "recipient": "desk@example.org", "raw": b"x", "state": "waiting"}
        | {"available": NOON, "attempts": 0}
    ],
    "problem": [
        {"id": "p1", "stage": "poll", "subject": "feed:kuestenblatt", "reason": "no feed", "detail": "", "open": True}
        | {"payload": b"<", "first_seen": NOON, "last_seen": NOON, "times": 3}
    ],
}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def make_first(url: str) -> None:
    """Make a database as revision 0001 made it, with data in every table."""
    with connected(url) as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        tables = MetaData()
        tables.reflect(connection)
        zone = None if connection.dialect.name == "sqlite" else NOON.tzinfo
        for name, rows in FIRST_ROWS.items():
            for row in rows:
                values = {key: value.replace(tzinfo=zone) if value is NOON else value for key, value in row.items()}
                connection.execute(tables.tables[name].insert().values(values))


def test_the_migrated_schema_is_the_one_the_code_speaks_of(store_url: str) -> None:
    Store(store_url).close()

    with connected(store_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_four_workers_make_one_store_of_an_empty_database(store_url: str) -> None:
    counts = working.together(working.open_store, [(store_url,)] * 4)

    assert counts == [{"articles": 0, "copies": 0, "stories": 0}] * 4
    with connected(store_url) as connection:
        versions = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    assert versions == [ScriptDirectory.from_config(migrations()).get_current_head()]


def test_a_store_of_a_newer_version_is_left_alone_and_the_error_says_so(store_url: str) -> None:
    Store(store_url).close()
    with connected(store_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(ConfigError, match="does not know: `9999`") as caught:
        Store(store_url)

    assert "newer Wirewatch" in (caught.value.hint or "")
    assert "postgres:@" not in str(caught.value)
    with connected(store_url) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_the_first_revision_is_told_here_with_a_row_in_every_table(store_url: str) -> None:
    make_first(store_url)

    with connected(store_url) as connection:
        assert set(inspect(connection).get_table_names()) - {"alembic_version"} == set(FIRST_ROWS)


def test_a_store_of_the_first_revision_is_found_again_whole_and_usable(store_url: str) -> None:
    make_first(store_url)

    store = Store(store_url)

    with store.transaction() as transaction:
        later = NOON + timedelta(hours=1)
        article = transaction.articles.many(["a1"])["a1"]
        assert (article.feeds, article.copies, article.story_id) == (("kuestenblatt",), 1, "s1")
        assert [one.id for one in transaction.articles.members(original="a1")] == ["a1", "a2"]
        assert [one.id for one in transaction.articles.all(since=NOON, enriched=True)] == ["a1", "a2"]
        assert len(transaction.articles.versions("a1")) == 1
        assert transaction.articles.received(["a1"])["a1"].contents == {"kuestenblatt": "c"}
        assert transaction.work.claim("read", "one", limit=1, now=NOON, lease=LEASE) == {"a1": 2}
        assert transaction.feeds.states() == {"kuestenblatt": a_state()}
        assert transaction.feeds.claim(["kuestenblatt"], "one", now=NOON, lease=LEASE)
        assert transaction.copies.near([a_print(article_id="new", exact=0, bands=(-5,))], since=NOON, until=NOON)[0]
        assert not transaction.ledger.record(an_alert(id="alert-2", story_id="s1"), [a_message(id="<m2@x>")])
        assert transaction.ledger.deliveries(["alert-1"])[0].state == "waiting"
        assert transaction.ledger.outbox() == {"waiting": 1}
        (problem,) = transaction.problems.about(["feed:kuestenblatt"])
        assert (problem.times, problem.payload) == (3, b"<")
        transaction.articles.replace(an_article(version=2), now=later)
        transaction.copies.save([a_print(article_id="a2")])
        assert list(transaction.journal.all()) == []
        assert transaction.journal.hold("alert-1") is None
        transaction.journal.write(Record("alert-1", "alerts", NOON, {"state": "sent"}), now=NOON)
        assert [one.id for one in transaction.journal.claim("one", limit=1, now=NOON, lease=LEASE)] == ["alert-1"]
    store.close()
