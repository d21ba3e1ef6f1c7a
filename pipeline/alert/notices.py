"""What those who look after Wirewatch are told by mail: a heading, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.alert import rendering
from pipeline.alert.addresses import address, domain_of
from pipeline.alert.alerts import message_id
from pipeline.alert.envelope import enclosed
from pipeline.alert.plain import cut, one_line

_MOST_CONCERNS = 50
OPERATORS = "operators"
"""The series that all mails to those who look after Wirewatch are of."""


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
    address(recipient)  # an operator who cannot be reached is told of at once, not by the mailer
    return enclosed(
        rendering.page("notice.txt.j2", notice=notice),
        rendering.page("notice.html.j2", notice=notice),
        subject=cut(f"[Wirewatch] {one_line(notice.title, 200)}", 120),
        name=notice_id(notice, recipient, domain_of(sender)),
        series=OPERATORS,
        recipient=recipient,
        sender=sender,
        now=now,
    )
