"""The port through which messages leave."""

from __future__ import annotations

from typing import Protocol


class Mailer(Protocol):
    """Hands messages over to whoever delivers them."""

    def send(self, raw: bytes, *, message_id: str, recipient: str) -> None:
        """Return when the other side has accepted `raw`, a whole RFC 5322 message, for `recipient`.

        Sending the same `message_id` again does no harm, as far as the medium allows: a folder keeps one file, a mail
        program shows one message. Raises MailRefused if this message was not accepted (`permanent`: it never will be), and
        MailUnavailable where the fault is not the message's, so that the next one would fail too.
        """

    def check(self) -> str:
        """Try all that comes before a message, send none, and return in a phrase what was found. Raises MailUnavailable."""

    def close(self) -> None:
        """Let go of what is open; the next `send` opens it anew."""
