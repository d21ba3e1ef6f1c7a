"""Alert: who wanted to know? Decides, writes alerts and messages into the ledger, then delivers.

Ledger first: once an alert stands there, it is sent, whoever dies; and a story that stands there for a
watch is never sent to it again. A killed or withheld article raises none; an embargoed one waits for its hour.
What is too old for an alert is left alone, or waits for a summary if it was missed (`lateness.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.alert import Alert, CopyInfo, Reasons, alert_id, compose, domain_of, matches, message_id
from pipeline.article import Article, Status
from pipeline.config.models import Watch
from pipeline.search import KibanaLinks, matching_each, parse_query
from pipeline.stages import boundary, journal
from pipeline.stages.boundary import SetAside
from pipeline.stages.delivery import STAGE, deliver
from pipeline.stages.lateness import missed, public_since
from pipeline.stages.projection import is_public
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Outgoing, Recorded, Transaction

_BATCH = 300
"""So many at a time: asking the queries costs some 20 ms however few articles they are asked of."""


@dataclass(frozen=True)
class _Hit:
    watch: Watch
    article: Article
    reasons: Reasons


def run(services: Services, *, limit: int, now: datetime) -> StageReport:
    """Decide on the articles that wait for it and send what waits to be sent; safe to run again and side by side."""
    report = StageReport(STAGE, now)
    claimed = boundary.claim(services, report, limit=limit, now=now, most=_BATCH)
    if claimed.articles:
        _decide(services, report, claimed.articles, now=now)
    deliver(services, report, limit=limit)
    return report.done()


def hits(watches: Sequence[Watch], articles: Sequence[Article], *, now: datetime) -> list[_Hit]:
    """Return which watch matches which article, and why: originals before copies, then the earliest first."""
    queries = {watch.id: parse_query(watch.query, now=now) for watch in watches if watch.query and watch.enabled}
    queried = matching_each(queries, articles) if queries else {}
    found = [
        _Hit(watch, article, reasons)
        for watch in watches
        for article in articles
        if (reasons := matches(watch, article, query_hits=queried.get(watch.id, ()), now=now))
    ]
    return sorted(found, key=_precedence)


def replay(watches: Sequence[Watch], archive: Sequence[Article], *, now: datetime) -> list[dict[str, Any]]:
    """Return the alerts that `watches` would have raised over `archive`, the earliest first, as JSON types.

    The rules are those of the stage, with two exceptions: news of any age count, since an archive has hardly others, and
    so do watches that are switched off, since this is how to try them.
    """
    alerts: dict[tuple[str, str], _Hit] = {}
    for hit in hits([watch.model_copy(update={"enabled": True}) for watch in watches], archive, now=now):
        alerts.setdefault((hit.watch.id, _story(hit.article)), hit)
    return [
        {
            "watch": hit.watch.id,
            "story": story_id,
            "article": hit.article.id,
            "published": hit.article.timestamp.isoformat(timespec="seconds"),
            "headline": hit.article.headline,
            "why": "; ".join(f"{name}: {_words(value)}" for name, value in hit.reasons.model_dump().items() if value),
        }
        for (_, story_id), hit in sorted(alerts.items(), key=lambda item: (item[1].article.timestamp, item[0]))
    ]


def _precedence(hit: _Hit) -> tuple[bool, datetime, str, str]:
    """Originals before copies, then the earliest: that is the article an alert is about."""
    article = hit.article
    return (article.duplicate_of is not None, article.timestamp, article.id, hit.watch.id)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _story(article: Article) -> str:
    return article.story_id or article.duplicate_of or article.id


def _decide(services: Services, report: StageReport, articles: Sequence[Article], *, now: datetime) -> None:
    watches = [watch for watch in services.configuration.watches if watch.enabled]
    found = hits(watches, articles, now=now)
    with services.store.transaction(alone=STAGE) as transaction:
        embargoed = {one.id: one.embargo_until for one in articles if one.embargo_until and one.embargo_until > now}
        done = [one.id for one in articles if one.id not in embargoed]
        mine = transaction.work.finish(STAGE, services.worker, done)
        boundary.put_off(transaction, services, STAGE, embargoed, now=now)
        # Dedup may have moved an article to another story since it was claimed.
        concerned = {hit.article.id for hit in found} | {one.id for one in articles if one.watches}
        present = transaction.articles.many(mine & concerned)
        found = [replace(hit, article=present[hit.article.id]) for hit in found if hit.article.id in mine]
        _record(transaction, services, report, watches, sorted(found, key=_precedence), now=now)
        _remember(transaction, [present[one] for one in sorted(present)], found, now=now)
    report.count(matched=len({hit.article.id for hit in found}), seen=len(mine))


def _record(  # noqa: PLR0913 - hits and what surrounds them
    transaction: Transaction,
    services: Services,
    report: StageReport,
    watches: Sequence[Watch],
    found: Sequence[_Hit],
    *,
    now: datetime,
) -> None:
    """Fresh hits first: what raises an alert is not told of as late."""
    oldest = now - services.settings.alert_max_age
    for hit in found:
        if public_since(hit.article) >= oldest:
            raised = _raise(transaction, services, report, hit, now=now)
            report.count(alerts=int(raised), known=int(not raised))
    old = [hit for hit in found if public_since(hit.article) < oldest]
    _note_late(transaction, report, watches, old, now=now)


def _raise(transaction: Transaction, services: Services, report: StageReport, hit: _Hit, *, now: datetime) -> bool:
    article, story_id = hit.article, _story(hit.article)
    if transaction.ledger.alerted(hit.watch.id, story_id, late=False):
        return False
    name = alert_id(hit.watch.id, story_id)
    alert = _alert(transaction, services, hit, story_id, now=now)
    messages = boundary.attempt(partial(_messages, services, alert, name, now=now), article.id)
    if isinstance(messages, SetAside):
        transaction.problems.record(STAGE, f"article:{article.id}", messages.reason, detail=messages.detail, now=now)
        report.count(problems=1)
        return False
    # An article may be dated ahead, and a clock set back.
    reasons, lag = hit.reasons.model_dump(mode="json"), max((now - public_since(article)).total_seconds(), 0.0)
    recorded = Recorded(name, hit.watch.id, story_id, article.id, now, reasons, lag)
    raised = transaction.ledger.record(recorded, messages)
    if raised:
        report.lags.append(lag)
        told = journal.of_alert(recorded, hit.watch, article, recipients=len(messages))
        transaction.journal.write(told, now=now)
    return raised


def _note_late(
    transaction: Transaction, report: StageReport, watches: Sequence[Watch], old: Sequence[_Hit], *, now: datetime
) -> None:
    known = transaction.ledger.watching([watch.id for watch in watches], now=now)
    states = transaction.feeds.states() if old else {}
    for hit in old:
        article, story_id = hit.article, _story(hit.article)
        late = Recorded(
            alert_id(hit.watch.id, story_id),
            hit.watch.id,
            story_id,
            article.id,
            now,
            hit.reasons.model_dump(mode="json"),
            None,
            late=True,
        )
        noted = missed(article, known[hit.watch.id], states) and transaction.ledger.record_late(late, hit.watch.to)
        report.count(late=int(noted), known=int(not noted))


def _alert(transaction: Transaction, services: Services, hit: _Hit, story_id: str, *, now: datetime) -> Alert:
    article = hit.article
    group = transaction.articles.members(original=article.duplicate_of or article.id)
    others = {one.id: one for one in group if one.id != article.id and _may_be_named(one, now=now)}
    original = others.pop(article.duplicate_of or "", None)
    here = {mention.entity_id: mention.name for mention in article.mentions if mention.entity_id and mention.name}
    return Alert(
        watch=hit.watch,
        article=article,
        reasons=hit.reasons,
        original=_carrier(original) if original else None,
        copies=tuple(_carrier(one) for one in others.values()),
        entity_names={one: services.entity_names.get(one) or here.get(one, one) for one in article.entity_ids},
        topic_names={topic.id: topic.name for topic in services.configuration.topics},
        story_id=story_id,
        **_kibana(services, article, story_id),
    )


def _kibana(services: Services, article: Article, story_id: str) -> dict[str, str]:
    """Return the links into Kibana, if one is set; to a story only where the article is in one."""
    if services.settings.kibana_url is None:
        return {}
    links = KibanaLinks(services.settings.kibana_url, services.settings.kibana_space)
    told = {"kibana_article": links.article(article.id, at=article.timestamp)}
    if article.story_id:
        told["kibana_story"] = links.story(story_id, article.id, at=article.timestamp)
    return told


def _may_be_named(article: Article, *, now: datetime) -> bool:
    return is_public(article, now=now) and article.status is not Status.KILLED


def _carrier(article: Article) -> CopyInfo:
    return CopyInfo(source_name=article.source.name, url=article.url, published=article.published)


def _messages(services: Services, alert: Alert, name: str, *, now: datetime) -> list[Outgoing]:
    return [_message(services, alert, name, recipient, now=now) for recipient in alert.watch.to]


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
