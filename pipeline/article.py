"""The words all rooms use: entry, article, mention, topic evidence.

Values are frozen; a change is a new value (`article.changed(headline=...)`). Text is Unicode NFC
without control characters, times are aware UTC. The field names are those of the article document,
the one shape of `--json`, the search index and Kibana.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CONTROL = {code: None for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: None}


def clean_text(text: str) -> str:
    """Return `text` as NFC, without control characters (but tab and line feed) and lone surrogates."""
    # Every text of every article comes through here at every stage; nearly none has anything to mend.
    if text.isascii() and text.isprintable():
        return text
    if _CONTROLS.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return text


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Text = Annotated[str, AfterValidator(clean_text)]
Moment = Annotated[AwareDatetime, AfterValidator(_to_utc)]


class Value(BaseModel):
    """A frozen value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **changes: object) -> Self:
        """Return a validated copy with `changes` applied."""
        return type(self).model_validate(dict(self) | changes)


class Status(StrEnum):
    """Publication status (IPTC `pubStatus`, plus `corrected`)."""

    USABLE = "usable"
    CORRECTED = "corrected"
    WITHHELD = "withheld"
    KILLED = "killed"


class Kind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    PRODUCT = "product"
    EVENT = "event"


class Source(Value):
    """Who published an article; `kind` is `agency`, `broadcaster`, `newspaper`, `specialist`, `official` or `other`."""

    id: str
    name: str
    country: str | None = None
    kind: str = "other"


class Dateline(Value):
    """Where and when a report was filed: `KYIV, Nov 3 (Reuters) -`. `date` is as written, unparsed."""

    text: Text
    place: Text | None = None
    date: Text | None = None


class Mention(Value):
    """A name in a text. `start` and `end` are code point offsets into `Article.text`."""

    text: Text
    start: int
    end: int
    kind: Kind
    entity_id: str | None = None
    name: Text | None = None


class TopicEvidence(Value):
    """Why a topic was given: its score and the phrases that carried it over the threshold.

    `spans` says where each of the phrases counted, in code points of `Article.text`; it is empty where the evidence is
    another text's, or older than the field.
    """

    score: float
    phrases: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()


class Location(Value):
    """A point in degrees, WGS 84."""

    lat: float
    lon: float


class WireConventions(Value):
    """What the conventions of wire text give away: agency, dateline, byline.

    `apparatus` are the code point spans of what is written for editors (notes, codes, credits, contacts), in order and
    apart. `embargo` is an embargo as written, `corrected` says that a note calls the text a correction.
    """

    agency: Text | None = None
    dateline: Dateline | None = None
    byline: Text | None = None
    apparatus: tuple[tuple[int, int], ...] = ()
    embargo: Text | None = None
    corrected: bool = False


class Entry(Value):
    """One item of a feed as received, in plain text.

    `complete` says that `body` is the whole article, so that nothing needs to be fetched. `problem`
    names what was odd about the item (a date that could not be read, say) without making it useless.
    """

    guid: Text | None = None
    url: str | None = None
    headline: Text = ""
    subheadline: Text | None = None
    byline: Text | None = None
    summary: Text = ""
    body: Text = ""
    complete: bool = False
    language: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    embargo_until: Moment | None = None
    version: int | None = None
    status: Status = Status.USABLE
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    priority: Text | None = None
    agency: Text | None = None
    dateline: Dateline | None = None
    subjects: tuple[str, ...] = ()
    problem: str | None = None


class Article(Value):
    """One piece of news from one source, in its latest version; see the article document in `docs/architecture.md`."""

    id: str
    source: Source
    first_seen: Moment
    guid: Text | None = None
    url: str | None = None
    feeds: tuple[str, ...] = ()
    version: int = 1
    status: Status = Status.USABLE
    published: Moment | None = None
    updated: Moment | None = None
    embargo_until: Moment | None = None
    urgency: int | None = None
    priority: Text | None = None
    headline: Text = ""
    subheadline: Text | None = None
    byline: Text | None = None
    summary: Text = ""
    body: Text = ""
    complete: bool = False
    language: str | None = None
    agency: Text | None = None
    dateline: Dateline | None = None
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    topics: tuple[str, ...] = ()
    topic_evidence: Mapping[str, TopicEvidence] = Field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    duplicate_of: str | None = None
    copies: int = 0
    story_id: str | None = None
    watches: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that `mentions` point into: headline, line feed, body; the body alone without a headline."""
        return f"{self.headline}\n{self.body}" if self.headline else self.body

    @property
    def timestamp(self) -> datetime:
        """`published`, else `first_seen`."""
        return self.published or self.first_seen

    @property
    def words(self) -> int:
        """How many white-space separated words the body has."""
        return len(self.body.split())

    def document(self) -> dict[str, Any]:
        """Return the article document as JSON types, with `@timestamp` and `words`, without `complete`."""
        fields = self.model_dump(mode="json", exclude={"complete"})
        return {"id": self.id, "@timestamp": _rfc3339(self.timestamp), "words": self.words} | fields


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return `names` without repetitions, in their first order."""
    return tuple(dict.fromkeys(names))
