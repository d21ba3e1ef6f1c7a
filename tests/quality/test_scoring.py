"""Is what is right counted as right, and what has become worse told?"""

from datetime import date
from pathlib import Path

from tests.quality.figures import OWN, fallen, load, save, table
from tests.quality.scoring import Counts, Link, compare, compare_names, count_links

CATALOGUE = {"nato", "country-UA", "lloyd-austin"}


def judged(*links: Link) -> list[bool]:
    return [right for _, right in count_links(links, CATALOGUE)]


def invented(gold: str, found: str | None) -> Link:
    return Link(gold, known=False, seen=True, found=found)


def test_a_name_counts_only_with_exactly_its_bounds_and_its_label() -> None:
    gold = {(0, 5, "PER"), (10, 14, "LOC"), (20, 30, "ORG"), (40, 44, "OTH")}
    found = {(0, 5, "PER"), (10, 15, "LOC"), (20, 30, "LOC")}

    counts = compare_names([(found, gold)])

    assert counts["PER"] == Counts(1, 1, 1)
    assert counts["LOC"] == Counts(0, 2, 1)
    assert counts["ORG"] == Counts(0, 0, 1)
    assert counts["all"] == Counts(1, 3, 3)


def test_precision_and_recall_are_shares_of_what_was_found_and_of_what_there_is() -> None:
    counts = Counts(right=3, found=4, gold=6)

    assert (counts.precision, counts.recall, counts.f) == (0.75, 0.5, 0.6)


def test_where_there_is_nothing_to_find_only_finding_something_is_wrong() -> None:
    assert Counts().f == 1
    assert Counts(found=1).precision == 0
    assert Counts(gold=1).precision == 0


def test_a_debatable_topic_counts_neither_way() -> None:
    assert compare({"ukraine", "energy"}, {"ukraine"}, {"energy"}) == Counts(1, 1, 1)


def test_a_known_identity_is_right_only_with_its_id() -> None:
    links = [Link("nato", known=True, seen=True, found=found) for found in ("nato", "country-UA", None)]

    assert judged(*links) == [True, False, False]


def test_all_spellings_of_somebody_invented_must_have_one_id() -> None:
    links = [invented("new:olena", found) for found in ("name-olena", "name-olena", "name-elena", None)]

    assert judged(*links) == [True, True, False, False]


def test_two_invented_people_under_one_id_are_not_both_right() -> None:
    assert judged(invented("new:a", "name-a"), invented("new:a", "name-a"), invented("new:b", "name-a")) == [
        True,
        True,
        False,
    ]


def test_somebody_invented_is_nobody_of_the_catalogue() -> None:
    assert judged(invented("new:austin-delacroix", "lloyd-austin")) == [False]


def test_an_identity_under_another_id_than_the_expected_one_is_right_if_it_is_always_the_same() -> None:
    assert judged(invented("unicef", "nato"), invented("unicef", "nato")) == [True, True]


def test_a_main_figure_that_falls_by_more_than_a_point_is_named() -> None:
    before = {
        OWN: {"de: names F": 0.80, "all: agency": 0.95, "de: PER F": 0.9},
        "wikigold-en": {"wikigold-en: names F": 0.7},
    }
    now = {OWN: {"de: names F": 0.78, "all: agency": 0.945, "de: PER F": 0.1}}

    lines = fallen(before, now)

    assert lines == ["own articles, de: names F: 0.800 before, 0.780 now"]


def test_a_main_figure_that_is_no_longer_measured_is_named() -> None:
    assert fallen({OWN: {"fr: names F": 0.8}}, {OWN: {}}) == ["own articles, fr: names F: 0.800 before, nothing now"]


def test_the_names_of_a_set_with_few_of_them_are_no_main_figure() -> None:
    before = {
        "uner-sv-talbanken dev": {"uner-sv-talbanken dev: names F": 0.8, "uner-sv-talbanken dev: names number": 23}
    }

    assert fallen(before, {"uner-sv-talbanken dev": {}}) == []


def test_what_was_not_measured_today_stays_in_the_record(tmp_path: Path) -> None:
    record = tmp_path / "figures.json"
    save({OWN: {"de: names F": 0.8}, "wikigold-en": {"wikigold-en: names F": 0.7}}, date(2026, 11, 1), record)

    save({OWN: {"de: names F": 0.81}}, date(2026, 11, 2), record)

    shares, dates = load(record)
    assert shares == {OWN: {"de: names F": 0.81}, "wikigold-en": {"wikigold-en: names F": 0.7}}
    assert dates == {OWN: "2026-11-02", "wikigold-en": "2026-11-01"}


def test_the_table_says_what_is_missing() -> None:
    assert "for want of their files: wikigold-en" in table({}, ["wikigold-en"])
