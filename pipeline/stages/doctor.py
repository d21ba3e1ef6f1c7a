"""Is the set-up sound? Looks at each part as a run would use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.alert import Mailer, domain_of
from pipeline.config import Feed
from pipeline.errors import ConfigError, FetchFailed, StoreUnavailable, WirewatchError
from pipeline.feed_state import FeedState
from pipeline.stages.health import Arrivals

_LITTLE_SPACE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    what: str
    sound: bool
    told: str
    hint: str | None = None


def examine(parts: Mapping[str, Callable[[], str]]) -> Iterator[Finding]:
    """Try each part; its function says in a phrase what it found, or raises what is wrong."""
    for what, look in parts.items():
        try:
            yield Finding(what, sound=True, told=look())
        except WirewatchError as error:
            yield Finding(what, sound=False, told=str(error), hint=error.hint)


def free_space(folder: Path) -> str:
    """Return how much room is left for the data folder; raises `StoreUnavailable` if it is little."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if free < _LITTLE_SPACE:
        raise StoreUnavailable(f"only {free // 1_000_000} MB are free", hint="free some disk space")
    return f"{folder}, {free // 1_000_000_000} GB free"


def mail(mailer: Mailer, sender: str | None) -> str:
    """Return what the mailer found of its way out; raises what is wrong. `sender` is None where no mail server is set.

    No message is sent.
    """
    told = mailer.check()
    if sender is None:
        return told
    if domain_of(sender).rpartition(".")[2] == "invalid":
        raise ConfigError(
            f"{told}, but mails would come from `{sender}`, which servers refuse",
            hint="set `WIREWATCH_MAIL_FROM` to an address that this server may send from",
        )
    return f"{told}; mails come from {sender}"


def news(states: Mapping[str, FeedState], feeds: Sequence[Feed], *, now: datetime, after: timedelta) -> str:
    """Return when news last came in; raises `FetchFailed` if that is longer ago than `after`."""
    arrivals = Arrivals.of(states, feeds)
    if arrivals.silence(now=now, after=after):
        raise FetchFailed(
            f"nothing has arrived since {arrivals.news:%Y-%m-%d %H:%M} UTC",
            hint="see that `wirewatch run --watch` or Airflow runs, and try `wirewatch feeds check`",
        )
    return f"the latest came in at {arrivals.news:%Y-%m-%d %H:%M} UTC" if arrivals.news else "none came in yet"
