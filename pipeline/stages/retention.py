"""What the store need not keep: articles that have outlived their time, problems that are long over, and empty pages.

All of it may be broken off anywhere and called again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.stages.services import Services
from pipeline.store import Store

_CLOSED_PROBLEMS = timedelta(days=90)
_AT_A_TIME = 20_000
_BATCH = 200


def forget_articles(services: Services, *, now: datetime) -> int:
    """Delete the articles that `store_retention` gives up, a few at a time; returns how many. The index follows the store."""
    keep = services.settings.store_retention
    return 0 if keep is None else sum(_forgotten(services.store, now - keep))


def forget_problems(store: Store, *, now: datetime) -> int:
    """Delete the problems that are over for three months; returns how many."""
    with store.transaction() as transaction:
        return transaction.problems.forget(now - _CLOSED_PROBLEMS)


def _forgotten(store: Store, before: datetime) -> Iterator[int]:
    """An original goes in the round after its last copy."""
    while True:
        with store.reading() as transaction:
            outlived = transaction.ages.outlived(before, limit=_AT_A_TIME)
        gone = 0
        for begin in range(0, len(outlived), _BATCH):
            with store.transaction(wide=True) as transaction:
                forgotten = transaction.ages.forget(outlived[begin : begin + _BATCH])
                transaction.problems.solved([f"article:{one}" for one in forgotten])
            gone += len(forgotten)
        yield gone
        if not gone:
            return
