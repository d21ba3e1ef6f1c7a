"""What a message says, in the order in which it says it; the templates in `templates/` only lay it out.

Every string of a letter is fit to be shown: no control characters, no endless names, no links but http and https.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.alert.alerts import Alert, CopyInfo
from pipeline.alert.excerpts import Piece, excerpt, lead, without_dateline
from pipeline.alert.plain import cut, one_line, web_link
from pipeline.article import Article, Status

_NAME = 80
_MOST_COPIES = 10
_MOST_TOPICS = 12
_MOST_PHRASES = 6
_URGENT = 2
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "yi")
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """Another outlet that carried the report."""

    name: str
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic and the phrases that speak for it."""

    name: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert in words."""

    watch: str
    watch_id: str
    headline: str
    subheadline: str
    language: str
    direction: str
    urgent: bool
    correction: str
    source: str
    dateline: str
    time: str
    updated: str
    lead: str
    passages: tuple[tuple[Piece, ...], ...]
    topics: tuple[Tag, ...]
    reasons: tuple[str, ...]
    original: Carrier | None
    copies: tuple[Carrier, ...]
    more_copies: int
    url: str | None
    kibana_article: str | None
    kibana_story: str | None

    @property
    def preview(self) -> str:
        """What a mail program shows beside the subject."""
        words = "".join(piece.text for piece in self.passages[0]) if self.passages else ""
        return one_line(f"{self.source}: {words}" if words else self.source, 140)

    @property
    def subject(self) -> str:
        """The watch in brackets, then the headline: at most 120 characters."""
        return cut(f"[{cut(self.watch, 40)}] {self.headline}", 120)


def write(alert: Alert) -> Letter:
    """Return the letter that tells of `alert`."""
    article = alert.article
    language = spoken(article.language)
    dateline = one_line(article.dateline.text if article.dateline else "", 120).rstrip(" -\u2013\u2014:")
    passages = excerpt(article, alert.reasons)
    return Letter(
        watch=one_line(alert.watch.name, _NAME) or alert.watch.id,
        watch_id=alert.watch.id,
        headline=headline(article),
        subheadline=one_line(article.subheadline or "", 300),
        language=language,
        direction=direction(language),
        urgent=is_urgent(article),
        correction=_correction(article),
        source=source(article),
        dateline=dateline,
        time=_time(article),
        updated=_updated(article),
        lead=without_dateline(lead(article, passages), dateline),
        passages=tuple(begun for passage in passages if (begun := _begun(passage, dateline))),
        topics=_tags(article, alert.topic_names),
        reasons=tuple(_why(alert)),
        original=_carrier(alert.original) if alert.original else None,
        copies=tuple(_carrier(copy) for copy in alert.copies[:_MOST_COPIES]),
        more_copies=max(0, len(alert.copies) - _MOST_COPIES),
        url=web_link(article.url),
        kibana_article=web_link(alert.kibana_article),
        kibana_story=web_link(alert.kibana_story),
    )


def headline(article: Article) -> str:
    """Return the headline of `article` as one line, or what comes nearest to one."""
    return (
        one_line(article.headline, 300)
        or one_line(article.summary, 100)
        or one_line(article.body, 100)
        or "(no headline)"
    )


def is_urgent(article: Article) -> bool:
    """Is this a flash or an urgent report (IPTC urgency 1 or 2)?"""
    return article.urgency is not None and article.urgency <= _URGENT


def spoken(tag: str | None) -> str:
    """Return the language tag if it is one, else `en`."""
    return tag.lower() if tag and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}", tag, re.ASCII) else "en"


def direction(language: str) -> str:
    """Return in which direction a language is written, as HTML says it."""
    return "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"


def _correction(article: Article) -> str:
    return f"Corrected by the source: this is version {article.version}." if article.status is Status.CORRECTED else ""


def source(article: Article) -> str:
    """Return who published `article`, and which agency wrote it if that is another."""
    name, agency = one_line(article.source.name, _NAME) or article.source.id, one_line(article.agency or "", _NAME)
    return f"{name} ({agency})" if agency and agency.lower() not in name.lower() else name


def _time(article: Article) -> str:
    if article.published is None:
        return f"first seen {_utc(article.first_seen)}"
    return _utc(article.published)


def _updated(article: Article) -> str:
    return _utc(article.updated) if article.updated and article.updated > article.timestamp else ""


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"


def _begun(passage: tuple[Piece, ...], dateline: str) -> tuple[Piece, ...]:
    begun = [piece if piece.marked else Piece(without_dateline(piece.text, dateline)) for piece in passage[:1]]
    return tuple(piece for piece in (*begun, *passage[1:]) if piece.text)


def _tags(article: Article, names: Mapping[str, str]) -> tuple[Tag, ...]:
    evidence = article.topic_evidence
    return tuple(
        Tag(_called(topic, names), _phrases(evidence[topic].phrases if topic in evidence else ()))
        for topic in article.topics[:_MOST_TOPICS]
    )


def _phrases(phrases: Sequence[str]) -> tuple[str, ...]:
    shown = (one_line(phrase, 60) for phrase in phrases[:_MOST_PHRASES])
    return tuple(phrase for phrase in shown if phrase)


def _why(alert: Alert) -> list[str]:
    held, article = alert.reasons, alert.article
    entities = ", ".join(_called(entity, alert.entity_names) for entity in held.entities[:_MOST_TOPICS])
    topics = ", ".join(_called(topic, alert.topic_names) for topic in held.topics[:_MOST_TOPICS])
    language = held.language and _LANGUAGES.get(spoken(held.language).split("-")[0], one_line(held.language, 20))
    lines = (
        (held.entities, f"it names {entities}"),
        (held.topics, f"it is about {topics}"),
        (held.source, f"it was published by {one_line(article.source.name, _NAME)}"),
        (held.language, f"it is in {language}"),
        (held.urgency, f"its urgency is {held.urgency} (1 is a flash, 8 can wait)"),
        (held.query, f"it matches the query {one_line(held.query or '', 200)}"),
    )
    return [line for held_one, line in lines if held_one]


def _called(identifier: str, names: Mapping[str, str]) -> str:
    return one_line(names.get(identifier, identifier), _NAME)


def _carrier(copy: CopyInfo) -> Carrier:
    published = _utc(copy.published) if copy.published and copy.published.tzinfo else None
    return Carrier(one_line(copy.source_name, _NAME) or "unnamed", web_link(copy.url, longest=500), published)
