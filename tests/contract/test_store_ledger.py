"""What the store promises about alerts and the outbox, in both databases."""

from datetime import timedelta

import pytest

from pipeline.store import Recorded, Store
from tests.factories import NOON
from tests.stores import a_message, an_alert, keep_named

LATER = NOON + timedelta(hours=1)


def record(store: Store, **changes: object) -> bool:
    alert = an_alert(**changes)
    with store.transaction() as transaction:
        return transaction.ledger.record(alert, [a_message(id=f"<{alert.id}@x>", alert_id=alert.id)])


def join(store: Store, *pairs: tuple[str, str]) -> None:
    """Let stories join others, one after the other."""
    for former, name in pairs:
        with store.transaction() as transaction:
            transaction.copies.tell({}, {former: name}, now=NOON)


def test_an_alert_comes_back_as_it_was(store: Store) -> None:
    alert = an_alert(reasons={"query": "Straße\0 😀", "entities": []}, lag_seconds=None)

    with store.transaction() as transaction:
        assert transaction.ledger.record(alert, [])

    with store.reading() as transaction:
        assert transaction.ledger.alerts() == [alert]


def test_a_watch_is_told_of_a_story_once(store: Store) -> None:
    assert record(store)
    assert not record(store, id="alert-2")
    assert record(store, id="alert-3", story_id="s2", article_id="a2")
    assert record(store, id="alert-4", watch_id="other")

    with store.reading() as transaction:
        assert transaction.ledger.outbox() == {"waiting": 3}


def test_a_watch_told_of_an_article_is_told_of_the_story_it_moved_to(store: Store) -> None:
    keep_named(store, "a1")
    record(store)
    with store.transaction() as transaction:
        transaction.copies.tell({"a1": "s2"}, {}, now=NOON)

    assert not record(store, id="alert-2", story_id="s2", article_id="a2")


@pytest.mark.parametrize(
    ("pairs", "same"),
    [
        ([("s1", "s2")], ["s1", "s2"]),
        ([("s1", "s2"), ("s2", "s3")], ["s1", "s2", "s3"]),
        ([("s2", "s3"), ("s1", "s3")], ["s1", "s2", "s3"]),
        ([("s1", "s2"), ("s2", "s1")], ["s1", "s2"]),
    ],
)
def test_stories_that_were_joined_are_one_story_under_every_name(
    store: Store, pairs: list[tuple[str, str]], same: list[str]
) -> None:
    with store.transaction() as transaction:
        transaction.copies.tell({one: one for one in ("s1", "s2", "s3", "s4")}, {}, now=NOON)
    record(store, article_id="gone")

    join(store, *pairs)

    with store.reading() as transaction:
        told = [one for one in ("s1", "s2", "s3", "s4") if transaction.ledger.alerted("harbour", one)]
    assert told == same


def test_what_was_told_of_the_new_story_was_told_of_the_one_that_joined_it(store: Store) -> None:
    join(store, ("s1", "s2"))
    record(store, story_id="s2")

    assert not record(store, id="alert-2", story_id="s1", article_id="a2")


def test_the_latest_alerts_come_first(store: Store) -> None:
    record(store)
    record(store, id="alert-2", story_id="s2", article_id="a2", created=LATER)

    def ids(**chosen: object) -> list[str]:
        with store.reading() as transaction:
            found: list[Recorded] = transaction.ledger.alerts(**chosen)  # type: ignore[arg-type]
            return [one.id for one in found]

    assert ids() == ["alert-2", "alert-1"]
    assert ids(since=LATER) == ["alert-2"]
    assert ids(article_ids=["a1"]) == ["alert-1"]
    assert ids(article_ids=[]) == []


def test_a_message_that_is_there_already_is_not_queued_twice(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.ledger.record(an_alert(), [a_message()])
        transaction.ledger.record(an_alert(id="alert-2", story_id="s2", article_id="a2"), [a_message()])

    with store.reading() as transaction:
        assert [one.alert_id for one in transaction.ledger.deliveries(["alert-1", "alert-2"])] == ["alert-1"]
        assert transaction.ledger.deliveries([]) == []
