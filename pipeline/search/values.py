"""Single values of a query: words, phrases, wildcards, fuzzy words, ranges, by the type of their field."""

from __future__ import annotations

import re
from datetime import datetime

from luqum import tree

from pipeline.article import clean_text
from pipeline.errors import QueryError
from pipeline.search.fields import Field, FieldType
from pipeline.search.moments import Span, read_span
from pipeline.search.query import Bool, Everything, Exists, Fuzzy, Match, Node, Phrase, Range, Wildcard

MAX_PATTERNS = 50
MAX_PATTERN_LENGTH = 100
MAX_WILDCARDS = 8
MAX_SLOP = 100
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WILDCARD = re.compile(r"\\.|([*?])", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_DATE_HINT = "write `2026-11-03`, `2026-11`, `now-24h` or `now/d`; a time with a zone in quotes"
_ORDERED = (FieldType.DATE, FieldType.NUMBER)


class Values:
    """Reads the values of one query. `text` is the query as typed, for errors; `now` is what `now` means."""

    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._now = now
        self._patterns = 0

    def read(self, item: tree.Item, field: Field | None) -> Node:
        """Return what a single value means in `field` (None: the searched fields)."""
        match item:
            case tree.Word():
                return self._word(item, field)
            case tree.Phrase():
                return self._phrase(item, field)
            case tree.Proximity():
                return self._proximity(item, field)
            case tree.Fuzzy():
                return self._fuzzy(item, field)
            case tree.Range() | tree.From() | tree.To():
                return self._range(item, field)
            case tree.Regex():
                hint = "use `*` and `?` inside a word; put a value that has a `/` in double quotes"
                raise self.error("regular expressions are not supported", item, hint)
            case _:
                raise self.error(f"`{item}` cannot stand here", item)

    def error(self, message: str, item: tree.Item, hint: str | None = None) -> QueryError:
        """Return the error that points at the start of `item`."""
        position = min(item.pos or 0, len(self._text))
        return QueryError(message, query=self._text, position=position, hint=hint)

    @staticmethod
    def unescape(text: str) -> str:
        """Return `text` with the backslashes of escapes taken away, as clean Unicode."""
        return clean_text(_ESCAPE.sub(r"\1", text))

    def _word(self, item: tree.Word, field: Field | None) -> Node:
        self._check_word(item)
        if re.fullmatch(r"\*+", item.value):
            return Everything() if field is None else Exists(field)
        if wildcards := [found.start(1) for found in _WILDCARD.finditer(item.value) if found[1]]:
            return self._wildcard(item, field, wildcards)
        return self._match(self.unescape(item.value), item, field)

    def _check_word(self, item: tree.Word) -> None:
        if item.value in {"&&", "||"}:
            raise self.error(f"`{item.value}` is not an operator", item, "write `AND` or `OR`")
        if item.value.startswith("!"):
            raise self.error("`!` is not an operator", item, "write `NOT`, or `-` right before the word")
        if '"' in _ESCAPE.sub("", item.value):
            raise self.error("a quote stands inside this word", item, 'put a space before the phrase, or write `\\"`')

    def _match(self, text: str, item: tree.Item, field: Field | None) -> Node:
        if field is not None and field.type in _ORDERED:
            span = self._span(text, item, field)
            return Range(field, span.start, span.end)
        if field is not None and field.name == "language":
            return Bool(should=(Match(field, text), Wildcard(field, _escaped(text) + "-*")))
        return Match(field, text)

    def _wildcard(self, item: tree.Word, field: Field | None, wildcards: list[int]) -> Node:
        self._check_pattern(item, item.value, field)
        if wildcards[0] == 0:
            hint = "begin with a letter: it would have to compare every word there is"
            raise self.error(f"a word cannot begin with `{item.value[0]}`", item, hint)
        if len(wildcards) > MAX_WILDCARDS:
            raise self.error(f"a word has at most {MAX_WILDCARDS} wildcards", item)
        return Wildcard(field, clean_text(item.value))

    def _phrase(self, item: tree.Phrase, field: Field | None, slop: int = 0) -> Node:
        text = self.unescape(item.value[1:-1])
        if not text.strip():
            raise self.error("the phrase is empty", item, "`_exists_:field` finds articles where a field has a value")
        if field is not None and field.type in (*_ORDERED, FieldType.KEYWORD):
            return self._match(text, item, field)
        return Phrase(field, text, slop)

    def _proximity(self, item: tree.Proximity, field: Field | None) -> Node:
        if not 0 <= item.degree <= MAX_SLOP:
            raise self.error(f"at most {MAX_SLOP} words may stand between those of a phrase", item)
        return self._phrase(item.term, field, item.degree)

    def _fuzzy(self, item: tree.Fuzzy, field: Field | None) -> Node:
        self._check_word(item.term)
        self._check_pattern(item, item.term.value, field)
        text = self.unescape(item.term.value)
        if any(found[1] for found in _WILDCARD.finditer(item.term.value)):
            raise self.error("a word cannot have both wildcards and `~`", item, "leave one of them out")
        # luqum gives a bare `~` the degree 0.5, which Lucene stopped using
        degree = (1 if len(text) <= 5 else 2) if item._implicit_degree else item.degree  # noqa: SLF001
        if degree not in (0, 1, 2):
            raise self.error("`~` allows 1 or 2 changed letters", item, f"write `{text}~1` or `{text}~2`")
        return Fuzzy(field, text, int(degree)) if degree else self._match(text, item, field)

    def _check_pattern(self, item: tree.Item, value: str, field: Field | None) -> None:
        self._patterns += 1
        if self._patterns > MAX_PATTERNS:
            raise self.error(f"the query has more than {MAX_PATTERNS} words with wildcards or `~`", item)
        if field is not None and field.type in _ORDERED:
            hint = _DATE_HINT if field.type is FieldType.DATE else f"as in `{field.name}:[1 TO 3]`"
            raise self.error(f"`{field.name}` takes a value or a range, no pattern", item, hint)
        if len(value) > MAX_PATTERN_LENGTH:
            raise self.error(f"a word with wildcards or `~` has at most {MAX_PATTERN_LENGTH} characters", item)

    def _range(self, item: tree.Range | tree.From | tree.To, field: Field | None) -> Node:
        if field is None:
            raise self.error("a range needs a field", item, "as in `published:>now-24h` or `urgency:[1 TO 3]`")
        if field.type not in _ORDERED:
            hint = "ranges are for dates and numbers, such as `published`, `urgency` and `copies`"
            raise self.error(f"`{field.name}` is {field.type} and has no ranges", item, hint)
        low = high = None
        match item:
            case tree.Range():
                low = self._bound(item.low, field, after=not item.include_low)
                high = self._bound(item.high, field, after=item.include_high)
            case tree.From():
                low = self._bound(item.a, field, after=not item.include)
            case tree.To():
                high = self._bound(item.a, field, after=item.include)
        return Range(field, low, high)

    def _bound(self, item: tree.Item, field: Field, *, after: bool) -> int | None:
        negative = isinstance(item, tree.Prohibit)
        term = item.a if negative else item
        text = self.unescape(term.value.strip('"') if isinstance(term, tree.Phrase) else term.value)
        if text == "*" and not negative:
            return None
        span = self._span("-" + text if negative else text, item, field)
        return span.end if after else span.start

    def _span(self, text: str, item: tree.Item, field: Field) -> Span:
        if field.type is FieldType.NUMBER:
            if not _NUMBER.fullmatch(text):
                raise self.error(
                    f"`{field.name}` is a whole number, and `{text}` is none", item, f"as in `{field.name}:[1 TO 3]`"
                )
            return Span(int(text), int(text) + 1)
        try:
            return read_span(text, self._now)
        except ValueError:
            raise self.error(f"`{text}` is not a date", item, _DATE_HINT) from None


def _escaped(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)
