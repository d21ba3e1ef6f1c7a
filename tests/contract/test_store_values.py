"""Hostile, long, empty and very many values, in both databases."""

from datetime import timedelta

import pytest

from pipeline.store import Store
from tests.factories import NOON, an_article
from tests.stores import LEASE, a_message, a_print, a_state, an_alert, articles_in, keep, keep_named

MANY = [f"none-{number}" for number in range(100_000)]
NUL = "\0"


def test_a_nul_from_outside_is_dropped_wherever_it_comes_in(store: Store) -> None:
    hostile = an_article(headline=f"Kiel{NUL}", url=f"https://x.example/{NUL}", subjects=(NUL,), language=f"de{NUL}")
    keep(store, hostile, stage="read")
    with store.transaction() as transaction:
        transaction.articles.seen({"a1": f"c{NUL}"}, f"orbit{NUL}", now=NOON)
        transaction.feeds.claim([f"kuestenblatt{NUL}"], f"one{NUL}", now=NOON, lease=LEASE)
        assert transaction.feeds.save(a_state(last_error=NUL, moved_to=NUL), "one")
        transaction.problems.record("read", f"article:{NUL}a1", NUL, detail=NUL, now=NOON)
        transaction.ledger.record(an_alert(reasons={"query": NUL}, story_id=f"s1{NUL}"), [a_message(recipient=NUL)])
        transaction.copies.tell({"a1": f"s1{NUL}"}, {}, now=NOON)
        transaction.work.claim("read", f"one{NUL}", limit=1, now=NOON, lease=LEASE)

    with store.reading() as transaction:
        found = transaction.articles.many(["a1", NUL])["a1"]
        assert (found.headline, found.feeds, found.story_id) == ("Kiel", ("orbit",), "s1")
        assert transaction.articles.received([f"a1{NUL}"])["a1"].contents == {"orbit": "c"}
        assert transaction.problems.about([f"article:a1{NUL}"])[0].reason == ""
        assert transaction.ledger.deliveries(["alert-1"])[0].recipient == ""
    with store.transaction() as transaction:
        assert transaction.work.finish("read", "one", ["a1"]) == {"a1"}


def test_a_lone_surrogate_is_kept_as_a_question_mark(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.problems.record("read", "article:\ud800", "\udfff", now=NOON)

    with store.reading() as transaction:
        assert [(one.subject, one.reason) for one in transaction.problems.latest()] == [("article:?", "?")]
        assert transaction.problems.about(["article:\ud800"])


@pytest.mark.parametrize(
    "text", ["ü" * 1_000_000, "👩‍🚀" * 100_000, "x' OR 1=1; DROP TABLE article; --", "%_\\", "\t\n"]
)
def test_long_and_odd_texts_come_back_as_they_were(store: Store, text: str) -> None:
    article = an_article(body=text, url=text, headline=text)

    keep(store, article)

    assert articles_in(store, ["a1"]) == {"a1": article}


def test_every_method_that_takes_ids_takes_a_hundred_thousand(store: Store) -> None:
    keep_named(store, "a1", stage="read")
    until = NOON + timedelta(hours=1)
    ids = [*MANY, "a1"]
    with store.transaction() as transaction:
        transaction.copies.save([a_print()])
        transaction.ledger.record(an_alert(), [a_message()])
        transaction.problems.record("read", "a1", "why", now=NOON)
        transaction.work.claim("read", "one", limit=1, now=NOON, lease=LEASE)

        assert set(transaction.articles.received(ids)) == {"a1"}
        assert set(transaction.articles.many(ids)) == {"a1"}
        assert transaction.articles.enriched(ids) == set()
        assert transaction.work.waiting_ids(ids, "read") == {"a1"}
        assert set(transaction.copies.of(ids)) == {"a1"}
        assert len(transaction.ledger.alerts(article_ids=ids)) == 1
        assert len(transaction.ledger.deliveries([*MANY, "alert-1"])) == 1
        assert len(transaction.problems.about(ids)) == 1
        transaction.work.postpone("read", "one", ids, until=until)
        transaction.work.claim("read", "one", limit=1, now=until, lease=LEASE)
        assert transaction.work.finish("read", "one", ids) == {"a1"}


def test_a_print_may_have_any_number_of_bands(store: Store) -> None:
    keep_named(store, "a1")
    with store.transaction() as transaction:
        transaction.copies.save([a_print(exact=1, bands=(99_999,))])

        wanted = [a_print(article_id="new", exact=2, bands=tuple(range(100_000)))]
        found, _ = transaction.copies.near(wanted, since=NOON, until=NOON)

    assert set(found) == {"a1"}


def test_no_ids_are_no_error_and_give_nothing(store: Store) -> None:
    keep_named(store, "a1", stage="read")

    with store.transaction() as transaction:
        transaction.articles.seen({}, "orbit", now=NOON)
        transaction.work.add([], "read", now=NOON)
        transaction.work.restart([], "read", now=NOON)
        transaction.work.postpone("read", "one", [], until=NOON)
        transaction.copies.save([])
        assert not transaction.articles.received([])
        assert not transaction.articles.many([])
        assert not transaction.articles.enriched([])
        assert not transaction.work.finish("read", "one", [])
        assert not transaction.work.waiting_ids([], "read")
        assert not transaction.feeds.claim([], "one", now=NOON, lease=LEASE)
        assert not transaction.copies.of([])
        assert not transaction.copies.group({}, {})
        assert not transaction.copies.tell({}, {}, now=NOON)
        assert not transaction.ledger.alerts(article_ids=[])
        assert not transaction.ledger.deliveries([])
        assert not transaction.problems.about([])
