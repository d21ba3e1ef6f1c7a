"""What the store promises about the journal, in both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipeline.store import Record, Store
from tests.factories import NOON
from tests.stores import LEASE

LATER = NOON + timedelta(hours=1)


def a_record(name: str = "p1", **changes: Any) -> Record:
    fields: dict[str, Any] = {"id": name, "kind": "polls", "at": NOON, "document": {"feed": "kuestenblatt", "new": 2}}
    return Record(**fields | changes)


def write(store: Store, *records: Record) -> None:
    with store.transaction() as transaction:
        for record in records:
            transaction.journal.write(record, now=record.at)


def claim(store: Store, owner: str = "one", *, minutes: int = 0, limit: int = 10) -> list[Record]:
    now = NOON + timedelta(minutes=minutes)
    with store.transaction() as transaction:
        return transaction.journal.claim(owner, limit=limit, now=now, lease=LEASE)


def finish(store: Store, *records: Record) -> None:
    with store.transaction() as transaction:
        transaction.journal.finish(records)


def rows(store: Store) -> list[Record]:
    with store.reading() as transaction:
        return list(transaction.journal.all())


def ids(records: list[Record]) -> list[str]:
    return [one.id for one in records]


def test_a_row_comes_back_as_it_was(store: Store) -> None:
    record = a_record(document={"error": "❌ „zu“\nEnde", "lag": 0.5, "why": ["topics: space"], "none": None})

    write(store, record)

    assert rows(store) == [record]


def test_what_no_database_takes_does_not_lose_the_row(store: Store) -> None:
    write(store, a_record(document={"error": "a\0b\ud800c"}))

    (row,) = rows(store)
    assert row.document == {"error": "a\0b?c"}


def test_a_row_written_again_takes_the_place_of_the_first_and_counts(store: Store) -> None:
    write(store, a_record())

    write(store, a_record(document={"new": 3}, version=7))

    assert rows(store) == [a_record(document={"new": 3}, version=2)]


def test_rows_wait_in_the_order_in_which_they_were_written(store: Store) -> None:
    write(store, a_record("p3", at=LATER), a_record("p2"), a_record("p1"))

    assert ids(claim(store, minutes=60, limit=2)) == ["p1", "p2"]


def test_what_is_claimed_is_left_alone_by_others_until_the_lease_ends(store: Store) -> None:
    write(store, a_record("p1"), a_record("p2"))

    assert ids(claim(store, "one", limit=1)) == ["p1"]
    assert claim(store, "two", minutes=4) == []
    assert ids(claim(store, "two", minutes=5)) == ["p1", "p2"]


def test_what_is_in_the_index_waits_no_more(store: Store) -> None:
    write(store, a_record("p1"), a_record("p2"))

    finish(store, *claim(store, limit=1))

    assert ids(claim(store)) == ["p2"]
    assert ids(rows(store)) == ["p1", "p2"]


def test_a_row_that_changed_while_it_was_claimed_waits_on_with_its_new_version(store: Store) -> None:
    write(store, a_record())
    claimed = claim(store)
    write(store, a_record(document={"new": 9}))

    finish(store, *claimed)

    assert claim(store, "two") == [a_record(document={"new": 9}, version=2)]


def test_whoever_put_a_row_into_the_index_may_say_so_though_the_lease_has_ended(store: Store) -> None:
    write(store, a_record())
    first = claim(store, "one")
    claim(store, "two", minutes=6)

    finish(store, *first)

    assert claim(store, "three", minutes=60) == []


def test_while_rows_rest_nobody_takes_those_that_came_later(store: Store) -> None:
    write(store, a_record("p1"))
    claim(store, "one")
    with store.transaction() as transaction:
        transaction.journal.rest("one", until=NOON + timedelta(minutes=30))
    write(store, a_record("p2", at=NOON + timedelta(minutes=10)))

    assert claim(store, "two", minutes=29) == []
    assert ids(claim(store, "two", minutes=30)) == ["p1", "p2"]


def test_a_worker_that_ends_gives_back_what_it_has_claimed_and_nothing_else(store: Store) -> None:
    write(store, a_record())
    claim(store, "one")

    with store.transaction() as transaction:
        transaction.release("two")
    assert claim(store, "two") == []
    with store.transaction() as transaction:
        transaction.release("one")

    assert ids(claim(store, "two")) == ["p1"]


def test_a_row_is_held_to_be_changed(store: Store) -> None:
    write(store, a_record("a1", kind="alerts"))

    with store.transaction() as transaction:
        held = transaction.journal.hold("a1")
        assert held
        assert transaction.journal.hold("none") is None
        transaction.journal.write(replace(held, document={**held.document, "state": "sent"}), now=LATER)

    (row,) = rows(store)
    assert (row.at, row.version, row.document["state"]) == (NOON, 2, "sent")


def test_what_happened_long_ago_is_forgotten(store: Store) -> None:
    write(store, a_record("p1"), a_record("p2", at=LATER))

    with store.transaction() as transaction:
        assert transaction.journal.forget(LATER) == 1

    assert ids(rows(store)) == ["p2"]


def test_all_rows_are_read_however_many_there_are(store: Store) -> None:
    with store.transaction() as transaction:
        for number in range(1_001):
            transaction.journal.write(a_record(f"p{number:05}"), now=NOON)

    assert ids(rows(store)) == [f"p{number:05}" for number in range(1_001)]
