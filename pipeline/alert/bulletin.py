"""What a digest says, and a summary of what came too late: many stories in one mail, in the zone of its reader.

Every string of a bulletin is fit to be shown, as those of a letter are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from pipeline.alert.alerts import digest_of
from pipeline.alert.letter import direction, headline, is_urgent, source, spoken
from pipeline.alert.periods import Period
from pipeline.alert.plain import cut, one_line, web_link
from pipeline.article import Article, Value

_LATE = "late"
_NAME = 80
_MOST_TOPICS = 12


class Story(Value):
    """A story as one of its articles tells it; `articles` and `sources` count all that carried it, this one too."""

    article: Article
    watches: tuple[str, ...]
    topics: tuple[str, ...] = ()
    articles: int = 1
    sources: int = 1


class Edition(Value):
    """All that one mail with many stories tells, the newest story first.

    `more` stories did not fit, `withdrawn` ones were taken back by their source. With `late_after` it is no digest but the
    summary of what was older than that when its turn came.
    """

    digest_id: str
    name: str
    zone: str = "UTC"
    period: Period
    stories: tuple[Story, ...]
    more: int = 0
    withdrawn: int = 0
    late_after: timedelta | None = None
    kibana_url: str | None = None
    key: tuple[str, ...] = Field((), description="what tells it from other editions; default: its period")

    @property
    def id(self) -> str:
        """The same for the same edition, whoever makes it."""
        return digest_of("edition", self.digest_id, *(self.key or [one.isoformat() for one in self.period]))

    @property
    def count(self) -> int:
        """How many stories it tells of, those that did not fit included."""
        return len(self.stories) + self.more


@dataclass(frozen=True, slots=True)
class Line:
    """One story of a bulletin in words."""

    headline: str
    language: str
    direction: str
    urgent: bool
    source: str
    time: str
    carried: str
    topics: tuple[str, ...]
    watches: tuple[str, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One edition in words."""

    name: str
    title: str
    subject: str
    period: str
    note: str
    stories: tuple[Line, ...]
    omitted: tuple[str, ...]
    footer: str
    kibana_url: str | None

    @property
    def preview(self) -> str:
        """What a mail program shows beside the subject."""
        return one_line("; ".join(story.headline for story in self.stories[:3]), 140)


def late_id(recipient: str) -> str:
    """Return the id under which the summaries of late news to `recipient` run; no digest has such a one."""
    return f"{_LATE}:{digest_of(_LATE, recipient)}"


def summed_up(edition: Edition) -> Bulletin:
    """Return the bulletin that tells of `edition`."""
    zone = ZoneInfo(edition.zone)
    name = one_line(edition.name, _NAME) or edition.digest_id
    title = _title(edition)
    day = edition.period.end.astimezone(zone)
    return Bulletin(
        name=name,
        title=title,
        subject=cut(f"[{cut(name, 40)}] {title}, {day:%a} {day.day} {day:%b}", 120),
        period=_period(edition, zone),
        note=_note(edition),
        stories=tuple(_line(story, zone) for story in edition.stories),
        omitted=tuple(_omitted(edition)),
        footer=_footer(edition, name),
        kibana_url=web_link(edition.kibana_url),
    )


def _title(edition: Edition) -> str:
    stories = _counted(edition.count, "story", "stories")
    return f"{stories} too late for an alert" if edition.late_after else stories


def _period(edition: Edition, zone: ZoneInfo) -> str:
    if edition.late_after:
        return f"Written {_moment(edition.period.end, zone)}"
    start, end = edition.period
    return f"From {_moment(start, zone)} to {_moment(end, zone)} ({edition.zone})"


def _note(edition: Edition) -> str:
    if not edition.late_after:
        return ""
    age = _duration(edition.late_after)
    return (
        f"These stories raised no alert of their own, because they were more than {age} old when their turn came: "
        "Wirewatch was paused or could not reach them, or their source brought them late."
    )


def _footer(edition: Edition, name: str) -> str:
    if edition.late_after:
        return (
            "Wirewatch writes this, at most once an hour, to those whom a watch tells. How old news may be for an "
            "alert says WIREWATCH_ALERT_MAX_AGE; to change or stop a watch, edit config/watches.yaml."
        )
    return f"Wirewatch wrote this for the digest {name} ({edition.digest_id}). To change or stop it, edit config/watches.yaml."


def _omitted(edition: Edition) -> list[str]:
    more = f"{_counted(edition.more, 'older story', 'older stories')} did not fit into this mail."
    taken_back = f"{_counted(edition.withdrawn, 'story was', 'stories were')} withdrawn by the source and left out."
    return [line for count, line in ((edition.more, more), (edition.withdrawn, taken_back)) if count]


def _line(story: Story, zone: ZoneInfo) -> Line:
    article = story.article
    language = spoken(article.language)
    return Line(
        headline=headline(article),
        language=language,
        direction=direction(language),
        urgent=is_urgent(article),
        source=source(article),
        time=("" if article.published else "first seen ") + _moment(article.timestamp, zone),
        carried=_carried(story),
        topics=_shown(story.topics[:_MOST_TOPICS]),
        watches=_shown(story.watches),
        url=web_link(article.url),
    )


def _carried(story: Story) -> str:
    if story.articles < 2:
        return ""
    return f"{story.articles} articles from {_counted(story.sources, 'source', 'sources')}"


def _shown(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in (one_line(one, _NAME) for one in names) if name)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """`Tue 3 Nov 2026, 13:00 CET`; `strftime` writes English names as long as nobody sets a locale, and nobody does."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def _duration(duration: timedelta) -> str:
    hours = round(duration.total_seconds() / 3600)
    if hours >= 48 and hours % 24 == 0:
        return f"{hours // 24} days"
    return (
        _counted(hours, "hour", "hours")
        if hours
        else _counted(round(duration.total_seconds() / 60), "minute", "minutes")
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
