"""Is anything still coming in? Measured by what arrives, not by what runs: so it also finds that nobody polls any more.

One row among the problems, with the subject `silence`, stands for a silence: the operators are told when it is found, and
once more when news come in again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.alert import Concern, Notice
from pipeline.config import Feed
from pipeline.config.models import duration_text
from pipeline.feed_state import FeedState
from pipeline.stages.notices import STAGE, tell, told
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

SILENCE = "silence"


@dataclass(frozen=True)
class Arrivals:
    """When the feeds that are in use last brought something new, and when one of them was last asked."""

    news: datetime | None
    polled: datetime | None

    @classmethod
    def of(cls, states: Mapping[str, FeedState], feeds: Sequence[Feed]) -> Arrivals:
        """Return what is known of the enabled ones among `feeds`."""
        used = [states[feed.id] for feed in feeds if feed.enabled and feed.id in states]
        return cls(
            max((one.last_changed for one in used if one.last_changed), default=None),
            max((one.last_polled for one in used if one.last_polled), default=None),
        )

    def silence(self, *, now: datetime, after: timedelta) -> datetime | None:
        """Return since when nothing arrives, if that is longer than `after`; None as long as nothing ever arrived."""
        return self.news if self.news is not None and now - self.news > after else None


def check(services: Services, *, now: datetime) -> StageReport:
    """Tell the operators when nothing has arrived for too long; safe to run at any time and side by side.

    Counts `silences` and `ends` when one is found or over, and `told` for each mail. Cheap while nothing is wrong.
    """
    report = StageReport(STAGE, now)
    with services.store.reading() as transaction:
        arrivals = Arrivals.of(transaction.feeds.states(), services.configuration.feeds)
        known = next((one.reason for one in transaction.problems.about([SILENCE]) if one.open), None)
    since = arrivals.silence(now=now, after=services.settings.silence_after)
    if since:
        title = known or f"nothing has arrived since {_utc(since)}"
        if not known:
            with services.store.transaction() as transaction:
                transaction.problems.record(STAGE, SILENCE, title, detail=_polled(arrivals), now=now)
            report.count(silences=1, problems=1)
        tell(services, report, _silence(services, title, arrivals), now=now)
    elif known and arrivals.news:
        _end(services, report, known, arrivals.news, now=now)
    return report.done()


def _end(services: Services, report: StageReport, title: str, news: datetime, *, now: datetime) -> None:
    """Close the silence once those who were told of it have been told of its end."""
    with services.store.reading() as transaction:
        knowing = any(told(transaction, title, one) for one in services.settings.operators)
    ended = Notice(f"news arrive again; {title}", f"The latest arrived at {_utc(news)}. Nothing needs to be done.")
    if knowing and not tell(services, report, ended, now=now):
        return
    with services.store.transaction() as transaction:
        transaction.problems.close(subject=SILENCE, stage=STAGE)
        # Whom no mail has reached by now need not be told any more.
        for recipient in services.settings.operators:
            transaction.problems.close(subject=f"notice:{recipient}", stage=STAGE, reason=title)
    report.count(ends=1)


def _silence(services: Services, title: str, arrivals: Arrivals) -> Notice:
    feeds = sum(feed.enabled for feed in services.configuration.feeds)
    text = (
        f"None of the {feeds} feeds in use brought anything new for more than "
        f"{duration_text(services.settings.silence_after)}. {_polled(arrivals)}. You will be told when news arrive again."
    )
    steps = (
        Concern("Does anything poll?", _polled(arrivals), "see that Airflow, or `wirewatch run --watch`, runs"),
        Concern("Do the feeds answer?", "`wirewatch status` lists the failures of each", "try `wirewatch feeds check`"),
        Concern("Is the set-up sound?", "a full disk or a lost network stops all feeds", "try `wirewatch doctor`"),
    )
    return Notice(title, text, steps)


def _polled(arrivals: Arrivals) -> str:
    return f"A feed was last asked at {_utc(arrivals.polled)}" if arrivals.polled else "No feed was ever asked"


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
