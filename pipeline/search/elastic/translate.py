"""From the query tree to Elasticsearch's query language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pipeline.search.analysis import CJK, FOLDED, KEYWORD, NAMES, Analyser
from pipeline.search.elastic.analysis import FOLDED_SEARCH, LANGUAGES
from pipeline.search.elastic.analysis import NAMES as NAMES_ANALYSER
from pipeline.search.elastic.mapping import BOOSTS, columns
from pipeline.search.fields import Field, FieldType, searched_fields
from pipeline.search.query import (
    Bool,
    Boosted,
    Everything,
    Exists,
    Fuzzy,
    Match,
    Node,
    Phrase,
    Range,
    Wildcard,
)

Dsl = dict[str, Any]
Analyse = Callable[[str, Sequence[str]], list[list[set[str]]]]
"""Takes the name of an analyser and texts; returns of each text its words, each with all its forms."""
MANY = 64
"""So many words in one OR are looked up as one list, because the server limits the clauses of a query."""
NOTHING: Dsl = {"match_none": {}}
_TIE_BREAKER = 0.1
_MOST_SPELLINGS = 1_000
_PIECE = re.compile(rf"(?:\\.|[^\W_{CJK}]|[*?])+|[{CJK}]", re.DOTALL)


class Translator:
    """Makes queries. `analysers` are the embedded index's; `analyse` asks the server how it takes words apart."""

    def __init__(self, analysers: dict[str, Analyser], analyse: Analyse) -> None:
        self._analysers = analysers
        self._analyse = analyse

    def translate(self, node: Node) -> Dsl:
        """Return `node` as Elasticsearch runs it."""
        match node:
            case Everything():
                return {"match_all": {}}
            case Match() | Phrase() | Wildcard() | Fuzzy():
                return _best_of([query for field in _fields(node.field) for query in self._in_field(node, field)])
            case Range():
                return _range(node)
            case Exists():
                return _exists(node.field)
            case Bool():
                return self._bool(node)
            case Boosted():
                return {"bool": {"must": [self.translate(node.node)], "boost": node.factor}}

    def _bool(self, node: Bool) -> Dsl:
        clauses: Dsl = {
            "must": [self.translate(part) for part in node.must],
            "should": self._alternatives(node.should),
            "must_not": self._alternatives(node.must_not),
        }
        if node.should and not node.must:
            clauses["minimum_should_match"] = 1
        return {"bool": {name: value for name, value in clauses.items() if value}}

    def _alternatives(self, nodes: Sequence[Node]) -> list[Dsl]:
        by_field: dict[Field | None, list[str]] = {}
        for node in nodes:
            if isinstance(node, Match):
                by_field.setdefault(node.field, []).append(node.text)
        listed = {field: texts for field, texts in by_field.items() if len(texts) > MANY}
        rest = [node for node in nodes if not (isinstance(node, Match) and node.field in listed)]
        return [
            *(self.translate(node) for node in rest),
            *(query for field, texts in listed.items() for query in self._any_of(texts, field)),
        ]

    def _any_of(self, texts: Sequence[str], within: Field | None) -> Iterator[Dsl]:
        """Look for any of many words; those that are several words in truth are looked for as phrases."""
        for field in _fields(within):
            for column in columns(field):
                if field.type is FieldType.KEYWORD:
                    yield {"terms": {column: list(texts)}}
                    continue
                words, phrases = self._taken_apart(texts, _analyser(field, column))
                if words:
                    yield {"terms": {column: words, "boost": BOOSTS.get(field.name, 1.0)}}
                yield from (_phrase(column, text, 0, BOOSTS.get(field.name, 1.0)) for text in phrases)

    def _taken_apart(self, texts: Sequence[str], analyser: str) -> tuple[list[str], list[str]]:
        words: set[str] = set()
        phrases: list[str] = []
        for text, found in zip(texts, self._analyse(analyser, texts), strict=True):
            if len(found) == 1:
                words |= found[0]
            elif found:
                phrases.append(text)
        return sorted(words), phrases

    def _in_field(self, node: Match | Phrase | Wildcard | Fuzzy, field: Field) -> Iterator[Dsl]:
        boost = BOOSTS.get(field.name, 1.0)
        column, *stems = columns(field)
        match node:
            case Wildcard():
                yield from self._wildcard(column, field, node.pattern, boost)
            case Fuzzy():
                yield from self._fuzzy(column, field, node, boost)
            case Match() if field.type is FieldType.KEYWORD:
                yield {"term": {column: {"value": node.text}}}
            case Match() | Phrase():
                slop = node.slop if isinstance(node, Phrase) else 0
                yield from (_phrase(each, node.text, slop, boost) for each in (column, *stems))

    def _fuzzy(self, column: str, field: Field, node: Fuzzy, boost: float) -> Iterator[Dsl]:
        words = self._embedded(field).words(node.text)
        options = {"fuzziness": node.distance, "max_expansions": _MOST_SPELLINGS, "boost": boost}
        if queries := [{"fuzzy": {column: options | {"value": word}}} for word in words]:
            yield queries[0] if len(queries) == 1 else {"bool": {"must": queries}}

    def _wildcard(self, column: str, field: Field, pattern: str, boost: float) -> Iterator[Dsl]:
        keyword = field.type is FieldType.KEYWORD
        pieces = [pattern] if keyword else [piece for piece in _PIECE.findall(pattern) if piece.strip("*?")]
        analyser = self._embedded(field)
        normal = [_normal(piece, analyser) for piece in pieces]
        if len(normal) == 1:
            yield {"wildcard": {column: {"value": normal[0], "boost": boost}}}
        elif normal:
            # terms are compared as they stand in the index, so that the pieces need no analyser
            steps = [{"wildcard": {"pattern": piece}} for piece in normal]
            yield {
                "intervals": {column: {"all_of": {"ordered": True, "max_gaps": 0, "intervals": steps}, "boost": boost}}
            }

    def _embedded(self, field: Field) -> Analyser:
        names = {FieldType.TEXT: FOLDED, FieldType.NAMES: NAMES}
        return self._analysers[names.get(field.type, KEYWORD)]


