"""Which feeds want a look? Those that fail, were retired, fell silent or deliver what cannot be read; told once a day.

A feed is silent when it brought nothing for twice as long as it ever paused in the two months before, and for two days at
least: so a daily paper's feed is missed after two days, a weekly's after two weeks, and nobody's on Sunday.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from pipeline.alert import Concern, Notice
from pipeline.config import Feed
from pipeline.feed_state import FeedState
from pipeline.stages.notices import STAGE, tell
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services
from pipeline.store import Problem

_MANY_FAILURES = 3
_LOOKED_BACK = timedelta(days=60)
_ENOUGH_DAYS = 5
_SHORTEST_SILENCE = timedelta(days=2)


def tell_of_feeds(services: Services, *, now: datetime) -> StageReport:
    """Mail the operators a list of the feeds that want a look, once a day (UTC); no mail if there are none.

    Counts `ailing` feeds and, for each mail, `told`.
    """
    report = StageReport(STAGE, now)
    found = concerns(services, now=now)
    report.count(ailing=len(found))
    if found:
        feeds = "1 feed wants" if len(found) == 1 else f"{len(found)} feeds want"
        text = f"{feeds} a look, of {sum(feed.enabled for feed in services.configuration.feeds)} in use."
        tell(services, report, Notice(f"feed health on {now:%Y-%m-%d}", text, tuple(found)), now=now)
    return report.done()


def concerns(services: Services, *, now: datetime) -> list[Concern]:
    """Return what is wrong with which of the enabled feeds, in the order in which they are configured."""
    feeds = [feed for feed in services.configuration.feeds if feed.enabled]
    with services.store.reading() as transaction:
        states = transaction.feeds.states()
        days = transaction.ages.days_with_news(now - 2 * _LOOKED_BACK)
        problems = transaction.problems.about([f"feed:{feed.id}" for feed in feeds])
    return [
        concern
        for feed in feeds
        if (concern := _concern(feed, states.get(feed.id), days.get(feed.id, ()), _of(problems, feed), now))
    ]


def silent_since(days: Sequence[date], *, today: date) -> date | None:
    """Return the last of the `days` with news if the time since then is out of the rhythm of those before; else None."""
    if not days:
        return None
    before = [one for one in days if one >= days[-1] - _LOOKED_BACK]
    if len(before) < _ENOUGH_DAYS:
        return None
    longest = max(later - earlier for earlier, later in pairwise(before))
    return days[-1] if today - days[-1] > max(_SHORTEST_SILENCE, 2 * longest) else None


def _concern(
    feed: Feed, state: FeedState | None, days: Sequence[date], problems: Sequence[Problem], now: datetime
) -> Concern | None:
    if state is None:
        return None
    if state.retired:
        to_do = "give it another address in feeds.yaml or take it out; `wirewatch problems retry` asks it again"
        return Concern(feed.id, f"polled no more: {state.retired}", to_do)
    if state.failures >= _MANY_FAILURES:
        last = f"last answer {state.last_success:%Y-%m-%d}" if state.last_success else "it never answered"
        wrong = f"failed {state.failures} times in a row, {last}: {state.last_error}"
        return Concern(feed.id, wrong, f"try `wirewatch feeds check {feed.id}`")
    if since := silent_since(days, today=now.date()):
        wrong = f"answers, but brought nothing new since {since}, which is unusual for it"
        return Concern(feed.id, wrong, f"see whether it moved: `wirewatch feeds check {feed.id}`")
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Concern(feed.id, problems[0].reason + more, "`wirewatch problems list` tells more")
    return None


def _of(problems: Sequence[Problem], feed: Feed) -> list[Problem]:
    return [one for one in problems if one.open and one.subject == f"feed:{feed.id}"]
