"""What the store promises about articles, their versions and where they were seen, in both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import Mention, Status, TopicEvidence
from pipeline.store import Received, Store
from tests.factories import NOON, an_article
from tests.stores import articles_in, keep, keep_named

LATER = NOON + timedelta(hours=1)


def test_an_article_comes_back_as_it_was(store: Store) -> None:
    article = an_article(
        status=Status.CORRECTED,
        mentions=(Mention(text="Kiel", start=0, end=4, kind="place"),),
        topic_evidence={"harbour": TopicEvidence(score=1.5, phrases=("Hafen",), spans=((4, 9),))},
        watches=("harbour",),
    )

    keep(store, article)

    assert articles_in(store, ["a1"]) == {"a1": article}


def test_an_article_that_is_not_there_is_left_out(store: Store) -> None:
    keep_named(store, "a1")

    assert set(articles_in(store, ["a1", "none"])) == {"a1"}
    assert articles_in(store, []) == {}


def test_times_come_back_as_aware_utc(store: Store) -> None:
    kyiv = datetime(2026, 11, 3, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    keep(store, an_article(published=kyiv, first_seen=kyiv))
    with store.transaction() as transaction:
        transaction.articles.seen({"a1": "c"}, "orbit", now=kyiv)
        transaction.work.add(["a1"], "read", now=kyiv)

    found = articles_in(store, ["a1"])["a1"]

    assert (found.published, found.first_seen) == (kyiv, kyiv)
    assert found.first_seen.tzinfo is UTC
    with store.reading() as transaction:
        assert transaction.work.stages_of("a1")["read"].tzinfo is UTC
        assert transaction.work.stages_of("a1") == {"read": kyiv}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives(store: Store, text: str) -> None:
    article = an_article(headline=text, body=text, url=text)
    with store.transaction() as transaction:
        transaction.articles.save(article) if transaction.articles.many(["a1"]) else transaction.articles.add(article)

    found = articles_in(store, ["a1"])["a1"]

    assert (found.headline, found.body, found.url) == (article.headline, article.body, text)


def test_a_new_version_takes_the_place_of_the_one_before(store: Store) -> None:
    keep(store, an_article(headline="Erste"))

    with store.transaction() as transaction:
        transaction.articles.save(an_article(headline="Erste, gelesen"), enriched=True)
        transaction.articles.replace(an_article(headline="Zweite", version=2, first_seen=LATER), now=LATER)

    with store.reading() as transaction:
        assert transaction.articles.many(["a1"])["a1"].headline == "Zweite"
        assert transaction.articles.many(["a1"])["a1"].first_seen == NOON
        assert [one.headline for one in transaction.articles.versions("a1")] == ["Erste, gelesen"]
        assert transaction.articles.enriched(["a1"]) == set()


def test_a_new_version_of_an_article_without_a_date_keeps_its_time(store: Store) -> None:
    keep(store, an_article(published=None))

    with store.transaction() as transaction:
        transaction.articles.replace(an_article(published=None, version=2, first_seen=LATER), now=LATER)

    with store.reading() as transaction:
        assert [one.timestamp for one in transaction.articles.all()] == [NOON]
        assert list(transaction.articles.all(since=LATER)) == []


def test_earlier_versions_come_in_their_order(store: Store) -> None:
    keep(store, an_article())
    with store.transaction() as transaction:
        for version in range(2, 12):
            transaction.articles.replace(an_article(version=version), now=LATER)

    with store.reading() as transaction:
        assert [one.version for one in transaction.articles.versions("a1")] == list(range(1, 11))
        assert transaction.articles.versions("none") == []


def test_a_saved_result_changes_neither_group_nor_story(store: Store) -> None:
    keep_named(store, "a1", "a2")
    with store.transaction() as transaction:
        transaction.copies.group({"a2": "a1"}, {})
        transaction.copies.tell({"a2": "s1"}, {}, now=NOON)

        transaction.articles.save(an_article(id="a2", duplicate_of=None, story_id=None), enriched=True)

    found = articles_in(store, ["a2"])["a2"]
    assert (found.duplicate_of, found.story_id) == ("a1", "s1")
    with store.reading() as transaction:
        assert transaction.articles.enriched(["a1", "a2"]) == {"a2"}


def test_an_article_names_the_feeds_it_was_seen_in_the_earliest_first(store: Store) -> None:
    keep_named(store, "a1")
    with store.transaction() as transaction:
        transaction.articles.seen({"a1": "long"}, "orbit", now=LATER)
        transaction.articles.seen({"a1": "short"}, "kuestenblatt", now=NOON)
        transaction.articles.seen({"a1": "longer"}, "orbit", now=NOON - timedelta(hours=9))
        transaction.articles.seen({}, "nobody", now=NOON)

    with store.reading() as transaction:
        assert transaction.articles.many(["a1"])["a1"].feeds == ("kuestenblatt", "orbit")
        assert transaction.articles.received(["a1", "none"]) == {
            "a1": Received(
                1, None, an_article().url, an_article().headline, {"orbit": "longer", "kuestenblatt": "short"}
            )
        }
        assert transaction.articles.sightings("a1") == {"kuestenblatt": NOON, "orbit": LATER}
        assert transaction.articles.by_feed() == {"kuestenblatt": 1, "orbit": 1}


@pytest.mark.parametrize(
    ("prefix", "found"), [("ab", ["ab1", "ab2"]), ("ab2", ["ab2"]), ("", ["%", "ab1"]), ("%", ["%"])]
)
def test_articles_are_found_by_the_beginning_of_their_id(store: Store, prefix: str, found: list[str]) -> None:
    keep_named(store, "ab1", "ab2", "b", "%")

    with store.reading() as transaction:
        assert transaction.articles.find(prefix, limit=2) == found


def test_the_letter_case_of_an_id_counts(store: Store) -> None:
    keep_named(store, "ab")

    with store.reading() as transaction:
        assert transaction.articles.find("AB") == []


def test_an_original_comes_with_its_copies_the_earliest_first(store: Store) -> None:
    keep(store, an_article(), an_article(id="a2", published=NOON - timedelta(hours=1)), an_article(id="a3"))
    with store.transaction() as transaction:
        transaction.copies.group({"a2": "a1"}, {})
        transaction.copies.tell({"a1": "s1", "a3": "s1"}, {}, now=NOON)

    with store.reading() as transaction:
        assert [one.id for one in transaction.articles.members(original="a1")] == ["a2", "a1"]
        assert [one.id for one in transaction.articles.members(story="s1")] == ["a1", "a3"]
        assert transaction.articles.many(["a1"])["a1"].copies == 1


def test_all_articles_come_once_over_many_pages(store: Store) -> None:
    keep_named(store, *(f"a{number:04}" for number in range(1201)))

    with store.reading() as transaction:
        assert [one.id for one in transaction.articles.all()] == [f"a{number:04}" for number in range(1201)]


def test_all_articles_since_a_moment_come_once_over_many_pages_in_the_order_of_time(store: Store) -> None:
    moments = {f"a{number:04}": NOON + timedelta(minutes=-number // 7) for number in range(1201)}
    keep(store, *(an_article(id=name, published=moment) for name, moment in moments.items()))

    with store.reading() as transaction:
        found = [one.id for one in transaction.articles.all(since=NOON - timedelta(days=1))]

    assert found == sorted(moments, key=lambda name: (moments[name], name))


def test_all_articles_may_be_those_since_a_moment_or_the_enriched_ones(store: Store) -> None:
    keep(store, an_article(), an_article(id="a2", published=LATER), an_article(id="a3", published=LATER))
    with store.transaction() as transaction:
        transaction.articles.save(an_article(id="a2", published=LATER), enriched=True)

    with store.reading() as transaction:
        assert [one.id for one in transaction.articles.all(since=LATER)] == ["a2", "a3"]
        assert [one.id for one in transaction.articles.all(enriched=True)] == ["a2"]


def test_counts_tell_articles_copies_and_stories(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3")
    with store.transaction() as transaction:
        transaction.copies.group({"a2": "a1"}, {})
        transaction.copies.tell({"a1": "s1", "a2": "s1"}, {}, now=NOON)

    with store.reading() as transaction:
        assert transaction.articles.counts() == {"articles": 3, "copies": 1, "stories": 1}


def test_nothing_of_a_transaction_that_failed_is_kept(store: Store) -> None:
    def fail_half_way() -> None:
        with store.transaction() as transaction:
            transaction.articles.add(an_article())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()

    assert articles_in(store, ["a1"]) == {}


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(store: Store) -> None:
    keep_named(store, "a1")

    with store.reading() as transaction:
        before = transaction.articles.counts()
        keep_named(store, "a2")
        assert transaction.articles.counts() == before
