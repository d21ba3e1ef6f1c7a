"""What came of the sample wire: counts, topics, names, stories, alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from pipeline.article import Article
from pipeline.stages import StageReport
from pipeline.store import Transaction

_MOST = 8


def overview(transaction: Transaction, *, sources: Collection[str], reports: Sequence[StageReport]) -> dict[str, Any]:
    """Return, as JSON types, what the store holds of these sources, and what `reports` say of this run."""
    articles = [one for one in transaction.articles.all() if one.source.id in sources]
    originals = [one for one in articles if one.duplicate_of is None]
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update({f"{report.stage} {name}": count for name, count in report.counts.items()})
    return {
        "feeds": len({feed for one in articles for feed in one.feeds}),
        "articles": len(articles),
        "copies": len(articles) - len(originals),
        "stories": len({one.story_id for one in articles}),
        "languages": dict(Counter(one.language for one in articles).most_common()),
        "this_run": dict(sorted(counts.items())),
        "seconds": round(sum(report.seconds for report in reports), 1),
        "topics": _counted([topic for one in originals for topic in one.topics]),
        "people": _counted([name for one in originals for name in one.people]),
        "organisations": _counted([name for one in originals for name in one.organisations]),
        "places": _counted([name for one in originals for name in one.places]),
        "top_stories": _stories(articles),
        "alerts": _alerts(transaction, {one.id: one for one in articles}),
        "problems": [{"about": one.subject, "reason": one.reason} for one in transaction.problems.latest(limit=50)],
    }


def _counted(names: Sequence[str]) -> dict[str, int]:
    return dict(Counter(names).most_common(_MOST))


def _stories(articles: Sequence[Article]) -> list[dict[str, Any]]:
    stories: dict[str, list[Article]] = {}
    for one in articles:
        stories.setdefault(one.story_id or one.id, []).append(one)
    largest = sorted(stories.values(), key=lambda group: (-len(group), group[0].id))[:_MOST]
    return [_story(group) for group in largest]


def _story(group: Sequence[Article]) -> dict[str, Any]:
    head = min(group, key=lambda one: (one.duplicate_of is not None, one.timestamp, one.id))
    evidence = {topic: list(why.phrases[:3]) for topic, why in head.topic_evidence.items()}
    return {
        "id": head.id,
        "headline": head.headline,
        "agency": head.agency,
        "articles": len(group),
        "sources": list(dict.fromkeys(one.source.name for one in (head, *group))),
        "topics": evidence,
        "people": list(head.people[:4]),
    }


def _alerts(transaction: Transaction, articles: dict[str, Article]) -> list[dict[str, Any]]:
    """Return the alerts by watch, those about the most carried stories first."""
    carried = Counter(one.story_id for one in articles.values())
    alerts = [one for one in transaction.ledger.alerts() if one.article_id in articles]
    deliveries = {one.alert_id: one for one in transaction.ledger.deliveries([one.id for one in alerts])}
    told = [
        {
            "watch": one.watch_id,
            "article": one.article_id,
            "headline": articles[one.article_id].headline,
            "carried": carried[articles[one.article_id].story_id],
            "message": deliveries[one.id].id,
            "recipient": deliveries[one.id].recipient,
            "state": deliveries[one.id].state,
        }
        for one in alerts
        if one.id in deliveries
    ]
    return sorted(told, key=lambda alert: (alert["watch"], -alert["carried"]))
