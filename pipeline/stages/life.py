"""An article's whole life, gathered from every corner of the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pipeline.article import Article
from pipeline.store import Transaction


def life(transaction: Transaction, article_id: str) -> dict[str, Any]:
    """Return all that is known of an article, as JSON types; raises `KeyError` if there is none with this id."""
    article = transaction.articles.many([article_id])[article_id]
    copies = transaction.articles.members(original=article.duplicate_of or article.id)
    story = transaction.articles.members(story=article.story_id) if article.story_id else []
    near = {one.id for one in copies}
    return {
        "article": article.document(),
        "feeds": [
            {"feed": feed, "first_seen": _text(at)} for feed, at in transaction.articles.sightings(article_id).items()
        ],
        "group": _listed(copies, without={article.id}),
        "story": _listed(story, without={article.id, *near}),
        "versions": [
            {"version": one.version, "updated": _text(one.updated or one.timestamp), "headline": one.headline}
            for one in transaction.articles.versions(article_id)
        ],
        "alerts": _alerts(transaction, near | {one.id for one in story}),
        "waiting": [
            {"stage": stage, "since": _text(since)} for stage, since in transaction.work.stages_of(article_id).items()
        ],
        "problems": [
            {"stage": one.stage, "reason": one.reason, "last_seen": _text(one.last_seen), "open": one.open}
            for one in transaction.problems.about([f"article:{article_id}"])
        ],
    }


def _listed(articles: Sequence[Article], *, without: Collection[str]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "source": one.source.name,
            "published": _text(one.timestamp),
            "headline": one.headline,
            "url": one.url,
        }
        for one in articles
        if one.id not in without
    ]


def _alerts(transaction: Transaction, article_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return the alerts about these articles: an alert is raised once a story, so that of a copy is the article's, too."""
    alerts = transaction.ledger.alerts(article_ids=article_ids)
    states: dict[str, list[str]] = {one.id: [] for one in alerts}
    for delivery in transaction.ledger.deliveries(list(states)):
        when = f" {_text(delivery.sent)}" if delivery.sent else ""
        why = f" ({delivery.error})" if delivery.error else ""
        states[delivery.alert_id].append(f"{delivery.state}{when} to {delivery.recipient}{why}, {delivery.id}")
    return [
        {
            "created": _text(one.created),
            "watch": one.watch_id,
            "article": one.article_id,
            "why": ", ".join(f"{name}: {_words(value)}" for name, value in one.reasons.items() if value),
            "delivery": "; ".join(states[one.id]) or ("too late for a mail of its own" if one.late else ""),
        }
        for one in alerts
    ]


def _text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