def _fields(field: Field | None) -> tuple[Field, ...]:
    return searched_fields() if field is None else (field,)


def _analyser(field: Field, column: str) -> str:
    if field.type is FieldType.NAMES:
        return NAMES_ANALYSER
    return column[-2:] if column != field.name and column[-2:] in LANGUAGES else FOLDED_SEARCH


def _phrase(column: str, text: str, slop: int, boost: float) -> Dsl:
    return {"match_phrase": {column: {"query": text, "slop": slop, "boost": boost}}}


def _range(node: Range) -> Dsl:
    if node.low is None and node.high is None:
        return _exists(node.field)
    if node.low is not None and node.high is not None and node.low >= node.high:
        return NOTHING
    bounds: Dsl = {name: value for name, value in (("gte", node.low), ("lt", node.high)) if value is not None}
    if node.field.type is FieldType.DATE:
        bounds["format"] = "epoch_millis"
    return {"range": {node.field.name: bounds}}


def _exists(field: Field) -> Dsl:
    present = {"exists": {"field": field.name}}
    if field.type in (FieldType.KEYWORD, FieldType.NAMES):
        # a value that is too long is not in the index, but noted
        return {"bool": {"should": [present, {"term": {"_ignored": field.name}}], "minimum_should_match": 1}}
    return present


def _normal(pattern: str, analyser: Analyser) -> str:
    parts = re.findall(r"\\.|[*?]|[^\\*?]+", pattern, re.DOTALL)
    return "".join(part if part in ("*", "?") else _literal(part, analyser) for part in parts)


def _literal(part: str, analyser: Analyser) -> str:
    plain = part[1:] if part.startswith("\\") and len(part) > 1 else part
    return re.sub(r"([\\*?])", r"\\\1", "".join(analyser.words(plain)) or plain)


def _best_of(queries: Iterable[Dsl]) -> Dsl:
    found = list(queries)
    if len(found) < 2:
        return found[0] if found else NOTHING
    return {"dis_max": {"queries": found, "tie_breaker": _TIE_BREAKER}}
