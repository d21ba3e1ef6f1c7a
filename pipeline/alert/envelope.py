"""Every mail of ours as the bytes that go over the wire (RFC 5322, MIME); only what is in it differs."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from hashlib import sha256

from pipeline.alert.addresses import address
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


def enclosed(  # noqa: PLR0913 - what stands on an envelope
    text: str,
    html: str | None,
    *,
    subject: str,
    name: str,
    series: str,
    recipient: str,
    sender: str,
    now: datetime,
    thread: str | None = None,
    urgent: bool = False,
) -> bytes:
    """Return the message, dated `now`, the same for the same arguments.

    `name` is the Message-ID, `thread` that of what it answers. `series` such as `starlink.alerts` becomes the List-Id, by
    which mail programs filter. A recipient that is no address is left out of the headers (the mailer refuses it then); for a
    sender that is none a permanent MailRefused is raised.
    """
    writer, message = address(sender), EmailMessage(policy=SMTP.clone(max_line_length=76))
    message["Subject"] = subject.replace("=?", "= ?")
    message["From"] = writer
    message["To"] = _reader(recipient)
    message["Date"] = now.astimezone(UTC)
    message["Message-ID"] = name
    if thread:
        message["In-Reply-To"] = thread
        message["References"] = thread
    message["List-Id"] = f"Wirewatch {series.rpartition('.')[0] or series} <{series}.{writer.domain}>"
    _label(message, urgent=urgent)
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        # No quoted-printable body can hold `=_` (RFC 2045), so this boundary stands in none.
        message.set_boundary(f"=_{sha256(subject.encode()).hexdigest()[:24]}")
    return message.as_bytes(policy=_Wire(linesep="\r\n"))


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
