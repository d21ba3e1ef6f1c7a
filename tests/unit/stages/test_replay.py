"""Which alerts would a watch have raised over an archive?"""

from datetime import timedelta

from pipeline.article import Status
from pipeline.stages.alert import replay
from tests.alerting import a_copy, a_watch, on_starlink
from tests.factories import NOON

HOUR = timedelta(hours=1)


def test_one_alert_a_story_is_told_with_what_matched() -> None:
    archive = [on_starlink("a2", story_id="story-a1", published=NOON + HOUR), on_starlink("a1")]

    assert replay([a_watch()], archive, now=NOON) == [
        {
            "watch": "starlink",
            "story": "story-a1",
            "article": "a1",
            "published": "2026-11-03T12:00:00+00:00",
            "headline": "Bericht a1",
            "why": "entities: starlink",
        }
    ]


def test_an_alert_is_about_the_original_also_where_a_copy_came_first() -> None:
    archive = [a_copy("a0", published=NOON - HOUR), on_starlink("a1")]

    assert [one["article"] for one in replay([a_watch()], archive, now=NOON)] == ["a1"]


def test_the_earliest_alert_comes_first() -> None:
    archive = [on_starlink("late"), a_copy("early", of="gone", published=NOON - HOUR)]

    assert [one["article"] for one in replay([a_watch()], archive, now=NOON)] == ["early", "late"]


def test_what_must_not_be_public_raises_none() -> None:
    archive = [
        on_starlink("a1", status=Status.KILLED),
        on_starlink("a2", status=Status.WITHHELD),
        on_starlink("a3", embargo_until=NOON + HOUR),
    ]

    assert replay([a_watch()], archive, now=NOON) == []


def test_news_of_any_age_count() -> None:
    assert replay([a_watch()], [on_starlink(published=NOON - timedelta(days=400))], now=NOON)


def test_a_watch_that_is_switched_off_can_be_tried() -> None:
    assert replay([a_watch(enabled=False, entities=(), query="Bericht")], [on_starlink()], now=NOON)
