"""An embedded index that is built beside the one in use, and then takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from pipeline.article import Article
from pipeline.search.embedded import PATIENCE, EmbeddedIndex
from pipeline.search.folder import put_in_place, reading, replacing
from pipeline.search.port import Rejected


class EmbeddedReplacement:
    """A `Replacement` of the index in `folder`. While it is there, other processes read the old index and cannot write.

    Raises `SearchUnavailable` where another process writes, or replaces the index, for more than `patience` seconds.
    """

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._held = ExitStack()
        self._fresh = self._held.enter_context(replacing(folder, patience))
        self._index = EmbeddedIndex.open(self._fresh, patience=patience)

    def write(self, documents: Sequence[Article], *, remove: Sequence[str] = ()) -> list[Rejected]:
        """See `SearchIndex.write`."""
        return self._index.write(documents, remove=remove)

    def ids(self) -> Iterator[tuple[str, int]]:
        """See `SearchIndex.ids`."""
        return self._index.ids()

    def adopt(self) -> None:
        """See `Replacement.adopt`; from here on others write again."""
        with reading():
            put_in_place(self._fresh, self._folder)

    def close(self) -> None:
        """See `Replacement.close`."""
        self._held.close()
