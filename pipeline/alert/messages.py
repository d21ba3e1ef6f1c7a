"""An alert or a digest as the bytes that go over the wire (RFC 5322, MIME), the same for the same alert, recipient and time."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from hashlib import sha256

from pipeline.alert import rendering
from pipeline.alert.addresses import address
from pipeline.alert.alerts import Alert, alert_id, message_id, thread_id
from pipeline.alert.bulletin import Bulletin, Edition, summed_up
from pipeline.alert.letter import Letter, is_urgent, write
from pipeline.errors import MailRefused

_WORDS = ("subject", "from", "to")


class _Wire(EmailPolicy):
    """Headers with words are folded at 76; ids are not, as a folded id is encoded and then found by no mail program."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject" and not value.isascii():
            # The own folding of the standard library loses a space between two encoded words.
            folded = Header(str(value), "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
            return f"{name}: {folded}\r\n".encode("ascii")
        longest = 76 if name.lower() in _WORDS else 998
        return SMTP.clone(max_line_length=longest).fold_binary(name, value)


def compose(alert: Alert, *, recipient: str, sender: str, now: datetime) -> bytes:
    """Return the message that tells `recipient` of `alert`, dated `now`.

    `sender` and `recipient` are `name@domain` or `Some Name <name@domain>`. The Message-ID is
    `message_id(alert_id(watch, story), recipient, domain_of(sender))`. A recipient that is no address is left out of the
    headers (the mailer refuses it then); for a sender that is none a permanent MailRefused is raised.
    """
    writer = address(sender)
    message, letter = EmailMessage(policy=SMTP.clone(max_line_length=76)), write(alert)
    message["Subject"] = letter.subject.replace("=?", "= ?")
    _address(
        message, message_id(alert_id(alert.watch.id, alert.story_id), recipient, writer.domain), recipient, sender, now
    )
    thread = thread_id(alert.story_id, recipient, writer.domain)
    message["In-Reply-To"] = thread
    message["References"] = thread
    message["List-Id"] = f"Wirewatch {alert.watch.id} <{alert.watch.id}.alerts.{writer.domain}>"
    _label(message, urgent=is_urgent(alert.article))
    return _as_bytes(message, letter)


def compose_edition(edition: Edition, *, recipient: str, sender: str, now: datetime) -> bytes:
    """Return the message that tells `recipient` of `edition`, as `compose` does for an alert.

    The Message-ID is `message_id(edition.id, recipient, domain_of(sender))`.
    """
    writer = address(sender)
    message, letter = EmailMessage(policy=SMTP.clone(max_line_length=76)), summed_up(edition)
    message["Subject"] = letter.subject.replace("=?", "= ?")
    _address(message, message_id(edition.id, recipient, writer.domain), recipient, sender, now)
    series = "late" if edition.late_after else edition.digest_id
    message["List-Id"] = f"Wirewatch {series} <{series}.digests.{writer.domain}>"
    _label(message, urgent=False)
    return _as_bytes(message, letter)


def _as_bytes(message: EmailMessage, letter: Letter | Bulletin) -> bytes:
    message.set_content(rendering.text(letter), cte="quoted-printable")
    message.add_alternative(rendering.html(letter), subtype="html", cte="quoted-printable")
    # No quoted-printable body can hold `=_` (RFC 2045), so this boundary stands in none.
    message.set_boundary(f"=_{sha256(letter.subject.encode()).hexdigest()[:24]}")
    return message.as_bytes(policy=_Wire(linesep="\r\n"))


def _address(message: EmailMessage, name: str, recipient: str, sender: str, now: datetime) -> None:
    message["From"] = address(sender)
    message["To"] = _reader(recipient)
    message["Date"] = now.astimezone(UTC)
    message["Message-ID"] = name


def _reader(recipient: str) -> Address | Group:
    try:
        return address(recipient)
    except MailRefused:
        return Group("no address")


def _label(message: EmailMessage, *, urgent: bool) -> None:
    """What keeps other programs from answering (RFC 3834), and marks what cannot wait."""
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "bulk"
    if urgent:
        message["Importance"] = "high"
        message["X-Priority"] = "1"
