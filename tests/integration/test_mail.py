"""Does a message arrive, once, and what is told when it does not? Against a real mail server and a real folder."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from pipeline.alert import (
    Alert,
    FolderMailer,
    Mailer,
    Reasons,
    SmtpMailer,
    alert_id,
    compose,
    domain_of,
    message_file,
    message_id,
)
from pipeline.config.models import Watch
from pipeline.errors import ConfigError, MailRefused
from tests.factories import NOON, an_article

SENDER = "Wirewatch <alerts@wirewatch.example>"
READER = "desk@wirewatch.example"
SECRET = "s3cret/p@ss"
ROOT = Path(__file__).parents[2]
LOGIN = "desk:s3cret%2Fp%40ss"


def a_message(recipient: str = READER, *, story_id: str = "s1", headline: str = "Nordlicht baut") -> tuple[bytes, str]:
    watch = Watch(id="space", name="Space", to=(recipient,), topics=("space",))
    alert = Alert(watch=watch, article=an_article(headline=headline), reasons=Reasons(), story_id=story_id)
    raw = compose(alert, recipient=recipient, sender=SENDER, now=NOON)
    return raw, message_id(alert_id("space", story_id), recipient, domain_of(SENDER))


def deliver(mailer: Mailer, recipient: str = READER, *, story_id: str = "s1") -> None:
    raw, identifier = a_message(recipient, story_id=story_id)
    mailer.send(raw, message_id=identifier, recipient=recipient)


class Post:
    """A mail server's office: takes what comes, unless told to say something else."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sessions: list[Session] = []
        self.to_recipient = "250 fine"
        self.to_sender = "250 fine"
        self.to_message = "250 fine"

    async def handle_MAIL(
        self, _server: Protocol, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if session not in self.sessions:
            self.sessions.append(session)
        if self.to_sender.startswith("250"):
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, _server: Protocol, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Protocol, _session: Session, envelope: Envelope) -> str:
        if self.to_message.startswith("250"):
            self.taken.append(envelope)
        return self.to_message


