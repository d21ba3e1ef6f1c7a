"""The query language: Lucene's, as in Kibana's search bar, read into a `Query` or refused with a position.

Words are joined with OR unless told otherwise; AND binds closer than OR. `a OR NOT b` means what
it says. Refused, so that no query can hurt: a wildcard at the start of a word, regular
expressions, more than 1,000 clauses, and nesting deeper than 50.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import InvalidOperation

from luqum import tree
from luqum.exceptions import ParseError
from luqum.thread import parse

from pipeline.errors import QueryError
from pipeline.search.clauses import Clauses
from pipeline.search.query import Everything, Query

MAX_LENGTH = 30_000
MAX_DEPTH = 50
_OPENING, _CLOSING = "([{", ")]}"
_CURLY_QUOTES = str.maketrans("“”„‟", '""""')
_DEGREE = re.compile(r"[~^](?:[0-9]*\.[0-9]*\.|\.+(?![0-9])|[0-9]*\.)")


def parse_query(text: str, *, now: datetime) -> Query:
    """Return what `text` asks for; `now` is what `now` in it means. Blank text asks for everything.

    Raises `QueryError` with the `position` of the first character that is wrong, and a hint.
    """
    if not text.strip():
        return Query(text, Everything())
    straight = text if '"' in text else text.translate(_CURLY_QUOTES)
    _check_shape(straight)
    return Query(text, Clauses(straight, now).read(_parse(straight)))


def _parse(text: str) -> tree.Item:
    try:
        return parse(text)
    except ParseError as error:
        raise _syntax_error(text, str(error)) from None
    except (InvalidOperation, ValueError):
        degree = _DEGREE.search(text)
        position = degree.start() if degree else None
        hint = "write a plain number, as in `word~1` or `word^2.5`"
        raise QueryError("there is no number after `~` or `^`", query=text, position=position, hint=hint) from None


def _syntax_error(text: str, message: str) -> QueryError:
    where = re.search(r"at position (\d+)!?\Z", message)
    position = min(int(where[1]), len(text)) if where else len(text)
    if position == len(text):
        hint = "a value is missing after the last `:`, `AND`, `OR`, `NOT`, `+` or `-`"
        return QueryError("the query ends too early", query=text, position=position, hint=hint)
    hint = "put it in double quotes, or a backslash before it, if it belongs to what you look for"
    found = re.match(r"AND\b|OR\b|NOT\b|TO\b|.", text[position:], re.DOTALL)
    return QueryError(f"`{found[0] if found else ''}` cannot stand here", query=text, position=position, hint=hint)


def _check_shape(text: str) -> None:
    """Refuse what is too long, too deep, or opens without closing, at the character that opens."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters", query=text, position=MAX_LENGTH)
    opened: list[int] = []
    quote: int | None = None
    escaped = False
    for position, character in enumerate(text):
        if escaped or character == "\\":
            escaped = not escaped
        elif character == '"':
            quote = position if quote is None else None
        elif quote is None:
            _nest(text, position, opened)
    if escaped:
        hint = "write two for one that you look for"
        raise QueryError("the backslash at the end escapes nothing", query=text, position=len(text) - 1, hint=hint)
    if quote is not None:
        hint = 'add a `"` where the phrase ends, or write `\\"` for the sign itself'
        raise QueryError("this quote is never closed", query=text, position=quote, hint=hint)
    if opened:
        raise _unbalanced(text, opened[-1], "is never closed")


def _nest(text: str, position: int, opened: list[int]) -> None:
    character = text[position]
    if character in _OPENING:
        opened.append(position)
    elif character in _CLOSING:
        if not opened or (text[opened[-1]] == "(") != (character == ")"):
            raise _unbalanced(text, position, "closes nothing")
        opened.pop()
    if len(opened) > MAX_DEPTH:
        raise QueryError(f"brackets are nested more than {MAX_DEPTH} deep", query=text, position=position)


def _unbalanced(text: str, position: int, what: str) -> QueryError:
    hint = f"write `\\{text[position]}` for the sign itself"
    return QueryError(f"`{text[position]}` {what}", query=text, position=position, hint=hint)
