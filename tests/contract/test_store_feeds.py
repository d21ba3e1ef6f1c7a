"""What the store promises about feeds, in both databases."""

from datetime import timedelta

from pipeline.store import Store
from tests.factories import NOON
from tests.stores import LEASE, a_state

FEEDS = ["kuestenblatt", "orbit"]


def claimed(store: Store, owner: str, feeds: list[str] = FEEDS, minutes: int = 0) -> set[str]:
    with store.transaction() as transaction:
        return transaction.feeds.claim(feeds, owner, now=NOON + timedelta(minutes=minutes), lease=LEASE)


def test_a_feed_never_polled_has_no_state_even_while_it_is_claimed(store: Store) -> None:
    claimed(store, "one")

    with store.reading() as transaction:
        assert transaction.feeds.states() == {}


def test_two_owners_never_get_the_same_feed(store: Store) -> None:
    claimed(store, "one", ["kuestenblatt"])

    assert claimed(store, "two") == {"orbit"}


def test_an_owner_holds_on_to_what_he_has(store: Store) -> None:
    claimed(store, "one")

    assert claimed(store, "one", minutes=4) == set(FEEDS)
    assert claimed(store, "two", minutes=8) == set()


def test_a_lease_that_ended_frees_the_feed(store: Store) -> None:
    claimed(store, "one")

    assert claimed(store, "two", minutes=5) == set(FEEDS)


def test_no_feeds_are_claimed_as_no_feeds(store: Store) -> None:
    assert claimed(store, "one", []) == set()


def test_a_state_comes_back_as_it_was_and_the_feed_is_free_again(store: Store) -> None:
    state = a_state(etag='W/"ü\0"', last_error="❌ " + "x" * 100_000, last_polled=NOON)
    claimed(store, "one")

    with store.transaction() as transaction:
        assert transaction.feeds.save(state, "one")

    with store.reading() as transaction:
        assert transaction.feeds.states() == {"kuestenblatt": state}
    assert claimed(store, "two") == {"kuestenblatt"}


def test_who_lost_his_claim_keeps_nothing(store: Store) -> None:
    claimed(store, "one")
    claimed(store, "two", minutes=6)

    with store.transaction() as transaction:
        kept = transaction.feeds.save(a_state(polls=9), "one")

    with store.reading() as transaction:
        assert transaction.feeds.states() == {}
    assert not kept


def test_a_person_revives_a_feed_whoever_polls_it(store: Store) -> None:
    claimed(store, "one")
    with store.transaction() as transaction:
        transaction.feeds.save(a_state(retired="gone (HTTP 410)"), "one")
    claimed(store, "two")

    with store.transaction() as transaction:
        transaction.feeds.revive(a_state(retired=None))

    with store.reading() as transaction:
        assert transaction.feeds.states()["kuestenblatt"].retired is None
    assert claimed(store, "three", ["kuestenblatt"]) == set()


def test_a_claim_is_held_only_by_its_owner_and_can_be_given_back(store: Store) -> None:
    claimed(store, "one")
    with store.transaction() as transaction:
        assert transaction.feeds.hold("orbit", "one")
        assert not transaction.feeds.hold("orbit", "two")
        transaction.feeds.release(["orbit", "kuestenblatt"], "two")
        transaction.feeds.release(["orbit"], "one")

    assert claimed(store, "two") == {"orbit"}
