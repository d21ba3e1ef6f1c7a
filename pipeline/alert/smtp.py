"""Messages over SMTP (RFC 5321), one connection for many of them.

A message is handed over at most once for each call: a connection is tried out before it is used again, and after a failure
inside a delivery nothing is repeated here, since the server may have taken the message. Not for use by several threads at once.
"""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as SMTP_POLICY
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from pipeline.alert.addresses import address
from pipeline.alert.plain import one_line
from pipeline.errors import ConfigError, MailRefused

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# Login missing, too weak, wrong or over (RFC 4954): the account must change, not the message.
_LOGIN = (530, 534, 535, 538)


class SmtpMailer:
    """Sends over the server that `url` names: `smtp://user:password@host:587`, `smtp+starttls://…` or `smtps://…`.

    `smtp` encrypts if the server offers it, `smtp+starttls` insists on it, `smtps` encrypts from the start. A login is sent only
    over a connection that is encrypted to a server with a valid certificate, or to this machine. `timeout` is in seconds, for each
    step. `tls` says which certificates are trusted; default: those of the system. Raises ConfigError for a URL that is none.
    """

    def __init__(self, url: str, timeout: float = 30.0, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = _server(url)
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, raw: bytes, *, message_id: str, recipient: str) -> None:
        """Hand `raw` over for `recipient`; see `Mailer.send`. The envelope sender is the address in its `From`."""
        sender, reader = _sender(raw), address(recipient).addr_spec
        refusal = None
        try:
            self._ready().sendmail(sender, [reader], raw)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            refusal = _Refusal(error, self._server, f"message `{one_line(message_id, 100)}`")
        except BaseException:
            self._drop()
            raise
        # Raised out here, so that the server's words do not hang on the error as its context.
        if refusal:
            if not refusal.connection_is_sound:
                self._drop()
            raise refusal.as_error()

    def close(self) -> None:
        """Let go of the connection; the next `send` opens a new one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self) -> smtplib.SMTP:
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = self._opened()
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            encrypted = server.scheme == "smtps" or self._encrypt(connection)
            self._log_in(connection, encrypted=encrypted)
        except BaseException:
            connection.close()
            raise
        return connection

    def _encrypt(self, connection: smtplib.SMTP) -> bool:
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            connection.starttls(context=self._tls if self._server.must_be_known else _any_certificate())
            connection.ehlo()
            return True
        if self._server.scheme == "smtp+starttls":
            raise MailRefused(
                f"the mail server `{self._server}` offers no encryption",
                hint="ask its operator for the right port; `smtps://` on 465 is encrypted from the start",
            )
        return False

    def _log_in(self, connection: smtplib.SMTP, *, encrypted: bool) -> None:
        server = self._server
        if not server.user:
            return
        if not encrypted and not server.is_this_machine:
            raise MailRefused(
                f"the mail server `{server}` offers no encryption, so the login was not sent",
                hint="use `smtp+starttls://` or `smtps://` with a port that encrypts",
            )
        connection.login(server.user, server.password)


@dataclass(frozen=True, slots=True)
class _Server:
    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_this_machine(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def must_be_known(self) -> bool:
        """Without a login, and where plain text would do, a home-made certificate is still better than none (RFC 7435)."""
        return self.scheme != "smtp" or bool(self.user and not self.is_this_machine)

    def secrets(self) -> tuple[str, ...]:
        plain = [word.encode() for word in (self.user, self.password) if word]
        both = f"\0{self.user}\0{self.password}".encode()
        return tuple(word.decode() for word in plain) + tuple(b64encode(word).decode() for word in [*plain, both])


class _Refusal:
    """What went wrong in a delivery, in words without secrets, and whether trying again can help."""

    def __init__(self, error: Exception, server: _Server, subject: str) -> None:
        self._server = server
        self._subject = subject
        self._code, self._words = _reply(error, server)
        self._login = isinstance(error, smtplib.SMTPAuthenticationError) or self._code in _LOGIN
        self._error = type(error)
        self.connection_is_sound = issubclass(
            self._error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)
        )

    def as_error(self) -> MailRefused:
        """Return the error to raise."""
        return MailRefused(
            f"the mail server `{self._server}` did not take {self._subject}: {self._words}",
            hint=self._hint(),
            permanent=self._is_about_the_message() and self._code >= 500,
        )

    def _is_about_the_message(self) -> bool:
        """A refused login, sender or connection is about the set-up: once that is mended, the message can go."""
        return not self._login and issubclass(self._error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))

    def _hint(self) -> str:
        if self._login:
            return "check user and password in the mail server's URL; write `@`, `:` and `/` in them as `%40`, `%3A`, `%2F`"
        if issubclass(self._error, smtplib.SMTPSenderRefused):
            return "check the sender's address: may this account send under it?"
        if issubclass(self._error, ssl.SSLError):
            return "check host name and port; the server's certificate must be valid for this host"
        if self._is_about_the_message() and self._code >= 500:
            return "check the recipient's address in `config/watches.yaml`; the server's own words say what it disliked"
        return "is the server up, and are host and port right? the next run tries again"


def _reply(error: Exception, server: _Server) -> tuple[int, str]:
    """Return the server's code (0 if there was none) and what to tell of its words; nothing of them if they repeat a secret."""
    code, said = 0, ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(((code, _text(said)) for code, said in error.recipients.values()), (0, ""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, _text(error.smtp_error)
    elif isinstance(error, (OSError, smtplib.SMTPException)):
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError) or any(secret in said for secret in server.secrets()):
        said = "login refused" if isinstance(error, smtplib.SMTPAuthenticationError) else ""
    words = f"{code if code > 0 else ''} {one_line(said, 200)}".strip()
    return code, words or "the conversation broke off"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _sender(raw: bytes) -> str:
    headers = BytesHeaderParser(EmailMessage, policy=SMTP_POLICY).parsebytes(raw)
    return address(str(headers["From"] or "")).addr_spec


def _server(url: str) -> _Server:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in _PORTS or not host or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(
            "the mail server's URL cannot be understood",
            hint="write `smtp://host:25`, `smtp+starttls://user:password@host:587` or `smtps://user:password@host:465`; "
            "`@`, `:` and `/` in user or password as `%40`, `%3A`, `%2F`",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return _Server(parts.scheme, host, port or _PORTS[parts.scheme], user, password)
