"""What the store promises about problems, in both databases."""

from datetime import timedelta

from pipeline.store import Problem, Store
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


def record(store: Store, subject: str = "feed:orbit", reason: str = "no feed", hours: int = 0, **more: object) -> str:
    with store.transaction() as transaction:
        now = NOON + timedelta(hours=hours)
        return transaction.problems.record("poll", subject, reason, now=now, **more)  # type: ignore[arg-type]


def latest(store: Store, **options: object) -> list[Problem]:
    with store.reading() as transaction:
        return transaction.problems.latest(**options)  # type: ignore[arg-type]


def close(store: Store, subject: str, stage: str = "poll") -> None:
    with store.transaction() as transaction:
        transaction.problems.close(subject=subject, stage=stage)


def test_a_problem_comes_back_as_it_was_with_its_payload(store: Store) -> None:
    name = record(store, detail="line 3\n\tof 7 😀", payload=bytes(range(256)))

    expected = Problem(
        name, "poll", "feed:orbit", "no feed", "line 3\n\tof 7 😀", bytes(range(256)), NOON, NOON, times=1, open=True
    )
    assert latest(store) == [expected]


def test_the_same_problem_again_is_counted_and_not_repeated(store: Store) -> None:
    first = record(store, payload=b"first")

    again = record(store, hours=1, detail="again", payload=b"second")

    (one,) = latest(store)
    assert again == first
    assert (one.times, one.first_seen, one.last_seen) == (2, NOON, LATER)
    assert (one.detail, one.payload) == ("again", b"second")


def test_what_is_closed_is_kept_and_opens_again(store: Store) -> None:
    record(store)
    record(store, subject="feed:other")

    close(store, "feed:orbit")

    assert [one.subject for one in latest(store)] == ["feed:other"]
    assert len(latest(store, everything=True)) == 2
    record(store)
    assert [one.times for one in latest(store) if one.subject == "feed:orbit"] == [2]


def test_only_the_stage_where_it_went_well_closes_a_problem(store: Store) -> None:
    record(store)

    close(store, "feed:orbit", stage="read")

    with store.reading() as transaction:
        assert transaction.problems.count() == 1


def test_the_latest_problems_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for hours, subject in enumerate(("feed:a", "feed:b", "feed:c")):
        record(store, subject, hours=hours)

    assert [one.subject for one in latest(store, limit=2)] == ["feed:c", "feed:b"]


def test_problems_are_found_by_their_subjects_open_or_not(store: Store) -> None:
    record(store, "feed:a")
    record(store, "feed:b")
    record(store, "feed:c")
    close(store, "feed:b")

    with store.reading() as transaction:
        assert {one.subject for one in transaction.problems.about(["feed:a", "feed:b"])} == {"feed:a", "feed:b"}
        assert transaction.problems.about([]) == []


def test_a_reason_from_outside_is_cleaned_and_cut(store: Store) -> None:
    record(store, reason="bad\0 Cafe\u0301 \ud800" + "x" * 100_000, detail="\0" * 9, payload=b"x" * 2_000_000)

    (one,) = latest(store)

    assert one.reason.startswith("bad Café ?xxx")
    assert len(one.reason) == 8_000
    assert one.detail == ""
    assert len(one.payload or b"") == 1_000_000


def test_what_is_over_for_long_can_be_forgotten_and_nothing_else(store: Store) -> None:
    record(store, "feed:over")
    record(store, "feed:open")
    record(store, "feed:fresh", hours=2)
    close(store, "feed:over")
    close(store, "feed:fresh")

    with store.transaction() as transaction:
        forgotten = transaction.problems.forget(LATER)

    assert forgotten == 1
    assert [one.subject for one in latest(store, everything=True)] == ["feed:fresh", "feed:open"]


def test_of_what_may_go_well_now_only_the_fresh_and_the_rested_are_tried_again(store: Store) -> None:
    record(store, "article:yes", hours=1, detail="again")
    record(store, "article:never", hours=1, detail="")
    record(store, "article:stale", hours=-9, detail="again")
    record(store, "article:just-now", hours=3, detail="again")
    for _ in range(3):
        record(store, "article:often", hours=1, detail="again")
    record(store, "article:over", hours=1, detail="again")
    close(store, "article:over")

    with store.reading() as transaction:
        found = transaction.problems.repeatable("again", since=NOON, before=NOON + timedelta(hours=2), most=2)

    assert [one.subject for one in found] == ["article:yes"]


def test_what_is_gone_is_closed_at_all_stages(store: Store) -> None:
    with store.transaction() as transaction:
        for stage in ("read", "index"):
            transaction.problems.record(stage, "article:a1", "x", now=NOON)

        transaction.problems.solved(["article:a1"])

        assert transaction.problems.count() == 0
