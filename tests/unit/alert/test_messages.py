"""What goes over the wire for an alert?"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alert import Alert, CopyInfo, Reasons, alert_id, compose, domain_of, message_id
from pipeline.alert.wrapping import columns
from pipeline.article import Dateline, Kind, Mention, Status, TopicEvidence
from pipeline.config.models import Watch
from pipeline.errors import MailRefused
from tests.factories import NOON, a_source, an_article

SENDER = "Wirewatch <alerts@wirewatch.example>"
READER = "desk@wirewatch.example"


def an_alert(*, watch_name: str = "Starlink", kibana: str | None = None, **article: Any) -> Alert:
    watch = Watch(id="starlink", name=watch_name, to=(READER,), entities=("starlink",))
    return Alert(
        watch=watch,
        article=an_article(**article),
        reasons=Reasons(entities=("starlink",)),
        story_id="s1",
        entity_names={"starlink": "Starlink"},
        topic_names={"space": "Raumfahrt"},
        kibana_article=kibana and f"{kibana}/article",
        kibana_story=kibana and f"{kibana}/story",
    )


def raw_of(alert: Alert, *, recipient: str = READER, now: datetime = NOON) -> bytes:
    return compose(alert, recipient=recipient, sender=SENDER, now=now)


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, EmailMessage, policy=SMTP)


def parts_of(alert: Alert) -> tuple[str, str]:
    """The text and the HTML of the message, as a mail program reads them."""
    text, html = parsed(raw_of(alert)).iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content()


def test_a_message_has_a_text_and_an_html_part() -> None:
    message = parsed(raw_of(an_alert()))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


def test_the_subject_is_the_watch_and_the_headline() -> None:
    assert parsed(raw_of(an_alert()))["Subject"] == "[Starlink] Nordlicht baut drei Bodenstationen"


@pytest.mark.parametrize(
    "headline", ["Küste, Ärger: „Öl“ – " * 20, "台湾宣布建设三座新的地面站" * 30, "Україна будує станції " * 30]
)
def test_a_long_subject_is_cut_and_comes_back_as_it_was_written(headline: str) -> None:
    raw = raw_of(an_alert(headline=headline))

    subject = str(parsed(raw)["Subject"])

    assert 60 < len(subject) <= 120
    assert subject.endswith("…")
    assert headline.startswith(subject.removeprefix("[Starlink] ").removesuffix("…"))


def test_no_encoded_word_is_longer_than_mail_servers_must_take() -> None:
    raw = raw_of(an_alert(headline="台湾宣布建设三座新的地面站" * 30))

    assert max(len(word) for word in re.findall(rb"=\?utf-8\?\S+", raw)) <= 75


def test_the_ids_tell_alert_recipient_and_story_apart_and_nothing_else() -> None:
    first, again = raw_of(an_alert()), raw_of(an_alert(headline="Anders"), now=NOON + timedelta(hours=1))
    other = raw_of(an_alert(), recipient="other@wirewatch.example")

    assert parsed(first)["Message-ID"] == parsed(again)["Message-ID"] != parsed(other)["Message-ID"]
    assert parsed(first)["References"] == parsed(again)["References"] != parsed(other)["References"]


def test_the_message_id_is_the_one_that_can_be_computed_beforehand() -> None:
    expected = message_id(alert_id("starlink", "s1"), READER, domain_of(SENDER))

    assert f"Message-ID: {expected}\r\n".encode() in raw_of(an_alert())
    assert alert_id("a", "bc") != alert_id("ab", "c")


def test_the_same_alert_gives_the_same_bytes() -> None:
    assert raw_of(an_alert()) == raw_of(an_alert())


def test_the_date_is_the_time_of_writing_in_utc() -> None:
    raw = raw_of(an_alert(), now=datetime(2026, 11, 3, 13, 30, tzinfo=timezone(timedelta(hours=1))))

    assert b"Date: Tue, 03 Nov 2026 12:30:00 +0000\r\n" in raw


def test_no_program_is_to_answer() -> None:
    message = parsed(raw_of(an_alert()))

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "Wirewatch starlink <starlink.alerts.wirewatch.example>"
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(("urgency", "marked"), [(1, True), (2, True), (3, False), (None, False)])
def test_only_flashes_and_urgent_reports_are_marked_important(urgency: int | None, *, marked: bool) -> None:
    message = parsed(raw_of(an_alert(urgency=urgency)))

    assert (message["Importance"] == "high") is marked
    assert (message["X-Priority"] == "1") is marked


def test_long_ids_are_neither_folded_nor_encoded() -> None:
    sender = f"alerts@{'a' * 60}.{'b' * 60}.example"

    raw = compose(an_alert(), recipient=READER, sender=sender, now=NOON)

    assert re.search(rb"\r\nReferences: <\w{32}\.story@a{60}\.b{60}\.example>\r\n", raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_body_lines_are_short_enough_for_every_relay() -> None:
    body = raw_of(an_alert(body="Ö" * 5000)).split(b"\r\n\r\n", 1)[1]

    assert max(len(line) for line in body.split(b"\r\n")) <= 76


@pytest.mark.parametrize(
    "evil",
    ["a\r\nBcc: x@evil.example", "a\nBcc: x@evil.example", "a\u2028Bcc: x", "a\x85Bcc: x", "=?utf-8?q?a=0d=0aBcc:_x?="],
)
def test_a_headline_or_a_watch_name_cannot_add_a_header(evil: str) -> None:
    for alert in (an_alert(headline=evil), an_alert(watch_name=evil)):
        raw = raw_of(alert)

        assert b"\nBcc" not in raw.replace(b"\r", b"")
        assert parsed(raw)["Bcc"] is None
        assert "Bcc: x" in re.sub(
            r"=0d=0a|_", lambda match: " " if match[0] == "_" else "", str(parsed(raw)["Subject"])
        )


def test_signs_that_turn_the_reading_direction_reach_no_part() -> None:
    alert = an_alert(headline="Konto\u202egpj.exe\u2066", source=a_source(name="\u202eBank"), body="Ein\u202e Satz.")
    raw = raw_of(alert)
    whole = str(parsed(raw)["Subject"]) + "".join(parts_of(alert))

    assert "Kontogpj.exe" in whole
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", whole)


def test_markup_in_the_news_is_shown_and_not_obeyed() -> None:
    evil = '<script>alert(1)</script><img src="https://evil.example/x.png">'
    alert = an_alert(
        headline=evil, body=evil, subheadline=evil, source=a_source(name=evil), topics=(evil,), watch_name=evil
    )

    _, html = parts_of(alert)

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_only_web_addresses_become_links() -> None:
    evil = "javascript:alert(1)"
    alert = an_alert(url=evil, kibana=evil).changed(copies=(CopyInfo(source_name="Blatt", url=evil),))

    text, html = parts_of(alert)

    assert "javascript" not in text + html
    assert "href" not in html
    assert "Blatt" in text
    assert "Blatt" in html


def test_nothing_is_loaded_when_the_message_is_read() -> None:
    _, html = parts_of(an_alert())

    assert not re.search(r"""src=|url\(|@import|<link|background=""", html)


def test_a_huge_article_still_makes_a_message_that_mail_programs_show_whole() -> None:
    long_url = "https://wire.example/" + "&" * 1900
    alert = an_alert(
        headline='"&<' * 100_000,
        subheadline='"&<' * 100_000,
        body='"&< ' * 500_000,
        url=long_url,
        kibana=long_url,
        topics=tuple(f"t{number}" for number in range(500)),
        topic_evidence={f"t{number}": TopicEvidence(score=1, phrases=('"' * 500,) * 500) for number in range(500)},
    ).changed(copies=tuple(CopyInfo(source_name='"' * 500, url=long_url[:499]) for _ in range(500)))

    text, html = parts_of(alert)

    assert len(html.encode()) < 102_000
    assert "+ 490 more" in text
    assert "+ 490 more" in html


def test_both_parts_say_all_there_is_to_say() -> None:
    body = "Gestern wuchs Starlink. Sonst nichts."
    alert = an_alert(
        headline="Neues",
        subheadline="Darunter",
        body=body,
        agency="dpa",
        status=Status.CORRECTED,
        version=3,
        dateline=Dateline(text="KIEL (dpa) -"),
        updated=NOON + timedelta(minutes=5),
        topics=("space",),
        topic_evidence={"space": TopicEvidence(score=2, phrases=("wuchs",))},
        mentions=(Mention(text="Starlink", start=20, end=28, kind=Kind.PRODUCT, entity_id="starlink"),),
        kibana="https://kibana.example/app",
    ).changed(
        original=CopyInfo(source_name="Agentur", url="https://agentur.example/1", published=NOON),
        copies=(CopyInfo(source_name="Abendblatt", url="https://abend.example/1"),),
    )

    text, html = parts_of(alert)

    for part in (text, re.sub(r"<[^>]+>", "", html) + html):
        for words in (
            "Neues", "Darunter", "Küstenblatt (dpa)", "KIEL (dpa)", "2026-11-03 12:00 UTC", "updated 2026-11-03 12:05 UTC",
            "this is version 3", "Gestern wuchs", "Raumfahrt: wuchs", "names Starlink", "https://kuestenblatt.example/1",
            "Agentur", "https://agentur.example/1", "Abendblatt", "https://abend.example/1", "https://kibana.example/app/article",
            "https://kibana.example/app/story", "config/watches.yaml", "Wirewatch",
        ):  # fmt: skip
            assert words in part
    assert "Gestern wuchs **Starlink**." in text
    assert re.search(r"<strong class=\"name\" style=\"[^\"]*background-color[^\"]*\">Starlink</strong>", html)


def test_a_sentence_from_further_down_follows_the_one_with_which_the_report_begins() -> None:
    body = "KIEL (dpa) - Im Hafen wird gebaut. Es regnet. Auch Starlink war da."
    at = len("Neues\n") + body.index("Starlink")
    mention = Mention(text="Starlink", start=at, end=at + 8, kind=Kind.PRODUCT, entity_id="starlink")

    text, _ = parts_of(an_alert(headline="Neues", body=body, mentions=(mention,), dateline=Dateline(text="KIEL (dpa)")))

    assert "KIEL (dpa)\n\nIm Hafen wird gebaut.\n\nAuch **Starlink** war da.\n" in text


def test_a_report_is_not_begun_twice_and_its_dateline_stands_apart() -> None:
    body = "KIEL (dpa) - Starlink kommt in den Hafen."
    at = len("Neues\n") + body.index("Starlink")
    mention = Mention(text="Starlink", start=at, end=at + 8, kind=Kind.PRODUCT, entity_id="starlink")

    text, _ = parts_of(
        an_alert(headline="Neues", body=body, mentions=(mention,), dateline=Dateline(text="KIEL (dpa) -"))
    )

    assert "KIEL (dpa)\n\n**Starlink** kommt in den Hafen.\n" in text
    assert text.count("KIEL") == 1


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("de", 'lang="de" dir="ltr"'),
        ("ar", 'lang="ar" dir="rtl"'),
        (None, 'lang="en" dir="ltr"'),
        ('x" y', 'lang="en" dir="ltr"'),
    ],
)
def test_the_html_says_which_language_it_is_in_and_how_it_runs(language: str | None, opening: str) -> None:
    _, html = parts_of(an_alert(language=language))

    assert f"<html {opening}>" in html


def test_the_text_wraps_at_78_columns() -> None:
    text, _ = parts_of(an_alert(body="台湾" * 100 + "。" + "Wort " * 60, url="https://wire.example/" + "a" * 100))

    assert all(columns(line) <= 78 for line in text.split("\n") if "https://" not in line)
    assert "https://wire.example/" + "a" * 100 in text.split("\n")


def test_an_article_without_headline_is_called_by_its_first_words() -> None:
    assert str(parsed(raw_of(an_alert(headline="")))["Subject"]).startswith(
        "[Starlink] Der Satellitenbetreiber Nordlicht"
    )
    assert parsed(raw_of(an_alert(headline="", body="")))["Subject"] == "[Starlink] (no headline)"


def test_a_recipient_in_another_script_gets_the_ascii_form_of_the_domain() -> None:
    assert parsed(raw_of(an_alert(), recipient="desk@küste.example"))["To"] == "desk@xn--kste-0ra.example"


@pytest.mark.parametrize(
    "recipient", ["", "desk", "a b@c.example", "dösk@c.example", "a@b,c@d.example", "a@b\r\nBcc: x@y.example"]
)
def test_a_recipient_that_is_no_address_stands_in_no_header(recipient: str) -> None:
    message = parsed(raw_of(an_alert(), recipient=recipient))

    assert message["To"].addresses == ()
    assert message["Bcc"] is None


def test_a_sender_that_is_no_address_is_refused_for_good() -> None:
    with pytest.raises(MailRefused, match="`wirewatch` is no mail address") as caught:
        compose(an_alert(), recipient=READER, sender="wirewatch", now=NOON)

    assert caught.value.permanent
    assert caught.value.hint


WORDS = st.text(max_size=200)


@settings(deadline=None, max_examples=150)
@given(
    fields=st.fixed_dictionaries(
        {"headline": WORDS, "subheadline": WORDS, "body": WORDS, "summary": WORDS, "agency": WORDS},
        optional={"url": WORDS, "language": WORDS, "published": st.datetimes(timezones=st.just(UTC)) | st.none()},
    ),
    name=WORDS,
    spans=st.lists(st.tuples(st.integers(-5, 250), st.integers(-5, 250)), max_size=5),
)
def test_no_text_can_break_a_message(fields: dict[str, Any], name: str, spans: list[tuple[int, int]]) -> None:
    mentions = tuple(Mention(text="x", start=a, end=b, kind=Kind.PRODUCT, entity_id="starlink") for a, b in spans)
    alert = an_alert(**fields, mentions=mentions, source=a_source(name=name)).changed(
        copies=(CopyInfo(source_name=name, url=name),), entity_names={"starlink": name}, story_id=name
    )

    message = parsed(raw_of(alert))

    assert len(message.get_all("Subject", [])) == len(message.get_all("To", [])) == 1
    assert "\n" not in str(message["Subject"])
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not [part.defects for part in message.walk() if part.defects]
