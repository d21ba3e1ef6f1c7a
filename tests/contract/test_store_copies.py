"""What the store promises about fingerprints, groups and stories, in both databases."""

from datetime import timedelta

from pipeline.store import Place, Print, Store
from tests.factories import NOON
from tests.stores import a_print, articles_in, keep_named

DAY = timedelta(days=1)
BIG = 2**63 - 1


def near(store: Store, *prints: Print, days: int = 7) -> tuple[set[str], set[tuple[str, str]]]:
    with store.reading() as transaction:
        found, pairs = transaction.copies.near(prints, since=NOON - days * DAY, until=NOON + days * DAY)
    return set(found), pairs


def save(store: Store, *prints: Print) -> None:
    with store.transaction() as transaction:
        transaction.copies.save(prints)


def group(store: Store, originals: dict[str, str], joined: dict[str, str] | None = None) -> set[str]:
    with store.transaction() as transaction:
        return transaction.copies.group(originals, joined or {})


def tell(store: Store, stories: dict[str, str], joined: dict[str, str] | None = None) -> set[str]:
    with store.transaction() as transaction:
        return transaction.copies.tell(stories, joined or {}, now=NOON)


def test_a_fingerprint_comes_back_with_group_and_story_of_its_article(store: Store) -> None:
    keep_named(store, "a1", "a2")
    kept = a_print(agency=True, exact=-BIG - 1, packed=bytes(range(256)), bands=(-BIG - 1, BIG))
    save(store, kept)
    group(store, {"a1": "a2"})
    tell(store, {"a1": "s1"})

    with store.reading() as transaction:
        found = transaction.copies.of(["a1", "a2"])

    assert found == {
        "a1": a_print(agency=True, exact=-BIG - 1, packed=kept.packed, bands=(), duplicate_of="a2", story_id="s1")
    }


def test_prints_meet_in_a_band_or_in_the_same_words(store: Store) -> None:
    keep_named(store, "band", "words", "neither")
    save(
        store,
        a_print(article_id="band", exact=1, bands=(5, BIG)),
        a_print(article_id="words", exact=-2, bands=()),
        a_print(article_id="neither", exact=3, bands=(9,)),
    )

    found, pairs = near(store, a_print(article_id="new", exact=-2, bands=(BIG, 4)))

    assert found == {"band", "words"}
    assert pairs == {("new", "band"), ("new", "words")}


def test_prints_outside_the_window_meet_nobody(store: Store) -> None:
    keep_named(store, "a1", "a2")
    save(store, a_print(at=NOON - 3 * DAY), a_print(article_id="a2", at=NOON + 3 * DAY))

    assert near(store, a_print(article_id="new"), days=2) == (set(), set())
    assert near(store, a_print(article_id="new"), days=3)[0] == {"a1", "a2"}


def test_of_many_that_meet_the_fifty_nearest_count(store: Store) -> None:
    names = [f"a{number:02}" for number in range(60)]
    keep_named(store, *names)
    save(store, *(a_print(article_id=one, exact=n, bands=(1, 2) if n < 50 else (1,)) for n, one in enumerate(names)))

    found, _ = near(store, a_print(article_id="new", exact=-1, bands=(1, 2)))

    assert found == set(names[:50])


def test_a_band_that_few_are_in_counts_more_than_bands_that_many_are_in(store: Store) -> None:
    names = [f"a{number:02}" for number in range(60)]
    keep_named(store, *names, "rare")
    save(store, *(a_print(article_id=one, exact=n, bands=(1, 2, 3)) for n, one in enumerate(names)))
    save(store, a_print(article_id="rare", exact=-2, bands=(3, 4)))

    found, _ = near(store, a_print(article_id="new", exact=-1, bands=(1, 2, 3, 4)))

    assert "rare" in found
    assert len(found) == 50


def test_of_hundreds_in_a_band_the_latest_count(store: Store) -> None:
    names = [f"a{number:03}" for number in range(200)]
    keep_named(store, *names)
    save(store, *(a_print(article_id=one, exact=n, bands=(1,)) for n, one in enumerate(names)))

    found, _ = near(store, a_print(article_id="new", exact=-1, bands=(1,)))

    assert len(found) == 50
    assert found < set(names[100:])


