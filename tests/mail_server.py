"""Real mail servers on loopback for tests: one that behaves, one that follows a script, and the messages for them."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol  # noqa: N811
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from pipeline.alert import Alert, Mailer, Reasons, alert_id, compose, domain_of, message_id
from pipeline.config import Watch
from tests.factories import NOON, an_article

SENDER = "Wirewatch <alerts@wirewatch.example>"
READER = "desk@wirewatch.example"
PASSWORD = "s3cret/p@ss"
LOGIN = "desk:s3cret%2Fp%40ss"
"""User and password as they stand in a URL."""


def a_message(recipient: str = READER, *, story_id: str = "s1", **article: Any) -> tuple[bytes, str]:
    """A message and its Message-ID."""
    watch = Watch(id="space", name="Space", to=(recipient,), topics=("space",))
    alert = Alert(watch=watch, article=an_article(**article), reasons=Reasons(), story_id=story_id)
    raw = compose(alert, recipient=recipient, sender=SENDER, now=NOON)
    return raw, message_id(alert_id("space", story_id), recipient, domain_of(SENDER))


def deliver(mailer: Mailer, recipient: str = READER, *, story_id: str = "s1", **article: Any) -> None:
    raw, identifier = a_message(recipient, story_id=story_id, **article)
    mailer.send(raw, message_id=identifier, recipient=recipient)


def content_of(envelope: Envelope) -> bytes:
    """What came after DATA."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


class Post:
    """What a mail server does with mail: takes it, unless told to say something else."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sessions: list[Session] = []
        self.to_sender = self.to_recipient = self.to_message = "250 fine"
        self.before_message: Callable[[], object] = lambda: None

    async def handle_EHLO(
        self, _server: Protocol, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if session not in self.sessions:
            self.sessions.append(session)
        return responses

    async def handle_MAIL(
        self, _server: Protocol, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_options.extend(options)
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
        await asyncio.to_thread(self.before_message)
        if self.to_message.startswith("250"):
            self.taken.append(envelope)
        return self.to_message


@pytest.fixture
def post() -> Post:
    """A mail server that behaves; `a_server(post)` starts it."""
    return Post()


class _Office(Controller):
    """Listens before it is started, so that nobody else can take its port, and hangs up when it closes."""

    def __init__(self, post: Post, port: int, **options: Any) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._lines: list[Protocol] = []
        super().__init__(post, hostname="127.0.0.1", port=self._listener.getsockname()[1], **options)

    def factory(self) -> Protocol:
        self._lines.append(Protocol(self.handler, **self.SMTP_kwargs))
        return self._lines[-1]

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener, ssl=self.ssl_context)

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(10)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for line in self._lines:
            if isinstance(line.transport, asyncio.Transport):
                line.transport.abort()
        for _ in range(10):
            await asyncio.sleep(0)


@contextmanager
def a_server(post: Post, port: int = 0, **options: Any) -> Iterator[int]:
    """A mail server on the port that is given back; `options` are aiosmtpd's."""
    office = _Office(post, port, **options)
    office.start()
    try:
        yield office.port
    finally:
        office.stop()


@contextmanager
def a_closed_port() -> Iterator[int]:
    """A port at which nobody listens, and that nobody else can take."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def a_script(*answers: bytes, then: Callable[[socket.socket], object] = lambda _: None) -> Iterator[int]:
    """A server that says these lines, one after each command it hears, then does `then`, and hangs up; for one call."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as line:
            line.sendall(answers[0])
            for answer in answers[1:]:
                line.recv(65536)
                line.sendall(answer)
            then(line)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()


GREETING = (b"220 hello\r\n", b"250 hello\r\n")


def a_door(*, opens: bool = True) -> dict[str, Any]:
    """Options for a server that lets in whoever knows the password, or nobody; it shouts what it hears."""

    def check(
        _server: Protocol, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        right = data.login == b"desk" and data.password == PASSWORD.encode()
        if opens and right:
            return AuthResult(success=True)
        message = f"535 5.7.8 {data.login.decode()} with {data.password.decode()} is wrong"
        return AuthResult(success=False, handled=False, message=message)

    return {"authenticator": check, "auth_required": True}


class Certificate:
    """A certificate that nobody but the test trusts, for 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("no `openssl` to make a certificate with")
        self._paper, self._key = folder / "certificate.pem", folder / "key.pem"
        request = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        names = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        files = ["-keyout", str(self._key), "-out", str(self._paper)]
        subprocess.run([*request, *names, *files], check=True, capture_output=True)

    def shown(self) -> ssl.SSLContext:
        """For the server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._paper, self._key)
        return context

    def trusted(self) -> ssl.SSLContext:
        """For a client that knows the certificate."""
        return ssl.create_default_context(cafile=str(self._paper))
