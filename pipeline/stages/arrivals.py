"""What arrives with a poll: new articles, new versions, and what was seen before.

An article is new by its id. A known one is a new version if the feed that brought it now says something
else than it said before; another feed of the same publisher, which may carry a shorter form, makes a new
version only where it says itself that it is newer.

Pure: what is known is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pipeline.article import Article, Entry, Source, Status
from pipeline.config.models import Feed
from pipeline.store import Received
from pipeline.wires import article_id, canonical_url

_CLOCK_ERROR = timedelta(minutes=10)
_MOST_NAME = 80
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Arrivals:
    """What a poll brought. `contents` has a digest of every article in the feed, seen before or not."""

    new: list[Article] = field(default_factory=list)
    versions: list[Article] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def identified(feed: Feed, entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return the entries by article id; of several with one id the newest counts, or the first, which feeds put on top."""
    provider = feed.source or feed.id
    found: dict[str, Entry] = {}
    for entry in entries:
        one = article_id(provider, entry)
        if one not in found or _age(entry) > _age(found[one]):
            found[one] = entry
    return found


def _age(entry: Entry) -> tuple[int, datetime]:
    """Return what is greater for a newer form of the same article."""
    return entry.version or 0, entry.updated or entry.published or _LONG_AGO


def by_address(feed: Feed, entries: Mapping[str, Entry], known: Mapping[str, Received]) -> dict[str, Entry]:
    """Return the entries again, those that reuse the guid of quite another article under an id of their address."""
    provider = feed.source or feed.id
    return {
        article_id(provider, entry.changed(guid=None)) if _is_another(entry, known.get(one)) else one: entry
        for one, entry in entries.items()
    }


def sort_out(feed: Feed, entries: Mapping[str, Entry], known: Mapping[str, Received], *, now: datetime) -> Arrivals:
    """Decide what is new, and what is a new version."""
    arrivals, odd = Arrivals(), dict[str, list[str]]()
    for one, entry in entries.items():
        received = known.get(one)
        if received is None and _is_tombstone(entry):
            continue
        arrivals.contents[one] = content = _digest(entry)
        article = _article(feed, one, entry, now)
        for problem in _oddities(entry, article):
            odd.setdefault(problem, []).append(entry.headline or entry.url or entry.guid or "no headline")
        if received is None:
            arrivals.new.append(article)
        elif _is_newer(entry, received, content, feed.id):
            version = max(received.version + 1, entry.version or 0)
            stub = {"headline": received.headline, "url": received.url} if _is_tombstone(entry) else {}
            arrivals.versions.append(article.changed(version=version, updated=entry.updated or now, **stub))
    arrivals.problems = [_told(problem, names) for problem, names in odd.items()]
    return arrivals


def _oddities(entry: Entry, article: Article) -> list[str]:
    future = ["dated in the future; the time of arrival stands for it"] if article.published != entry.published else []
    return [*([entry.problem] if entry.problem else []), *future]


def _told(problem: str, names: Sequence[str]) -> str:
    many = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{problem}: `{names[0][:_MOST_NAME]}`{many}"


def _is_another(entry: Entry, known: Received | None) -> bool:
    if known is None or not (known.url and entry.url) or canonical_url(known.url) == canonical_url(entry.url):
        return False
    before, after = set(known.headline.casefold().split()), set(entry.headline.casefold().split())
    return 2 * len(before & after) < min(len(before), len(after))


def _is_tombstone(entry: Entry) -> bool:
    """Tell whether the entry only says that an article is no more."""
    return entry.status is Status.KILLED and not (entry.headline or entry.summary or entry.body)


def _is_newer(entry: Entry, known: Received, content: str, feed_id: str) -> bool:
    if entry.version is not None and entry.version < known.version:
        return False
    if feed_id in known.contents:
        return known.contents[feed_id] != content
    if content in known.contents.values():
        return False
    if entry.status is Status.KILLED:
        return True
    later = entry.updated is not None and known.updated is not None and entry.updated > known.updated
    return later or (entry.version or 0) > known.version


def _digest(entry: Entry) -> str:
    told = entry.model_dump_json(
        include={"headline", "subheadline", "summary", "body", "status", "embargo_until", "urgency", "version"}
    )
    return sha256(told.encode()).hexdigest()[:32]


def _article(feed: Feed, one: str, entry: Entry, now: datetime) -> Article:
    source = Source(id=feed.source or feed.id, name=feed.source_name or feed.name, country=feed.country, kind=feed.kind)
    fields = {name: value for name, value in entry if name in Article.model_fields}
    if entry.published and entry.published > now + _CLOCK_ERROR:
        fields["published"] = None
    return Article(
        **fields
        | {"id": one, "source": source, "first_seen": now, "version": entry.version or 1}
        | {"language": entry.language or feed.language, "feeds": (feed.id,)}
    )
