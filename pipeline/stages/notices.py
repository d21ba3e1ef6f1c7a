"""The operators are told, each once: a row among the problems says who was told of what, or why not.

Closed: told. Open: on its way, or it could not go and is tried again. A worker that ends between the server's yes and our
commit is followed, after its lease, by the same Message-ID.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.alert import Notice, compose_notice, domain_of, notice_id
from pipeline.errors import MailRefused, MailUnavailable
from pipeline.stages import boundary
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import TOLERANCE, Problem, Transaction

STAGE = "health"
_UNDER_WAY = "on its way"
_REFUSED = "refused for good"
_LONGEST_WAIT = timedelta(minutes=10)


def tell(services: Services, report: StageReport, notice: Notice, *, now: datetime) -> bool:
    """Mail `notice` to those operators who were not told yet; returns whether nothing is left to do.

    Safe to run again and side by side. Where mail cannot go, a later call tries again.
    """
    settled = True
    for recipient in services.settings.operators:
        with services.store.reading() as transaction:
            known = _known(transaction, notice.title, recipient)
        if not _is_settled(known):
            settled = _tell(services, report, notice, recipient, now=now) and settled
    return settled


def told(transaction: Transaction, title: str, recipient: str) -> bool:
    """Return whether this operator was told of the notice with this title."""
    known = _known(transaction, title, recipient)
    return known is not None and not known.open


def _tell(services: Services, report: StageReport, notice: Notice, recipient: str, *, now: datetime) -> bool:
    if not _claim(services, notice, recipient, now=now):
        return False
    sender = services.settings.mail_from
    try:
        raw = compose_notice(notice, recipient=recipient, sender=sender, now=now)
        services.mailer.send(raw, message_id=notice_id(notice, recipient, domain_of(sender)), recipient=recipient)
    except (MailRefused, MailUnavailable) as error:
        final = isinstance(error, MailRefused) and error.permanent
        detail = f"{_REFUSED}: {error}" if final else str(error)
        with services.store.transaction() as transaction:
            transaction.problems.record(STAGE, _subject(recipient), notice.title, detail=detail, now=now)
        report.count(problems=1)
        return final
    with services.store.transaction() as transaction:
        transaction.problems.close(subject=_subject(recipient), stage=STAGE, reason=notice.title)
    report.count(told=1)
    return True


def _claim(services: Services, notice: Notice, recipient: str, *, now: datetime) -> bool:
    """Take the message on, unless another does, or it waits for its next try."""
    with services.store.transaction(alone="notices") as transaction:
        known = _known(transaction, notice.title, recipient)
        if known and (_is_settled(known) or -TOLERANCE <= now - known.last_seen < _rest(services, known)):
            return False
        transaction.problems.record(STAGE, _subject(recipient), notice.title, detail=_UNDER_WAY, now=now)
    return True


def _rest(services: Services, known: Problem) -> timedelta:
    if known.detail == _UNDER_WAY:
        return services.settings.lease
    return boundary.back_off(known.times, longest=_LONGEST_WAIT)


def _is_settled(known: Problem | None) -> bool:
    return known is not None and (not known.open or known.detail.startswith(_REFUSED))


def _known(transaction: Transaction, title: str, recipient: str) -> Problem | None:
    rows = transaction.problems.about([_subject(recipient)])
    return next((one for one in rows if one.stage == STAGE and one.reason == title), None)


def _subject(recipient: str) -> str:
    return f"notice:{recipient}"
