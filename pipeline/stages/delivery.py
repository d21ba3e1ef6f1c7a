"""What waits in the outbox goes out, a message at a time; called by the alert stage.

A message is claimed when its turn comes, so that its lease begins with its own delivery, and no mailer lets one outlast it.
A mail server that is away is asked once and then left alone for a minute by all workers; no message loses an attempt by that.

Sent once, with the one exception that SMTP leaves to nobody (RFC 5321, 4.5.4.1): a worker that ends between the server's `250`
and our commit. Its successor hands over the same bytes under the same Message-ID, which mail stores show once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.errors import MailRefused, MailUnavailable
from pipeline.stages.journal import tell_delivery
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import LONGEST_DELAY, TOLERANCE, Outgoing, Transaction

STAGE = "alert"
MAIL = "mail"
"""The subject of the problem that no mail can go. While it is fresh, nobody tries."""
PAUSE = timedelta(minutes=1)
_FIRST_WAIT = timedelta(minutes=2)


def deliver(services: Services, report: StageReport, *, limit: int) -> None:
    """Send up to `limit` of the messages that wait; safe to run again and side by side.

    What is refused for now is tried again later, what is refused for good is set aside. `report.stopped` says why no mail can go.
    """
    message = _first(services, report) if limit > 0 else None
    while message:
        limit -= 1
        outcome = _outcome(services, message)
        with services.store.transaction() as transaction:
            match outcome:
                case MailUnavailable():
                    _leave_alone(transaction, services, report, message, outcome)
                    return
                case MailRefused():
                    _refused(transaction, services, report, message, outcome)
                case None:
                    _sent(transaction, services, report, message)
            transaction.problems.close(subject=MAIL, stage=STAGE)
            message = _claim(transaction, services, report) if limit > 0 else None


def wait_before(attempt: int) -> timedelta:
    """Return how long a message waits that was refused `attempt` times: two minutes, then three times as long each time.

    Eight attempts, the default, take a day and a half: a server that puts everybody off for a day costs no message.
    """
    return min(_FIRST_WAIT * 3.0 ** (min(attempt, 10) - 1), LONGEST_DELAY)


def _first(services: Services, report: StageReport) -> Outgoing | None:
    now = report.moment
    with services.store.reading() as transaction:
        problems = transaction.problems.about([MAIL])
        waiting = transaction.ledger.outbox().get("waiting", 0)
    # One from a time to come was noted by a clock that has been set back since.
    fresh = [one for one in problems if one.open and -TOLERANCE <= now - one.last_seen < PAUSE]
    if not waiting:
        return None
    if fresh:
        report.stopped = f"{fresh[0].reason}; {_outlook(waiting, fresh[0].last_seen)}"
        return None
    with services.store.transaction() as transaction:
        return _claim(transaction, services, report)


def _claim(transaction: Transaction, services: Services, report: StageReport) -> Outgoing | None:
    return transaction.ledger.claim(services.worker, now=report.moment, lease=services.settings.lease)


def _outcome(services: Services, message: Outgoing) -> MailRefused | MailUnavailable | None:
    try:
        services.mailer.send(message.raw, message_id=message.id, recipient=message.recipient)
    except (MailRefused, MailUnavailable) as error:
        return error
    return None


def _sent(transaction: Transaction, services: Services, report: StageReport, message: Outgoing) -> None:
    transaction.ledger.sent(message.id, services.worker, now=report.moment)
    tell_delivery(transaction, message.alert_id, now=report.moment)
    transaction.problems.close(subject=f"message:{message.id}", stage=STAGE)
    report.count(sent=1)


def _refused(
    transaction: Transaction, services: Services, report: StageReport, message: Outgoing, error: MailRefused
) -> None:
    now, refusals = report.moment, message.attempts + 1
    final = error.permanent or refusals >= services.settings.alert_max_attempts
    if final:
        mine = transaction.ledger.refused(message.id, services.worker, str(error))
    else:
        until = now + wait_before(refusals)
        mine = transaction.ledger.postpone(message.id, services.worker, str(error), until=until)
    if mine:
        reason = f"mail to `{message.recipient}`: {error}"
        transaction.problems.record(STAGE, f"message:{message.id}", reason, detail=error.hint or "", now=now)
        tell_delivery(transaction, message.alert_id, now=now)
        report.count(refused=int(final), postponed=int(not final), problems=1)


def _leave_alone(
    transaction: Transaction, services: Services, report: StageReport, message: Outgoing, error: MailUnavailable
) -> None:
    """The message goes to the end of the queue: should it be what the server breaks off at, it holds up no other."""
    now = report.moment
    transaction.ledger.give_back(message.id, services.worker, until=now)
    outlook = _outlook(transaction.ledger.outbox().get("waiting", 0), now)
    transaction.problems.close(subject=MAIL, stage=STAGE)
    transaction.problems.record(STAGE, MAIL, str(error), detail=f"{error.hint}; {outlook}", now=now)
    report.count(problems=1)
    report.stopped = f"{error}; {outlook}; {error.hint}"


def _outlook(waiting: int, since: datetime) -> str:
    messages = "1 message waits" if waiting == 1 else f"{waiting} messages wait"
    return f"{messages} and will be tried again after {since + PAUSE:%H:%M:%S} UTC"
