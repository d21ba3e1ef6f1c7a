"""What the four YAML files may say, field by field. Reading them is `files.py`'s work."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.article import Kind, Location

_DURATION = re.compile(r"(\d+)\s*(s|min|h|d)")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def _duration(value: object) -> object:
    if isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    if isinstance(value, timedelta):
        return value
    raise ValueError("write a duration such as `90s`, `10min`, `2h` or `7d`")


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", value):
        raise ValueError("use lower-case letters, digits, `-`, `_` and `.`, such as `space-news`")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Identifier = Annotated[str, AfterValidator(_identifier)]


class Section(BaseModel):
    """A part of a configuration file; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Feed(Section):
    """Something polled: an `http(s)` URL, or a folder as `file:///path` (only with `local: true`)."""

    id: Identifier
    name: str
    url: str
    source: Identifier | None = Field(
        None, description="who publishes; feeds of one publisher share it; default: the feed's id"
    )
    source_name: str | None = Field(None, description="the publisher's name; default: the feed's name")
    language: str | None = Field(None, description="BCP 47, such as `de`; a hint where the text alone does not tell")
    country: str | None = Field(None, description="ISO 3166-1 alpha-2, upper case")
    kind: Literal["agency", "broadcaster", "newspaper", "specialist", "official", "other"] = "other"
    interval: Duration = Field(
        timedelta(minutes=10), description="time between polls to begin with; adapts to how often the feed changes"
    )
    full_text: bool = Field(False, description="fetch the page behind an entry whose text is only a teaser")
    local: bool = Field(False, description="may lie on this machine or in a private network")
    tried: bool = Field(True, description="false: written down from documentation, never yet polled by us")
    enabled: bool = True


class Phrase(Section):
    """A phrase and what it is worth. `case: true` compares letter case; `inflect` allows endings of the language."""

    phrase: str
    weight: float = 1.0
    case: bool = False
    languages: tuple[str, ...] = ()


class Topic(Section):
    """A subject tag: the phrases and entities that speak for it (or, with a negative weight, against it)."""

    id: Identifier
    name: str
    threshold: float = Field(1.0, gt=0)
    phrases: tuple[Phrase, ...] = ()
    entities: dict[str, float] = Field(default_factory=dict, description="entity id → weight")
    description: str = ""


class Alias(Section):
    """Another name of an entity.

    With `context` the alias counts only where one of these words or phrases stands in the same article;
    with `without`, only where none of these does. `case: true`: only in exactly this letter case. `languages`: only in articles
    in one of these languages. `inflect: false`: the name never takes an ending.
    """

    name: str
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    case: bool = False
    languages: tuple[str, ...] = ()
    inflect: bool = True


class Entity(Section):
    """Who or what a name means. An alias is a plain string or, where it needs context, an `Alias`."""

    id: Identifier
    name: str
    kind: Kind
    wikidata: Annotated[str, Field(pattern=r"Q[1-9]\d*")] | None = None
    aliases: tuple[str | Alias, ...] = ()
    tickers: tuple[Annotated[str, Field(pattern=r"[A-Z]{2,8}:[A-Z0-9.\-]{1,12}")], ...] = ()
    role: str | None = None
    country: str | None = None
    location: Location | None = None
    context: tuple[str, ...] = Field((), description="the canonical name, too, counts only near one of these")
    case: bool = Field(False, description="the canonical name counts only in exactly this letter case")


class Watch(Section):
    """What somebody wants to be told about, and whom to tell. All conditions given must hold (any value of each)."""

    id: Identifier
    name: str
    to: tuple[str, ...] = Field(min_length=1, description="mail addresses; one message each")
    entities: tuple[str, ...] = Field((), description="entity ids or any of their names")
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urgency: Annotated[int, Field(ge=1, le=9)] | None = Field(
        None, description="this urgency or more pressing (1 is a flash)"
    )
    query: str | None = Field(None, description="a Lucene query, as in `wirewatch search`")
    enabled: bool = True
