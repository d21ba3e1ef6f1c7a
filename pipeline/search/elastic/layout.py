"""Where articles lie on the server: one index a month, generations of them, and one alias that readers ask.

`wirewatch-articles-000001` is the first generation: an index without articles, so that the alias and the fields are
there from the beginning. Its articles lie in `wirewatch-articles-000001-2026.11`, by the month in which a poll first
saw them. That month never changes, as `published` may with a correction: so an article is updated where it is, and
never stands in two indices. Polls and alerts lie in the same way in indices of their own, by the month in which they happened. A new generation is built beside the one that the alias `wirewatch-articles` leads to,
gets every change meanwhile as well, and takes its place in one step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from pipeline.errors import SearchUnavailable
from pipeline.search.elastic.failures import REINDEX
from pipeline.search.moments import milliseconds

_GENERATION = re.compile(r"-(?P<generation>[0-9]{6})(?:-(?P<year>[0-9]{4})\.(?P<month>[0-9]{2}))?\Z")
_AT_ONCE = 50  # names stand in an address, whose length is limited
FIRST = "000001"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Layout:
    """The indices on the server. `current` is what the alias leads to, `building` a newer generation, if any."""

    name: str
    aliases: Mapping[str, Collection[str]]

    @property
    def current(self) -> str | None:
        """The generation in use."""
        return max((_generation(index) for index, names in self.aliases.items() if self.name in names), default=None)

    @property
    def building(self) -> tuple[str, ...]:
        """Generations newer than the one in use, or all where none is."""
        current = self.current or ""
        return tuple(sorted({_generation(index) for index in self.aliases if _generation(index) > current}))

    @property
    def outlived(self) -> list[str]:
        """The indices of generations older than the one in use."""
        return sorted(index for index in self.aliases if _generation(index) < (self.current or ""))

    def indices(self, generation: str) -> list[str]:
        """Return the indices of a generation."""
        return sorted(index for index in self.aliases if _generation(index) == generation)

    def astray(self) -> list[str]:
        """Return the indices of the generation in use that the alias does not lead to."""
        return [index for index in self.indices(self.current or "") if self.name not in self.aliases[index]]


def month_of(moment: datetime) -> str:
    """Return the month that `moment` lies in, as the name of an index has it."""
    return f"{moment.astimezone(UTC):%Y.%m}".rjust(7, "0")


def months_before(indices: Iterable[str], moment: datetime) -> list[str]:
    """Return the indices of months that ended before `moment`."""
    last = month_of(moment)
    return [index for index in indices if (month := _month(index)) and month < last]


class Places:
    """The indices of one server. `lifecycle`: the server deletes old indices itself, counted from their month."""

    def __init__(self, client: Elasticsearch, name: str, *, lifecycle: Callable[[], bool]) -> None:
        self._client = client
        self._name = name
        self._lifecycle = lifecycle

    def layout(self) -> Layout:
        """Return what is there now."""
        found = self._client.indices.get_alias(index=f"{self._name}-*", expand_wildcards="open")
        ours = {index: told for index, told in found.items() if _GENERATION.fullmatch(index.removeprefix(self._name))}
        return Layout(self._name, {index: tuple(told["aliases"]) for index, told in ours.items()})

    def usable(self) -> Layout:
        """Return what is there, with an alias that leads to all that it should; raises `SearchUnavailable`."""
        layout = self.layout()
        if layout.current is None:
            raise SearchUnavailable(f"the alias `{self._name}` leads to no index", hint=REINDEX)
        if astray := layout.astray():
            self._client.indices.update_aliases(actions=[_add(self._name, index) for index in astray])
        return layout

    def start(self, generation: str, *, visible: bool) -> None:
        """Make the first index of a generation, if it is not there."""
        self._create(f"{self._name}-{generation}", _NEVER, visible=visible)

    def writable(self, months: Collection[str]) -> dict[str, list[str]]:
        """Return in which indices articles of each month are to be written, the one in use first; made now if needed."""
        layout = self.usable()
        generations = [layout.current or "", *layout.building]
        wanted = {month: [self._index(generation, month) for generation in generations] for month in months}
        missing = [
            (index, month) for month, indices in wanted.items() for index in indices if index not in layout.aliases
        ]
        for index, month in missing:
            self._create(index, _end_of(month), visible=_generation(index) == layout.current)
        if missing:
            self.usable()  # a new generation may have come into use while its index was made
        return wanted

    def only(self, generation: str, months: Collection[str]) -> dict[str, list[str]]:
        """Return in which index of `generation` articles of each month are to be written, made now if needed."""
        there = self.layout().indices(generation)
        if not there:
            raise SearchUnavailable("another `wirewatch reindex` took over", hint="let it finish")
        wanted = {month: [self._index(generation, month)] for month in months}
        for month, (index,) in wanted.items():
            if index not in there:
                self._create(index, _end_of(month), visible=False)
        return wanted

    def switch(self, generation: str) -> None:
        """Let the alias lead to `generation` alone, in one step, and delete the others."""
        layout = self.layout()
        old = [index for index, names in layout.aliases.items() if self._name in names]
        actions = [_add(self._name, index) for index in layout.indices(generation)]
        actions += [{"remove": {"index": index, "alias": self._name}} for index in old]
        self._client.indices.update_aliases(actions=actions)
        self.delete([index for index in layout.aliases if _generation(index) != generation])

    def delete(self, indices: Collection[str]) -> None:
        """Delete indices that may be gone already."""
        names = sorted(indices)
        for start in range(0, len(names), _AT_ONCE):
            self._client.indices.delete(index=names[start : start + _AT_ONCE], ignore_unavailable=True)

    def _index(self, generation: str, month: str) -> str:
        return f"{self._name}-{generation}-{month}"

    def _create(self, index: str, origin: datetime, *, visible: bool) -> None:
        settings: dict[str, Any] = {}
        if self._lifecycle():
            settings["index.lifecycle.origination_date"] = milliseconds(origin)
        try:
            self._client.indices.create(index=index, settings=settings, aliases={self._name: {}} if visible else {})
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise


def next_generation(layout: Layout) -> str:
    """Return the name of the generation after all that are there."""
    return f"{max([0, *(int(_generation(index)) for index in layout.aliases)]) + 1:06}"


def _add(alias: str, index: str) -> dict[str, Any]:
    return {"add": {"index": index, "alias": alias}}


def _generation(index: str) -> str:
    found = _GENERATION.search(index)
    return found["generation"] if found else ""


def _month(index: str) -> str | None:
    found = _GENERATION.search(index)
    return f"{found['year']}.{found['month']}" if found and found["year"] else None


def _end_of(month: str) -> datetime:
    year, number = int(month[:4]), int(month[5:])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC) if (year, number) < (9999, 12) else _NEVER
