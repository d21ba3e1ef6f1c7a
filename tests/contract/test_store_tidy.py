"""What the store promises about looking after itself, in both databases."""

from pathlib import Path

import pytest

from pipeline.store import Store
from tests.chain import in_sqlite
from tests.factories import an_article
from tests.stores import articles_in, keep, keep_named


def test_tidying_up_changes_nothing_that_is_kept(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")

    freed = store.tidy()

    assert freed == 0
    assert set(articles_in(store, ["a1", "a2"])) == {"a1", "a2"}


@in_sqlite
def test_a_file_that_is_mostly_empty_becomes_smaller(store: Store, tmp_path: Path) -> None:
    names = [f"a{number:04}" for number in range(40)]
    keep(store, *(an_article(id=name, body="wort " * 100_000) for name in names))
    with store.transaction() as transaction:
        transaction.ages.forget(names[1:])
    before = (tmp_path / "store.db").stat().st_size

    freed = store.tidy()

    assert freed > 10_000_000
    assert (tmp_path / "store.db").stat().st_size == before - freed
    assert set(articles_in(store, names)) == {"a0000"}


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_tidying_up_waits_for_nobody(store: Store) -> None:
    keep_named(store, "a1")

    with store._engine.begin() as other:
        other.exec_driver_sql("LOCK TABLE article IN ACCESS EXCLUSIVE MODE")
        store.tidy()

    with store._engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL")
        assert "work" in set(told.scalars())
