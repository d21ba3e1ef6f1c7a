"""What the store promises about alerts and the outbox, in both databases."""

from datetime import timedelta

import pytest

from pipeline.store import Recorded, Store
from tests.factories import NOON
from tests.stores import LEASE, a_message, an_alert, keep_named

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


def claim(store: Store, owner: str, minutes: int = 0) -> str | None:
    with store.transaction() as transaction:
        claimed = transaction.ledger.claim(owner, now=NOON + timedelta(minutes=minutes), lease=LEASE)
    return claimed.id if claimed else None


def test_a_message_goes_to_one_owner_the_longest_waiting_first(store: Store) -> None:
    record(store)
    record(store, id="alert-2", story_id="s2", article_id="a2", created=NOON - timedelta(hours=1))

    assert [claim(store, owner) for owner in ("one", "two", "three")] == ["<alert-2@x>", "<alert-1@x>", None]


def test_a_message_whose_lease_ended_is_free_and_its_former_owner_has_no_say(store: Store) -> None:
    record(store)
    claim(store, "one")

    assert claim(store, "two", minutes=4) is None
    assert claim(store, "two", minutes=5) == "<alert-1@x>"
    with store.transaction() as transaction:
        assert not transaction.ledger.refused("<alert-1@x>", "one", "no such mailbox")
        assert not transaction.ledger.postpone("<alert-1@x>", "one", "busy", until=NOON)
        assert not transaction.ledger.give_back("<alert-1@x>", "one", until=NOON)
        assert transaction.ledger.outbox() == {"waiting": 1}
        assert transaction.ledger.refused("<alert-1@x>", "two", "no such mailbox")
        assert transaction.ledger.outbox() == {"refused": 1}


def test_a_message_that_was_taken_is_sent_whoever_says_so_and_stays_so(store: Store) -> None:
    record(store)
    claim(store, "one")
    claim(store, "two", minutes=6)

    with store.transaction() as transaction:
        assert not transaction.ledger.sent("<alert-1@x>", "one", now=LATER)
        assert not transaction.ledger.refused("<alert-1@x>", "two", "no")
        assert transaction.ledger.retry(["<alert-1@x>"], now=LATER) == 0
        (delivery,) = transaction.ledger.deliveries(["alert-1"])

    assert (delivery.state, delivery.sent, delivery.error) == ("sent", LATER, None)


def test_a_postponed_message_counts_the_refusal_and_one_given_back_does_not(store: Store) -> None:
    record(store)
    later = NOON + timedelta(minutes=10)

    claim(store, "one")
    with store.transaction() as transaction:
        assert transaction.ledger.postpone("<alert-1@x>", "one", "busy\0", until=later)
    assert claim(store, "one", minutes=9) is None
    claim(store, "one", minutes=10)
    with store.transaction() as transaction:
        assert transaction.ledger.give_back("<alert-1@x>", "one", until=later)
        claimed = transaction.ledger.claim("two", now=later, lease=LEASE)

    assert claimed
    assert claimed.attempts == 1
    with store.reading() as transaction:
        assert transaction.ledger.deliveries(["alert-1"])[0].error == "busy"


def test_refused_messages_are_tried_again_when_a_person_asks(store: Store) -> None:
    record(store)
    claim(store, "one")
    with store.transaction() as transaction:
        transaction.ledger.refused("<alert-1@x>", "one", "no such mailbox")
        assert transaction.ledger.retry([], now=NOON) == 0
        assert transaction.ledger.retry(["<alert-1@x>", "<none@x>"], now=NOON) == 1

    assert claim(store, "two") == "<alert-1@x>"
