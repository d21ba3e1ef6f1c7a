"""What do the invented outlets print? The articles of `wire/*.yaml`, a file a feed.

A file holds `feed` and `articles`. An article has its own `body`, or it names in `copy_of` the guid of the report it
reprints and in `edits` what the outlet changed, so that the truth about copies stands beside the text. Articles of
one event carry the same `event`. `issue: 2` is what `SampleWire.publish_update` adds; with a guid that issue 1 had,
it is an update of that article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.article import Text, Value
from pipeline.config.models import Identifier
from pipeline.errors import ConfigError

Format = Literal["rss", "atom", "rdf", "jsonfeed", "folder"]
Behaviour = Literal["plain", "fails-twice", "moved", "broken", "hostile"]

_DATELINE = re.compile(r"\A[^\n(]{2,60}\([^)\n]{2,20}\) - ")


class Edits(Value):
    """What an outlet did to a report it reprints. Paragraphs are numbered from 1, before anything is dropped."""

    without_dateline: bool = False
    drop: tuple[Annotated[int, Field(ge=1)], ...] = ()
    drop_last: Annotated[int, Field(ge=0)] = 0
    replace: Mapping[str, str] = Field(default_factory=dict)
    append: str | None = None

    def apply(self, body: str) -> str:
        """Return `body` as the outlet prints it."""
        for old, new in self.replace.items():
            if old not in body:
                raise ConfigError(f"the report has no `{old}` to replace", hint="copy the phrase from the report")
            body = body.replace(old, new)
        if self.without_dateline:
            body = _DATELINE.sub("", body)
        paragraphs = body.split("\n\n")
        kept = [text for number, text in enumerate(paragraphs, 1) if number not in self.drop]
        kept = kept[: len(kept) - self.drop_last]
        return "\n\n".join(kept + ([self.append] if self.append else []))


class WireArticle(Value):
    """One article of the sample wire, its times in minutes before the start of the demo."""

    guid: Text
    slug: str
    headline: Text
    subheadline: Text | None = None
    minutes_ago: Annotated[int, Field(ge=0)]
    updated_minutes_ago: Annotated[int, Field(ge=0)] | None = None
    byline: Text | None = None
    summary: Text = ""
    body: Text
    language: str
    urgency: Annotated[int, Field(ge=1, le=8)] | None = None
    version: int = 1
    issue: Literal[1, 2] = 1
    event: str | None = None
    copy_of: str | None = None

    def published(self, started: datetime) -> datetime:
        """When the first version came out, to the second."""
        return (started - timedelta(minutes=self.minutes_ago)).replace(microsecond=0)

    def updated(self, started: datetime) -> datetime:
        """When this version came out, to the second."""
        minutes = self.minutes_ago if self.updated_minutes_ago is None else self.updated_minutes_ago
        return (started - timedelta(minutes=minutes)).replace(microsecond=0)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body, paragraph by paragraph."""
        return tuple(self.body.split("\n\n"))


class WireFeed(Value):
    """One invented outlet's feed: what the file says under `feed`, and its articles."""

    id: Identifier
    name: str
    source: Identifier
    source_name: str
    language: str
    country: str | None
    kind: Literal["agency", "broadcaster", "newspaper", "specialist", "official", "other"]
    format: Format
    full_text: bool
    path: str
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    dates: Literal["standard", "day-first"] = "standard"
    gzip: bool = False
    behaviour: Behaviour = "plain"
    articles: tuple[WireArticle, ...] = ()

    def at(self, issue: int) -> tuple[WireArticle, ...]:
        """The articles the feed lists at `issue`, each in its latest version, newest first."""
        latest = {article.guid: article for article in self.articles if article.issue <= issue}
        return tuple(sorted(latest.values(), key=lambda article: (article.minutes_ago, article.guid)))


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: dict[str, Any]
    articles: tuple[dict[str, Any], ...]


def load_wire() -> tuple[WireFeed, ...]:
    """Return all feeds of the sample wire, copies written out, in the order of their ids."""
    folder = files("pipeline.demo") / "wire"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    parsed = {name: _parse(name, (folder / name).read_text(encoding="utf-8")) for name in names}
    originals = {raw["guid"]: raw for file in parsed.values() for raw in file.articles if raw.get("issue", 1) == 1}
    return tuple(_feed(name, file, originals) for name, file in parsed.items())


def _parse(name: str, text: str) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as problem:
        raise ConfigError(f"`{name}` is no file of the sample wire: {problem}", subject=name) from problem


def _feed(name: str, file: _File, originals: Mapping[str, Mapping[str, Any]]) -> WireFeed:
    language = file.feed.get("language")
    try:
        articles = [{"language": language} | _written_out(raw, originals) for raw in file.articles]
        return WireFeed.model_validate(file.feed | {"articles": articles})
    except ValidationError as problem:
        raise ConfigError(f"`{name}` has an article that is not right: {problem}", subject=name) from problem


def _written_out(raw: Mapping[str, Any], originals: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    article = {key: value for key, value in raw.items() if key != "edits"}
    if (guid := raw.get("copy_of")) is None:
        return article
    if guid not in originals:
        raise ConfigError(f"no article has the guid `{guid}` that `{raw['guid']}` copies")
    original = originals[guid]
    inherited = {key: original[key] for key in ("headline", "summary", "event") if key in original}
    return inherited | article | {"body": Edits.model_validate(raw.get("edits", {})).apply(original["body"])}
