"""Which articles does `fold` take for copies, which is the original, and which tell the same story?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup import Folding, Member, fingerprints, fold, meetings
from tests.factories import NOON, REPORT

SENTENCES = REPORT.split(". ")
FERRY = (
    "Die Fähre zwischen Cuxhaven und Brunsbüttel legt vom Frühjahr an wieder alle neunzig Minuten ab. Das beschloss der "
    "Verkehrsverbund am Montag in Stade. Ein zweites Schiff kommt aus Norwegen und wird im Winter umgebaut. Für Pendler "
    "gibt es eine Karte zum halben Preis, Fahrräder fahren umsonst mit. Der Hafenmeister rechnet mit vielen Gästen."
)
SHARES = (
    "Die Aktie des Maschinenbauers Nordwerk hat im Handel am Mittag {change} Prozent gewonnen. Zuletzt kostete das Papier "
    "{price} Euro. Damit gehörte die Aktie zu den gefragten Werten im Index, der bei {index} Punkten lag. Insgesamt "
    "wechselten bisher {volume} Papiere den Besitzer. Analysten sehen den fairen Wert im Durchschnitt bei {target} Euro."
)
WEATHER = (
    "Am {day}. des Monats wird es in Ostholstein {sky} bei Höchstwerten von {high} Grad. In der Nacht sinken die Werte "
    "auf {low} Grad. Der Wind weht mit {wind} Kilometern in der Stunde aus westlichen Richtungen, an der Küste sind "
    "Böen möglich. Die Aussichten für die folgenden Tage bleiben nach Angaben der Wetterwarte unbeständig."
)
LOTTERY = (
    "Die Gewinnzahlen: {}, {}, {}, {}, {}, {}. Zusatzzahl: {}. Die Angaben sind wie immer ohne Gewähr und Anspruch."
)
CHAIN = [f"{FERRY} {'. '.join(SENTENCES[:2])}", ". ".join([*FERRY.split(". ")[2:], *SENTENCES[:4]]), REPORT]
OURS = f"{SENTENCES[0]}. {SENTENCES[1]}. {'. '.join(FERRY.split('. ')[2:4])}."
THEIRS = f"{FERRY.split('. ', maxsplit=1)[0]}. {SENTENCES[0]}. {SENTENCES[1]}. Im Rathaus freuen sich alle, und ein Fest ist schon geplant."


def a_member(article_id: str, text: str, *, minutes: int = 0, agency: bool = False) -> Member:
    return Member.of(article_id, fingerprints([text])[0], agency=agency, at=NOON + timedelta(minutes=minutes))


def all_pairs(members: Sequence[Member]) -> set[tuple[str, str]]:
    ids = [member.article_id for member in members]
    return {(left, right) for left in ids for right in ids if left < right}


def folded(*members: Member) -> Folding:
    return fold(members, [], all_pairs(members))


class Archive:
    """What a store would hold after each batch."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.originals: dict[str, str] = {}
        self.stories: dict[str, str] = {}

    def take(self, batch: Sequence[Member]) -> Folding:
        """Fold a batch as the stage does, all that was folded before being known."""
        known = [self.present(one) for one in self.members]
        folding = fold(batch, known, meetings([*batch, *known]))
        self.members |= {member.article_id: member for member in batch}
        for one, original in self.originals.items():
            self.originals[one] = folding.joined_originals.get(original, original)
        for one, story in self.stories.items():
            self.stories[one] = folding.joined_stories.get(story, story)
        self.originals |= folding.originals
        self.stories |= folding.stories
        return folding

    def present(self, article_id: str) -> Member:
        """An article as it stands now."""
        original = self.originals[article_id]
        return replace(
            self.members[article_id],
            original_id=original,
            original_rank=self.members[original].rank,
            story_id=self.stories[article_id],
        )

    def same_stories(self) -> set[frozenset[str]]:
        """The stories by their members: their names depend on who came first."""
        names = set(self.stories.values())
        return {frozenset(one for one, story in self.stories.items() if story == name) for name in names}


def archive_of(batches: Iterable[Sequence[Member]]) -> Archive:
    archive = Archive()
    for batch in batches:
        archive.take(batch)
    return archive


@st.composite
def _texts(draw: st.DrawFn) -> str:
    base = draw(st.sampled_from([SENTENCES, FERRY.split(". "), CHAIN[0].split(". "), CHAIN[1].split(". ")]))
    start, end = draw(st.integers(0, 2)), draw(st.integers(3, 6))
    return draw(st.sampled_from(["", "Lesen Sie auch dies. "])) + ". ".join(base[start:end])


@st.composite
def members_in_two_orders(draw: st.DrawFn) -> tuple[list[list[Member]], list[list[Member]]]:
    """The same articles, in two orders and two splits into batches."""
    texts = draw(st.lists(_texts(), min_size=1, max_size=9))
    made = [
        a_member(f"a{number}", text, minutes=draw(st.integers(0, 3)), agency=draw(st.booleans()))
        for number, text in enumerate(texts)
    ]
    return _batches(draw, made), _batches(draw, made)