def test_of_hundreds_with_the_same_words_those_next_in_time_count(store: Store) -> None:
    names = [f"a{number:03}" for number in range(-100, 100)]
    keep_named(store, *names)
    save(store, *(a_print(article_id=one, at=NOON + DAY / 100 * int(one[1:]), bands=()) for one in names))

    found, _ = near(store, a_print(article_id="new", at=NOON + DAY / 200, bands=()))

    assert found == {"a000", "a001"}


def test_texts_without_words_are_not_the_same(store: Store) -> None:
    keep_named(store, "a1")
    save(store, a_print(words=0, exact=0, bands=()))

    assert near(store, a_print(article_id="new", words=0, exact=0, bands=())) == (set(), set())


def test_the_best_of_the_copies_is_heir_to_its_original(store: Store) -> None:
    keep_named(store, "a", "b", "c", "d", "e")
    save(
        store,
        a_print(article_id="a"),
        a_print(article_id="b", at=NOON + DAY),
        a_print(article_id="c", at=NOON + 2 * DAY, agency=True),
        a_print(article_id="d", agency=True),
    )
    group(store, {"b": "a", "c": "a", "d": "a", "e": "b"})

    with store.reading() as transaction:
        assert transaction.copies.heirs(["a", "d", "e"]) == {"a": "c"}
        assert transaction.copies.heirs(["b"]) == {}


def test_places_are_those_of_the_articles_asked_for(store: Store) -> None:
    keep_named(store, "a", "b", "c")
    group(store, {"b": "a"})
    tell(store, {"b": "s1"})

    with store.reading() as transaction:
        assert transaction.copies.places(["a", "b", "x"]) == {"a": Place(None, None), "b": Place("a", "s1")}


def test_a_later_fingerprint_takes_the_place_of_the_first(store: Store) -> None:
    keep_named(store, "a1")
    save(store, a_print(bands=(1,)))

    save(store, a_print(exact=9, bands=(2, 2)))

    assert near(store, a_print(article_id="new", bands=(1,)))[0] == set()
    assert near(store, a_print(article_id="new", exact=0, bands=(2,)))[0] == {"a1"}


def test_fingerprints_that_are_too_old_are_forgotten_with_their_bands(store: Store) -> None:
    keep_named(store, "a1", "a2")
    save(store, a_print(at=NOON - DAY), a_print(article_id="a2"))

    with store.transaction() as transaction:
        assert transaction.copies.forget(NOON) == 1

    assert near(store, a_print(article_id="new"))[0] == {"a2"}


def test_nothing_meets_nothing(store: Store) -> None:
    save(store)

    assert near(store) == (set(), set())
    assert group(store, {}) == tell(store, {}) == set()


def test_grouping_names_the_articles_that_changed_and_their_originals(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3")

    assert group(store, {"a1": "a1", "a2": "a1"}) == {"a1", "a2"}
    assert group(store, {"a1": "a1", "a2": "a1"}) == set()
    assert articles_in(store, ["a1"])["a1"].duplicate_of is None
    assert articles_in(store, ["a2"])["a2"].duplicate_of == "a1"


def test_a_whole_group_joins_another_original(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3")
    group(store, {"a2": "a1"})

    assert group(store, {}, {"a1": "a3"}) == {"a1", "a2", "a3"}

    originals = {one.id: one.duplicate_of for one in articles_in(store, ["a1", "a2", "a3"]).values()}
    assert originals == {"a1": "a3", "a2": "a3", "a3": None}


def test_the_original_may_become_a_copy_of_its_copy(store: Store) -> None:
    keep_named(store, "a1", "a2")
    group(store, {"a2": "a1"})

    group(store, {"a2": "a2"}, {"a1": "a2"})

    originals = {one.id: one.duplicate_of for one in articles_in(store, ["a1", "a2"]).values()}
    assert originals == {"a1": "a2", "a2": None}


def test_a_story_takes_in_articles_and_whole_stories(store: Store) -> None:
    keep_named(store, "a1", "a2", "a3")
    tell(store, {"a1": "s1", "a2": "s2"})

    assert tell(store, {"a3": "s2"}, {"s1": "s2"}) == {"a1", "a3"}

    assert {one.story_id for one in articles_in(store, ["a1", "a2", "a3"]).values()} == {"s2"}
    assert tell(store, {"a3": "s2"}) == set()
