"""What a digest has to tell each of its readers, gathered from the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.alert import Edition, Period, Story, due, late_id
from pipeline.article import Article, Status
from pipeline.config import Configuration, Digest
from pipeline.stages.projection import is_public
from pipeline.stages.services import Services
from pipeline.store import Progress, Recorded, Transaction

_STRAGGLERS = timedelta(days=1)
"""An alert bears the time at which its stage began; one that was kept only after its period had ended comes in the next."""
_LATE_PAUSE = timedelta(hours=1)
_PATIENCE = timedelta(minutes=10)
_MOST_LATE = 50
_BEFORE_ALERTS = ("read", "dedup", "enrich", "alert")


@dataclass(frozen=True)
class Issue:
    """A period that has ended: its alerts, and an edition for each reader for whom there is something in them."""

    digest_id: str
    period: Period
    alert_ids: tuple[str, ...]
    editions: Mapping[str, Edition]


@dataclass(frozen=True)
class _Material:
    alerts: Sequence[Recorded]
    articles: Mapping[str, Article]
    sizes: Mapping[str, tuple[int, int]]


def issue(
    transaction: Transaction, services: Services, digest: Digest, known: Progress, *, now: datetime
) -> Issue | None:
    """Return what `digest` has to tell at `now`; None if it is not due."""
    period = due(digest, known.ended, now)
    if period is None:
        return None
    since = max(known.begun, period.start - _STRAGGLERS)
    material = _material(transaction, transaction.digests.untold(digest.id, since=since, until=period.end))
    editions = {}
    for reader in dict.fromkeys(digest.to):
        watches = _watches(digest, reader, services.configuration, material.alerts)
        stories, withdrawn = _stories(material, watches, services.configuration, now=now)
        editions[reader] = Edition(
            digest_id=digest.id,
            name=digest.name,
            zone=digest.zone,
            period=period,
            stories=stories[: digest.stories],
            more=max(0, len(stories) - digest.stories),
            withdrawn=withdrawn,
            kibana_url=services.settings.kibana_url,
        )
    return Issue(digest.id, period, tuple(one.id for one in material.alerts), _with_news(editions))


def late_issues(transaction: Transaction, services: Services, *, now: datetime) -> list[tuple[str, Issue]]:
    """Return for each recipient whom late news wait for, and who may be told now, the summary.

    That is when all that waited has been decided on, or after ten minutes, and not within an hour of the last summary.
    """
    waiting = transaction.digests.belated()
    if not waiting:
        return []
    queues = transaction.work.waiting()
    caught_up = not any(stage in queues for stage in _BEFORE_ALERTS)
    known = transaction.digests.progress()
    return [
        (reader, _summary(transaction, services, reader, alerts, now=now))
        for reader, alerts in sorted(waiting.items())
        if (caught_up or min(one.created for one in alerts) <= now - _PATIENCE)
        and not _told_lately(known.get(late_id(reader)), now)
    ]


def _told_lately(known: Progress | None, now: datetime) -> bool:
    return known is not None and now - _LATE_PAUSE < known.ended <= now


def _summary(
    transaction: Transaction, services: Services, reader: str, alerts: Sequence[Recorded], *, now: datetime
) -> Issue:
    material = _material(transaction, alerts)
    watches = {one.watch_id for one in alerts}
    stories, withdrawn = _stories(material, watches, services.configuration, now=now)
    identifiers = tuple(sorted(one.id for one in alerts))
    period = Period(min(one.created for one in alerts), now)
    edition = Edition(
        digest_id=late_id(reader),
        name="Late news",
        zone=_zone(services.configuration.digests, reader),
        period=period,
        stories=stories[:_MOST_LATE],
        more=max(0, len(stories) - _MOST_LATE),
        withdrawn=withdrawn,
        late_after=services.settings.alert_max_age,
        kibana_url=services.settings.kibana_url,
        key=identifiers,
    )
    return Issue(late_id(reader), period, identifiers, _with_news({reader: edition}))


def _zone(digests: Sequence[Digest], reader: str) -> str:
    """The zone of the reader's digest, since that is what is known of where he sits."""
    return next((one.zone for one in digests if _is_among(reader, one.to)), "UTC")


def _with_news(editions: Mapping[str, Edition]) -> dict[str, Edition]:
    return {reader: edition for reader, edition in editions.items() if edition.stories}


def _watches(digest: Digest, reader: str, configuration: Configuration, alerts: Sequence[Recorded]) -> Collection[str]:
    if digest.watches:
        return digest.watches
    mine = {watch.id for watch in configuration.watches if _is_among(reader, watch.to)}
    return mine or {one.watch_id for one in alerts}


def _is_among(reader: str, addresses: Sequence[str]) -> bool:
    return reader.casefold() in {one.casefold() for one in addresses}


def _material(transaction: Transaction, alerts: Sequence[Recorded]) -> _Material:
    articles = transaction.articles.many({one.article_id for one in alerts})
    stories = {one.story_id for one in articles.values() if one.story_id}
    return _Material(alerts, articles, transaction.articles.sizes(stories))


def _stories(
    material: _Material, watches: Collection[str], configuration: Configuration, *, now: datetime
) -> tuple[tuple[Story, ...], int]:
    """Return the stories that may be told, the newest first, and how many were withdrawn.

    An alert whose article is no longer kept tells nothing.
    """
    groups: dict[str, list[Recorded]] = {}
    for one in material.alerts:
        article = material.articles.get(one.article_id)
        if article and one.watch_id in watches:
            groups.setdefault(article.story_id or article.duplicate_of or article.id, []).append(one)
    told = [story for group in groups.values() if (story := _story(group, material, configuration, now=now))]
    told.sort(key=lambda story: (story.article.timestamp, story.article.id), reverse=True)
    return tuple(told), len(groups) - len(told)


def _story(
    group: Sequence[Recorded], material: _Material, configuration: Configuration, *, now: datetime
) -> Story | None:
    articles = [material.articles[one.article_id] for one in group]
    public = [one for one in articles if is_public(one, now=now) and one.status is not Status.KILLED]
    if not public:
        return None
    head = max(public, key=lambda one: (one.timestamp, one.id))
    names = {watch.id: watch.name for watch in configuration.watches}
    topics = {topic.id: topic.name for topic in configuration.topics}
    count, sources = material.sizes.get(head.story_id or "", (1, 1))
    return Story(
        article=head,
        watches=tuple(sorted({names.get(one.watch_id, one.watch_id) for one in group})),
        topics=tuple(topics.get(one, one) for one in head.topics),
        articles=count,
        sources=sources,
    )
