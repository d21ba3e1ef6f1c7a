"""Which old news were missed, and which were never ours to tell?"""

from datetime import datetime, timedelta

from pipeline.feed_state import FeedState
from pipeline.stages.lateness import missed, public_since
from tests.factories import NOON, an_article

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def a_feed(feed_id: str, first_success: datetime | None, **changes: datetime) -> FeedState:
    url = "https://wire.example/"
    return FeedState(feed_id=feed_id, url=url, interval_s=60, next_poll=NOON, first_success=first_success, **changes)


def test_news_from_the_time_when_feed_and_watch_were_known_were_missed() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("wire",))

    assert missed(article, NOON - 2 * WEEK, {"wire": a_feed("wire", NOON - WEEK)})


def test_news_from_before_the_feed_first_answered_were_not() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("wire",))

    assert not missed(article, NOON - 2 * WEEK, {"wire": a_feed("wire", NOON - 4 * DAY)})


def test_news_from_before_the_watch_was_made_were_not() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("wire",))

    assert not missed(article, NOON - DAY, {"wire": a_feed("wire", NOON - WEEK)})


def test_of_several_feeds_the_one_that_is_known_longest_counts() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("wire", "new"))
    feeds = {"wire": a_feed("wire", NOON - WEEK), "new": a_feed("new", NOON)}

    assert missed(article, NOON - 2 * WEEK, feeds)
    assert not missed(article.changed(feeds=("new",)), NOON - 2 * WEEK, feeds)


def test_an_article_of_which_no_feed_is_known_was_not_missed() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("gone", "silent"))

    assert not missed(article, NOON - 2 * WEEK, {"silent": a_feed("silent", None)})


def test_a_feed_of_an_earlier_version_is_known_since_its_last_answer_at_least() -> None:
    article = an_article(published=NOON - 5 * DAY, feeds=("wire",))

    assert missed(article, NOON - 2 * WEEK, {"wire": a_feed("wire", None, last_success=NOON - WEEK)})


def test_an_embargoed_article_is_as_old_as_the_end_of_its_embargo() -> None:
    article = an_article(published=NOON - 5 * DAY, embargo_until=NOON - DAY)

    assert public_since(article) == NOON - DAY
