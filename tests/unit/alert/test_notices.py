"""What do the operators read?"""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from pipeline.alert import Concern, Notice, compose_notice, notice_id
from pipeline.alert.wrapping import columns
from pipeline.errors import MailRefused
from tests.factories import NOON

SENDER, OPERATOR = "Wirewatch <alerts@wirewatch.example>", "ops@wirewatch.example"


def a_notice(*concerns: Concern, title: str = "feed health on 2026-11-03") -> Notice:
    return Notice(title, "2 feeds want a look.", concerns)


def raw_of(notice: Notice) -> bytes:
    return compose_notice(notice, recipient=OPERATOR, sender=SENDER, now=NOON)


def message_of(notice: Notice) -> EmailMessage:
    return message_from_bytes(raw_of(notice), EmailMessage, policy=SMTP)


def parts_of(notice: Notice) -> list[str]:
    return [str(part.get_content()).replace("\r\n", "\n") for part in message_of(notice).iter_parts()]


def test_each_concern_is_named_with_what_is_wrong_and_what_to_do() -> None:
    for part in parts_of(a_notice(Concern("kuestenblatt", "failed 12 times", "try `wirewatch feeds check`"))):
        for words in ("feed health on 2026-11-03", "kuestenblatt", "failed 12 times", "try `wirewatch feeds check`"):
            assert words in part


def test_the_message_is_the_same_for_the_same_notice_and_no_other() -> None:
    raw = raw_of(a_notice())
    later = compose_notice(a_notice(), recipient=OPERATOR, sender=SENDER, now=NOON + timedelta(hours=1))

    assert raw == raw_of(a_notice())
    assert f"Message-ID: {notice_id(a_notice(), OPERATOR, 'wirewatch.example')}\r\n".encode() in raw
    assert f"Message-ID: {notice_id(a_notice(), OPERATOR, 'wirewatch.example')}\r\n".encode() in later
    assert notice_id(a_notice(title="other"), OPERATOR, "x") != notice_id(a_notice(), OPERATOR, "x")


def test_no_program_answers_and_nothing_is_defective() -> None:
    message = message_of(a_notice())

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "[Wirewatch] feed health on 2026-11-03"
    assert not message.defects


def test_what_comes_from_a_server_steers_neither_mail_nor_page() -> None:
    hostile = "<script>x</script>\r\nBcc: a@b.example\u202e " + "x" * 1000

    text, page = parts_of(a_notice(Concern("feed", hostile, "look")))

    assert "<script>" not in page
    assert "\u202e" not in text + page
    assert message_of(a_notice(Concern("feed", hostile, "look")))["Bcc"] is None
    assert max(columns(line) for line in text.splitlines()) <= 78


def test_of_very_many_only_some_are_listed() -> None:
    text, page = parts_of(a_notice(*(Concern(f"feed-{number}", "x", "y") for number in range(60))))

    for part in (text, page):
        assert "feed-49" in part
        assert "feed-50" not in part
        assert "+ 10 more" in part


@pytest.mark.parametrize(("recipient", "sender"), [("nobody", SENDER), (OPERATOR, "nobody")])
def test_what_is_no_address_is_refused_for_good(recipient: str, sender: str) -> None:
    with pytest.raises(MailRefused) as caught:
        compose_notice(a_notice(), recipient=recipient, sender=sender, now=NOON)

    assert caught.value.permanent
