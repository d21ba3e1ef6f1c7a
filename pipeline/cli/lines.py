"""Texts from files and pipes: one a file, or one a line of JSON, however long the file is.

A line that is of no use never stops the others: it gives a `Fault` in its place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.cli.terminal import say

LONGEST = 16 * 1024 * 1024
"""Bytes of one line; what is longer is no text but a mistake."""
_OPTIONAL = ("headline", "language", "published")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Fault:
    """Why a file or a line cannot be used. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    problem: str
    id: object = None

    @property
    def place(self) -> str:
        """Where it is, as compilers say it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def document(self) -> dict[str, Any]:
        """Return what stands in the place of a result."""
        name = {} if self.id is None else {"id": self.id}
        return name | {"file": self.file} | ({"line": self.line} if self.line else {}) | {"problem": self.problem}


@dataclass(frozen=True)
class Given:
    """A text as it was given, with what is known about it."""

    file: str
    line: int
    text: str
    id: object = None
    headline: str | None = None
    language: str | None = None
    published: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """All that the line said."""


def read_texts(files: Sequence[Path] | None) -> Iterator[Given | Fault]:
    """Yield one text a file; without files, standard input."""
    for file in files or [Path("-")]:
        name = str(file)
        try:
            with opened(file) as stream:
                text = stream.read().decode("utf-8", "replace").removeprefix(_BOM)
        except OSError as error:
            yield Fault(name, 0, reason(error))
        else:
            yield Given(name, 0, text)


def read_json_lines(files: Sequence[Path] | None) -> Iterator[Given | Fault]:
    """Yield one text a line that is not blank; without files, of standard input."""
    for file in files or [Path("-")]:
        try:
            with opened(file) as stream:
                yield from _lines(str(file), stream)
        except OSError as error:
            yield Fault(str(file), 0, reason(error))


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file, or standard input for `-`."""
    if str(file) == "-":
        if sys.stdin.isatty():
            say("reading standard input; Ctrl-D ends it")
        yield sys.stdin.buffer
        return
    with file.open("rb") as stream:
        yield stream


def reason(error: OSError) -> str:
    """Return why a file cannot be read."""
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


def _lines(name: str, stream: BinaryIO) -> Iterator[Given | Fault]:
    number = 0
    while raw := stream.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)
            yield Fault(name, number, f"longer than {LONGEST // 1024**2} MB")
            continue
        line = raw.decode("utf-8", "replace").removeprefix(_BOM if number == 1 else "\n").strip()
        if line:
            yield _given(name, number, line)


def _given(name: str, number: int, line: str) -> Given | Fault:
    try:
        found = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return Fault(name, number, f"no JSON: {_briefly(error)}")
    if not isinstance(found, dict):
        return Fault(name, number, 'no JSON object; write one such as {"id": "1", "text": "…"}')
    if not isinstance(found.get("text"), str):
        return Fault(name, number, "`text` is missing" if "text" not in found else "`text` is no text", found.get("id"))
    for key in _OPTIONAL:
        if not isinstance(found.get(key), str | None):
            return Fault(name, number, f"`{key}` is no text", found.get("id"))
    headline, language, published = map(found.get, _OPTIONAL)
    return Given(name, number, found["text"], found.get("id"), headline, language, published, found)


def _briefly(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
        case RecursionError():
            return "nested too deeply"
        case _:
            return str(error)


def _no_number(name: str) -> None:
    raise ValueError(f"`{name}` is no number in JSON")
