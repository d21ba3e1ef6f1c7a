"""What the store promises about claims, in both databases."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from pipeline.store import Store, Waiting
from pipeline.store.work import SUSPICIOUS
from tests.factories import NOON, an_article
from tests.stores import LEASE, a_message, an_alert, claim, keep, keep_named


def claimed(store: Store, owner: str, *, minutes: int = 0, limit: int = 10) -> dict[str, int]:
    with store.transaction() as transaction:
        return claim(transaction, owner, now=NOON + timedelta(minutes=minutes), limit=limit)


def finished(store: Store, owner: str, *names: str) -> set[str]:
    with store.transaction() as transaction:
        return transaction.work.finish("read", owner, names)


def test_two_owners_never_get_the_same_article(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3", stage="read")

    first, second = claimed(store, "one", limit=2), claimed(store, "two")

    assert (set(first), set(second)) == ({"a1", "a2"}, {"a3"})


def test_a_stage_gets_only_what_waits_for_it(store: Store) -> None:
    keep_named(store, "a1", stage="dedup")

    assert claimed(store, "one") == {}


def test_what_waits_longest_comes_first(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3")
    with store.transaction() as transaction:
        for minutes, name in enumerate(("a3", "a1", "a2")):
            transaction.work.add([name], "read", now=NOON + timedelta(minutes=minutes))

    assert list(claimed(store, "one", minutes=9, limit=2)) == ["a3", "a1"]


def test_nothing_is_claimed_with_a_limit_of_nothing(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    for minutes in range(0, 60, 10):
        assert claimed(store, "one", minutes=minutes)

    assert claimed(store, "one", minutes=60, limit=0) == {}


def test_a_lease_that_ended_frees_the_article_and_counts_the_attempt(store: Store) -> None:
    keep_named(store, "a1", stage="read")

    assert claimed(store, "one") == {"a1": 0}
    assert claimed(store, "two", minutes=4) == {}
    assert claimed(store, "two", minutes=5) == {"a1": 1}


def test_who_finishes_is_told_what_was_still_his(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    claimed(store, "one")
    claimed(store, "two", minutes=6, limit=1)

    assert finished(store, "one", "a1", "a2", "none") == {"a2"}
    assert finished(store, "two", "a1") == {"a1"}
    assert finished(store, "two", "a1") == set()


def test_a_new_version_voids_every_claim(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    with store.transaction() as transaction:
        transaction.work.add(["a1"], "index", now=NOON)
    claimed(store, "one")

    with store.transaction() as transaction:
        transaction.work.restart(["a1"], "read", now=NOON)

    assert finished(store, "one", "a1", "a2") == {"a2"}
    with store.reading() as transaction:
        assert set(transaction.work.stages_of("a1")) == {"read"}
    assert claimed(store, "two") == {"a1": 0}


def test_an_article_that_waits_already_starts_again_but_keeps_its_place(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    claimed(store, "one")
    later = NOON + timedelta(minutes=1)

    with store.transaction() as transaction:
        transaction.work.add(["a1"], "read", now=later)

    with store.reading() as transaction:
        assert transaction.work.stages_of("a1") == {"read": NOON}
    assert finished(store, "one", "a1") == set()
    assert claimed(store, "two", minutes=1) == {"a1": 0}


def test_a_postponed_article_comes_back_at_its_time_and_remembers_its_attempts(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    claimed(store, "one", limit=1)

    with store.transaction() as transaction:
        transaction.work.postpone("read", "one", ["a1", "a2"], until=NOON + timedelta(minutes=3))

    assert claimed(store, "two", minutes=2) == {"a2": 0}
    assert claimed(store, "two", minutes=3) == {"a1": 1}


def test_a_claim_given_back_untried_does_not_count(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    claimed(store, "one")

    with store.transaction() as transaction:
        transaction.work.postpone("read", "one", ["a1"], until=NOON, tried=False)

    assert claimed(store, "two") == {"a1": 0}


def test_a_worker_that_ends_gives_everything_back_as_if_he_had_not_claimed_it(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    claimed(store, "one", limit=1)
    claimed(store, "two")
    with store.transaction() as transaction:
        transaction.feeds.claim(["orbit"], "one", now=NOON, lease=LEASE)
        transaction.ledger.record(an_alert(), [a_message()])
        transaction.ledger.claim("one", now=NOON, lease=LEASE)

    with store.transaction(wide=True) as transaction:
        transaction.release("one")

    assert claimed(store, "three") == {"a1": 0}
    with store.transaction() as transaction:
        assert transaction.feeds.claim(["orbit"], "three", now=NOON, lease=LEASE)
        assert transaction.ledger.claim("three", now=NOON, lease=LEASE) == a_message()


def test_a_worker_that_failed_gives_everything_back_and_the_attempt_counts(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    claimed(store, "one")

    with store.transaction(wide=True) as transaction:
        transaction.release("one", tried=True)

    assert claimed(store, "two") == {"a1": 1}


def test_nobody_postpones_what_another_has(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    claimed(store, "one")

    with store.transaction() as transaction:
        transaction.work.postpone("read", "two", ["a1"], until=NOON)

    assert claimed(store, "two") == {}


def test_articles_claimed_in_vain_several_times_come_last_and_alone(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    for number in range(SUSPICIOUS):
        assert claimed(store, "dying", minutes=10 * number) == {"a1": number, "a2": number}
    keep(store, an_article(id="a3"), stage="read")

    assert claimed(store, "one", minutes=30) == {"a3": 0}
    assert claimed(store, "two", minutes=30) == {"a1": SUSPICIOUS}
    assert claimed(store, "three", minutes=30) == {"a2": SUSPICIOUS}
    assert claimed(store, "four", minutes=30) == {}


def test_what_waits_is_told_by_article_and_by_stage(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    claimed(store, "one", limit=1)
    with store.transaction() as transaction:
        transaction.work.add(["a2"], "index", now=NOON + timedelta(minutes=1))

    with store.reading() as transaction:
        assert transaction.work.waiting() == {
            "read": Waiting(2, NOON),
            "index": Waiting(1, NOON + timedelta(minutes=1)),
        }
        assert transaction.work.waiting_ids(["a1", "a2", "none"], "index") == {"a2"}
        assert transaction.work.stages_of("none") == {}


@dataclass(frozen=True)
class Job:
    """What the model knows of an article that waits; `free_at` is when it can be claimed."""

    free_at: datetime
    attempts: int = 0
    owner: str | None = None


NAMES = ["a1", "a2", "a3", "a4"]
NUMBERS = count()
OWNERS = st.sampled_from(["one", "two", "three"])
SUBSETS = st.sets(st.sampled_from(NAMES))


class Queue(RuleBasedStateMachine):
    """The queue of one stage beside a simple model of it: a dict."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.stage, self.now, self.model = f"read-{next(NUMBERS)}", NOON, dict[str, Job]()

    def mine(self, owner: str, chosen: set[str]) -> set[str]:
        return {one for one in chosen if one in self.model and self.model[one].owner == owner}

    @rule(minutes=st.integers(1, 7))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(chosen=SUBSETS)
    def articles_arrive(self, chosen: set[str]) -> None:
        with self.store.transaction() as transaction:
            transaction.work.add(chosen, self.stage, now=self.now)
        self.model |= {one: Job(self.now) for one in chosen}

    @rule(owner=OWNERS, limit=st.integers(1, 4))
    def somebody_claims(self, owner: str, limit: int) -> None:
        with self.store.transaction() as transaction:
            taken = transaction.work.claim(self.stage, owner, limit=limit, now=self.now, lease=LEASE)
        free = {one: job for one, job in self.model.items() if job.free_at <= self.now}
        usual = {one for one, job in free.items() if job.attempts < SUSPICIOUS}
        assert taken == {one: self.model[one].attempts for one in taken}
        assert set(taken) <= (usual or set(free))
        assert len(taken) == (min(limit, len(usual)) if usual else min(1, len(free)))
        for one in taken:
            self.model[one] = Job(self.now + LEASE, self.model[one].attempts + 1, owner)

    @rule(owner=OWNERS, chosen=SUBSETS)
    def somebody_finishes(self, owner: str, chosen: set[str]) -> None:
        with self.store.transaction() as transaction:
            done = transaction.work.finish(self.stage, owner, chosen)
        assert done == self.mine(owner, chosen)
        for one in done:
            del self.model[one]

    @rule(owner=OWNERS, chosen=SUBSETS, minutes=st.integers(0, 7))
    def somebody_postpones(self, owner: str, chosen: set[str], minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)
        with self.store.transaction() as transaction:
            transaction.work.postpone(self.stage, owner, chosen, until=until)
        for one in self.mine(owner, chosen):
            self.model[one] = replace(self.model[one], free_at=until, owner=None)

    @invariant()
    def the_same_articles_wait(self) -> None:
        with self.store.reading() as transaction:
            assert transaction.work.waiting_ids(NAMES, self.stage) == set(self.model)


def test_the_queue_agrees_with_a_simple_model_of_it(store: Store) -> None:
    keep_named(store, *NAMES)
    chosen = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))

    machine = type("QueueInThisStore", (Queue,), {"store": store})

    run_state_machine_as_test(machine, settings=chosen)


def test_of_articles_claimed_in_vain_the_one_tried_least_comes_first(store: Store) -> None:
    keep_named(store, "a1", "a2", stage="read")
    for number in range(SUSPICIOUS):
        assert set(claimed(store, f"w{number}", minutes=10 * number)) == {"a1", "a2"}

    alone = [list(claimed(store, f"v{number}", minutes=10 * (SUSPICIOUS + number))) for number in range(4)]

    assert alone == [["a1"], ["a2"], ["a1"], ["a2"]]
