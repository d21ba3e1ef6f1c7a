"""Where an article that cannot be worked on is set aside, so that its neighbours go on.

This is the one place in the stages that catches everything: an unforeseen error in one article
becomes a problem record with its traceback.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pipeline.article import Article
from pipeline.errors import TemporaryError, WirewatchError
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import LONGEST_REST, Transaction

MOST_ATTEMPTS = 10
"""A claim that ended without a result so often was left by a dying worker: the article is set aside."""
_BATCH = 100
_SHORTEST, _LONGEST = timedelta(seconds=5), timedelta(minutes=5)

Result = TypeVar("Result")


@dataclass(frozen=True)
class SetAside:
    """An article that cannot be worked on now, and why."""

    article_id: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Claimed:
    """The articles a stage took on, with the number of attempts before."""

    articles: tuple[Article, ...]
    attempts: dict[str, int]


def claim(services: Services, report: StageReport, *, limit: int, now: datetime, most: int = _BATCH) -> Claimed:
    """Take up to `limit` articles; those that felled their worker too often are set aside here."""
    stage = report.stage
    with services.store.transaction() as transaction:
        attempts = transaction.work.claim(
            stage, services.worker, limit=min(limit, most), now=now, lease=services.settings.lease
        )
        broken = [one for one, count in attempts.items() if count >= MOST_ATTEMPTS]
        found = transaction.articles.many([one for one in attempts if one not in broken])
    for article_id in broken:
        reason = f"{MOST_ATTEMPTS} workers ended while they worked on it, the last ones on nothing else"
        with services.store.transaction() as transaction:
            put_aside(transaction, services, stage, SetAside(article_id, reason, ""), now=now)
    report.claimed += len(attempts)
    report.count(problems=len(broken))
    order = [one for one in attempts if one in found]
    return Claimed(tuple(found[one] for one in order), attempts)


def attempt(work: Callable[[], Result], article_id: str) -> Result | SetAside:
    """Return what `work` returns, or why it could not.

    A `TemporaryError` travels up: it says that the surroundings are at fault, not the article.
    """
    try:
        return work()
    except TemporaryError:
        raise
    except WirewatchError as error:
        return SetAside(article_id, str(error), error.hint or "")
    except Exception as error:  # noqa: BLE001 - the boundary: one article never stops its neighbours
        return SetAside(article_id, f"{type(error).__name__}: {error}", traceback.format_exc())


def put_aside(transaction: Transaction, services: Services, stage: str, one: SetAside, *, now: datetime) -> None:
    """Take the article off the stage's queue and record the problem."""
    if transaction.work.finish(stage, services.worker, [one.article_id]):
        transaction.problems.record(stage, f"article:{one.article_id}", one.reason, detail=one.detail, now=now)


def put_off(
    transaction: Transaction, services: Services, stage: str, until: Mapping[str, datetime], *, now: datetime
) -> None:
    """Let each article wait until its time, without counting the attempt; one with hours to go is looked at now and then."""
    for article_id, moment in until.items():
        rest = min(moment, now + LONGEST_REST)
        transaction.work.postpone(stage, services.worker, [article_id], until=rest, tried=False)


def back_off(attempts: int, *, longest: timedelta = LONGEST_REST) -> timedelta:
    """Return how long to wait before the next attempt: 5 s, doubled each time."""
    return min(timedelta(seconds=5 * 2 ** min(attempts, 20)), longest)


def give_back(services: Services, stage: str, articles: Sequence[Article], *, now: datetime) -> None:
    """Let the articles wait a little, because the surroundings are at fault: a tenth of the time they have waited already.

    That is 5 s at least and 5 minutes at most. The attempt does not count, else a long outage would set them aside.
    """
    with services.store.transaction() as transaction:
        since = transaction.work.since([one.id for one in articles], stage)
        rests: dict[timedelta, list[str]] = {}
        for article_id, begun in since.items():
            rests.setdefault(min(max((now - begun) / 10, _SHORTEST), _LONGEST), []).append(article_id)
        for rest, article_ids in rests.items():
            transaction.work.postpone(stage, services.worker, article_ids, until=now + rest, tried=False)
