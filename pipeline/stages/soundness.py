"""Is the configuration sound? If not, the one before it goes on, and the problem stands where problems are listed."""

from __future__ import annotations

from datetime import datetime

from pipeline.errors import ConfigError
from pipeline.store import Store

SUBJECT = "configuration"
GOES_ON = "what the files said before stays in force until they are mended"


def note(store: Store, fault: ConfigError | None, *, now: datetime) -> bool:
    """Record what is wrong with the configuration, or that nothing is any more; returns whether that is news."""
    with store.reading() as transaction:
        told = [one.reason for one in transaction.problems.about([SUBJECT]) if one.open]
    if told == ([str(fault)] if fault else []):
        return False
    with store.transaction() as transaction:
        transaction.problems.close(subject=SUBJECT, stage=SUBJECT)
        if fault:
            detail = f"{GOES_ON}; {fault.hint}" if fault.hint else GOES_ON
            transaction.problems.record(SUBJECT, SUBJECT, str(fault), detail=detail, now=now)
    return True
