"""Digest: what is due is written into the outbox, then delivered; and one summary to each who has missed news.

Outbox first: the messages of a period, what they told and the period's end are one transaction, which only one worker has
at a time. So no period is told twice or left out, whoever dies. A period without news has no mail, but it has ended all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.alert import Edition, compose_edition, domain_of, following, latest, message_id
from pipeline.config import Digest
from pipeline.stages import boundary, delivery
from pipeline.stages.boundary import SetAside
from pipeline.stages.editions import Issue, issue, late_issues
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Outgoing, Progress, Transaction

STAGE = "digest"


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Write the digests and summaries that are due and send up to `limit` of the mails that wait; safe to run side by side."""
    report = StageReport(STAGE, now)
    for digest in _waiting(services, now=now):
        _publish(services, report, digest, now=now)
    _tell_late(services, report, now=now)
    delivery.deliver(services, report, limit=limit)
    return report.done()


def preview(services: Services, *, now: datetime) -> list[dict[str, Any]]:
    """Return the mails that a run at `now` would write, as JSON types; nothing is kept or sent."""
    with services.store.reading() as transaction:
        known = transaction.digests.progress()
        configured = [one for one in services.configuration.digests if one.enabled and one.id in known]
        issues = [issue(transaction, services, one, known[one.id], now=now) for one in configured]
        issues += [one for _, one in late_issues(transaction, services, now=now)]
    return [_described(reader, one) for found in issues if found for reader, one in found.editions.items()]


def schedule(transaction: Transaction, digests: Sequence[Digest], *, now: datetime) -> list[dict[str, Any]]:
    """Return when each digest that is switched on is due next, and up to when it has told."""
    known = transaction.digests.progress()
    return [
        {
            "digest": one.id,
            "to": list(one.to),
            "told_until": known[one.id].ended if one.id in known else None,
            "next": following(one, known[one.id].ended if one.id in known else now),
        }
        for one in digests
        if one.enabled
    ]


def _waiting(services: Services, *, now: datetime) -> list[Digest]:
    """Return the digests whose period may have ended, after those have been set right that have to begin anew."""
    configured = services.configuration.digests
    if not configured:
        return []
    with services.store.reading() as transaction:
        known = transaction.digests.progress()
    if any(_begins_anew(one, known.get(one.id), now) for one in configured):
        with services.store.transaction(alone=delivery.STAGE) as transaction:
            known = transaction.digests.progress()
            for one in configured:
                if _begins_anew(one, known.get(one.id), now):
                    transaction.digests.begin(one.id, latest(one, now))
            known = transaction.digests.progress()
    return [one for one in configured if one.enabled and latest(one, now) > known[one.id].ended]


def _begins_anew(digest: Digest, known: Progress | None, now: datetime) -> bool:
    """Tell whether the digest begins at its last moment, without a mail.

    So does one that is new, one that was switched off at that moment, and one that ended in a future which a wrong clock had
    shown; what it told then it does not tell again.
    """
    if known is None:
        return True
    if not digest.enabled:
        return latest(digest, now) > known.ended
    return known.ended > following(digest, now) and now > known.begun


def _publish(services: Services, report: StageReport, digest: Digest, *, now: datetime) -> None:
    # Alone with the alert stage: what that keeps at this moment would be seen only in part.
    with services.store.transaction(alone=delivery.STAGE) as transaction:
        known = transaction.digests.progress()[digest.id]
        found = issue(transaction, services, digest, known, now=now)
        if found and _post(transaction, services, report, found, subject=f"digest:{digest.id}", now=now):
            transaction.digests.tell(digest.id, found.alert_ids)
            transaction.digests.end(digest.id, found.period.end)
            report.count(periods=1, digests=len(found.editions))


def _tell_late(services: Services, report: StageReport, *, now: datetime) -> None:
    with services.store.reading() as transaction:
        if not late_issues(transaction, services, now=now):
            return
    with services.store.transaction(alone=delivery.STAGE) as transaction:
        for reader, found in late_issues(transaction, services, now=now):
            if _post(transaction, services, report, found, subject=f"late news:{reader}", now=now):
                transaction.digests.settle(reader, found.alert_ids)
                transaction.digests.begin(found.digest_id, now)
                report.count(summaries=len(found.editions))


def _post(  # noqa: PLR0913 - an issue and what surrounds it
    transaction: Transaction, services: Services, report: StageReport, found: Issue, *, subject: str, now: datetime
) -> bool:
    """Put the messages of an issue into the outbox; False if they cannot be written, which is told and tried again."""
    report.claimed += 1
    messages = boundary.attempt(partial(_messages, services, found, now=now), subject)
    if isinstance(messages, SetAside):
        transaction.problems.record(STAGE, subject, messages.reason, detail=messages.detail, now=now)
        report.count(problems=1)
        return False
    transaction.problems.close(subject=subject, stage=STAGE)
    transaction.ledger.post(messages, now=now)
    return True


def _messages(services: Services, found: Issue, *, now: datetime) -> list[Outgoing]:
    sender = services.settings.mail_from
    domain = domain_of(sender)
    return [
        Outgoing(
            id=message_id(edition.id, reader, domain),
            alert_id=None,
            recipient=reader,
            raw=compose_edition(edition, recipient=reader, sender=sender, now=now),
            attempts=0,
            digest_id=found.digest_id,
        )
        for reader, edition in found.editions.items()
    ]


def _described(reader: str, edition: Edition) -> dict[str, Any]:
    return {
        "digest": edition.name if edition.late_after else edition.digest_id,
        "recipient": reader,
        "since": edition.period.start,
        "until": edition.period.end,
        "stories": [
            {
                "headline": story.article.headline,
                "source": story.article.source.name,
                "published": story.article.timestamp,
                "articles": story.articles,
                "sources": story.sources,
                "topics": list(story.topics),
                "watches": list(story.watches),
                "url": story.article.url,
                "id": story.article.id,
            }
            for story in edition.stories
        ],
        "more": edition.more,
        "withdrawn": edition.withdrawn,
    }
