"""What the store promises about ages, in both databases: lags, rhythms, and what may be forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from pipeline.store import Store
from tests.factories import NOON, an_article
from tests.stores import a_message, a_print, an_alert, keep

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def see(store: Store, feed_id: str, *names: str, at: datetime) -> None:
    """Let articles stand in a feed for the first time."""
    with store.transaction() as transaction:
        transaction.articles.seen(dict.fromkeys(names, "x"), feed_id, now=at)


def outlived(store: Store, before: datetime, *, limit: int = 100, kept_of_a_feed: int = 0) -> list[str]:
    with store.reading() as transaction:
        return transaction.ages.outlived(before, limit=limit, kept_of_a_feed=kept_of_a_feed)


def forget(store: Store, names: Sequence[str]) -> list[str]:
    with store.transaction() as transaction:
        return sorted(transaction.ages.forget(names))


def test_the_lags_of_alerts_are_those_since_a_moment(store: Store) -> None:
    with store.transaction() as transaction:
        for number, (created, lag) in enumerate([(NOON - DAY, 1.0), (NOON, 7.5), (NOON, None)]):
            names = {"id": f"alert-{number}", "story_id": f"s{number}", "article_id": f"a{number}"}
            transaction.ledger.record(an_alert(**names, created=created, lag_seconds=lag), [])

    with store.reading() as transaction:
        assert transaction.ages.alert_lags(NOON - HOUR) == [7.5]


def test_news_is_late_by_the_time_from_publication_until_each_feed_had_it(store: Store) -> None:
    keep(store, an_article(id="a1", published=NOON, first_seen=NOON + HOUR))
    see(store, "quick", "a1", at=NOON + HOUR)
    see(store, "slow", "a1", at=NOON + 3 * HOUR)

    with store.reading() as transaction:
        late = {one.feed_id: one.seconds for one in transaction.ages.latenesses(NOON)}

    assert late == {"quick": 3600.0, "slow": 3 * 3600.0}


def test_no_news_is_late_by_less_than_nothing_though_a_clock_was_set_back(store: Store) -> None:
    keep(store, an_article(id="a1", published=NOON, first_seen=NOON + HOUR))
    see(store, "feed", "a1", at=NOON - HOUR)

    with store.reading() as transaction:
        (late,) = transaction.ages.latenesses(NOON - 2 * HOUR)

    assert late.seconds == 0.0


def test_what_was_undated_old_already_or_seen_earlier_is_not_late(store: Store) -> None:
    keep(
        store,
        an_article(id="undated", published=None, first_seen=NOON),
        an_article(id="old", published=NOON - 30 * DAY, first_seen=NOON),
        an_article(id="earlier", published=NOON - 7 * HOUR, first_seen=NOON - 6 * HOUR),
    )
    see(store, "feed", "undated", "old", at=NOON)
    see(store, "feed", "earlier", at=NOON - 6 * HOUR)

    with store.reading() as transaction:
        assert transaction.ages.latenesses(NOON - HOUR) == []


def test_the_days_on_which_a_feed_brought_news_are_told_once_each(store: Store) -> None:
    keep(store, *(an_article(id=f"a{number}") for number in range(4)))
    see(store, "feed", "a0", at=NOON - 40 * DAY)
    see(store, "feed", "a1", "a2", at=NOON - 3 * DAY)
    see(store, "feed", "a3", at=NOON)
    see(store, "other", "a3", at=NOON.replace(hour=23, minute=59))

    with store.reading() as transaction:
        days = transaction.ages.days_with_news(NOON - 30 * DAY)

    assert days == {"feed": [NOON.date() - 3 * DAY, NOON.date()], "other": [NOON.date()]}


def test_what_was_first_seen_before_a_moment_has_outlived_its_time(store: Store) -> None:
    keep(store, an_article(id="old", first_seen=NOON - DAY), an_article(id="new", published=NOON - 9 * DAY))

    assert outlived(store, NOON) == ["old"]
    assert outlived(store, NOON + HOUR, limit=1) == ["new"]


def test_the_latest_of_each_feed_stay_whatever_their_age(store: Store) -> None:
    keep(store, *(an_article(id=f"a{number}", first_seen=NOON - number * DAY) for number in range(1, 5)))
    see(store, "rare", "a4", at=NOON - 4 * DAY)
    for number in range(1, 4):
        see(store, "busy", f"a{number}", at=NOON - number * DAY)

    assert outlived(store, NOON, kept_of_a_feed=1) == ["a2", "a3"]


def test_an_original_stays_as_long_as_it_has_a_copy(store: Store) -> None:
    keep(store, *(an_article(id=name, first_seen=NOON - DAY) for name in ("original", "copy")))
    with store.transaction() as transaction:
        transaction.copies.group({"copy": "original"}, {})

    assert outlived(store, NOON) == ["copy"]
    assert forget(store, ["original"]) == []
    assert forget(store, ["copy"]) == ["copy"]
    assert outlived(store, NOON) == ["original"]


def test_all_that_hangs_on_an_article_goes_with_it_but_its_alerts(store: Store) -> None:
    keep(store, an_article(id="a1"), an_article(id="other"), stage="read")
    see(store, "feed", "a1", at=NOON)
    with store.transaction() as transaction:
        transaction.articles.replace(an_article(id="a1", version=2), now=NOON)
        transaction.copies.save([a_print(article_id="a1")])
        transaction.ledger.record(an_alert(article_id="a1", story_id="s1"), [a_message()])

    gone = forget(store, ["a1", "nobody"])

    assert gone == ["a1"]
    with store.reading() as transaction:
        assert [one.id for one in transaction.articles.all()] == ["other"]
        assert transaction.work.waiting()["read"].count == 1
        assert transaction.ledger.alerted("harbour", "s1")
        assert transaction.ledger.outbox() == {"waiting": 1}
    with store._engine.connect() as connection:
        for table in ("sighting", "superseded", "fingerprint", "band"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
