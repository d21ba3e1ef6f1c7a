"""Are the marked articles marked soundly, and does the reader say what is wrong where they are not?"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.article import clean_text
from pipeline.read.agencies import AGENCIES
from tests.quality.articles import BadMark, Mark, MarkedArticle, languages, marked_article, plain, read_all

TOPICS = Path(__file__).parents[2] / "config" / "topics.yaml"


@pytest.fixture(scope="module")
def marked() -> list[MarkedArticle]:
    return read_all()


def fields(**changes: Any) -> dict[str, Any]:
    """The fields of a sound article."""
    return {
        "id": "de-001",
        "split": "test",
        "headline": "[[Kiel|LOC]] baut",
        "body": "[[KIEL|LOC]] (dpa) - Es wird gebaut.\n",
        "agency": "dpa",
        "dateline": {"place": "Kiel", "date": None},
        "byline": None,
        "topics": [],
    } | changes


def test_a_mark_is_taken_out_of_the_text_and_points_at_its_words() -> None:
    text, marks = plain("Gestern traf [[Putin|PER|vladimir-putin]] in [[Kasan|LOC]] ein.")

    assert text == "Gestern traf Putin in Kasan ein."
    assert marks == [Mark("Putin", 13, 18, "PER", "vladimir-putin"), Mark("Kasan", 22, 27, "LOC")]


def test_marks_of_headline_and_body_point_into_the_text_of_both() -> None:
    article = marked_article(fields(), "de")

    assert [article.text[mark.start : mark.end] for mark in article.marks] == ["Kiel", "KIEL"]


@pytest.mark.parametrize(
    "body",
    [
        "[[Kiel|TOWN]]",
        "[[Kiel|LOC|Kiel]]",
        "[[Kiel|LOC|city:Kiel]]",
        "[[Kiel |LOC]]",
        "[[Kiel|LOC]",
        "[[Universität [[Kiel|LOC]]|ORG]]",
        "[[Kiel]]",
        "Ko\u0308ln",
    ],
)
def test_a_mark_that_is_not_sound_is_refused_by_the_name_of_its_article(body: str) -> None:
    with pytest.raises(BadMark, match="de-001"):
        marked_article(fields(body=body), "de")


@pytest.mark.parametrize(
    "changes",
    [
        {"split": "train"},
        {"id": "en-001"},
        {"topic": []},
        {"dateline": {"place": "Kiel"}},
        {"dateline": {"place": "Kiel", "date": date(2026, 11, 3)}},
    ],
)
def test_an_article_with_wrong_fields_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadMark):
        marked_article(fields(**changes), "de")


def test_every_article_has_its_own_id_and_half_of_each_language_is_for_reporting_only(
    marked: list[MarkedArticle],
) -> None:
    splits = Counter((article.language, article.split) for article in marked)

    assert len({article.id for article in marked}) == len(marked)
    for language in languages():
        assert abs(splits[language, "development"] - splits[language, "test"]) <= 1, language


def test_topics_and_agencies_are_those_that_wirewatch_knows(marked: list[MarkedArticle]) -> None:
    topics = {topic["id"] for topic in yaml.safe_load(TOPICS.read_text(encoding="utf-8"))["topics"]}

    for article in marked:
        assert article.topics | article.may <= topics, article.id
        assert article.agency is None or article.agency in AGENCIES, article.id


def test_the_text_is_as_articles_hold_it(marked: list[MarkedArticle]) -> None:
    for article in marked:
        assert clean_text(article.text) == article.text, article.id