def _batches(draw: st.DrawFn, members: list[Member]) -> list[list[Member]]:
    order = draw(st.permutations(members))
    size = draw(st.integers(1, len(members)))
    return [order[start : start + size] for start in range(0, len(order), size)]


@given(members_in_two_orders())
def test_the_order_of_arrival_changes_no_group_and_no_story(
    orders: tuple[list[list[Member]], list[list[Member]]],
) -> None:
    one, other = (archive_of(batches) for batches in orders)

    assert one.originals == other.originals
    assert one.same_stories() == other.same_stories()


@given(members_in_two_orders())
def test_an_original_is_its_own_and_the_best_of_its_group(
    orders: tuple[list[list[Member]], list[list[Member]]],
) -> None:
    archive = archive_of(orders[0])

    for one, original in archive.originals.items():
        assert archive.originals[original] == original
        assert archive.members[original].rank <= archive.members[one].rank
        assert archive.stories[original] == archive.stories[one]


@given(members_in_two_orders(), st.data())
def test_folding_again_changes_nothing(
    orders: tuple[list[list[Member]], list[list[Member]]], data: st.DataObject
) -> None:
    archive = archive_of(orders[0])
    originals, stories = dict(archive.originals), dict(archive.stories)

    again = data.draw(st.lists(st.sampled_from(sorted(archive.members)), unique=True))
    folding = archive.take([archive.present(one) for one in again])

    assert (archive.originals, archive.stories) == (originals, stories)
    assert not folding.joined_originals
    assert not folding.joined_stories


def test_the_earliest_is_the_original() -> None:
    folding = folded(a_member("late", REPORT, minutes=9), a_member("early", REPORT))

    assert folding.originals == {"late": "early", "early": "early"}
    assert folding.stories == {"late": "story-early", "early": "story-early"}


def test_of_two_at_the_same_time_the_id_decides() -> None:
    assert set(folded(a_member("b", REPORT), a_member("a", REPORT)).originals.values()) == {"a"}


def test_the_agencys_own_is_the_original_even_if_it_comes_last() -> None:
    archive = archive_of([[a_member("paper", REPORT)], [a_member("agency", REPORT, minutes=30, agency=True)]])

    assert archive.originals == {"paper": "agency", "agency": "agency"}
    assert archive.stories == {"paper": "story-paper", "agency": "story-paper"}


def test_an_earlier_article_that_arrives_late_becomes_the_original_and_all_follow() -> None:
    archive = archive_of([[a_member(f"copy{number}", REPORT, minutes=60 + number)] for number in range(4)])

    folding = archive.take([a_member("first", REPORT)])

    assert folding.joined_originals == {"copy0": "first"}
    assert set(archive.originals.values()) == {"first"}


def test_an_article_that_is_like_a_copy_alone_joins_the_original_of_that() -> None:
    original, copy = a_member("original", CHAIN[0]), a_member("copy", CHAIN[1], minutes=1)
    archive = archive_of([[original, copy]])
    assert archive.originals["copy"] == "original"

    folding = fold([a_member("new", CHAIN[2], minutes=2)], [archive.present("copy")], [("copy", "new")])

    assert folding.originals == {"new": "original"}


def test_texts_that_are_linked_by_a_third_are_one_group() -> None:
    first, middle, last = (
        a_member(name, text, minutes=n) for n, (name, text) in enumerate(zip("abc", CHAIN, strict=True))
    )

    assert set(folded(first, middle, last).originals.values()) == {"a"}
    assert set(archive_of([[first], [last], [middle]]).originals.values()) == {"a"}
    assert folded(first, last).originals == {"a": "a", "c": "c"}


def test_two_groups_and_two_stories_become_one_when_a_link_arrives() -> None:
    archive = archive_of([[a_member("a", CHAIN[0])], [a_member("c", CHAIN[2], minutes=1)]])
    assert archive.stories == {"a": "story-a", "c": "story-c"}

    folding = archive.take([a_member("b", CHAIN[1], minutes=2)])

    assert folding.joined_originals == {"c": "a", "b": "a"}
    assert folding.joined_stories == {"story-c": "story-a"}
    assert set(archive.stories.values()) == {"story-a"}


def test_an_update_is_the_same_article_and_no_copy_of_itself() -> None:
    first = a_member("a", REPORT)
    second = a_member("a", f"{REPORT} Mehr in Kürze.")

    folding = fold([second], [first], [("a", "a")])

    assert folding.originals == {"a": "a"}
    assert folding.stories == {"a": "story-a"}


@pytest.mark.parametrize("keep", [slice(0, 3), slice(1, 4), slice(2, None)])
def test_a_cut_copy_is_a_copy(keep: slice) -> None:
    whole = f"{FERRY} {REPORT}"
    cut = ". ".join(whole.split(". ")[keep.start * 2 : keep.stop * 2 if keep.stop else None])

    assert folded(a_member("a", whole), a_member("b", cut, minutes=1)).originals["b"] == "a"


