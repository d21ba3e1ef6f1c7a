"""Which sentences show why an alert fired? Those that name the watched entity, else those with a topic's evidence, else the lead."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.alert.plain import cut, printable
from pipeline.alert.sentences import Sentence, sentences
from pipeline.alert.watching import Reasons
from pipeline.article import Article, unique

_READ = 200_000
_MOST = 4
_LEAD = 2
_LONGEST = 420
_BEFORE = 160
_PHRASES = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence; `marked` ones are what the watch is about."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    about: str


def excerpt(article: Article, reasons: Reasons) -> tuple[tuple[Piece, ...], ...]:
    """Return up to four sentences in the order of the text, each as its pieces; none if the article has no text.

    Every entity (or phrase) that fired gets a sentence before any gets a second one. Overlong sentences are cut around the mark.
    """
    text = (article.body or article.summary)[:_READ]
    found = sentences(text, article.language)
    marks = _names(article, len(text), reasons.entities) or _evidence(article, text, reasons.topics or article.topics)
    by_sentence = _by_sentence(marks, found)
    chosen = _chosen(by_sentence) or range(min(_LEAD, len(found)))
    return tuple(_pieces(text, found[number], by_sentence.get(number, ())) for number in chosen)


def lead(article: Article, passages: Sequence[Sequence[Piece]]) -> str:
    """Return the sentence with which the text begins, for readers of `passages` from further down; "" if it is among them."""
    text = article.body[:_READ]
    first = next(iter(sentences(text, article.language)), None)
    if first is None or not passages:
        return ""
    opening = cut(_piece(text, first.start, first.end).text, _LONGEST)
    shown = "".join(piece.text for piece in passages[0])
    return "" if shown.startswith(opening.removesuffix("…")[:_BEFORE]) else opening


def without_dateline(text: str, dateline: str) -> str:
    """Return `text` without the dateline at its beginning and the dash after it, since a letter shows both apart."""
    return (
        text.removeprefix(dateline).lstrip(" \u00a0-\u2013\u2014:") if dateline and text.startswith(dateline) else text
    )


def _names(article: Article, length: int, entities: Sequence[str]) -> list[_Mark]:
    shift = len(article.headline) + 1 if article.headline else 0
    if not article.body:
        return []
    marks = (
        _Mark(mention.start - shift, mention.end - shift, mention.entity_id)
        for mention in article.mentions
        if mention.entity_id is not None and mention.entity_id in entities
    )
    return sorted((m for m in marks if 0 <= m.start < m.end <= length), key=lambda mark: (mark.start, -mark.end))


def _evidence(article: Article, text: str, topics: Iterable[str]) -> list[_Mark]:
    given = (article.topic_evidence[topic].phrases for topic in topics if topic in article.topic_evidence)
    phrases = unique([phrase for group in given for phrase in group if phrase.strip()])[:_PHRASES]
    if not phrases:
        return []
    pattern = "|".join(_pattern(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return [_Mark(m.start(), m.end(), m[0].lower()) for m in re.finditer(pattern, text, re.IGNORECASE)]


def _pattern(phrase: str) -> str:
    has_case = phrase[0].lower() != phrase[0].upper()
    return (r"(?<!\w)" if has_case else "") + re.escape(phrase)


def _by_sentence(marks: Iterable[_Mark], found: Sequence[Sentence]) -> dict[int, list[_Mark]]:
    starts = [sentence.start for sentence in found]
    by_sentence: dict[int, list[_Mark]] = {}
    for mark in marks:
        number = bisect_right(starts, mark.start) - 1
        if number >= 0 and mark.start < found[number].end:
            by_sentence.setdefault(number, []).append(mark)
    return by_sentence


def _chosen(by_sentence: dict[int, list[_Mark]]) -> list[int]:
    first = {mark.about: number for number in sorted(by_sentence, reverse=True) for mark in by_sentence[number]}
    order = dict.fromkeys([*sorted(first.values()), *sorted(by_sentence)])
    return sorted(list(order)[:_MOST])


def _pieces(text: str, sentence: Sentence, marks: Sequence[_Mark]) -> tuple[Piece, ...]:
    start, end = _window(text, sentence, marks)
    pieces = [Piece("… ")] if start > sentence.start else []
    here = start
    for mark in marks:
        left, right = max(mark.start, here), min(mark.end, end)
        if left < right:
            pieces += [_piece(text, here, left), _piece(text, left, right, marked=True)]
            here = right
    pieces += [_piece(text, here, end), Piece(" …" if end < sentence.end else "")]
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, sentence: Sentence, marks: Sequence[_Mark]) -> tuple[int, int]:
    """The stretch of an overlong sentence that is shown, from word to word where it has words."""
    start, end = sentence.start, sentence.end
    if end - start <= _LONGEST:
        return start, end
    if marks and marks[0].start - start > _BEFORE * 2:
        near = marks[0].start - _BEFORE
        start = text.find(" ", near, marks[0].start) + 1 or near
    if end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST * 2 // 3, start + _LONGEST)
        end = space if space > 0 else start + _LONGEST
    return start, end


def _piece(text: str, start: int, end: int, *, marked: bool = False) -> Piece:
    return Piece(re.sub(r"\s+", " ", printable(text[start:end])), marked)
