"""From luqum's syntax tree to the query tree: operators here, single values in `values.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from luqum import tree

from pipeline.errors import QueryError
from pipeline.search.fields import Field, find_field, nearest
from pipeline.search.query import Bool, Boosted, Everything, Exists, Node
from pipeline.search.values import Values

MAX_CLAUSES = 1_000
MAX_DEPTH = 100
MAX_BOOST = 1_000


class Clauses:
    """Reads one query. `text` is the query as typed, for errors; `now` is what `now` in it means."""

    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._values = Values(text, now)
        self._clauses = 0

    def read(self, item: tree.Item, field: Field | None = None, depth: int = 0) -> Node:
        """Return what `item` means, looked for in `field` (None: the searched fields)."""
        if depth > MAX_DEPTH:
            raise self._error("the query is nested too deeply", item)
        match item:
            case tree.Group() | tree.FieldGroup():
                return self.read(item.expr, field, depth + 1)
            case tree.SearchField():
                return self._in_field(item, field, depth)
            case tree.Boost():
                return self._boosted(item, field, depth)
            case tree.BaseOperation():
                return self._operation(item, field, depth)
            case tree.Plus() | tree.Prohibit() | tree.Not():
                return self._join([item], field, depth, all_of=False)
            case _:
                return self._value(item, field)

    def _operation(self, item: tree.BaseOperation, field: Field | None, depth: int) -> Node:
        match item:
            case tree.OrOperation():
                return self._join([_strict(operand) for operand in item.operands], field, depth, all_of=False)
            case tree.AndOperation():
                return self._join(item.operands, field, depth, all_of=True)
            case _:
                return self._join(item.operands, field, depth, all_of=False)

    def _join(self, items: Iterable[tree.Item], field: Field | None, depth: int, *, all_of: bool) -> Node:
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        for item in items:
            match item:
                case tree.Plus():
                    must.append(self.read(item.a, field, depth + 1))
                case tree.Prohibit() | tree.Not():
                    must_not.append(self.read(item.a, field, depth + 1))
                case _:
                    (must if all_of else should).append(self.read(item, field, depth + 1))
        return _simplified(must, should, must_not)

    def _in_field(self, item: tree.SearchField, outer: Field | None, depth: int) -> Node:
        name = Values.unescape(item.name)
        if outer is not None:
            hint = "put a value that has a `:` in double quotes"
            raise self._error(f"`{name}:` stands inside `{outer.name}:`", item, hint)
        if name == "_exists_":
            return self._exists(item.expr)
        if name == "*":
            return self.read(item.expr, None, depth + 1)
        return self.read(item.expr, self._field(name, item), depth + 1)

    def _field(self, name: str, item: tree.Item) -> Field:
        if (field := find_field(name)) is not None:
            return field
        near = nearest(name)
        hint = (
            f"did you mean `{near}`?" if near else 'fields are listed in `wirewatch search --help`; quote a `:` as "…"'
        )
        raise self._error(f"there is no field `{name}`", item, hint)

    def _exists(self, item: tree.Item) -> Node:
        if not isinstance(item, tree.Word | tree.Phrase):
            raise self._error("`_exists_:` takes the name of one field", item, "as in `_exists_:dateline`")
        self._count(item)
        return Exists(self._field(Values.unescape(item.value.strip('"')), item))

    def _boosted(self, item: tree.Boost, field: Field | None, depth: int) -> Node:
        factor = float(item.force)
        if not 0 <= factor <= MAX_BOOST:
            raise self._error(f"a boost lies between 0 and {MAX_BOOST}", item)
        return Boosted(self.read(item.expr, field, depth + 1), factor)

    def _value(self, item: tree.Item, field: Field | None) -> Node:
        self._count(item)
        return self._values.read(item, field)

    def _count(self, item: tree.Item) -> None:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise self._error(f"the query has more than {MAX_CLAUSES:,} clauses", item, "split it into several")

    def _error(self, message: str, item: tree.Item, hint: str | None = None) -> QueryError:
        return self._values.error(message, item, hint)


def _strict(operand: tree.Item) -> tree.Item:
    """Keep `NOT b` as an alternative of its own in `a OR NOT b`."""
    return tree.Group(operand, pos=operand.pos, size=operand.size) if isinstance(operand, tree.Not) else operand


def _simplified(must: Sequence[Node], should: Sequence[Node], must_not: Sequence[Node]) -> Node:
    if not must_not and len(must) + len(should) == 1:
        return (*must, *should)[0]
    if not must and not should:
        must = (Everything(),)
    return Bool(tuple(must), tuple(should), tuple(must_not))
