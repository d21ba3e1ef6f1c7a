"""From the query tree to tantivy's queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import tantivy
from tantivy import Occur
from tantivy import Query as Tantivy

from pipeline.search.analysis import CJK, FOLDED, KEYWORD, NAMES, STEMMED, Analyser, umlauts_spelt_out
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
from pipeline.search.schema import EXISTS, column

_BOOSTS = {"headline": 3.0, "subheadline": 1.5, "people": 2.0, "organisations": 2.0, "places": 2.0, "products": 2.0}
_TIE_BREAKER = 0.1
_LARGEST = 2**63 - 1
_PIECE = re.compile(rf"(?:\\.|[^\W_{CJK}]|[*?])+|[{CJK}]", re.DOTALL)


class Translator:
    """Makes tantivy queries for one schema."""

    def __init__(self, schema: tantivy.Schema, analysers: dict[str, Analyser]) -> None:
        self._schema = schema
        self._analysers = analysers

    def translate(self, node: Node) -> Tantivy:
        """Return `node` as tantivy runs it."""
        match node:
            case Everything():
                return Tantivy.all_query()
            case Match() | Phrase() | Wildcard() | Fuzzy():
                return self._in_fields(node)
            case Range():
                return self._range(node)
            case Exists():
                return Tantivy.term_query(self._schema, EXISTS, node.field.name, "basic")
            case Bool():
                return self._bool(node)
            case Boosted():
                return Tantivy.boost_query(self.translate(node.node), node.factor)

    def _bool(self, node: Bool) -> Tantivy:
        clauses = [(Occur.Must, self.translate(part)) for part in node.must]
        clauses += [(Occur.Should, self.translate(part)) for part in node.should]
        clauses += [(Occur.MustNot, self.translate(part)) for part in node.must_not]
        if not node.must and not node.should:
            clauses.append((Occur.Must, Tantivy.all_query()))
        return Tantivy.boolean_query(clauses)

    def _range(self, node: Range) -> Tantivy:
        low = -_LARGEST if node.low is None else node.low
        high = _LARGEST if node.high is None else node.high
        if low >= high:
            return Tantivy.empty_query()
        kind = tantivy.FieldType.Integer
        return Tantivy.range_query(self._schema, column(node.field), kind, low, high, include_upper=False)

    def _in_fields(self, node: Match | Phrase | Wildcard | Fuzzy) -> Tantivy:
        fields = searched_fields() if node.field is None else (node.field,)
        return _best_of([query for field in fields for query in self._in_field(node, field)])

    def _in_field(self, node: Match | Phrase | Wildcard | Fuzzy, field: Field) -> Iterator[Tantivy]:
        boost = _BOOSTS.get(field.name, 1.0)
        for query in self._columns(node, field):
            yield query if boost == 1.0 else Tantivy.boost_query(query, boost)

    def _columns(self, node: Match | Phrase | Wildcard | Fuzzy, field: Field) -> Iterator[Tantivy]:
        name = column(field)
        match node:
            case Wildcard():
                yield from self._wildcard(name, _analyser(field), node.pattern)
            case Fuzzy():
                yield from self._fuzzy(name, _analyser(field), node)
            case Match() | Phrase():
                slop = node.slop if isinstance(node, Phrase) else 0
                spellings = {node.text, umlauts_spelt_out(node.text)} if field.type is FieldType.TEXT else {node.text}
                for words in {self._analysers[_analyser(field)].words(spelling) for spelling in spellings}:
                    yield from self._words(name, words, slop)
                for language in STEMMED if field.type is FieldType.TEXT else ():
                    yield from self._words(f"{name}_{language}", self._analysers[language].words(node.text), slop)

    def _words(self, name: str, words: tuple[str, ...], slop: int) -> Iterator[Tantivy]:
        if len(words) == 1:
            yield Tantivy.term_query(self._schema, name, words[0])
        elif words:
            yield Tantivy.phrase_query(self._schema, name, list(words), slop)

    def _fuzzy(self, name: str, analyser: str, node: Fuzzy) -> Iterator[Tantivy]:
        words = self._analysers[analyser].words(node.text)
        if words:
            yield _all_of(Tantivy.fuzzy_term_query(self._schema, name, word, node.distance) for word in words)

    def _wildcard(self, name: str, analyser: str, pattern: str) -> Iterator[Tantivy]:
        pieces = [pattern] if analyser == KEYWORD else _PIECE.findall(pattern)
        expressions = [_expression(piece, self._analysers[analyser]) for piece in pieces if piece.strip("*?")]
        if len(expressions) == 1:
            yield Tantivy.regex_query(self._schema, name, expressions[0])
        elif expressions:
            yield Tantivy.regex_phrase_query(self._schema, name, list(expressions))


def wildcard_expression(pattern: str, analyser: Analyser) -> str | None:
    """Return a regular expression for the one word that `pattern` describes, None where it is more than one."""
    pieces = [piece for piece in _PIECE.findall(pattern) if piece.strip("*?")]
    return _expression(pieces[0], analyser) if len(pieces) == 1 else None


def _expression(pattern: str, analyser: Analyser) -> str:
    parts = re.findall(r"\\.|[*?]|[^\\*?]+", pattern, re.DOTALL)
    return "".join({"*": ".*", "?": "."}.get(part) or _literal(part, analyser) for part in parts)


def _literal(part: str, analyser: Analyser) -> str:
    plain = part.removeprefix("\\")
    return re.sub(r"([.\\+*?()|\[\]{}^$#&~-])", r"\\\1", "".join(analyser.words(plain)) or plain)


def _analyser(field: Field) -> str:
    return {FieldType.TEXT: FOLDED, FieldType.NAMES: NAMES}.get(field.type, KEYWORD)


def _all_of(queries: Iterable[Tantivy]) -> Tantivy:
    return Tantivy.boolean_query([(Occur.Must, query) for query in queries])


def _best_of(queries: list[Tantivy]) -> Tantivy:
    if len(queries) < 2:
        return queries[0] if queries else Tantivy.empty_query()
    return Tantivy.disjunction_max_query(queries, _TIE_BREAKER)
