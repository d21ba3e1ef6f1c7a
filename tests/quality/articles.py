"""The project's own marked articles: invented wire copy in many languages, in `articles/<language>.yaml`.

An article is marked in its own text: `[[surface|TYPE]]` or `[[surface|TYPE|id]]`, TYPE one of PER, ORG, LOC and OTH.
Ids are those of the catalogue (`nato`, `country-UA`, `city-703448`), `city:Name/CC` for a city by its name, or
`new:olena-tkachenko` for somebody invented, the same for every spelling in every article. `README.md` has the rules.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "articles"
TYPES = ("PER", "ORG", "LOC", "OTH")
_MARK = re.compile(r"\[\[([^\[\]|]+)\|([^\[\]|]*)(?:\|([^\[\]|]*))?\]\]")
_ID = re.compile(r"(?:new:)?[a-z0-9]+(?:-[a-z0-9]+)*|country-[A-Z]{2}|city:[^/|]+/[A-Z]{2}")
_FIELDS = {"id", "split", "headline", "body", "agency", "dateline", "byline", "topics", "may"}


class BadMark(ValueError):
    """An article is not marked as the format asks; the message names it."""


@dataclass(frozen=True)
class Mark:
    """A name as a person marked it; `start` and `end` are offsets into the article's text."""

    text: str
    start: int
    end: int
    label: str
    entity: str | None = None


@dataclass(frozen=True)
class MarkedArticle:
    """An invented article with all that a careful reader finds in it."""

    id: str
    language: str
    split: str
    headline: str
    body: str
    marks: tuple[Mark, ...]
    agency: str | None
    place: str | None
    date: str | None
    byline: str | None
    topics: frozenset[str]
    may: frozenset[str]

    @property
    def text(self) -> str:
        """The text that the marks point into: headline, line feed, body."""
        return f"{self.headline}\n{self.body}"


def languages() -> tuple[str, ...]:
    """Return the languages that there are marked articles in."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def read_all() -> list[MarkedArticle]:
    """Return all marked articles, language by language. Raises `BadMark`."""
    return [article for language in languages() for article in read(FOLDER / f"{language}.yaml")]


def read(path: Path) -> Iterator[MarkedArticle]:
    """Yield the articles of one file, which is named after its language. Raises `BadMark`."""
    for fields in yaml.safe_load(path.read_text(encoding="utf-8")):
        yield marked_article(fields, path.stem)


def marked_article(fields: Mapping[str, Any], language: str) -> MarkedArticle:
    """Return the article that `fields` describe. Raises `BadMark`."""
    name = str(fields.get("id"))
    if set(fields) - {"may"} != _FIELDS - {"may"}:
        raise BadMark(f"{name}: wrong fields: {sorted(set(fields) ^ _FIELDS)}")
    if fields["split"] not in {"development", "test"} or not re.fullmatch(rf"{language}-\d{{3}}", name):
        raise BadMark(f"{name}: id or split")
    dateline = fields["dateline"] or {"place": None, "date": None}
    said = [fields["agency"], fields["byline"], dateline.get("place"), dateline.get("date")]
    if set(dateline) != {"place", "date"} or not all(isinstance(one, str | None) for one in said):
        raise BadMark(f"{name}: agency, byline, place and date are words or null")
    headline, in_headline = plain(fields["headline"].strip(), name)
    body, in_body = plain(fields["body"].strip(), name, offset=len(headline) + 1)
    return MarkedArticle(
        id=name,
        language=language,
        split=fields["split"],
        headline=headline,
        body=body,
        marks=(*in_headline, *in_body),
        agency=fields["agency"],
        place=dateline["place"],
        date=dateline["date"],
        byline=fields["byline"],
        topics=frozenset(fields["topics"]),
        may=frozenset(fields.get("may", ())),
    )


def plain(marked: str, name: str = "text", *, offset: int = 0) -> tuple[str, list[Mark]]:
    """Return a marked text without its marks, and the marks, `offset` characters further on. Raises `BadMark`.

    >>> plain("[[Putins|PER|vladimir-putin]] Reise")[0]
    'Putins Reise'
    """
    if not unicodedata.is_normalized("NFC", marked):
        raise BadMark(f"{name}: not in NFC, so that offsets would move")
    pieces, marks, length, last = [], [], offset, 0
    for found in _MARK.finditer(marked):
        surface, label, entity = found.groups()
        _check(surface, label, entity, name)
        pieces += [marked[last : found.start()], surface]
        start = length + found.start() - last
        length, last = start + len(surface), found.end()
        marks.append(Mark(surface, start, length, label, entity))
    text = "".join([*pieces, marked[last:]])
    if left := re.search(r".{0,20}(?:\[\[|\]\]).{0,20}", text):
        raise BadMark(f"{name}: a mark is not closed, or within another: {left[0]!r}")
    return text, marks


def _check(surface: str, label: str, entity: str | None, name: str) -> None:
    if label not in TYPES:
        raise BadMark(f"{name}: `{surface}` has the type `{label}`")
    if entity is not None and not _ID.fullmatch(entity):
        raise BadMark(f"{name}: `{surface}` has the id `{entity}`")
    if surface != surface.strip():
        raise BadMark(f"{name}: `{surface}` begins or ends with white space")
