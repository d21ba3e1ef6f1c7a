"""What the store promises when a clock jumps: nothing waits for a time that a wrong clock named, and nobody loses his lease."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.store import Record, Store
from tests.factories import NOON
from tests.stores import LEASE, a_message, a_state, an_alert, keep_named

MINUTE = timedelta(minutes=1)
JUMPS = pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1), timedelta(days=366)], ids=str)
Claim = Callable[[Store, str, timedelta], set[str]]


def claim_articles(store: Store, owner: str, at: timedelta) -> set[str]:
    with store.transaction() as transaction:
        return set(transaction.work.claim("read", owner, limit=10, now=NOON + at, lease=LEASE))


def claim_feeds(store: Store, owner: str, at: timedelta) -> set[str]:
    with store.transaction() as transaction:
        return transaction.feeds.claim(["a1"], owner, now=NOON + at, lease=LEASE)


def claim_message(store: Store, owner: str, at: timedelta) -> set[str]:
    with store.transaction() as transaction:
        message = transaction.ledger.claim(owner, now=NOON + at, lease=LEASE)
    return {"a1"} if message else set()


def claim_journal(store: Store, owner: str, at: timedelta) -> set[str]:
    with store.transaction() as transaction:
        return {one.id for one in transaction.journal.claim(owner, limit=10, now=NOON + at, lease=LEASE)}


def let_wait(store: Store, at: timedelta = timedelta()) -> None:
    """Let there be one of everything that can be claimed, put there at that time."""
    keep_named(store, "a1")
    with store.transaction() as transaction:
        transaction.work.add(["a1"], "read", now=NOON + at)
        transaction.ledger.record(an_alert(created=NOON + at), [a_message()])
        transaction.journal.write(Record("a1", "polls", NOON + at, {}), now=NOON + at)


EVERY_CLAIM = pytest.mark.parametrize("claim", [claim_articles, claim_feeds, claim_message, claim_journal])
EVERY_QUEUE = pytest.mark.parametrize("claim", [claim_articles, claim_message, claim_journal])


@JUMPS
@EVERY_CLAIM
def test_what_a_worker_held_who_died_before_the_clock_was_set_back_is_free_within_a_lease(
    store: Store, claim: Claim, jump: timedelta
) -> None:
    let_wait(store)
    assert claim(store, "dead", jump) == {"a1"}

    claim(store, "living", timedelta())

    assert claim(store, "living", LEASE) == {"a1"}


@JUMPS
@pytest.mark.parametrize("claim", [claim_articles, claim_feeds, claim_message])
def test_who_is_at_work_while_the_clock_is_set_back_keeps_his_claim_for_a_whole_lease(
    store: Store, claim: Claim, jump: timedelta
) -> None:
    let_wait(store)
    assert claim(store, "living", jump) == {"a1"}

    first = claim(store, "other", timedelta())

    assert first == claim(store, "other", LEASE - MINUTE) == set()


@JUMPS
@EVERY_QUEUE
def test_what_began_to_wait_before_the_clock_was_set_back_waits_no_longer(
    store: Store, claim: Claim, jump: timedelta
) -> None:
    let_wait(store, jump)

    assert claim(store, "one", timedelta()) == {"a1"}


@EVERY_CLAIM
def test_clocks_of_two_machines_that_differ_by_minutes_cost_nobody_his_claim(store: Store, claim: Claim) -> None:
    let_wait(store)
    assert claim(store, "ahead", 4 * MINUTE) == {"a1"}

    first = claim(store, "behind", timedelta())

    assert first == claim(store, "behind", LEASE + 3 * MINUTE) == set()


@JUMPS
def test_an_article_put_off_by_a_clock_ahead_comes_back_and_one_put_off_for_an_hour_waits(
    store: Store, jump: timedelta
) -> None:
    keep_named(store, "ahead", stage="read")
    claim_articles(store, "one", timedelta())
    with store.transaction() as transaction:
        transaction.work.postpone("read", "one", ["ahead"], until=NOON + jump + timedelta(hours=1))
    keep_named(store, "sane", stage="read")
    claim_articles(store, "one", timedelta())
    with store.transaction() as transaction:
        transaction.work.postpone("read", "one", ["sane"], until=NOON + timedelta(hours=1))

    assert claim_articles(store, "two", timedelta()) == {"ahead"}


def test_a_message_put_off_for_a_day_waits_for_it_and_one_put_off_by_a_clock_ahead_does_not(store: Store) -> None:
    let_wait(store)
    day = timedelta(days=1)
    claim_message(store, "one", timedelta())
    with store.transaction() as transaction:
        transaction.ledger.postpone(a_message().id, "one", "later", until=NOON + day)

    assert claim_message(store, "two", timedelta()) == set()

    assert claim_message(store, "two", -day) == {"a1"}


def test_what_was_put_right_waits_since_now_and_not_since_a_time_to_come(store: Store) -> None:
    let_wait(store, timedelta(days=1))

    claim_articles(store, "one", timedelta())

    with store.reading() as transaction:
        assert transaction.work.waiting()["read"].oldest == NOON


@JUMPS
def test_an_article_taken_over_after_a_leap_ahead_is_finished_by_one_alone(store: Store, jump: timedelta) -> None:
    let_wait(store)
    claim_articles(store, "slow", timedelta())
    claim_articles(store, "ahead", jump)

    done = []
    for owner in ("slow", "ahead"):
        with store.transaction() as transaction:
            done.append(transaction.work.finish("read", owner, ["a1"]))

    assert done == [set(), {"a1"}]


@JUMPS
def test_a_feed_polled_after_a_leap_ahead_is_saved_by_one_alone(store: Store, jump: timedelta) -> None:
    claim_feeds(store, "slow", timedelta())
    claim_feeds(store, "ahead", jump)

    with store.transaction() as transaction:
        saved = [transaction.feeds.save(a_state(feed_id="a1"), owner) for owner in ("slow", "ahead")]

    assert saved == [False, True]
