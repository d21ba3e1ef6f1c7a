"""What the store says when the database fails, and that nothing half-written remains."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.errors import ConfigError, StoreUnavailable
from pipeline.store import Store
from tests.factories import an_article
from tests.stores import articles_in, keep_named

BIG = "Im Hafen liegt ein Schiff. " * 40_000
NOBODY = 65534
LIMITED = """
import resource, sys
from pipeline.errors import StoreUnavailable
from pipeline.store import Store
from tests.factories import an_article

store = Store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    with store.transaction() as transaction:
        transaction.articles.add(an_article(id="small"))
        transaction.articles.add(an_article(id="big", body="x" * 5_000_000))
except StoreUnavailable as error:
    print(error, error.hint, sep="|")
"""
UNPRIVILEGED = f"""
import os, sys
from pipeline.errors import StoreUnavailable
from pipeline.store import Store
from tests.factories import an_article

store = Store(sys.argv[1]) if sys.argv[2:] else None
if store:
    store.close()
if os.geteuid() == 0:
    os.setuid({NOBODY})  # from here on, Python's own files may be out of reach as well
try:
    store = store or Store(sys.argv[1])
    with store.transaction() as transaction:
        transaction.articles.add(an_article())
except StoreUnavailable as error:
    print(error, error.hint, sep="|")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound SQLite file with one article."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    keep_named(store, "a1")
    store.close()
    return tmp_path / "store.db"


def in_a_child(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def complaint(url: str) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        use(url)
    return caught.value


def use(url: str) -> None:
    store = Store(url)
    try:
        articles_in(store, ["a1"])
        keep_named(store, "a2")
    finally:
        store.close()


def limit_pages(store: Store, pages: int) -> None:
    with store._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def add(store: Store, *names: str, body: str) -> None:
    with store.transaction() as transaction:
        for name in names:
            transaction.articles.add(an_article(id=name, body=body))


def test_a_full_disk_keeps_nothing_of_the_transaction_and_work_goes_on_when_there_is_space(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    limit_pages(store, 100)

    with pytest.raises(StoreUnavailable, match="full") as caught:
        add(store, "a2", "a3", body=BIG)

    assert (caught.value.hint or "").startswith("free some disk space")
    assert set(articles_in(store, ["a1", "a2", "a3"])) == {"a1"}
    limit_pages(store, 100_000)
    add(store, "a2", "a3", body=BIG)
    assert set(articles_in(store, ["a1", "a2", "a3"])) == {"a1", "a2", "a3"}
    store.close()


def test_a_limit_on_file_sizes_keeps_nothing_of_the_transaction(path: Path) -> None:
    told = in_a_child(LIMITED, f"sqlite:///{path}")

    assert "check the disk and the limits on file sizes" in told
    store = Store(f"sqlite:///{path}")
    assert set(articles_in(store, ["a1", "small", "big"])) == {"a1"}
    store.close()


def test_a_file_in_place_of_the_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")

    for name in ("store.db", "deep/store.db"):
        error = complaint(f"sqlite:///{tmp_path / 'data' / name}")
        assert f"`{tmp_path / 'data'}" in str(error)
        assert "WIREWATCH_DATA" in (error.hint or "")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.db").mkdir()

    error = complaint(f"sqlite:///{tmp_path / 'store.db'}")

    assert "store.db" in str(error)
    assert "WIREWATCH_DATA" in (error.hint or "")


def unwritable(folder: Path) -> None:
    """Let everybody look into the folder, and nobody write there."""
    for one in (folder, *list(folder.parents)[:2]):
        one.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)


def test_a_store_that_may_not_be_written_any_more_is_told_with_a_way_out(path: Path) -> None:
    unwritable(path.parent)

    told = in_a_child(UNPRIVILEGED, f"sqlite:///{path}", "opened before")

    path.parent.chmod(0o755)
    assert "make the data folder writable" in told


def test_a_folder_that_cannot_be_made_is_told_with_a_way_out(path: Path) -> None:
    unwritable(path.parent)

    told = in_a_child(UNPRIVILEGED, f"sqlite:///{path.parent / 'other' / 'store.db'}")

    path.parent.chmod(0o755)
    assert "cannot be made: Permission denied|choose another with `WIREWATCH_DATA`" in told


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("A letter to the editor. " * 200)

    error = complaint(f"sqlite:///{tmp_path / 'store.db'}")

    assert "not a database" in str(error)
    assert "restore a backup" in (error.hint or "")
    assert (tmp_path / "store.db").read_text().startswith("A letter")


def test_a_truncated_database_is_told(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)

    error = complaint(f"sqlite:///{path}")

    assert "malformed" in str(error)
    assert "restore a backup" in (error.hint or "")


def test_an_unknown_kind_of_url_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ConfigError, match="WIREWATCH_STORE_URL"):
        Store("oracle://somewhere/else")


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    error = complaint("postgresql://desk:secret@127.0.0.1:1/wirewatch")

    assert "secret" not in f"{error} {error.hint}"
    assert "check that the database runs" in (error.hint or "")


def test_a_connection_that_dies_keeps_nothing_and_the_next_transaction_works(emptied_url: str) -> None:
    store, other = Store(emptied_url), Store(emptied_url)

    def die_half_way() -> None:
        with store.transaction() as transaction:
            transaction.articles.add(an_article())
            number = transaction.articles._connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with other._engine.begin() as connection:
                connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
            transaction.work.add(["a1"], "read", now=an_article().first_seen)

    with pytest.raises(StoreUnavailable, match=r"terminat|closed") as caught:
        die_half_way()

    assert "nothing is lost" in (caught.value.hint or "")
    keep_named(store, "a2")
    assert set(articles_in(other, ["a1", "a2"])) == {"a2"}
    store.close()
    other.close()


def test_connections_that_died_between_transactions_are_not_noticed(emptied_url: str) -> None:
    store, other = Store(emptied_url), Store(emptied_url)
    keep_named(store, "a1")
    with other._engine.begin() as connection:
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    keep_named(store, "a2")

    assert set(articles_in(store, ["a1", "a2"])) == {"a1", "a2"}
    store.close()
    other.close()
