"""What went wrong with a mail server, in words without secrets: is it about one message, and can trying again help?"""

from __future__ import annotations

import smtplib
import ssl

from pipeline.alert.plain import one_line
from pipeline.alert.server import Server
from pipeline.errors import MailRefused, MailUnavailable

# Login missing, too weak, wrong or over (RFC 4954): the account must change, not the message.
_LOGIN = (530, 534, 535, 538)
_CLOSING = 421
# The message is larger than the server takes, told before it is sent (RFC 1870).
_TOO_LARGE = 552


class Refusal:
    """A failed conversation; `connection_is_sound` if the next message can go over the same connection."""

    def __init__(self, error: Exception, server: Server, message_id: str) -> None:
        self._server = server
        self._message_id = message_id
        self._code, self._words = _reply(error, server)
        self._login = isinstance(error, smtplib.SMTPAuthenticationError) or self._code in _LOGIN
        self._error = type(error)
        self.connection_is_sound = issubclass(
            self._error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)
        )

    def as_error(self) -> MailRefused | MailUnavailable:
        """Return the error to raise."""
        if not self._is_about_the_message():
            return MailUnavailable(f"the mail server `{self._server}` takes no mail: {self._words}", hint=self._hint())
        return MailRefused(
            f"the mail server `{self._server}` did not take message `{one_line(self._message_id, 100)}`: {self._words}",
            hint=self._hint(),
            permanent=self._code >= 500,
        )

    def _is_about_the_message(self) -> bool:
        """A refused login, sender or connection is about the set-up: once that is mended, the message can go."""
        if self._login or self._code == _CLOSING:
            return False
        if issubclass(self._error, smtplib.SMTPSenderRefused):
            return self._code == _TOO_LARGE
        return issubclass(self._error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError))

    def _hint(self) -> str:
        if self._login:
            return "check user and password in the mail server's URL; write `@`, `:` and `/` in them as `%40`, `%3A`, `%2F`"
        if issubclass(self._error, smtplib.SMTPSenderRefused) and self._code >= 500 and self._code != _TOO_LARGE:
            return "check the sender's address: may this account send under it?"
        if issubclass(self._error, ssl.SSLError):
            return "check host name and port; the server's certificate must be valid for this host"
        if self._is_about_the_message() and self._code >= 500:
            return "check the recipient's address in `config/watches.yaml`; the server's own words say what it disliked"
        return "is the server up, and are host and port right? `wirewatch doctor` tries it"


def _reply(error: Exception, server: Server) -> tuple[int, str]:
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
