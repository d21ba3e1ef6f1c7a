"""YAML text as a tree that remembers its lines.

The YAML of configuration files is the plain kind: one document, no anchors with aliases, no merge keys, no tags of
its own, at most 20 levels deep. What goes beyond is refused with its line, and so are duplicate keys. Numbers are
those of JSON; `yes`, `no`, `on` and `off` without quotes are truth values, as YAML 1.1 has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from pipeline.errors import ConfigError

_Beginning = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent | yaml.AliasEvent
_DEEPEST = 20
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{0,18}\.?[0-9]{1,18}(e[-+]?[0-9]{1,3})?", re.IGNORECASE)
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_EMPTY = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. `line` counts from 1 and is its key's, `column` is its own and counts from 0.

    `written` is the text of a value without quotes; `block` says that a list has its items on lines of their own.
    """

    value: str | bool | int | float | list[Node] | dict[str, Node] | None
    line: int
    column: int
    written: str = ""
    block: bool = False

    def plain(self) -> object:
        """Return the value as lists, dictionaries and scalars."""
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return self.value


class Tree(NamedTuple):
    """The tree of a text; `root` is None for an empty one. Of a field given twice, `root` has the last."""

    root: Node | None
    duplicates: tuple[Misplaced, ...]


class Misplaced(ConfigError):
    """The text is not YAML of the plain kind. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str) -> Tree:
    """Return the tree of `text`; raise `Misplaced` at the first thing that cannot be there."""
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise Misplaced(line, f"remove the control character U+{ord(unprintable[0]):04X}")
    try:
        composer = _Composer(text)
        return Tree(composer.document(), tuple(composer.duplicates))
    except yaml.MarkedYAMLError as error:
        raise _misplaced(error, text) from None
    except yaml.YAMLError as error:
        raise Misplaced(1, f"not valid YAML: {error}") from None


class _Composer:
    """Builds the tree from the parser's events: PyYAML's own composer in C overflows the stack on deep nesting."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, yaml.CSafeLoader)
        self.duplicates: list[Misplaced] = []

    def document(self) -> Node | None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        root = self._node(next(self._events), None, 0)
        next(self._events)
        if not isinstance(following := next(self._events), yaml.StreamEndEvent):
            raise Misplaced(_line(following), "a second document begins here; keep everything in one")
        return root

    def _node(self, event: _Beginning, line: int | None, depth: int) -> Node:
        line = line or _line(event)
        if depth > _DEEPEST:
            raise Misplaced(line, f"nested more than {_DEEPEST} levels deep")
        if isinstance(event, yaml.AliasEvent):
            raise Misplaced(_line(event), f"aliases such as `*{event.anchor}` are not allowed; write the value out")
        if event.tag not in (None, "!"):
            raise Misplaced(_line(event), f"tags such as `{event.tag}` are not allowed; write the value alone")
        assert event.start_mark is not None
        column = event.start_mark.column
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._items(depth), line, column, block=not event.flow_style)
        return Node(self._fields(depth), line, column, block=not event.flow_style)

    def _items(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, None, depth + 1))
        return items

    def _fields(self, depth: int) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise Misplaced(line, "a field's name must be a word")
            if event.value == "<<" and event.implicit[0]:
                raise Misplaced(line, "merge keys (`<<`) are not allowed; write the fields out")
            if event.value in fields:
                first = fields[event.value].line
                message = f"`{event.value}` is given twice, first in line {first}; remove one"
                self.duplicates.append(Misplaced(line, message))
            fields[event.value] = self._node(next(self._events), line, depth + 1)
        return fields


def _scalar(event: yaml.ScalarEvent, line: int, column: int) -> Node:
    text = event.value
    if not event.implicit[0]:
        return Node(text, line, column)
    word = text.lower()
    if word in _EMPTY:
        return Node(None, line, column, text)
    if word in _TRUE or word in _FALSE:
        return Node(word in _TRUE, line, column, text)
    if _WHOLE.fullmatch(text):
        return Node(int(text), line, column, text)
    if _DECIMAL.fullmatch(text):
        return Node(float(text), line, column, text)
    return Node(text, line, column, text)


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def _misplaced(error: yaml.MarkedYAMLError, text: str) -> Misplaced:
    mark, begun = error.problem_mark, error.context_mark
    if mark is None:
        return Misplaced(1, f"not valid YAML: {error.problem}")
    lines = text.splitlines()
    written = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return Misplaced(mark.line + 1, "indented with a tab; YAML wants spaces")
    context = f" {error.context} that begins in line {begun.line + 1}" if error.context and begun else ""
    return Misplaced(mark.line + 1, f"not valid YAML at column {mark.column + 1}: {error.problem}{context}")
