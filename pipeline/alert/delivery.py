"""The port through which messages leave."""

from __future__ import annotations

from typing import Protocol


class Mailer(Protocol):
    """Hands messages over to whoever delivers them."""

    def send(self, raw: bytes, *, message_id: str, recipient: str) -> None:
        """Return when the other side has accepted `raw`, a whole RFC 5322 message, for `recipient`.

        Sending the same `message_id` again does no harm, as far as the medium allows: a folder keeps one file, a mail
        program shows one message. Raises MailRefused if it was not accepted; `permanent` says that it never will be.
        """
