"""What to think of times that lie further ahead than any that a sound clock writes: a clock was ahead, and has been set back.

Nothing waits for such a time. A lease that ends there is counted anew, so that whoever is at work keeps his claim and
what a dead one held is free when it ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case

TOLERANCE = timedelta(minutes=5)
"""So far the clocks of two machines may be apart."""


def endless(leased_until: ColumnElement[Any], *, now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Return the condition that a lease ends later than one can that begins now."""
    return leased_until > now + lease + TOLERANCE


def at_most(moment: ColumnElement[Any], latest: datetime) -> ColumnElement[Any]:
    """Return `moment`, or `latest` where that is earlier."""
    return case((moment > latest, latest), else_=moment)
