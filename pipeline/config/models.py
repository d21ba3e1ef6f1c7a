"""What the four YAML files may say, field by field. Reading them is `files.py`'s work."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from pipeline.article import Kind, Location, Text
from pipeline.config.codes import country, language
from pipeline.errors import ConfigError

_DURATION = re.compile(r"(\d+)\s*(s|min|h|d)")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_LONGEST = 10 * 366 * 86400
# One address without a display name: no white space, so that no header can be injected.
_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\\x00-\x20]+@[^@\s<>()\[\],;:\"\\\x00-\x20]+")


def _duration(value: object) -> object:
    if isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        seconds = int(match[1]) * _UNITS[match[2]] if len(match[1]) < 12 else _LONGEST + 1
        if not 0 < seconds <= _LONGEST:
            raise ValueError("write a duration between `1s` and ten years")
        return timedelta(seconds=seconds)
    if isinstance(value, timedelta):
        return value
    raise ValueError("write a duration such as `90s`, `10min`, `2h` or `7d`")


def duration_text(duration: timedelta) -> str:
    """Return `duration` as the files have it, in the largest unit that fits: `90s`, `10min`, `7d`."""
    seconds = int(duration.total_seconds())
    unit = next(unit for unit in ("d", "h", "min", "s") if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", value):
        raise ValueError("use lower-case letters, digits, `-`, `_` and `.`, such as `space-news`")
    return value


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("write at least one letter")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("write a mail address such as `desk@example.org`")
    return value


def _time_of_day(value: object) -> object:
    if isinstance(value, time):
        return value
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError("write hour and minute, from `00:00` to `23:59`, such as `06:30`")
    return time(int(match[1]), int(match[2]))


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        places = {name.rpartition("/")[2].lower(): name for name in sorted(available_timezones())}
        name = places.get(value.strip().rpartition("/")[2].replace(" ", "_").lower())
        near = f"did you mean `{name}`?" if name else "write continent and city, such as `Europe/Berlin`, or `UTC`"
        raise ValueError(f"no time zone is called `{value}`; {near}") from None
    return value


def _is_address(value: str) -> bool:
    try:
        address = urlsplit(value)
        named = address.path.startswith("/") if address.scheme == "file" else address.hostname and address.port != 0
    except ValueError:
        return False
    return address.scheme in {"http", "https", "file"} and bool(named) and not re.search(r"[\s\x00-\x1f\x7f]", value)


def _on_earth(value: Location) -> Location:
    if not (-90 <= value.lat <= 90 and -180 <= value.lon <= 180):
        raise ValueError("write `lat` between -90 and 90 and `lon` between -180 and 180")
    return value


def _form(value: object) -> str:
    return "<alias>" if isinstance(value, (dict, Alias)) else "<name>"


def _alternatives(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _several(value: tuple[Part, ...]) -> tuple[Part, ...]:
    if len(value) < 2:
        raise ValueError("write at least two parts, such as `[Sanktion, country-RU]`")
    return value


def parse_duration(text: str) -> timedelta:
    """Return the time that `90s`, `10min`, `2h` or `7d` means; raises `ConfigError`."""
    try:
        found = _duration(text)
    except ValueError as error:
        raise ConfigError(f"`{text}` is no time: {error}", hint="such as `30s`, `10min`, `24h` or `7d`") from error
    assert isinstance(found, timedelta)
    return found


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Name = Annotated[Text, AfterValidator(_name)]
Address = Annotated[str, AfterValidator(_address)]
Language = Annotated[str, AfterValidator(language)]
Country = Annotated[str, AfterValidator(country)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Zone = Annotated[str, AfterValidator(_zone)]
Weight = Annotated[float, Field(allow_inf_nan=False)]
Part = Annotated[tuple[Name, ...], BeforeValidator(_alternatives), Field(min_length=1)]


class Section(BaseModel):
    """A part of a configuration file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Feed(Section):
    """Something polled: an `http(s)` URL, or a folder as `file:///path` (only with `local: true`)."""

    id: Identifier
    name: Name
    url: str
    source: Identifier | None = Field(
        None, description="who publishes; feeds of one publisher share it; default: the feed's id"
    )
    source_name: Name | None = Field(None, description="the publisher's name; default: the feed's name")
    language: Language | None = Field(
        None, description="BCP 47, such as `de`; a hint where the text alone does not tell"
    )
    country: Country | None = Field(None, description="ISO 3166-1 alpha-2, upper case")
    kind: Literal["agency", "broadcaster", "newspaper", "specialist", "official", "other"] = "other"
    interval: Duration = Field(
        timedelta(minutes=10), description="time between polls to begin with; adapts to how often the feed changes"
    )
    full_text: bool = Field(False, description="fetch the page behind an entry whose text is only a teaser")
    local: bool = Field(False, validate_default=True, description="may lie on this machine or in a private network")
    tried: bool = Field(True, description="false: written down from documentation, never yet polled by us")
    enabled: bool = True

    def written(self) -> dict[str, str | bool]:
        """Return the fields that differ from their defaults, as a file would have them."""
        fields = self.model_dump(exclude_defaults=True)
        return fields | ({"interval": duration_text(self.interval)} if "interval" in fields else {})

    @field_validator("url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if not _is_address(value):
            raise ValueError("write an address such as `https://example.org/news.rss`, or `file:///folder`")
        return value

    @field_validator("local")
    @classmethod
    def _folder_is_local(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it so
        if not value and str(info.data.get("url", "")).startswith("file:"):
            raise ValueError("write `local: true`; a `file:` address is read only with it")
        return value


class Phrase(Section):
    """A phrase and what it is worth. `case: true` compares letter case; `inflect` allows endings of the language."""

    phrase: Name
    also: tuple[Name, ...] = Field((), description="further phrases, each worth the same and counted for itself")
    weight: Weight = 1.0
    case: bool = False
    languages: tuple[Language, ...] = ()
    inflect: bool = True


class Together(Section):
    """What counts because it stands together: one of each part, within a sentence, a paragraph or the article.

    A part is a phrase or an entity id, or a list of these of which one is enough. A word that is the id of an entity means the entity.
    """

    all: Annotated[tuple[Part, ...], AfterValidator(_several)]
    weight: Weight = 1.0
    within: Literal["sentence", "paragraph", "article"] = "sentence"


class Topic(Section):
    """A subject tag: the phrases and entities that speak for it (or, with a negative weight, against it)."""

    id: Identifier
    name: Name
    threshold: Weight = Field(1.0, gt=0)
    phrases: tuple[Phrase, ...] = ()
    entities: dict[str, Weight] = Field(default_factory=dict, description="entity id → weight")
    together: tuple[Together, ...] = ()
    appointments: Weight = Field(0.0, description="what it counts that the text is a list of times of day")
    marginal: Annotated[float, Field(ge=0, le=1)] = Field(
        1.0, description="the share that counts of what the text has once only, and late"
    )
    against: tuple[Identifier, ...] = Field((), description="other topics, whose score is taken off this one's")
    description: str = ""


class Alias(Section):
    """Another name of an entity.

    With `context` the alias counts only where one of these words or phrases stands in the same article;
    with `without`, only where none of these does. `case: true`: only in exactly this letter case. `languages`: only in articles
    in one of these languages. `inflect: false`: the name never takes an ending.
    """

    name: Name
    context: tuple[Name, ...] = ()
    without: tuple[Name, ...] = ()
    case: bool = False
    languages: tuple[Language, ...] = ()
    inflect: bool = True


class Entity(Section):
    """Who or what a name means. An alias is a plain string or, where it needs context, an `Alias`."""

    id: Identifier
    name: Name
    kind: Kind
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]{0,11}$")] | None = None
    aliases: tuple[
        Annotated[Annotated[Name, Tag("<name>")] | Annotated[Alias, Tag("<alias>")], Discriminator(_form)], ...
    ] = ()
    tickers: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2,8}:[A-Z0-9.\-]{1,12}$")], ...] = ()
    role: str | None = None
    country: Country | None = None
    location: Annotated[Location, AfterValidator(_on_earth)] | None = None
    context: tuple[Name, ...] = Field((), description="the canonical name, too, counts only near one of these")
    case: bool = Field(False, description="the canonical name counts only in exactly this letter case")
    source: Name | None = Field(None, description="where the entry comes from, and as of when")
    replace: bool = Field(False, description="true: nothing of the shipped entity with this id remains")


class Watch(Section):
    """What somebody wants to be told about, and whom to tell. All conditions given must hold (any value of each)."""

    id: Identifier
    name: Name
    to: tuple[Address, ...] = Field(min_length=1, description="mail addresses; one message each")
    entities: tuple[str, ...] = Field((), description="entity ids or any of their names")
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    urgency: Annotated[int, Field(ge=1, le=9)] | None = Field(
        None, description="this urgency or more pressing (1 is a flash)"
    )
    query: str | None = Field(None, description="a Lucene query, as in `wirewatch search`")
    enabled: bool = True


class Digest(Section):
    """One mail a day or a week with the stories of the time since the last one; `at` is local time in `zone`."""

    id: Identifier
    name: Name
    to: tuple[Address, ...] = Field(min_length=1, description="mail addresses; one message each")
    every: Literal["day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    at: TimeOfDay
    zone: Zone = Field(description="IANA name of the time zone, such as `Europe/Berlin`")
    watches: tuple[str, ...] = Field(
        (), description="ids; default: the watches that mail the reader, or all if none does"
    )
    stories: int = Field(50, ge=1, le=500, description="at most so many, the newest; the others are counted")
    enabled: bool = True
