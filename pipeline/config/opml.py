"""Lists of feeds as OPML, the format in which feed readers exchange them.

What OPML has no word for (country, kind, interval …) travels in attributes of our own, which other readers pass over.
A list from elsewhere is hostile: entities and their definitions are refused, and nothing in it can make a feed `local`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.parsers import expat

from pydantic import ValidationError

from pipeline.article import clean_text
from pipeline.config.codes import language
from pipeline.config.models import Feed
from pipeline.config.wording import describe_field
from pipeline.errors import TooLarge, Unreadable

_LARGEST = 20_000_000
_MOST = 20_000
_OURS = "urn:wirewatch:feeds"
_CARRIED = ("id", "source", "source_name", "country", "kind", "interval", "full_text", "tried", "enabled")
_NOT_XML = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True)
class Outlines:
    """The feeds in a list, and a sentence with the line for every outline that is no feed we may poll."""

    feeds: tuple[Feed, ...]
    problems: tuple[str, ...]


def read_opml(data: bytes, taken: Collection[str] = ()) -> list[Feed]:
    """Return the feeds in an OPML document; `parse_opml` also says what was left out and why."""
    return list(parse_opml(data, taken).feeds)


def parse_opml(data: bytes, taken: Collection[str] = ()) -> Outlines:
    """Return what an OPML document lists, each address once, under ids that are not `taken`.

    Raises `Unreadable` if it is no OPML document and `TooLarge` if it is one without end.
    """
    feeds: dict[str, Feed] = {}
    identifiers = set(taken)
    problems = []
    for line, attributes in _outlines(data):
        fields = _fields(attributes)
        fields["id"] = _free(fields["id"], identifiers)
        try:
            feed = Feed.model_validate(fields)
        except ValidationError as error:
            problems.append(f"line {line}: {describe_field(error.errors(include_url=False)[0], Feed)}")
        else:
            if feeds.setdefault(feed.url, feed) is feed:
                identifiers.add(feed.id)
    return Outlines(tuple(feeds.values()), tuple(problems))


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """Return `feeds` as an OPML 2.0 document; those marked `local` are left out, since they mean nothing elsewhere."""
    ET.register_namespace("wirewatch", _OURS)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Wirewatch feeds"
    body = ET.SubElement(root, "body")
    for feed in feeds:
        if not feed.local:
            ET.SubElement(body, "outline", _attributes(feed))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _outlines(data: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(data) > _LARGEST:
        raise TooLarge("an OPML document of more than 20 MB", hint="split it")
    parser = expat.ParserCreate(namespace_separator=" ")
    names: list[str] = []
    outlines: list[tuple[int, dict[str, str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if not names and name != "opml":
            raise Unreadable(f"not OPML: the document is `{name[:60]}`", hint="export the list as OPML and try again")
        names.append(name)
        if name == "outline" and attributes.get("xmlUrl", "").strip():
            outlines.append((parser.CurrentLineNumber, attributes))
        if len(outlines) > _MOST:
            raise TooLarge(f"an OPML document with more than {_MOST} feeds", hint="split it")

    def refuse_entity(name: str, *_: object) -> None:
        raise Unreadable(f"defines the entity `{name[:60]}`; an OPML document needs none", hint="remove its DOCTYPE")

    parser.StartElementHandler = begin
    parser.EntityDeclHandler = refuse_entity
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable(f"not OPML: {error}", hint="export the list as OPML and try again") from None
    return outlines


def _fields(attributes: Mapping[str, str]) -> dict[str, str]:
    url = re.sub(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", "", attributes["xmlUrl"].strip())
    url = f"https:{url}" if url.startswith("//") else url
    name = clean_text(attributes.get("title") or attributes.get("text") or "").strip() or _host(url)
    fields = {field: attributes[f"{_OURS} {field}"] for field in _CARRIED if f"{_OURS} {field}" in attributes}
    fields |= _language(attributes.get("language", ""))
    return {"id": _slug(name) or _slug(_host(url)) or "feed"} | fields | {"name": name, "url": url}


def _language(written: str) -> dict[str, str]:
    first, *others = written.strip().replace("_", "-").split("-")
    code = "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in others)])
    try:
        return {"language": language(code)}
    except ValueError:  # the language is only a hint: no reason to lose the feed
        return {}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def _free(identifier: str, taken: Collection[str]) -> str:
    if identifier not in taken:
        return identifier
    number = 2
    while f"{identifier}-{number}" in taken:
        number += 1
    return f"{identifier}-{number}"


def _attributes(feed: Feed) -> dict[str, str]:
    written = feed.written()
    standard = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.url, "language": feed.language}
    ours = {f"{{{_OURS}}}{field}": _word(written[field]) for field in _CARRIED if field in written}
    return {name: value.translate(_NOT_XML) for name, value in (standard | ours).items() if value}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
