"""Where in an article do the words of a query stand? Marks, and the pieces of text around them.

Marks follow the same rules as the index: folded, and stemmed in the article's language. What a query
excludes marks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pipeline.search.analysis import CJK, FOLDED, STEMMED, Analyser, umlauts_spelt_out
from pipeline.search.fields import FieldType
from pipeline.search.port import Snippet
from pipeline.search.query import Bool, Boosted, Fuzzy, Match, Node, Phrase, Wildcard
from pipeline.search.translate import wildcard_expression

_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_LENGTH = 220
_BEFORE = 70
_SNIPPETS = 2
_LOOKED_AT = 50_000  # characters of a body; a longer one would slow down a page of hits
Mark = tuple[int, int]
Leaf = Match | Phrase | Wildcard | Fuzzy


class Marker:
    """Marks the words of one query. Keeps what it learns about words; make a new one for each search."""

    def __init__(self, root: Node, analysers: dict[str, Analyser]) -> None:
        leaves = list(_positive(root))
        self._sequences = {name: _sequences(leaves, name, analysers[name]) for name in (FOLDED, *STEMMED)}
        self._tests = [test for leaf in leaves if (test := _test(leaf, analysers[FOLDED]))]
        self._forms: dict[str, Callable[[str], tuple[str, ...]]] = {
            name: cache(analysers[name].words) for name in self._sequences
        }

    def snippets(self, document: dict[str, Any]) -> tuple[Snippet, ...]:
        """Return the headline, if it has marks, and up to two pieces of the body (else the summary)."""
        language = (document.get("language") or "").partition("-")[0].lower()
        headline = document["headline"][:_LOOKED_AT]
        marks = self.marks(headline, language)
        found = [Snippet("headline", headline, marks)] if marks else []
        for field in ("body", "summary"):
            text = document[field][:_LOOKED_AT]
            if marks := self.marks(text, language):
                found += _pieces(field, text, marks)
                break
        return tuple(found)

    def marks(self, text: str, language: str = "") -> tuple[Mark, ...]:
        """Return the code point offsets in `text`, in order and without overlap."""
        names = (FOLDED, language) if language in STEMMED else (FOLDED,)
        if not self._tests and not any(self._sequences[name] for name in names):
            return ()
        words = list(_WORD.finditer(text))
        found = [mark for name in names for mark in self._found(words, name)]
        return _merged(sorted(found), text)

    def _found(self, words: list[re.Match[str]], name: str) -> Iterator[Mark]:
        form, sequences = self._forms[name], self._sequences[name]
        forms = ["".join(form(word[0])) for word in words]
        for number, first in enumerate(forms):
            for sequence in sequences.get(first, ()):
                if tuple(forms[number : number + len(sequence)]) == sequence:
                    yield words[number].start(), words[number + len(sequence) - 1].end()
            if name == FOLDED and any(test(first) for test in self._tests):
                yield words[number].span()


def _positive(node: Node) -> Iterator[Leaf]:
    match node:
        case Bool():
            for part in (*node.must, *node.should):
                yield from _positive(part)
        case Boosted():
            yield from _positive(node.node)
        case Match() | Phrase() | Wildcard() | Fuzzy():
            if node.field is None or node.field.type in (FieldType.TEXT, FieldType.NAMES):
                yield node


def _sequences(leaves: list[Leaf], name: str, analyser: Analyser) -> dict[str, set[tuple[str, ...]]]:
    """Return the word sequences to mark, by their first word. A loose phrase is marked word by word."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for leaf in leaves:
        if isinstance(leaf, Match | Phrase):
            for spelling in {leaf.text, umlauts_spelt_out(leaf.text)} if name == FOLDED else {leaf.text}:
                words = analyser.words(spelling)
                loose = isinstance(leaf, Phrase) and leaf.slop
                for sequence in [(word,) for word in words] if loose else [words] if words else []:
                    found.setdefault(sequence[0], set()).add(sequence)
    return found


def _test(leaf: Leaf, analyser: Analyser) -> Callable[[str], bool] | None:
    if isinstance(leaf, Wildcard) and (expression := wildcard_expression(leaf.pattern, analyser)):
        pattern = re.compile(expression)
        return cache(lambda word: pattern.fullmatch(word) is not None)
    if isinstance(leaf, Fuzzy) and len(words := analyser.words(leaf.text)) == 1:
        distance = leaf.distance
        return cache(lambda word: _within(word, words[0], distance))
    return None


def _within(word: str, other: str, distance: int) -> bool:
    """Is `word` at most `distance` changes (insert, delete, replace, swap neighbours) away from `other`?"""
    if abs(len(word) - len(other)) > distance:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1] <= distance


def _merged(marks: list[Mark], text: str) -> tuple[Mark, ...]:
    """Join marks that overlap, and neighbours without a gap where a script has none."""
    merged: list[Mark] = []
    for start, end in marks:
        if merged and start <= merged[-1][1] and (start < merged[-1][1] or not text[start].isascii()):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _pieces(field: str, text: str, marks: tuple[Mark, ...]) -> Iterator[Snippet]:
    end = 0
    for _ in range(_SNIPPETS):
        rest = [mark for mark in marks if mark[0] >= end]
        if not rest:
            return
        start = _sentence_start(text, max(end, rest[0][0] - _BEFORE), rest[0][0])
        end = _word_end(text, max(start + _LENGTH, rest[0][1]))
        inside = [(low - start, high - start) for low, high in rest if high <= end]
        yield Snippet(field, text[start:end], tuple(inside))


def _sentence_start(text: str, earliest: int, mark: int) -> int:
    if earliest == 0:
        return 0
    starts = list(re.finditer(r"[.!?\u3002\uff01\uff1f]\s*(?=\S)|\n+|\s(?=\S)", text[earliest:mark]))
    sentence = next((found for found in starts if not found[0].isspace() or "\n" in found[0]), None)
    start = sentence or (starts[0] if starts else None)
    return earliest + start.end() if start else earliest


def _word_end(text: str, least: int) -> int:
    if least >= len(text):
        return len(text)
    gap = re.compile(r"\s|(?<=[\u3002\uff0c\uff01\uff1f])").search(text, least, least + 40)
    return gap.start() if gap else least
