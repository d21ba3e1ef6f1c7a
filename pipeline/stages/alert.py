"""Alert: who wanted to know? Decides, writes alerts and messages into the ledger, then delivers.

Ledger first: once an alert stands there, it is sent, whoever dies; and a story that stands there for a
watch is never sent to it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.alert import Alert, CopyInfo, Reasons, alert_id, compose, domain_of, matches, message_id
from pipeline.article import Article
from pipeline.config.models import Watch
from pipeline.errors import MailRefused
from pipeline.search import matching, parse_query
from pipeline.stages import boundary
from pipeline.stages.index import is_public
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Outgoing, Recorded, Transaction

STAGE = "alert"


@dataclass(frozen=True)
class _Hit:
    watch: Watch
    article: Article
    reasons: Reasons


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Decide on the articles that wait for it and send what waits to be sent; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now)
    if claimed.articles:
        _decide(services, report, claimed.articles, now=now)
    deliver(services, report, limit=limit, now=now)
    return report.done()


def hits(watches: Sequence[Watch], articles: Sequence[Article], *, now: datetime) -> list[_Hit]:
    """Return which watch matches which article, and why, the earliest article first."""
    found: list[_Hit] = []
    for watch in watches:
        queried = matching(parse_query(watch.query, now=now), articles) if watch.query else ()
        for article in articles:
            reasons = matches(watch, article, query_hits=queried, now=now)
            if reasons:
                found.append(_Hit(watch, article, reasons))
    return sorted(found, key=_precedence)


def replay(watches: Sequence[Watch], archive: Sequence[Article], *, now: datetime) -> list[dict[str, Any]]:
    """Return the alerts that `watches` would have raised over `archive`: one a story and watch, as JSON types."""
    alerts: dict[tuple[str, str], dict[str, Any]] = {}
    for hit in hits([watch for watch in watches if watch.enabled], archive, now=now):
        key = (hit.watch.id, hit.article.story_id or hit.article.id)
        alerts.setdefault(
            key,
            {
                "watch": hit.watch.id,
                "story": key[1],
                "article": hit.article.id,
                "published": hit.article.timestamp.isoformat(timespec="seconds"),
                "headline": hit.article.headline,
                "why": "; ".join(f"{name}: {value}" for name, value in hit.reasons.model_dump().items() if value),
            },
        )
    return list(alerts.values())


def _precedence(hit: _Hit) -> tuple[bool, datetime, str, str]:
    """Originals before copies, then the earliest: that is the article an alert is about."""
    article = hit.article
    return (article.duplicate_of is not None, article.timestamp, article.id, hit.watch.id)


def _decide(services: Services, report: StageReport, articles: Sequence[Article], *, now: datetime) -> None:
    found = hits([watch for watch in services.configuration.watches if watch.enabled], articles, now=now)
    with services.store.transaction(alone=STAGE) as transaction:
        embargoed = [article for article in articles if not is_public(article, now=now) and article.embargo_until]
        for article in embargoed:
            until = article.embargo_until or now
            transaction.work.postpone(STAGE, services.worker, [article.id], until=until)
        waiting = {article.id for article in embargoed}
        mine = transaction.work.finish(STAGE, services.worker, [one.id for one in articles if one.id not in waiting])
        present = transaction.articles.many(mine)
        for hit in found:
            if hit.article.id in mine:
                raised = _raise(transaction, services, hit, now=now)
                report.count(alerts=int(raised), known=int(not raised))
        _remember(transaction, [present[one] for one in sorted(mine)], found, now=now)
    report.count(matched=len({hit.article.id for hit in found}), seen=len(mine))


def _raise(transaction: Transaction, services: Services, hit: _Hit, *, now: datetime) -> bool:
    article = hit.article
    story_id = article.story_id or article.id
    if transaction.ledger.alerted(hit.watch.id, story_id) or article.timestamp < now - services.settings.alert_max_age:
        return False
    name = alert_id(hit.watch.id, story_id)
    alert = _alert(transaction, services, hit, story_id)
    recorded = Recorded(
        name,
        hit.watch.id,
        story_id,
        article.id,
        now,
        hit.reasons.model_dump(mode="json"),
        (now - article.timestamp).total_seconds(),
    )
    messages = [_message(services, alert, name, recipient, now=now) for recipient in hit.watch.to]
    return transaction.ledger.record(recorded, messages)


def _alert(transaction: Transaction, services: Services, hit: _Hit, story_id: str) -> Alert:
    group = transaction.articles.members(original=hit.article.duplicate_of or hit.article.id)
    names = services.enricher.names()
    return Alert(
        watch=hit.watch,
        article=hit.article,
        reasons=hit.reasons,
        copies=tuple(
            CopyInfo(source_name=one.source.name, url=one.url, published=one.published)
            for one in group
            if one.id != hit.article.id
        ),
        entity_names={one: names.get(one, one) for one in hit.article.entity_ids},
        topic_names={topic.id: topic.name for topic in services.configuration.topics},
        story_id=story_id,
        kibana_url=services.settings.kibana_url,
    )


def _message(services: Services, alert: Alert, name: str, recipient: str, *, now: datetime) -> Outgoing:
    sender = services.settings.mail_from
    domain = domain_of(sender)
    raw = compose(alert, recipient=recipient, sender=sender, now=now)
    return Outgoing(message_id(name, recipient, domain), name, recipient, raw, 0)


def _remember(transaction: Transaction, articles: Sequence[Article], found: Sequence[_Hit], *, now: datetime) -> None:
    for article in articles:
        watches = tuple(sorted({hit.watch.id for hit in found if hit.article.id == article.id}))
        if watches != article.watches:
            transaction.articles.save(article.changed(watches=watches))
            transaction.work.add([article.id], "index", now=now)


def deliver(services: Services, report: StageReport, *, limit: int, now: datetime) -> None:
    """Send the messages that wait; those refused for now are tried again later, those refused for good are set aside."""
    with services.store.transaction() as transaction:
        outgoing = transaction.ledger.claim(services.worker, limit=limit, now=now, lease=services.settings.lease)
    for message in outgoing:
        try:
            services.mailer.send(message.raw, message_id=message.id, recipient=message.recipient)
        except MailRefused as error:
            _refused(services, report, message, error, now=now)
        else:
            with services.store.transaction() as transaction:
                transaction.ledger.sent(message.id, now=now)
                transaction.problems.close(subject=f"message:{message.id}", stage=STAGE)
            report.count(sent=1)


def _refused(services: Services, report: StageReport, message: Outgoing, error: MailRefused, *, now: datetime) -> None:
    final = error.permanent or message.attempts + 1 >= services.settings.alert_max_attempts
    with services.store.transaction() as transaction:
        if final:
            transaction.ledger.refused(message.id, str(error))
        else:
            until = now + boundary.back_off(message.attempts + 2)
            transaction.ledger.postpone(message.id, str(error), until=until)
        reason = f"mail to `{message.recipient}`: {error}"
        transaction.problems.record(STAGE, f"message:{message.id}", reason, detail=error.hint or "", now=now)
    report.count(refused=int(final), postponed=int(not final), problems=1)
    if not final:
        report.stopped = f"{error}; {error.hint}" if error.hint else str(error)
