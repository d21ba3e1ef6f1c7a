"""Does an article concern a watch, and why?

All conditions that a watch gives must hold, each by any of its values. What must not be public is never matched:
killed, withheld and embargoed articles. A watch that is switched off, or that gives no condition, matches nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pipeline.article import Article, Status, Value
from pipeline.config.models import Watch

_PUBLIC = (Status.USABLE, Status.CORRECTED)


class Reasons(Value):
    """What held: entity and topic ids, source id, language, urgency and query; empty or None where not asked for."""

    entities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    urgency: int | None = None
    query: str | None = None


def matches(
    watch: Watch, article: Article, *, query_hits: Collection[str] = (), now: datetime | None = None
) -> Reasons | None:
    """Return why `article` concerns `watch`, or None if it does not.

    `watch.entities` are ids, and `query_hits` the ids of the articles that match `watch.query`. An embargo ends when
    `now` reaches `embargo_until`; without `now` every embargo counts as running.
    """
    if not watch.enabled or not _is_public(article, now):
        return None
    reasons = _reasons(watch, article, query_hits)
    asked = (watch.entities, watch.topics, watch.sources, watch.languages, watch.urgency, watch.query)
    held = (reasons.entities, reasons.topics, reasons.source, reasons.language, reasons.urgency, reasons.query)
    wanted = [answer for condition, answer in zip(asked, held, strict=True) if condition]
    return reasons if wanted and all(wanted) else None


def _is_public(article: Article, now: datetime | None) -> bool:
    until = article.embargo_until
    return article.status in _PUBLIC and (until is None or (now is not None and until <= now))


def _reasons(watch: Watch, article: Article, query_hits: Collection[str]) -> Reasons:
    pressing = watch.urgency is not None and article.urgency is not None and article.urgency <= watch.urgency
    return Reasons(
        entities=tuple(entity for entity in watch.entities if entity in article.entity_ids),
        topics=tuple(topic for topic in watch.topics if topic in article.topics),
        source=article.source.id if article.source.id in watch.sources else None,
        language=article.language if _speaks(article.language, watch.languages) else None,
        urgency=article.urgency if pressing else None,
        query=watch.query if watch.query and article.id in query_hits else None,
    )


def _speaks(language: str | None, wanted: Collection[str]) -> bool:
    """`de` wants `de-AT` too, but not the other way round (RFC 4647, basic filtering)."""
    tag = f"{language or ''}-".lower()
    return any(tag.startswith(f"{choice.lower()}-") for choice in wanted)
