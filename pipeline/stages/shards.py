"""Polling in shards: several workers at once, and yet only one of them asks a host.

Feeds are shared out by the host that is asked now, so that what `per_host` and a server's wishes hold within one
worker holds altogether. Folders are shared out by their address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from pipeline.stages import poll
from pipeline.stages.chain import repeat
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services


def shard_of(url: str, shards: int) -> int:
    """Return which of `shards` an address belongs to, from 0: the same for all addresses of a host, today and tomorrow."""
    name = urlsplit(url).hostname or url
    return int.from_bytes(sha256(name.encode()).digest()[:8]) % shards


def due(services: Services, *, shards: int, now: datetime) -> list[int]:
    """Return the shards in which a feed is due, in order."""
    return sorted({shard_of(url, shards) for url in poll.due(services, now=now).values()})


def run(  # noqa: PLR0913 - which shard, and how much of it
    services: Services,
    *,
    shard: int,
    shards: int,
    limit: int,
    clock: Callable[[], datetime],
    patience: timedelta | None = None,
) -> StageReport:
    """Poll what is due in one of `shards`, until nothing is, `limit` feeds were asked or `patience` ends; safe to run side by side."""
    wanted = {one for one, url in poll.due(services, now=clock()).items() if shard_of(url, shards) == shard}
    return repeat(partial(poll.run, among=wanted), services, limit=limit, clock=clock, patience=patience)