def test_a_copy_cut_to_a_fifth_is_a_copy_and_a_short_note_with_the_same_sentence_is_none() -> None:
    whole = " ".join([REPORT, *(f"{FERRY} {REPORT}".replace(" ", f" {letter}") for letter in "xy")])
    cut, note = REPORT, f"{SENTENCES[0]}."

    folding = folded(a_member("a", whole), a_member("b", cut, minutes=1), a_member("c", note, minutes=2))

    assert folding.originals == {"a": "a", "b": "a", "c": "c"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (SHARES.format(change="1,35", price="84,20", index="24.118", volume="31.507", target="91,75"),
         SHARES.format(change="0,62", price="84,96", index="24.090", volume="44.812", target="93,10")),
        (WEATHER.format(day=3, sky="wolkig", high=9, low=2, wind=25), WEATHER.format(day=4, sky="wolkig", high=11, low=5, wind=40)),
        (LOTTERY.format(4, 11, 19, 23, 38, 44, 7), LOTTERY.format(2, 8, 15, 27, 31, 40, 9)),
    ],
)  # fmt: skip
def test_forms_with_other_figures_are_neither_copies_nor_a_story(left: str, right: str) -> None:
    folding = folded(a_member("a", left), a_member("b", right, minutes=1))

    assert folding.originals == {"a": "a", "b": "b"}
    assert folding.stories == {"a": "story-a", "b": "story-b"}


def test_a_form_with_the_same_figures_is_a_copy() -> None:
    form = SHARES.format(change="1,35", price="84,20", index="24.118", volume="31.507", target="91,75")

    assert folded(a_member("a", form), a_member("b", f"{form} (dpa)", minutes=1)).originals["b"] == "a"


@pytest.mark.parametrize(
    ("other", "copy"),
    [("Zug nach Kiel fährt wieder", True), ("ZUG NACH KIEL: „fährt wieder“", True), ("Zug nach Kiel fährt heute wieder", False)],
)  # fmt: skip
def test_a_short_text_is_a_copy_if_it_has_exactly_the_same_words(other: str, copy: bool) -> None:  # noqa: FBT001 - a case
    folding = folded(a_member("a", "Zug nach Kiel fährt wieder"), a_member("b", other, minutes=1))

    assert (folding.originals["b"] == "a") is copy


def test_texts_without_words_are_no_copies() -> None:
    folding = folded(a_member("a", ""), a_member("b", "…", minutes=1), a_member("c", "", minutes=2))

    assert folding.originals == {"a": "a", "b": "b", "c": "c"}


def test_texts_that_share_a_part_are_a_story_and_no_copies() -> None:

    folding = folded(a_member("a", OURS), a_member("b", THEIRS, minutes=1))

    assert folding.originals == {"a": "a", "b": "b"}
    assert set(folding.stories.values()) == {"story-a"}


def test_a_story_is_closed_after_its_window_but_a_copy_still_joins() -> None:
    members = [a_member("a", OURS), a_member("b", THEIRS, minutes=61), a_member("c", OURS, minutes=62)]

    folding = fold(members, [], [("a", "b"), ("a", "c")], story_window=timedelta(hours=1))

    assert folding.stories == {"a": "story-a", "b": "story-b", "c": "story-a"}


def test_thousands_with_the_same_words_are_one_group_with_few_pairs() -> None:
    twin = a_member("twin", REPORT)
    members = [
        Member.of(f"a{number:04}", twin.fingerprint, agency=False, at=NOON + timedelta(seconds=number))
        for number in range(3000)
    ]

    pairs = meetings(members)

    assert len(pairs) == 2999
    assert set(fold(members, [], pairs).originals.values()) == {"a0000"}


def test_hundreds_of_forms_have_bounded_pairs_and_their_copies_are_found() -> None:
    fields = [
        {
            "change": f"{n + 1},{n + 2}",
            "price": f"{n + 3},{n + 4}",
            "index": f"{n + 5}",
            "volume": n + 6,
            "target": n + 7,
        }
        for n in range(0, 4000, 10)
    ]
    texts = [SHARES.format(**one) for one in fields]
    made = fingerprints(texts + [f"{text} (dpa)" for text in texts])
    members = [Member.of(f"a{n:03}", one, agency=False, at=NOON + timedelta(seconds=n)) for n, one in enumerate(made)]

    pairs = meetings(members)

    assert len(pairs) < len(members) * 48 * 20 / 5
    assert fold(members, [], pairs).originals == {f"a{n:03}": f"a{n % 400:03}" for n in range(800)}


def test_a_burst_of_a_thousand_edited_copies_is_one_group() -> None:
    sentences = f"{REPORT} {FERRY}".split(". ")
    texts = [
        ". ".join(
            [
                f"Blatt {'abcdefghij'[n % 10] * (1 + n // 10)} berichtet",
                *(s for place, s in enumerate(sentences) if place != n % 9),
            ]
        )
        for n in range(1000)
    ]
    members = [
        Member.of(f"a{n:04}", one, agency=False, at=NOON + timedelta(seconds=n))
        for n, one in enumerate(fingerprints(texts))
    ]

    pairs = meetings(members)

    assert len(pairs) < len(members) * 48 * 20 / 5
    assert set(fold(members, [], pairs).originals.values()) == {"a0000"}
