"""An alert or a digest as a message, the same for the same alert, recipient and time."""

from __future__ import annotations

from datetime import datetime

from pipeline.alert import rendering
from pipeline.alert.addresses import domain_of
from pipeline.alert.alerts import Alert, alert_id, message_id, thread_id
from pipeline.alert.bulletin import Edition, summed_up
from pipeline.alert.envelope import enclosed
from pipeline.alert.letter import is_urgent, write


def compose(alert: Alert, *, recipient: str, sender: str, now: datetime) -> bytes:
    """Return the message that tells `recipient` of `alert`, dated `now`.

    `sender` and `recipient` are `name@domain` or `Some Name <name@domain>`. The Message-ID is
    `message_id(alert_id(watch, story), recipient, domain_of(sender))`. A recipient that is no address is left out of the
    headers (the mailer refuses it then); for a sender that is none a permanent MailRefused is raised.
    """
    letter, domain = write(alert), domain_of(sender)
    return enclosed(
        rendering.text(letter),
        rendering.html(letter),
        subject=letter.subject,
        name=message_id(alert_id(alert.watch.id, alert.story_id), recipient, domain),
        series=f"{alert.watch.id}.alerts",
        recipient=recipient,
        sender=sender,
        now=now,
        thread=thread_id(alert.story_id, recipient, domain),
        urgent=is_urgent(alert.article),
    )


def compose_edition(edition: Edition, *, recipient: str, sender: str, now: datetime) -> bytes:
    """Return the message that tells `recipient` of `edition`, as `compose` does for an alert.

    The Message-ID is `message_id(edition.id, recipient, domain_of(sender))`.
    """
    letter = summed_up(edition)
    return enclosed(
        rendering.text(letter),
        rendering.html(letter),
        subject=letter.subject,
        name=message_id(edition.id, recipient, domain_of(sender)),
        series=f"{'late' if edition.late_after else edition.digest_id}.digests",
        recipient=recipient,
        sender=sender,
        now=now,
    )