def a_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_server(post: Post, port: int = 0, *, kind: type[Controller] = Controller, **options: object) -> Iterator[int]:
    controller = kind(post, hostname="127.0.0.1", port=port or a_free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with a_server(post) as port:
        yield port


def refusal_of(mailer: SmtpMailer, recipient: str = READER) -> MailRefused:
    with pytest.raises(MailRefused) as caught:
        deliver(mailer, recipient)
    assert caught.value.hint
    return caught.value


def test_a_message_arrives_as_it_was_composed(post: Post, port: int) -> None:
    raw, identifier = a_message()

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        mailer.send(raw, message_id=identifier, recipient=READER)

    (envelope,) = post.taken
    assert envelope.mail_from == "alerts@wirewatch.example"
    assert envelope.rcpt_tos == [READER]
    assert envelope.content == raw


def test_several_messages_share_a_connection(post: Post, port: int) -> None:
    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        for number in range(3):
            deliver(mailer, story_id=f"s{number}")

    assert len(post.taken) == 3
    assert len(post.sessions) == 1


def test_after_the_server_was_started_anew_the_next_message_finds_it(post: Post) -> None:
    port = a_free_port()
    with closing(SmtpMailer(f"smtp://127.0.0.1:{port}", 5)) as mailer:
        with a_server(post, port):
            deliver(mailer)
        with a_server(post, port):
            deliver(mailer, story_id="s2")

    assert len(post.taken) == 2


def test_a_recipient_that_the_server_does_not_know_is_refused_for_good(post: Post, port: int) -> None:
    post.to_recipient = "550 5.1.1 no such mailbox"

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        error = refusal_of(mailer)

    assert error.permanent
    assert "550 5.1.1 no such mailbox" in str(error)
    assert "watches.yaml" in str(error.hint)


def test_a_full_mailbox_is_refused_for_now(post: Post, port: int) -> None:
    post.to_recipient = "452 4.2.2 mailbox full"

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        error = refusal_of(mailer)

    assert not error.permanent
    assert "452 4.2.2 mailbox full" in str(error)


def test_after_a_refusal_the_next_message_goes_through_on_the_same_connection(post: Post, port: int) -> None:
    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        post.to_recipient = "550 no"
        refusal_of(mailer)
        post.to_recipient = "250 fine"
        deliver(mailer)

    assert len(post.taken) == len(post.sessions) == 1


def test_a_message_that_the_server_dislikes_is_refused_for_good(post: Post, port: int) -> None:
    post.to_message = "554 5.7.1 looks like spam"

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        assert refusal_of(mailer).permanent


def test_a_greylisted_message_is_refused_for_now(post: Post, port: int) -> None:
    post.to_message = "451 4.7.1 come back later"

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        assert not refusal_of(mailer).permanent


def test_a_refused_sender_is_a_matter_of_the_set_up_and_not_of_the_message(post: Post, port: int) -> None:
    post.to_sender = "553 5.7.1 not your address"

    with SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer:
        error = refusal_of(mailer)

    assert not error.permanent
    assert "sender" in str(error.hint)


def test_a_server_that_is_down_is_a_refusal_for_now() -> None:
    error = refusal_of(SmtpMailer(f"smtp://127.0.0.1:{a_free_port()}", 5))

    assert not error.permanent
    assert "refused" in str(error)


def test_an_unknown_host_is_a_refusal_for_now() -> None:
    assert not refusal_of(SmtpMailer("smtp://mail.invalid", 5)).permanent


@contextmanager
def a_script(*answers: bytes, then: Callable[[socket.socket], object] = lambda _: None) -> Iterator[int]:
    """A server that says these lines, one after each command it hears, then does `then`, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(answers[0])
            for answer in answers[1:]:
                connection.recv(65536)
                connection.sendall(answer)
            then(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()


GREETING = (b"220 hello\r\n", b"250 hello\r\n")


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
    ],
)
def test_a_server_that_dies_in_the_middle_of_the_talk_is_a_refusal_for_now(answers: tuple[bytes, ...]) -> None:
    with a_script(*answers) as port:
        error = refusal_of(SmtpMailer(f"smtp://127.0.0.1:{port}", 5))

    assert not error.permanent


def test_a_server_that_falls_silent_is_given_up_after_the_timeout() -> None:
    done = threading.Event()
    with a_script(b"220 hello\r\n", then=lambda _: done.wait(10)) as port:
        error = refusal_of(SmtpMailer(f"smtp://127.0.0.1:{port}", 0.3))
        done.set()

    assert not error.permanent


def test_what_the_server_says_cannot_disturb_a_terminal() -> None:
    with a_script(*GREETING, b"250 ok\r\n", b"550 \x1b[2Jgone\r\n", b"250 ok\r\n") as port:
        error = refusal_of(SmtpMailer(f"smtp://127.0.0.1:{port}", 5))

    assert "\x1b" not in str(error)
    assert "550" in str(error)


PLAIN_LOGIN = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def a_door(*, opens: bool) -> Callable[..., AuthResult]:
    def check(
        _server: Protocol, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        right = data.login == b"desk" and data.password == SECRET.encode()
        if opens and right:
            return AuthResult(success=True)
        message = f"535 5.7.8 {data.login.decode()} with {data.password.decode()} is wrong"
        return AuthResult(success=False, handled=False, message=message)

    return check


@PLAIN_LOGIN
def test_a_login_opens_the_server(post: Post) -> None:
    options: dict[str, Any] = {"authenticator": a_door(opens=True), "auth_required": True, "auth_require_tls": False}
    with a_server(post, **options) as port, SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5) as mailer:
        deliver(mailer)

    assert len(post.taken) == 1


@PLAIN_LOGIN
def test_a_refused_login_can_be_mended_and_tells_no_secret(post: Post) -> None:
    options: dict[str, Any] = {"authenticator": a_door(opens=False), "auth_required": True, "auth_require_tls": False}
    with a_server(post, **options) as port:
        error = refusal_of(SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5))

    told = "".join(format_exception(error)) + repr(error) + str(error.hint) + repr(vars(error))
    assert not error.permanent
    assert "password" in str(error.hint)
    assert SECRET not in told
    assert "s3cret" not in told
    assert error.__context__ is None


def test_a_server_that_repeats_the_password_later_is_not_quoted() -> None:
    auth = (b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"235 come in\r\n", b"250 ok\r\n")
    with a_script(*auth, f"550 no, {SECRET}\r\n".encode(), b"250 ok\r\n") as port:
        error = refusal_of(SmtpMailer(f"smtp://{LOGIN}@127.0.0.1:{port}", 5))

    assert error.permanent
    assert "s3cret" not in "".join(format_exception(error))


@PLAIN_LOGIN
def test_a_server_that_asks_for_a_login_says_so(post: Post) -> None:
    options: dict[str, Any] = {"authenticator": a_door(opens=True), "auth_required": True, "auth_require_tls": False}
    with a_server(post, **options) as port:
        error = refusal_of(SmtpMailer(f"smtp://127.0.0.1:{port}", 5))

    assert not error.permanent
    assert "password" in str(error.hint)


def test_encryption_that_is_demanded_and_not_offered_is_a_refusal(post: Post, port: int) -> None:
    error = refusal_of(SmtpMailer(f"smtp+starttls://127.0.0.1:{port}", 5))

    assert "no encryption" in str(error)
    assert post.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody but the test trusts, for 127.0.0.1, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no `openssl` to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    paper, key = folder / "certificate.pem", folder / "key.pem"
    request = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*request, *names, "-keyout", key, "-out", paper], check=True, capture_output=True)
    return paper, key


def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_encryption_is_used_where_it_is_offered(post: Post, certificate: tuple[Path, Path]) -> None:
    with (
        a_server(post, tls_context=server_side(certificate), require_starttls=True) as port,
        SmtpMailer(f"smtp://127.0.0.1:{port}", 5) as mailer,
    ):
        deliver(mailer)

    assert len(post.taken) == 1


def test_demanded_encryption_needs_a_certificate_that_is_trusted(post: Post, certificate: tuple[Path, Path]) -> None:
    with a_server(post, tls_context=server_side(certificate)) as port:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{port}"
        error = refusal_of(SmtpMailer(url, 5))

    assert not error.permanent
    assert "certificate" in str(error.hint)
    assert post.taken == []


def test_a_login_goes_over_an_encrypted_connection(post: Post, certificate: tuple[Path, Path]) -> None:
    options: dict[str, Any] = {
        "authenticator": a_door(opens=True),
        "auth_required": True,
        "tls_context": server_side(certificate),
    }
    with a_server(post, **options) as port:
        url = f"smtp+starttls://{LOGIN}@127.0.0.1:{port}"
        with SmtpMailer(url, 5, tls=trusting(certificate)) as mailer:
            deliver(mailer)

    assert len(post.taken) == 1


def test_smtps_is_encrypted_from_the_start(post: Post, certificate: tuple[Path, Path]) -> None:
    class Encrypted(Controller):  # type: ignore[misc]
        """Its own first call to itself would trust no home-made certificate."""

        def _trigger_server(self) -> None:
            with socket.create_connection((self.hostname, self.port)) as line:
                trusting(certificate).wrap_socket(line, server_hostname=self.hostname).close()

    with (
        a_server(post, kind=Encrypted, ssl_context=server_side(certificate)) as port,
        SmtpMailer(f"smtps://127.0.0.1:{port}", 5, tls=trusting(certificate)) as mailer,
    ):
        deliver(mailer)

    assert len(post.taken) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://desk:s3cret/p@ss@mail.example",
        "smtp://desk:s3cret@mail.example:70000",
        "smtp://[::1",
        "smtp://mail.example/?s3cret",
    ],
)
def test_a_url_that_is_none_is_a_configuration_error_without_secrets(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SmtpMailer(url)

    assert "smtps://" in str(caught.value.hint)
    assert "s3cret" not in "".join(format_exception(caught.value))


def test_a_mailer_shows_no_secret_when_it_is_printed() -> None:
    mailer = SmtpMailer(f"smtps://{LOGIN}@mail.example")

    assert "s3cret" not in repr(mailer) + repr(vars(mailer))


@pytest.mark.parametrize("recipient", ["desk", "a@b.example\r\nRCPT TO:<x@y.example>", "dösk@b.example"])
def test_a_recipient_that_is_no_address_is_refused_for_good_by_both(recipient: str, tmp_path: Path) -> None:
    raw, identifier = a_message()

    for mailer in (SmtpMailer("smtp://127.0.0.1:1", 5), FolderMailer(tmp_path)):
        with pytest.raises(MailRefused) as caught:
            mailer.send(raw, message_id=identifier, recipient=recipient)
        assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_a_file_holds_the_message_and_is_named_so_that_a_person_finds_it(tmp_path: Path) -> None:
    raw, identifier = a_message(headline="Nordlicht baut: „drei“ ../../Stationen")

    FolderMailer(tmp_path / "out" / "box").send(raw, message_id=identifier, recipient=READER)

    (file,) = (tmp_path / "out" / "box").iterdir()
    assert file.name.startswith("2026-11-03T1200 Space Nordlicht baut drei Stationen ")
    assert file.suffix == ".eml"
    assert file.read_bytes() == raw
    assert message_file(tmp_path / "out" / "box", identifier) == file


@pytest.mark.parametrize("headline", ["台湾宣布建设三座新的地面站" * 30, "", "...", "\x00/\\:*?<>|" * 50, "😀" * 300])
def test_any_headline_gives_a_file(headline: str, tmp_path: Path) -> None:
    raw, identifier = a_message(headline=headline)

    FolderMailer(tmp_path).send(raw, message_id=identifier, recipient=READER)

    (file,) = tmp_path.iterdir()
    assert len(os.fsencode(file.name)) < 200
    assert message_from_bytes(file.read_bytes(), EmailMessage, policy=SMTP)["Message-ID"] == identifier


def test_a_message_that_is_sent_again_keeps_its_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    first, identifier = a_message()
    later, _ = a_message(headline="Neu überschrieben")

    mailer.send(first, message_id=identifier, recipient=READER)
    mailer.send(later, message_id=identifier, recipient=READER)

    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == first


def test_messages_with_one_subject_and_minute_get_a_file_each(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)

    for number in range(50):
        deliver(mailer, f"desk{number}@wirewatch.example")

    assert len(list(tmp_path.iterdir())) == 50


def test_two_senders_at_once_leave_whole_files_and_no_drafts(tmp_path: Path) -> None:
    def work() -> None:
        for number in range(20):
            deliver(FolderMailer(tmp_path), story_id=f"s{number}")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    files = list(tmp_path.iterdir())
    assert len(files) == 20
    assert all(file.suffix == ".eml" and file.read_bytes().endswith(b"--\r\n") for file in files)


def test_a_folder_that_cannot_be_written_is_a_refusal_that_helps(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(MailRefused, match="outbox") as caught:
        deliver(FolderMailer(tmp_path / "outbox"))

    assert not caught.value.permanent
    assert "writable" in str(caught.value.hint)


@pytest.mark.skipif(os.name != "posix", reason="file size limits are a matter of POSIX")
def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    program = f"""
import resource, signal
from pathlib import Path
from pipeline.alert import FolderMailer
from pipeline.errors import MailRefused
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    FolderMailer(Path({str(tmp_path)!r})).send(b"x" * 5000, message_id="<a@b>", recipient="a@b.example")
except MailRefused as error:
    print("refused", error.permanent)
"""

    done = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True, check=False, cwd=ROOT)

    assert done.stdout == "refused False\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_lies_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert message_file(tmp_path / "none", "<a@b>") is None
