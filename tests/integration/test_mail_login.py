"""Encryption and logins: what goes over which connection, and that no error tells a secret."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_exception

import pytest

from pipeline.alert import SmtpMailer
from pipeline.errors import MailRefused, MailUnavailable
from tests.mail_server import (
    LOGIN,
    PASSWORD,
    Certificate,
    Post,
    a_door,
    a_script,
    a_server,
    deliver,
)

# aiosmtpd warns of a server that takes logins in plain text; here nobody listens.
PLAIN_LOGIN = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def failure_of(mailer: SmtpMailer) -> MailUnavailable:
    with mailer, pytest.raises(MailUnavailable) as caught:
        deliver(mailer)
    assert caught.value.hint
    return caught.value


def all_told(error: Exception) -> str:
    return "".join(format_exception(error)) + repr(error) + repr(vars(error))


@contextmanager
def a_plain_server(post: Post, *, opens: bool = True) -> Iterator[int]:
    with a_server(post, **a_door(opens=opens), auth_require_tls=False) as port:
        yield port


@PLAIN_LOGIN
def test_a_login_opens_the_server(post: Post) -> None:
    with a_plain_server(post) as port, SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5) as mailer:
        deliver(mailer)

    assert len(post.taken) == 1


@PLAIN_LOGIN
def test_a_refused_login_concerns_all_messages_and_tells_no_secret(post: Post) -> None:
    with a_plain_server(post, opens=False) as port:
        error = failure_of(SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5))

    assert "535 login refused" in str(error)
    assert "password" in str(error.hint)
    assert "s3cret" not in all_told(error)
    assert error.__context__ is None


def test_a_server_that_repeats_the_password_later_is_not_quoted() -> None:
    auth = (b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"235 come in\r\n", b"250 ok\r\n")
    with (
        a_script(*auth, f"550 no, {PASSWORD}\r\n".encode(), b"250 ok\r\n") as port,
        SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5) as mailer,
        pytest.raises(MailRefused) as caught,
    ):
        deliver(mailer)

    assert caught.value.permanent
    assert "s3cret" not in all_told(caught.value)


@PLAIN_LOGIN
def test_a_server_that_asks_for_a_login_says_so(post: Post) -> None:
    with a_plain_server(post) as port:
        error = failure_of(SmtpMailer(f"smtp://127.0.0.1:{port}", 5))

    assert "password" in str(error.hint)


def test_encryption_that_is_demanded_and_not_offered_sends_nothing(post: Post) -> None:
    with a_server(post) as port:
        error = failure_of(SmtpMailer(f"smtp+starttls://127.0.0.1:{port}", 5))

    assert "no encryption" in str(error)
    assert post.taken == []


def test_no_login_leaves_this_machine_unencrypted(monkeypatch: pytest.MonkeyPatch, post: Post) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: look_up("127.0.0.1", *rest, **more))
    with a_server(post) as port:
        error = failure_of(SmtpMailer(f"smtp://{LOGIN}@mail.example:{port}", 5))

    assert "the login was not sent" in str(error)
    assert "s3cret" not in all_told(error)


def test_encryption_is_used_where_it_is_offered(post: Post, certificate: Certificate) -> None:
    with (
        a_server(post, tls_context=certificate.shown(), require_starttls=True) as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
    ):
        deliver(mailer)

    assert len(post.taken) == 1


def test_demanded_encryption_needs_a_certificate_that_is_trusted(post: Post, certificate: Certificate) -> None:
    with a_server(post, tls_context=certificate.shown()) as port:
        error = failure_of(SmtpMailer(f"smtp+starttls://{LOGIN}@127.0.0.1:{port}", 5))

    assert "certificate" in str(error.hint)
    assert post.taken == []


def test_a_certificate_for_another_host_is_none(post: Post, certificate: Certificate) -> None:
    with a_server(post, ssl_context=certificate.shown()) as port:
        error = failure_of(SmtpMailer(f"smtps://localhost:{port}", 5, tls=certificate.trusted()))

    assert "certificate" in str(error.hint)
    assert post.taken == []


def test_a_login_goes_over_an_encrypted_connection(post: Post, certificate: Certificate) -> None:
    with a_server(post, **a_door(), tls_context=certificate.shown()) as port:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{port}"
        with SmtpMailer(url, 5, tls=certificate.trusted()) as mailer:
            told = mailer.check()
            deliver(mailer)

    assert len(post.taken) == 1
    assert "(TLSv1.3, certificate valid; login accepted)" in told


def test_smtps_is_encrypted_from_the_start(post: Post, certificate: Certificate) -> None:
    with (
        a_server(post, ssl_context=certificate.shown()) as port,
        SmtpMailer(f"smtps://127.0.0.1:{port}", 5, tls=certificate.trusted()) as mailer,
    ):
        deliver(mailer)
        deliver(mailer, story_id="s2")

    assert len(post.taken) == 2


def test_encryption_where_none_is_spoken_is_a_failure_that_helps(post: Post) -> None:
    with a_server(post) as port:
        error = failure_of(SmtpMailer(f"smtps://127.0.0.1:{port}", 5))

    assert "port" in str(error.hint)


@PLAIN_LOGIN
def test_a_trial_with_a_wrong_password_says_so_and_nothing_of_it(post: Post) -> None:
    with (
        a_plain_server(post, opens=False) as port,
        SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5) as mailer,
        pytest.raises(MailUnavailable, match="login refused") as caught,
    ):
        mailer.check()

    assert "s3cret" not in all_told(caught.value)
