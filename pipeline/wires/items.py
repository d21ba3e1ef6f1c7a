"""One item of a feed, whatever the format: fields as written → a clean entry.

An entry is kept as long as it has any text; a missing link, title or date is noted in `Entry.problem`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from pipeline.article import Entry, Status
from pipeline.outside import is_cut_short, language_tag, length_in_words, one_line, web_address
from pipeline.wires.dates import from_parts, read_moment
from pipeline.wires.identity import canonical_url
from pipeline.wires.markup import line_of, text_of

_MAXIMUM_GUID = 2_000
_SHORTEST_REPORT = 80
# A summary of this length that does not end like a teaser is the report itself.
_LONGEST_SUMMARY = 150
_MEDIA_TOPIC = re.compile(r"(?:medtop:|newscodes/mediatopic/{1,2})(\d{8})\b")


@dataclass(frozen=True, slots=True)
class Markup:
    """A text as received; `plain` if the format calls it plain text."""

    text: str = ""
    plain: bool = False

    def read(self) -> str:
        """Return the text without its markup."""
        return text_of(self.text, plain=self.plain) if self.text else ""


@dataclass(frozen=True, slots=True)
class Item:
    """The fields of an item as received. `published` and `updated` are (as written, as a nine-part time)."""

    guid: str | None = None
    link: str | None = None
    headline: str = ""
    summary: Markup = Markup()
    content: Markup = Markup()
    authors: tuple[str, ...] = ()
    language: str | None = None
    published: tuple[str | None, Sequence[int] | None] = (None, None)
    updated: tuple[str | None, Sequence[int] | None] = (None, None)
    subjects: tuple[str, ...] = ()
    urgency: str | None = None
    priority: str | None = None
    killed: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a document says that holds for its items: where it lies, its language, the zone of its dates."""

    address: str | None
    language: str | None = None
    zone: tzinfo = UTC

    @cached_property
    def language_tag(self) -> str | None:
        """The language as a BCP 47 tag."""
        return language_tag(self.language)


def entries_of(items: Iterable[Item], around: Surroundings) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries of `items` and what was wrong with the items as a whole."""
    read = [_entry(item, around) for item in items]
    entries, shared = _without_shared_guids([entry for entry in read if entry is not None])
    empty = sum(entry is None for entry in read)
    without_text = [f"{items_in_words(empty)} without any text left out"] if empty else []
    return tuple(entries), (*without_text, *shared)


def items_in_words(number: int) -> str:
    """Return `1 item` or `3 items`."""
    return "1 item" if number == 1 else f"{number} items"


def media_topic(text: str | None) -> str | None:
    """Return the IPTC Media Topic that `text` names, as `medtop:` and eight digits."""
    found = _MEDIA_TOPIC.search((text or "")[:300])
    return f"medtop:{found[1]}" if found else None


def _entry(item: Item, around: Surroundings) -> Entry | None:
    headline = line_of(item.headline)
    summary, body, complete = _texts(item)
    if not (headline or summary or body or item.killed):
        return None
    url = web_address(item.link, base=around.address)
    published, updated = _moment(item.published, around.zone), _moment(item.updated, around.zone)
    return Entry(
        guid=one_line(item.guid or "", limit=_MAXIMUM_GUID) or None,
        url=url,
        headline=headline,
        byline=one_line(", ".join(item.authors), limit=300) or None,
        summary=summary,
        body=body,
        complete=complete,
        language=language_tag(item.language) or around.language_tag,
        published=published or (None if item.killed else updated),
        updated=updated if published or item.killed else None,
        status=Status.KILLED if item.killed else Status.USABLE,
        urgency=int(item.urgency) if item.urgency and re.fullmatch(r"[1-9]", item.urgency) else None,
        priority=one_line(item.priority or "", limit=40) or None,
        subjects=item.subjects,
        problem="; ".join(_problems(item, url=url, headline=headline, dated=bool(published or updated))) or None,
    )


def _texts(item: Item) -> tuple[str, str, bool]:
    """Return summary, body, and whether the body is the whole report."""
    summary, content = item.summary.read(), item.content.read()
    if content in {"", summary}:
        whole = length_in_words(summary) >= _LONGEST_SUMMARY and not is_cut_short(summary)
        return ("", summary, True) if whole else (summary, "", False)
    words = length_in_words(content)
    if words < length_in_words(summary):
        summary, content, words = content, summary, length_in_words(summary)
    if words < _SHORTEST_REPORT or is_cut_short(content) or words < 1.3 * length_in_words(summary):
        return content, "", False
    return summary, content, True


def _moment(written: tuple[str | None, Sequence[int] | None], zone: tzinfo) -> datetime | None:
    text, parts = written
    if text and re.fullmatch(r"[\d\s:./-]+", text):
        return read_moment(text, zone=zone)
    return read_moment(text, zone=zone) or from_parts(parts)


def _problems(item: Item, *, url: str | None, headline: str, dated: bool) -> list[str]:
    problems = []
    if item.link and not url:
        problems.append(f"the link `{one_line(item.link, limit=80)}` is no web address")
    elif not url:
        problems.append("no link")
    if not headline:
        problems.append("no headline")
    written = item.published[0] or item.updated[0]
    if written and not dated:
        problems.append(f"the date `{one_line(written, limit=80)}` cannot be read")
    elif not written:
        problems.append("no date")
    return [] if item.killed else problems


def _without_shared_guids(entries: list[Entry]) -> tuple[list[Entry], list[str]]:
    """Take the guid from entries that share it and yet point at different pages, so that none replaces another."""
    pages: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.guid and entry.url:
            pages[entry.guid].add(canonical_url(entry.url))
    shared = {guid for guid, urls in pages.items() if len(urls) > 1}
    if not shared:
        return entries, []
    kept = [
        entry.model_copy(update={"guid": None}) if entry.guid in shared and entry.url else entry for entry in entries
    ]
    return kept, [f"the guid `{guid[:80]}` stands for {len(pages[guid])} different pages" for guid in sorted(shared)][
        :5
    ]
