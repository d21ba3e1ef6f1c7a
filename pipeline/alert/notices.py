"""What those who look after Wirewatch are told by mail: a heading, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from pipeline.alert import rendering
from pipeline.alert.addresses import address
from pipeline.alert.alerts import message_id
from pipeline.alert.plain import cut, one_line

_MOST_CONCERNS = 50
_WIRE = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that is wrong, such as a feed; what is wrong with it, and what to do."""

    name: str
    wrong: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the operators. `title` tells it from all others: a notice with the same title is the same."""

    title: str
    text: str
    concerns: tuple[Concern, ...] = ()

    @property
    def shown(self) -> tuple[Concern, ...]:
        """The concerns that a mail has room for, fit to be shown."""
        return tuple(
            Concern(one_line(one.name, 80), one_line(one.wrong, 300), one_line(one.to_do, 300))
            for one in self.concerns[:_MOST_CONCERNS]
        )

    @property
    def more(self) -> int:
        """How many concerns it has no room for."""
        return max(0, len(self.concerns) - _MOST_CONCERNS)


def notice_id(notice: Notice, recipient: str, domain: str) -> str:
    """Return the Message-ID, in angle brackets, of the message that tells `recipient` of `notice`."""
    return message_id(f"notice {notice.title}", recipient, domain)


def compose_notice(notice: Notice, *, recipient: str, sender: str, now: datetime) -> bytes:
    """Return the message that tells `recipient` of `notice`, dated `now`.

    Raises a permanent MailRefused if sender or recipient is no address.
    """
    writer, message = address(sender), EmailMessage(policy=_WIRE)
    message["Subject"] = cut(f"[Wirewatch] {one_line(notice.title, 200)}", 120)
    message["From"] = writer
    message["To"] = address(recipient)
    message["Date"] = now.astimezone(UTC)
    message["Message-ID"] = notice_id(notice, recipient, writer.domain)
    message["List-Id"] = f"Wirewatch operators <operators.{writer.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "bulk"
    message.set_content(rendering.page("notice.txt.j2", notice=notice), cte="quoted-printable")
    message.add_alternative(rendering.page("notice.html.j2", notice=notice), subtype="html", cte="quoted-printable")
    # No quoted-printable body can hold `=_` (RFC 2045), so this boundary stands in none.
    message.set_boundary(f"=_{sha256(notice.title.encode()).hexdigest()[:24]}")
    return message.as_bytes(policy=_WIRE.clone(linesep="\r\n"))
