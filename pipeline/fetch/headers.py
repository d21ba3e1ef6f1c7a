"""What an answer's headers say about when to come again. Nonsense counts as if nothing were said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DAY = 86400.0
_DIGITS = re.compile(r"[0-9]{1,12}")
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?([0-9]{1,12})\"?\s*(?=,|$)", re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|,)\s*no-(?:store|cache)\s*(?=,|$)", re.IGNORECASE)
_MAX_HEADER = 200


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that `Retry-After` (a number or an HTTP date) asks to wait: 0 to 24 hours."""
    value = headers.get("retry-after", "").strip()[:_MAX_HEADER]
    if _DIGITS.fullmatch(value):
        return min(float(value), _DAY)
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max((moment - now).total_seconds(), 0.0), _DAY)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds for which the answer stays fresh: `max-age` of `Cache-Control` less `Age`, at most 24 hours."""
    control = headers.get("cache-control", "")[:_MAX_HEADER]
    match = _MAX_AGE.search(control)
    if match is None or _NO_STORE.search(control):
        return None
    age = headers.get("age", "").strip()
    spent = float(age) if _DIGITS.fullmatch(age) else 0.0
    return min(max(float(match[1]) - spent, 0.0), _DAY)
