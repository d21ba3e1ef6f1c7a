"""What is new, what is a new version, and what was seen before?"""

from datetime import timedelta

from pipeline.article import Entry, Status
from pipeline.config import Feed
from pipeline.stages.arrivals import Arrivals, by_address, identified, sort_out
from pipeline.store import Received
from tests.factories import NOON, an_entry

FEED = Feed(id="kuestenblatt", name="Küstenblatt", url="https://kuestenblatt.example/feed", language="de")
OTHER_FEED = Feed(
    id="kuestenblatt-sport", source="kuestenblatt", name="Sport", url="https://kuestenblatt.example/sport"
)


def arrive(entry: Entry, known: Received | None = None, feed: Feed = FEED) -> Arrivals:
    entries = identified(feed, [entry])
    received = {one: known for one in entries if known}
    return sort_out(feed, by_address(feed, entries, received), received, now=NOON)


def received(entry: Entry, feed: Feed = FEED) -> Received:
    """What the store knows after `entry` arrived in `feed`."""
    arrivals = arrive(entry, feed=feed)
    contents = dict.fromkeys([feed.id], *arrivals.contents.values())
    return Received(arrivals.new[0].version, entry.updated, entry.url, entry.headline, contents)


def test_an_entry_never_seen_is_a_new_article_of_its_publisher() -> None:
    article = arrive(an_entry(), feed=OTHER_FEED).new[0]

    assert article.source.id == "kuestenblatt"
    assert article.first_seen == NOON
    assert article.feeds == ("kuestenblatt-sport",)


def test_the_same_entry_again_is_neither_new_nor_a_version() -> None:
    arrivals = arrive(an_entry(), received(an_entry()))

    assert not arrivals.new
    assert not arrivals.versions


def test_other_words_in_the_same_feed_are_a_new_version() -> None:
    arrivals = arrive(an_entry(summary="Der Betreiber wächst schneller."), received(an_entry()))

    assert [article.version for article in arrivals.versions] == [2]


def test_a_shorter_form_in_another_feed_of_the_publisher_is_no_new_version() -> None:
    arrivals = arrive(an_entry(summary="Kurz."), received(an_entry()), feed=OTHER_FEED)

    assert not arrivals.versions
    assert arrivals.contents


def test_another_feed_makes_a_version_where_it_says_that_it_is_newer() -> None:
    known = received(an_entry(updated=NOON - timedelta(hours=1)))

    arrivals = arrive(an_entry(summary="Neu.", updated=NOON), known, feed=OTHER_FEED)

    assert len(arrivals.versions) == 1


def test_an_older_version_that_arrives_late_changes_nothing() -> None:
    known = received(an_entry(version=3))

    assert not arrive(an_entry(version=2, summary="Alt."), known).versions


def test_a_wire_version_number_is_kept_where_it_is_higher() -> None:
    known = received(an_entry(version=3))

    assert arrive(an_entry(version=7, summary="Neu."), known).versions[0].version == 7


def test_a_guid_used_for_quite_another_article_gets_an_id_of_its_own() -> None:
    other = an_entry(url="https://kuestenblatt.example/2", headline="Hafenfest lockt Tausende an die Mole")

    arrivals = arrive(other, received(an_entry()))

    assert len(arrivals.new) == 1
    assert arrivals.new[0].id not in identified(FEED, [an_entry()])


def test_an_article_that_moved_to_another_address_stays_the_same_article() -> None:
    moved = an_entry(url="https://kuestenblatt.example/neu/1")

    assert not arrive(moved, received(an_entry())).new


def test_of_two_forms_in_one_feed_the_newer_counts_wherever_it_stands() -> None:
    old = an_entry(summary="Alt.", updated=NOON)
    new = an_entry(summary="Neu.", updated=NOON + timedelta(minutes=5))

    for entries in ([old, new], [new, old]):
        assert [entry.summary for entry in identified(FEED, entries).values()] == ["Neu."]


def test_of_two_forms_the_higher_version_counts_whatever_their_dates() -> None:
    old = an_entry(summary="Alt.", version=1, updated=NOON + timedelta(minutes=5))
    new = an_entry(summary="Neu.", version=2, updated=NOON)

    assert [entry.summary for entry in identified(FEED, [old, new]).values()] == ["Neu."]


def test_of_two_forms_of_one_age_the_first_counts() -> None:
    first, second = an_entry(summary="Oben."), an_entry(summary="Unten.")

    assert [entry.summary for entry in identified(FEED, [first, second]).values()] == ["Oben."]


def tombstone() -> Entry:
    return an_entry(headline="", summary="", url=None, published=None, status=Status.KILLED)


def test_a_tombstone_leaves_the_headline_and_the_address() -> None:
    killed = arrive(tombstone(), received(an_entry())).versions[0]

    assert (killed.status, killed.version, killed.summary) == (Status.KILLED, 2, "")
    assert (killed.headline, killed.url) == (an_entry().headline, an_entry().url)


def test_a_tombstone_in_another_feed_of_the_publisher_kills_too() -> None:
    assert len(arrive(tombstone(), received(an_entry()), feed=OTHER_FEED).versions) == 1


def test_a_tombstone_for_what_never_came_is_nothing() -> None:
    arrivals = arrive(tombstone())

    assert (arrivals.new, arrivals.versions, arrivals.contents) == ([], [], {})


def test_a_date_in_the_future_is_not_believed_and_is_told() -> None:
    arrivals = arrive(an_entry(published=NOON + timedelta(days=2)))

    assert arrivals.new[0].timestamp == NOON
    assert "future" in arrivals.problems[0]


def test_many_entries_with_one_fault_are_one_problem() -> None:
    entries = [an_entry(guid=f"tag:{number}", problem="no link", url=None) for number in range(5)]

    arrivals = sort_out(FEED, identified(FEED, entries), {}, now=NOON)

    assert arrivals.problems == ["no link: `Nordlicht baut drei Bodenstationen` and 4 more"]
