"""Which articles concern a watch, and why?"""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.alert import Reasons, matches
from pipeline.article import Article, Status
from pipeline.config.models import Watch
from tests.factories import NOON, a_source, an_article


def a_watch(**changes: Any) -> Watch:
    return Watch(**{"id": "space", "name": "Space", "to": ("desk@wirewatch.example",)} | changes)


def an_article_about_starlink(**changes: Any) -> Article:
    fields = {"entity_ids": ("starlink", "spacex"), "topics": ("starlink", "space"), "urgency": 3}
    return an_article(**fields | changes)


def test_any_of_the_watched_entities_is_enough() -> None:
    watch = a_watch(entities=("taiwan", "starlink", "spacex"))

    reasons = matches(watch, an_article_about_starlink())

    assert reasons == Reasons(entities=("starlink", "spacex"))


def test_all_given_conditions_must_hold() -> None:
    article = an_article_about_starlink()

    assert matches(a_watch(entities=("starlink",), topics=("ukraine",)), article) is None
    assert matches(a_watch(entities=("starlink",), topics=("space",)), article) == Reasons(
        entities=("starlink",), topics=("space",)
    )


def test_a_source_is_compared_by_id() -> None:
    article = an_article(source=a_source(id="abendblatt", name="kuestenblatt"))

    assert matches(a_watch(sources=("abendblatt",)), article) == Reasons(source="abendblatt")
    assert matches(a_watch(sources=("kuestenblatt",)), article) is None


@pytest.mark.parametrize(
    ("wanted", "given", "holds"),
    [("de", "de", True), ("de", "de-AT", True), ("de", "DE-ch", True), ("de-AT", "de", False), ("de", "den", False)],
)
def test_a_language_stands_for_its_variants(wanted: str, given: str, *, holds: bool) -> None:
    assert (matches(a_watch(languages=(wanted,)), an_article(language=given)) is not None) is holds


def test_an_article_of_unknown_language_meets_no_language() -> None:
    assert matches(a_watch(languages=("de",)), an_article(language=None)) is None


@pytest.mark.parametrize(("urgency", "holds"), [(1, True), (3, True), (4, False), (None, False)])
def test_urgency_means_this_or_more_pressing(urgency: int | None, *, holds: bool) -> None:
    assert (matches(a_watch(urgency=3), an_article(urgency=urgency)) is not None) is holds


def test_a_query_holds_for_the_articles_it_found() -> None:
    watch = a_watch(query="Harz AND Ostsee")

    assert matches(watch, an_article(id="a1"), query_hits={"a1"}) == Reasons(query="Harz AND Ostsee")
    assert matches(watch, an_article(id="a2"), query_hits={"a1"}) is None


def test_a_query_without_hits_is_not_overruled_by_the_other_conditions() -> None:
    watch = a_watch(query="Harz", entities=("starlink",))

    assert matches(watch, an_article_about_starlink()) is None


def test_hits_of_no_query_are_no_reason() -> None:
    assert matches(a_watch(), an_article(id="a1"), query_hits={"a1"}) is None


@pytest.mark.parametrize("status", [Status.KILLED, Status.WITHHELD])
def test_what_was_taken_back_never_matches(status: Status) -> None:
    watch = a_watch(entities=("starlink",))

    assert matches(watch, an_article_about_starlink(status=status)) is None


def test_a_corrected_article_matches() -> None:
    watch = a_watch(entities=("starlink",))

    assert matches(watch, an_article_about_starlink(status=Status.CORRECTED)) is not None


def test_an_article_matches_from_the_end_of_its_embargo_on() -> None:
    watch = a_watch(entities=("starlink",))
    article = an_article_about_starlink(embargo_until=NOON)

    assert matches(watch, article, now=NOON - timedelta(seconds=1)) is None
    assert matches(watch, article, now=NOON) is not None


def test_without_a_time_an_embargo_counts_as_running() -> None:
    watch = a_watch(entities=("starlink",))

    assert matches(watch, an_article_about_starlink(embargo_until=NOON)) is None


def test_a_watch_that_is_switched_off_never_matches() -> None:
    assert matches(a_watch(entities=("starlink",), enabled=False), an_article_about_starlink()) is None


def test_a_watch_without_conditions_does_not_match_everything() -> None:
    assert matches(a_watch(), an_article_about_starlink()) is None
