"""What is wrong with a value, in words that say what would be right.

Pydantic knows what is wrong; the tree knows where it stands and how it was written. The sentences here put both
together: `interval: 10` becomes "write a duration such as `90s`", `country: NO` becomes "write `"NO"` in quotes".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pipeline.article import Location
from pipeline.config.models import Alias, Phrase, Together
from pipeline.config.tree import Node

_NESTED: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"phrases": Phrase, "together": Together, "aliases": Alias, "location": Location}
)
_EXAMPLES = MappingProxyType(
    {
        "id": "`id: space-news`",
        "name": "`name: Space News`",
        "url": "`url: https://example.org/news.rss`",
        "kind": "`kind: person`",
        "phrase": "`phrase: Starlink`",
        "all": "`all: [Sanktion, country-RU]`",
        "every": "`every: day`, or a day of the week such as `every: monday`",
        "at": '`at: "06:30"`',
        "zone": "`zone: Europe/Berlin`",
        "to": "`to: [desk@example.org]`",
        "lat": "`lat: 52.5`",
        "lon": "`lon: 13.4`",
        "wikidata": "`wikidata: Q42`",
        "tickers": "`NASDAQ:TSLA`, the exchange first",
    }
)
_FIELDS = MappingProxyType(
    {
        "phrases": "`{phrase: Starlink, weight: 2}`",
        "together": "`{all: [Sanktion, country-RU], weight: 1.5}`",
        "location": "`{lat: 52.5, lon: 13.4}`",
    }
)


class Fault(NamedTuple):
    """One thing that is wrong: the field's path, its line and what would be right."""

    field: str
    line: int
    message: str


def describe(error: ErrorDetails, section: str, model: type[BaseModel], root: Node) -> Fault | None:
    """Return what pydantic's `error` means for the list `root` of `section`, None if another error says it already."""
    location = [part for part in error["loc"] if not str(part).startswith("<")]
    node, found = root, 0
    for part in location:
        if (inner := _inner(node, part)) is None:
            break
        node, found = inner, found + 1
    if error["type"] == "too_short" and node.value:
        return None
    names = [part for part in location if isinstance(part, str)]
    message = _message(error, node if found == len(location) else None, names, model)
    return Fault(_path(section, location), node.line, message)


def describe_field(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Return what pydantic's `error` means for a value that stands in no YAML file."""
    names = [str(part) for part in error["loc"]]
    return f"`{'.'.join(names)}`: {_message(error, None, names, model)}"


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question that names the known word nearest to `word`, or `otherwise` if none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Return `words` as a list to read: `a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return " or ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def _inner(node: Node, part: int | str) -> Node | None:
    if isinstance(node.value, list) and isinstance(part, int):
        return node.value[part]
    if isinstance(node.value, dict):
        return node.value.get(str(part))
    return None


def _path(section: str, location: Sequence[int | str]) -> str:
    return section + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _message(error: ErrorDetails, node: Node | None, names: Sequence[str], model: type[BaseModel]) -> str:
    field = names[-1] if names else ""
    match error["type"]:
        case "value_error":
            return error["msg"].removeprefix("Value error, ")
        case "missing":
            return f"is missing; write {_EXAMPLES.get(field, f'`{field}: …`')}"
        case "extra_forbidden":
            known = _NESTED.get(names[-2], model) if len(names) > 1 else model
            return "unknown field; " + did_you_mean(
                field, known.model_fields, f"known are {listed(known.model_fields)}"
            )
        case "string_type":
            return _text_wanted(node, field)
        case "literal_error" | "enum":
            expected = error["ctx"]["expected"].replace("'", "`")
            near = did_you_mean(str(error["input"]), expected.split("`")[1::2], "")
            return f"{near} write {expected}".lstrip()
        case kind:
            return _shape_wanted(kind, error, field)


def _text_wanted(node: Node | None, field: str) -> str:
    if node is None or node.value is None:
        return f"is empty; write {_EXAMPLES.get(field, 'a text')}"
    if isinstance(node.value, bool):
        return f'`{node.written}` without quotes means {str(node.value).lower()} in YAML; write `"{node.written}"`'
    if isinstance(node.value, (int, float)):
        return f'`{node.written}` is a number; to have it as a text, write `"{node.written}"`'
    return f"write one text, such as {_EXAMPLES.get(field, '`de`')}"


def _shape_wanted(kind: str, error: ErrorDetails, field: str) -> str:
    if kind.startswith("bool"):
        return "write `true` or `false`"
    if kind.startswith("int"):
        return "write a whole number"
    if kind.startswith(("float", "finite")):
        return "write a number such as `1` or `-0.5`"
    if kind.startswith(("greater", "less")):
        return error["msg"].replace("Input should be", "write a number")
    return {
        "tuple_type": "write a list, such as `[first, second]`",
        "too_short": f"is empty; write {_EXAMPLES.get(field, 'at least one')}",
        "model_type": f"write its fields, such as {_FIELDS.get(field, '`id: …` and `name: …`')}",
        "dict_type": "write names and numbers, such as `spacex: 1.5`",
        "string_pattern_mismatch": f"write {_EXAMPLES.get(field, 'it')}",
    }.get(kind, error["msg"].lower())
