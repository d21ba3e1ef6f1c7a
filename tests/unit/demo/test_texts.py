"""Does the sample wire hold what the demo promises to show?"""

from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.demo.texts import Edits, WireArticle, WireFeed, load_wire
from pipeline.errors import ConfigError

REPORT = "KYIV, Nov 3 (Reuters) - First sentence.\n\nSecond paragraph.\n\nThird paragraph."
DATELINES = (
    "AUSTIN (dpa-AFX) - ",
    "KYIV, Nov 3 (Reuters) - ",
    "BERLIN/KIEW (dpa) - ",
    "PARIS (AFP) - ",
    "WARSCHAU (dpa) - ",
    "TAIPEH (dpa) - ",
)


@pytest.fixture(scope="module")
def wire() -> tuple[WireFeed, ...]:
    return load_wire()


@pytest.fixture(scope="module")
def articles(wire: tuple[WireFeed, ...]) -> list[WireArticle]:
    return [article for feed in wire for article in feed.at(1)]


def test_every_file_says_in_its_first_line_that_it_is_invented() -> None:
    folder = files("pipeline.demo") / "wire"

    first_lines = [file.read_text(encoding="utf-8").partition("\n")[0] for file in folder.iterdir()]

    assert all(line.startswith("#") and "is invented" in line for line in first_lines)


def test_there_are_enough_feeds_and_articles(wire: tuple[WireFeed, ...], articles: list[WireArticle]) -> None:
    assert len(wire) >= 11
    assert len(articles) >= 85


def test_german_and_english_lead_and_five_more_languages_follow(articles: list[WireArticle]) -> None:
    languages = Counter(article.language for article in articles)

    assert languages["de"] > languages["en"] >= 25
    assert all(languages[language] >= 3 for language in ("uk", "ru", "fr", "pl", "zh"))


def test_all_formats_are_there(wire: tuple[WireFeed, ...]) -> None:
    assert {feed.format for feed in wire} == {"rss", "atom", "rdf", "jsonfeed", "folder"}


def test_everyday_news_is_the_majority(articles: list[WireArticle]) -> None:
    watched = ("starlink", "ukrain", "україн", "украин", "taiwan", "tajwa", "тайван", "星链", "乌克兰", "台湾")

    everyday = [article for article in articles if not any(word in article.body.lower() for word in watched)]

    assert len(everyday) > len(articles) / 2


def test_guids_are_tag_uris_and_stand_for_one_article_each(wire: tuple[WireFeed, ...]) -> None:
    for feed in wire:
        assert len({article.guid for article in feed.at(2)}) == len(feed.at(2))
        assert all(article.guid.startswith(f"tag:{feed.id}.example,2026:") for article in feed.articles)


def test_no_two_articles_of_a_feed_share_a_page(wire: tuple[WireFeed, ...]) -> None:
    assert all(len({article.slug for article in feed.at(2)}) == len(feed.at(2)) for feed in wire)


@pytest.mark.parametrize("dateline", DATELINES)
def test_an_article_begins_with_the_dateline(dateline: str, articles: list[WireArticle]) -> None:
    assert any(article.body.startswith(dateline) for article in articles)


def test_the_long_report_mixes_business_and_politics(articles: list[WireArticle]) -> None:
    (report,) = (article for article in articles if article.headline.startswith("ROUNDUP: "))

    assert len(report.body.split()) >= 500
    assert report.body.endswith("/qfe/DP/wlo")
    for name in ("Elon Musk", "Putins", "Russlands", "Selenskyjs", "Taiwan", "Sprechers", "Musks", "(NASDAQ: TSLA)"):
        assert name in report.body


def test_six_outlets_reprint_the_long_report_and_three_an_english_one(articles: list[WireArticle]) -> None:
    copies = Counter(article.copy_of for article in articles)

    assert copies["tag:depesche-nord.example,2026:dn-0001"] >= 6
    assert copies["tag:world-dispatch.example,2026:wd-2001"] >= 3


def test_a_copy_comes_after_its_original(articles: list[WireArticle]) -> None:
    minutes = {article.guid: article.minutes_ago for article in articles}

    assert all(article.minutes_ago < minutes[article.copy_of] for article in articles if article.copy_of)


def test_some_copies_are_exact_and_some_are_edited(articles: list[WireArticle]) -> None:
    bodies = {article.guid: article.body for article in articles}

    exact = Counter(article.body == bodies[article.copy_of] for article in articles if article.copy_of)

    assert exact[True] >= 2
    assert exact[False] >= 10


def test_a_german_and_an_english_report_tell_of_the_same_event(articles: list[WireArticle]) -> None:
    own = {(article.event, article.language) for article in articles if article.event and not article.copy_of}

    assert {event for event, language in own if (event, "de") in own and (event, "en") in own} >= {
        "austin-starlink-expansion",
        "taiwan-quake",
        "ecb-rates",
    }


@pytest.mark.parametrize(
    "name", ["Путина", "Путину", "Києві", "Kijowie", "Маск", "Старлинк", "Тайвань", "Киев", "普京", "马斯克", "星链"]
)
def test_names_occur_inflected_and_in_other_scripts(name: str, articles: list[WireArticle]) -> None:
    assert any(name in article.body for article in articles)


def test_the_second_issue_updates_corrects_and_adds(wire: tuple[WireFeed, ...]) -> None:
    (agency,) = (feed for feed in wire if feed.id == "depesche-nord")
    before = {article.guid: article for article in agency.at(1)}
    after = {article.guid: article for article in agency.at(2)}

    changed = [after[guid] for guid in before if after[guid] != before[guid]]

    assert len(after) == len(before) + 1
    assert {article.version for article in changed} == {2}
    assert any(len(article.body) > 2 * len(before[article.guid].body) for article in changed)
    assert any(article.headline.startswith("BERICHTIGUNG") for article in changed)


def test_edits_change_what_they_name_and_nothing_else() -> None:
    edits = Edits(without_dateline=True, drop=(2,), replace={"First": "Opening"}, append="(Reuters)")

    assert edits.apply(REPORT) == "Opening sentence.\n\nThird paragraph.\n\n(Reuters)"


def test_edits_drop_paragraphs_from_the_end() -> None:
    assert Edits(drop_last=2).apply(REPORT) == "KYIV, Nov 3 (Reuters) - First sentence."


def test_no_edits_make_an_exact_copy() -> None:
    assert Edits().apply(REPORT) == REPORT


def test_a_phrase_that_is_not_in_the_report_cannot_be_replaced() -> None:
    with pytest.raises(ConfigError, match="no `Fourth`"):
        Edits(replace={"Fourth": "Last"}).apply(REPORT)


@given(drop=st.sets(st.integers(1, 5), max_size=2), drop_last=st.integers(0, 3))
def test_what_is_left_of_a_report_keeps_its_order(drop: set[int], drop_last: int) -> None:
    report = "\n\n".join("abcde")

    left = Edits(drop=tuple(drop), drop_last=drop_last).apply(report).replace("\n\n", "")

    assert (
        left
        == "".join(letter for number, letter in enumerate("abcde", 1) if number not in drop)[
            : 5 - len(drop) - drop_last
        ]
    )


def test_nothing_follows_the_links_of_the_hostile_feed(wire: tuple[WireFeed, ...]) -> None:
    assert not any(feed.full_text for feed in wire if feed.behaviour == "hostile")
