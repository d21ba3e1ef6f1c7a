"""Does a message arrive, as it was written and once, and what is told when it does not? Against real mail servers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from traceback import format_exception

import pytest

from pipeline.alert import Mailer, SmtpMailer
from pipeline.errors import MailRefused, MailUnavailable
from tests.mail_server import GREETING, READER, Post, a_closed_port, a_message, a_script, a_server, content_of, deliver


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mailer(post: Post) -> Iterator[SmtpMailer]:
    with a_server(post) as port, SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        yield mailer


def refusal_of(mailer: Mailer, *, story_id: str = "s1") -> MailRefused:
    with pytest.raises(MailRefused) as caught:
        deliver(mailer, story_id=story_id)
    assert caught.value.hint
    return caught.value


def failure_of(url: str, timeout: float = 5, *, longest: float = 60) -> MailUnavailable:
    with SmtpMailer(url, timeout, longest=longest) as mailer, pytest.raises(MailUnavailable) as caught:
        deliver(mailer)
    assert caught.value.hint
    return caught.value


def test_a_message_arrives_as_it_was_composed(post: Post, mailer: SmtpMailer) -> None:
    raw, identifier = a_message()

    mailer.send(raw, message_id=identifier, recipient=READER)

    (envelope,) = post.taken
    assert envelope.mail_from == "alerts@wirewatch.example"
    assert envelope.rcpt_tos == [READER]
    assert envelope.content == raw


def test_a_headline_in_any_script_arrives_in_ascii_and_is_read_as_it_was(post: Post, mailer: SmtpMailer) -> None:
    headline = "Küste: 马斯克宣布星链, Зеленський „кодує“ 😀"

    deliver(mailer, headline=headline)

    content = content_of(post.taken[0])
    assert content.isascii()
    assert message_from_bytes(content, EmailMessage, policy=SMTP)["Subject"] == f"[Space] {headline}"
    assert "SMTPUTF8" not in post.taken[0].mail_options


def test_no_line_is_longer_than_a_mail_server_must_take(post: Post, mailer: SmtpMailer) -> None:
    deliver(mailer, headline="Ä" * 3000, body="ß" * 20_000, url="https://wire.example/" + "a" * 1900)

    content = content_of(post.taken[0])
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@evil.example", "a\n\nBody", "a\r\n.\r\nMAIL FROM:<x@evil.example>"])
def test_a_headline_cannot_add_a_header_a_recipient_or_a_command(evil: str, post: Post, mailer: SmtpMailer) -> None:
    deliver(mailer, headline=evil, body=f"{evil}\r\n.\r\nQUIT")

    (envelope,) = post.taken
    message = message_from_bytes(content_of(envelope), EmailMessage, policy=SMTP)
    assert envelope.rcpt_tos == [READER]
    assert message["Bcc"] is None
    assert not message.defects
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_line_that_is_a_full_stop_does_not_end_the_message(post: Post, mailer: SmtpMailer) -> None:
    raw, identifier = a_message()
    dotted = raw.replace(b"\r\n\r\n", b"\r\n\r\n.\r\n..\r\n", 1)

    mailer.send(dotted, message_id=identifier, recipient=READER)

    assert post.taken[0].content == dotted


def test_several_messages_share_a_connection(post: Post, mailer: SmtpMailer) -> None:
    for number in range(3):
        deliver(mailer, story_id=f"s{number}")

    assert len(post.taken) == 3
    assert len(post.sessions) == 1


def test_a_connection_that_went_away_between_two_messages_is_opened_anew(post: Post) -> None:
    with a_server(post) as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", 5)
        deliver(mailer)

    with a_server(post, port), closing(mailer):
        deliver(mailer, story_id="s2")

    assert len(post.taken) == len(post.sessions) == 2


def test_a_recipient_that_the_server_does_not_know_is_refused_for_good(post: Post, mailer: SmtpMailer) -> None:
    post.to_recipient = "550 5.1.1 no such mailbox"

    error = refusal_of(mailer)

    assert error.permanent
    assert "550 5.1.1 no such mailbox" in str(error)
    assert "watches.yaml" in str(error.hint)


def test_a_full_mailbox_is_refused_for_now(post: Post, mailer: SmtpMailer) -> None:
    post.to_recipient = "452 4.2.2 mailbox full"

    error = refusal_of(mailer)

    assert not error.permanent
    assert "452 4.2.2 mailbox full" in str(error)


def test_after_a_refusal_the_next_message_goes_over_the_same_connection(post: Post, mailer: SmtpMailer) -> None:
    post.to_recipient = "550 no"
    refusal_of(mailer)
    post.to_recipient = "250 fine"

    deliver(mailer, story_id="s2")

    assert len(post.taken) == len(post.sessions) == 1


@pytest.mark.parametrize(("answer", "permanent"), [("554 5.7.1 spam", True), ("451 4.7.1 come back later", False)])
def test_a_message_can_be_refused_for_good_or_for_now(
    answer: str, post: Post, mailer: SmtpMailer, *, permanent: bool
) -> None:
    post.to_message = answer

    assert refusal_of(mailer).permanent is permanent


def test_a_message_that_is_too_large_is_refused_and_not_the_server_given_up(post: Post, mailer: SmtpMailer) -> None:
    post.to_sender = "552 5.3.4 too large"

    assert refusal_of(mailer).permanent


@pytest.mark.parametrize("answer", ["553 5.7.1 not your address", "451 4.7.0 too many messages", "421 closing"])
def test_a_refused_sender_concerns_all_messages(answer: str, post: Post, mailer: SmtpMailer) -> None:
    post.to_sender = answer

    with pytest.raises(MailUnavailable, match=answer) as caught:
        deliver(mailer)

    assert ("sender" in str(caught.value.hint)) is answer.startswith("553")


@pytest.mark.parametrize("at", ["to_sender", "to_recipient", "to_message"])
def test_a_server_that_says_it_closes_is_away(at: str, post: Post, mailer: SmtpMailer) -> None:
    setattr(post, at, "421 4.3.2 going down")

    with pytest.raises(MailUnavailable, match="421"):
        deliver(mailer)


def test_a_server_that_is_down_is_away() -> None:
    with a_closed_port() as port:
        error = failure_of(f"smtp://127.0.0.1:{port}")

    assert f"`127.0.0.1:{port}` takes no mail: Connection refused" in str(error)
    assert "doctor" in str(error.hint)


def test_an_unknown_host_is_away() -> None:
    failure_of("smtp://mail.invalid")


@pytest.mark.parametrize(
    "answers",
    [
        (b"",),
        (b"220 hello\r\n",),
        GREETING,
        (*GREETING, b"250 ok\r\n", b"250 ok\r\n"),
        (*GREETING, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"),
        (*GREETING, b"nonsense\r\n"),
        (b"554 no service here\r\n",),
        (b"\xff\x00\r\n",),
        (b"220 " + b"a" * 20_000,),
    ],
)
def test_a_server_that_dies_in_the_middle_of_the_talk_is_away(answers: tuple[bytes, ...]) -> None:
    with a_script(*answers) as port:
        failure_of(f"smtp://127.0.0.1:{port}")


def test_a_server_that_hangs_up_in_the_middle_of_the_message_is_away() -> None:
    with a_script(*GREETING, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", then=lambda line: line.recv(10)) as port:
        failure_of(f"smtp://127.0.0.1:{port}")


@pytest.mark.parametrize("answers", [(b"",), GREETING, (*GREETING, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")])
def test_a_server_that_falls_silent_is_given_up_after_the_timeout(answers: tuple[bytes, ...]) -> None:
    done = threading.Event()
    with a_script(*answers, then=lambda _: done.wait(10)) as port:
        error = failure_of(f"smtp://127.0.0.1:{port}", 0.2)
        done.set()

    assert "timed out" in str(error) or "unexpectedly closed" in str(error)


def test_a_server_that_answers_a_letter_at_a_time_is_given_up_in_the_end() -> None:
    hung_up = threading.Event()

    def drip(line: socket.socket) -> None:
        try:
            for _ in range(200):
                line.sendall(b"2")
                threading.Event().wait(0.05)
        except OSError:
            hung_up.set()

    with a_script(*GREETING, b"250 ok\r\n", then=drip) as port:
        error = failure_of(f"smtp://127.0.0.1:{port}", longest=0.3)

    assert "no result within 0.3 seconds" in str(error)
    assert hung_up.is_set()


def test_what_the_server_says_cannot_disturb_a_terminal() -> None:
    with (
        a_script(*GREETING, b"250 ok\r\n", b"550 \x1b[2Jgone\r\n", b"250 ok\r\n") as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
    ):
        error = refusal_of(mailer)

    assert "\x1b" not in "".join(format_exception(error))
    assert "550" in str(error)


def test_a_trial_finds_the_server_and_sends_nothing(post: Post, mailer: SmtpMailer) -> None:
    told = mailer.check()

    assert "answers (not encrypted; no login)" in told
    assert len(post.sessions) == 1
    assert post.taken == []


def test_a_trial_after_a_message_connects_anew(post: Post, mailer: SmtpMailer) -> None:
    deliver(mailer)

    mailer.check()

    assert len(post.sessions) == 2


def test_a_trial_says_what_is_wrong() -> None:
    with (
        a_closed_port() as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
        pytest.raises(MailUnavailable, match="Connection refused"),
    ):
        mailer.check()
