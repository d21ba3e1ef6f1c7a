"""An article's whole life, gathered from every corner of the store."""

from __future__ import annotations

from typing import Any

from pipeline.store import Transaction


def life(transaction: Transaction, article_id: str) -> dict[str, Any]:
    """Return all that is known of an article, as JSON types; raises `KeyError` if there is none with this id."""
    article = transaction.articles.many([article_id])[article_id]
    group = transaction.articles.members(original=article.duplicate_of or article.id)
    alerts = transaction.ledger.alerts(article_ids=[one.id for one in group])
    deliveries = transaction.ledger.deliveries([one.id for one in alerts])
    states: dict[str, list[str]] = {name: [] for name in (one.id for one in alerts)}
    for delivery in deliveries:
        states[delivery.alert_id].append(f"{delivery.state} to {delivery.recipient} {delivery.id}")
    return {
        "article": article.document(),
        "group": [
            {
                "id": one.id,
                "source": one.source.name,
                "published": _text(one.timestamp),
                "headline": one.headline,
                "url": one.url,
            }
            for one in group
            if one.id != article.id
        ],
        "versions": [
            {"version": one.version, "updated": _text(one.updated or one.timestamp), "headline": one.headline}
            for one in transaction.articles.versions(article_id)
        ],
        "alerts": [
            {
                "created": _text(one.created),
                "watch": one.watch_id,
                "article": one.article_id,
                "why": ", ".join(f"{name}: {_words(value)}" for name, value in one.reasons.items() if value),
                "delivery": "; ".join(states[one.id]),
            }
            for one in alerts
        ],
        "waiting": [
            {"stage": stage, "since": _text(since)} for stage, since in transaction.work.stages_of(article_id).items()
        ],
        "problems": [
            {"stage": one.stage, "reason": one.reason, "last_seen": _text(one.last_seen), "open": one.open}
            for one in transaction.problems.about([f"article:{article_id}"])
        ],
    }


def _text(moment: Any) -> str:  # noqa: ANN401 - a time or None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
