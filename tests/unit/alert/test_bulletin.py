"""What goes over the wire for a digest, and for a summary of late news?"""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alert import Edition, Period, Story, compose_edition, domain_of, late_id, message_id
from pipeline.alert.wrapping import columns
from pipeline.errors import MailRefused
from tests.factories import NOON, a_source, an_article

SENDER = "Wirewatch <alerts@wirewatch.example>"
READER = "desk@wirewatch.example"
DAY = timedelta(days=1)


def a_story(**article: Any) -> Story:
    return Story(article=an_article(**article), watches=("Starlink",), topics=("Raumfahrt",), articles=3, sources=2)


def an_edition(*stories: Story, **changes: Any) -> Edition:
    fields = {"digest_id": "morning", "name": "Morning", "zone": "Europe/Berlin", "period": Period(NOON - DAY, NOON)}
    return Edition(**fields | {"stories": stories or (a_story(),)} | changes)


def parsed(edition: Edition, recipient: str = READER) -> EmailMessage:
    raw = compose_edition(edition, recipient=recipient, sender=SENDER, now=NOON)
    return message_from_bytes(raw, EmailMessage, policy=SMTP)


def parts_of(edition: Edition) -> tuple[str, str]:
    """The text and the HTML of the message, as a mail program reads them."""
    text, html = parsed(edition).iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content()


def test_both_parts_tell_of_each_story() -> None:
    for part in parts_of(an_edition(a_story(headline="Nordlicht wächst"), a_story(headline="Hafen wird tiefer"))):
        assert part.index("Nordlicht wächst") < part.index("Hafen wird tiefer")
        for words in ("Küstenblatt", "Tue 3 Nov 2026, 13:00 CET", "3 articles from 2 sources", "Raumfahrt", "Starlink"):
            assert words in part
        assert "https://kuestenblatt.example/1" in part


def test_the_message_id_follows_from_digest_period_and_reader() -> None:
    edition = an_edition()
    other = an_edition(period=Period(NOON, NOON + DAY))

    assert parsed(edition)["Message-ID"] == message_id(edition.id, READER, domain_of(SENDER))
    assert parsed(an_edition(a_story(headline="Anders")))["Message-ID"] == parsed(edition)["Message-ID"]
    names = {parsed(one, reader)["Message-ID"] for one in (edition, other) for reader in (READER, "b@c.example")}
    assert len(names) == 4
    assert an_edition(digest_id="evening").id != edition.id


def test_the_same_edition_is_the_same_bytes() -> None:
    first, second = (compose_edition(an_edition(), recipient=READER, sender=SENDER, now=NOON) for _ in range(2))

    assert first == second


def test_a_digest_is_filed_by_its_list_and_answered_by_no_machine() -> None:
    message = parsed(an_edition(a_story(urgency=1)))

    assert message["List-Id"] == "Wirewatch morning <morning.digests.wirewatch.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] is None
    assert message["Importance"] is None


def test_a_summary_of_late_news_says_why_it_comes() -> None:
    edition = an_edition(digest_id=late_id(READER), name="Late news", late_after=timedelta(hours=12), key=("alert-1",))

    message = parsed(edition)
    text, html = parts_of(edition)

    assert message["Subject"] == "[Late news] 1 story too late for an alert, Tue 3 Nov"
    assert message["List-Id"] == "Wirewatch late <late.digests.wirewatch.example>"
    for part in (" ".join(text.split()), html):
        assert "because they were more than 12 hours old when their turn came" in part


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(days=2), "2 days"),
        (timedelta(days=1), "24 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=20), "20 minutes"),
    ],
)
def test_the_age_is_said_in_words(after: timedelta, words: str) -> None:
    assert f"more than {words} old" in " ".join(parts_of(an_edition(late_after=after))[0].split())


def test_a_headline_keeps_its_language_and_direction() -> None:
    _, html = parts_of(an_edition(a_story(headline="تقرير قصير", language="ar")))

    assert 'lang="ar"' in html
    assert 'dir="rtl"' in html


def test_an_article_without_a_link_and_date_is_told_all_the_same() -> None:
    text, html = parts_of(an_edition(a_story(url="javascript:alert(1)", published=None, headline="")))

    for part in (text, html):
        assert "first seen Tue 3 Nov 2026, 13:00 CET" in part
        assert "javascript" not in part
        assert "Der Satellitenbetreiber Nordlicht" in part


def test_a_sender_that_is_no_address_is_refused() -> None:
    with pytest.raises(MailRefused):
        compose_edition(an_edition(), recipient=READER, sender="nobody", now=NOON)


words = st.text(max_size=300)


@given(words, words, words, words)
def test_whatever_comes_from_outside_stays_text(headline: str, source: str, topic: str, watch: str) -> None:
    marks = "\r\nBcc: x@evil.example\r\n<script>alert(1)</script><img src=x>"
    story = Story(
        article=an_article(headline=headline + marks, source=a_source(name=source + marks)),
        watches=(watch + marks,),
        topics=(topic + marks,),
    )

    message = parsed(an_edition(story, name=headline + marks))
    text, html = (part.get_content() for part in message.iter_parts())

    assert message["Bcc"] is None
    assert "<script" not in html
    assert "<img" not in html
    assert all(columns(line) <= 78 for line in text.splitlines() if "://" not in line)
