"""Messages over SMTP (RFC 5321), one connection for many of them.

A message is handed over at most once for each call: a connection is tried out before it is used again, and after a failure
inside a delivery nothing is repeated here, since the server may have taken the message. No delivery outlasts `longest`, also
with a server that answers a letter at a time: whoever holds a lease on the message knows when it is over. Not for use by
several threads at once.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as SMTP_POLICY
from threading import Event, Timer
from types import TracebackType
from typing import Self, TypeVar

from pipeline.alert.addresses import address
from pipeline.alert.refusals import Refusal
from pipeline.alert.server import server_at
from pipeline.errors import MailUnavailable

Result = TypeVar("Result")


class SmtpMailer:
    """Sends over the server that `url` names: `smtp://user:password@host:587`, `smtp+starttls://…` or `smtps://…`.

    `smtp` encrypts if the server offers it, `smtp+starttls` insists on it, `smtps` encrypts from the start. A login is sent only
    over a connection that is encrypted to a server with a valid certificate, or to this machine. `timeout` is in seconds, for each
    step, `longest` for a whole delivery. `tls` says which certificates are trusted; default: those of the system. Raises
    ConfigError for a URL that is none.
    """

    def __init__(
        self, url: str, timeout: float = 30.0, *, longest: float = 120.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._server = server_at(url)
        self._timeout = min(timeout, longest)
        self._longest = longest
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, raw: bytes, *, message_id: str, recipient: str) -> None:
        """Hand `raw` over for `recipient`; see `Mailer.send`. The envelope sender is the address in its `From`."""
        sender, reader = _sender(raw), address(recipient).addr_spec
        self._converse(lambda connection: connection.sendmail(sender, [reader], raw), message_id)

    def check(self) -> str:
        """Connect anew, encrypt and log in, as for a message; see `Mailer.check`."""
        self.close()
        return self._converse(self._found, "")

    def _converse(self, do: Callable[[smtplib.SMTP], Result], message_id: str) -> Result:
        late = Event()
        alarm = Timer(self._longest, self._break_off, [late])
        alarm.daemon = True
        alarm.start()
        try:
            return do(self._ready(late))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            wrong = TimeoutError(f"no result within {self._longest:g} seconds") if late.is_set() else error
            refusal = Refusal(wrong, self._server, message_id)
        except BaseException:
            self._drop()
            raise
        finally:
            alarm.cancel()
        # Raised out here, so that the server's words do not hang on the error as its context.
        if not refusal.connection_is_sound:
            self._drop()
        raise refusal.as_error()

    def _break_off(self, late: Event) -> None:
        """Called by the alarm's thread: whoever waits for the server learns that it hung up."""
        late.set()
        line = self._connection.sock if self._connection else None
        if line is not None:
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def _found(self, connection: smtplib.SMTP) -> str:
        encryption = "not encrypted"
        if isinstance(connection.sock, ssl.SSLSocket):
            certificate = "valid" if self._server.must_be_known else "not looked at"
            encryption = f"{connection.sock.version()}, certificate {certificate}"
        login = "login accepted" if self._server.user else "no login"
        return f"the mail server `{self._server}` answers ({encryption}; {login})"

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

    def _ready(self, late: Event) -> smtplib.SMTP:
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        connection = self._connection or self._opened()
        if late.is_set():
            raise TimeoutError
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        encrypted = server.scheme == "smtps"
        connection = (
            smtplib.SMTP_SSL(timeout=self._timeout, context=self._tls)
            if encrypted
            else smtplib.SMTP(timeout=self._timeout)
        )
        # The name that the certificate must have; only the constructor would set it, which cannot be broken off.
        connection._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
        self._connection = connection
        code, said = connection.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        encrypted = encrypted or self._encrypt(connection)
        self._log_in(connection, encrypted=encrypted)
        return connection

    def _encrypt(self, connection: smtplib.SMTP) -> bool:
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            connection.starttls(context=self._tls if self._server.must_be_known else _any_certificate())
            connection.ehlo()
            return True
        if self._server.scheme == "smtp+starttls":
            raise MailUnavailable(
                f"the mail server `{self._server}` offers no encryption",
                hint="ask its operator for the right port; `smtps://` on 465 is encrypted from the start",
            )
        return False

    def _log_in(self, connection: smtplib.SMTP, *, encrypted: bool) -> None:
        server = self._server
        if not server.user:
            return
        if not encrypted and not server.is_this_machine:
            raise MailUnavailable(
                f"the mail server `{server}` offers no encryption, so the login was not sent",
                hint="use `smtp+starttls://` or `smtps://` with a port that encrypts",
            )
        connection.login(server.user, server.password)


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
