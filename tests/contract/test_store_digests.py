"""What the store promises about digests and late news, in both databases."""

from datetime import timedelta

import pytest

from pipeline.store import Outgoing, Progress, Store
from tests.factories import NOON
from tests.stores import LEASE, a_message, an_alert, keep_named

HOUR = timedelta(hours=1)
DESK, EDITOR = "desk@example.org", "editor@example.org"


def record(store: Store, *numbers: int, watch_id: str = "harbour") -> None:
    """Keep alerts of the first, second … hour."""
    with store.transaction() as transaction:
        for number in numbers:
            alert = an_alert(id=f"alert-{number}", story_id=f"s{number}", article_id=f"a{number}", watch_id=watch_id)
            transaction.ledger.record(an_alert(**vars(alert) | {"created": NOON + number * HOUR}), [])


def record_late(store: Store, *recipients: str, **changes: object) -> bool:
    with store.transaction() as transaction:
        return transaction.ledger.record_late(an_alert(**changes), recipients)


def untold(store: Store, since: int, until: int, digest_id: str = "morning") -> list[str]:
    with store.reading() as transaction:
        found = transaction.digests.untold(digest_id, since=NOON + since * HOUR, until=NOON + until * HOUR)
    return [one.id for one in found]


def belated(store: Store) -> dict[str, list[str]]:
    with store.reading() as transaction:
        return {reader: [one.id for one in alerts] for reader, alerts in transaction.digests.belated().items()}


def test_a_digest_goes_on_where_it_ended_unless_it_begins_anew(store: Store) -> None:
    with store.transaction() as transaction:
        for name in ("morning", "weekly", "evening"):
            transaction.digests.begin(name, NOON)
        transaction.digests.end("morning", NOON + HOUR)
        transaction.digests.begin("weekly", NOON + 2 * HOUR)

    with store.reading() as transaction:
        assert transaction.digests.progress() == {
            "morning": Progress(NOON, NOON + HOUR),
            "weekly": Progress(NOON + 2 * HOUR, NOON + 2 * HOUR),
            "evening": Progress(NOON, NOON),
        }


def test_a_period_begins_after_its_start_and_includes_its_end(store: Store) -> None:
    record(store, 1, 2, 3, 4)

    assert untold(store, 1, 3) == ["alert-3", "alert-2"]


def test_what_a_digest_told_it_does_not_tell_again_and_another_may(store: Store) -> None:
    record(store, 1, 2)
    with store.transaction() as transaction:
        transaction.digests.tell("morning", ["alert-2", "alert-2"])
        transaction.digests.tell("morning", ["alert-2"])
        transaction.digests.tell("morning", [])

    assert untold(store, 0, 3) == ["alert-1"]
    assert untold(store, 0, 3, "weekly") == ["alert-2", "alert-1"]


def test_a_message_of_a_digest_is_claimed_and_sent_as_any_other_and_posted_once(store: Store) -> None:
    message = Outgoing("<d1@x>", None, DESK, b"x", 0, "morning")
    with store.transaction() as transaction:
        transaction.ledger.post([message], now=NOON)
        transaction.ledger.post([], now=NOON)

    with store.transaction() as transaction:
        claimed = transaction.ledger.claim("one", now=NOON, lease=LEASE)
        assert transaction.ledger.sent("<d1@x>", "one", now=NOON)
        transaction.ledger.post([message], now=NOON + HOUR)

    assert claimed == message
    with store.reading() as transaction:
        assert transaction.ledger.outbox() == {"sent": 1}


def test_late_news_wait_for_each_recipient_until_he_was_told(store: Store) -> None:
    assert record_late(store, EDITOR, DESK, DESK)
    record_late(store, DESK, id="alert-2", story_id="s2", article_id="a2", created=NOON + HOUR)
    assert belated(store) == {DESK: ["alert-2", "alert-1"], EDITOR: ["alert-1"]}

    with store.transaction() as transaction:
        transaction.digests.settle(DESK, ["alert-1", "alert-2"])

    assert belated(store) == {EDITOR: ["alert-1"]}
    with store.reading() as transaction:
        assert [one.late for one in transaction.ledger.alerts()] == [True, True]


def test_late_news_have_no_message_and_come_once_a_story_and_watch(store: Store) -> None:
    assert record_late(store, DESK)

    assert not record_late(store, DESK, id="alert-2")
    assert record_late(store, DESK, id="alert-3", watch_id="other")
    assert belated(store) == {DESK: ["alert-1", "alert-3"]}
    with store.reading() as transaction:
        assert transaction.ledger.outbox() == {}


def test_a_story_that_raised_an_alert_is_not_told_of_as_late(store: Store) -> None:
    record(store, 1)

    assert not record_late(store, DESK, id="late", story_id="s1")


@pytest.mark.parametrize("told", [False, True])
def test_a_fresh_report_takes_the_place_of_a_late_one_of_which_nobody_was_told(store: Store, *, told: bool) -> None:
    keep_named(store, "a1", "a2")
    record_late(store, DESK)
    if told:
        with store.transaction() as transaction:
            transaction.digests.settle(DESK, ["alert-1"])
    fresh = an_alert(id="alert-2", article_id="a2")

    with store.transaction() as transaction:
        assert transaction.ledger.alerted("harbour", "s1")
        assert transaction.ledger.alerted("harbour", "s1", late=False) is told
        raised = transaction.ledger.record(fresh, [a_message(alert_id="alert-2")])

    assert raised is not told
    assert belated(store) == {}
    with store.reading() as transaction:
        assert [one.id for one in transaction.ledger.alerts()] == ["alert-1" if told else "alert-2"]


def test_a_fresh_report_can_bear_the_name_of_the_late_one(store: Store) -> None:
    record_late(store, DESK)

    with store.transaction() as transaction:
        assert transaction.ledger.record(an_alert(), [a_message()])

    with store.reading() as transaction:
        assert transaction.ledger.alerts() == [an_alert()]


def test_a_watch_is_known_since_it_was_first_seen(store: Store) -> None:
    with store.transaction() as transaction:
        assert transaction.ledger.watching([], now=NOON) == {}
        assert transaction.ledger.watching(["harbour"], now=NOON) == {"harbour": NOON}

        known = transaction.ledger.watching(["harbour", "space"], now=NOON + HOUR)

    assert known == {"harbour": NOON, "space": NOON + HOUR}
