"""What a document gave: its entries and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.article import Entry
from pipeline.feed_state import Hints


@dataclass(frozen=True, slots=True)
class Parsed:
    """The entries of a document, in its own order.

    `format` is `rss`, `atom`, `rdf` or `jsonfeed`. `problems` says in whole phrases what was wrong with the
    document; what is odd about one entry is in `Entry.problem`. `truncated` counts the entries over the limit,
    which were not kept. `expired` says that the feed has ended and asks to be polled no more.
    """

    format: str
    title: str
    language: str | None
    entries: tuple[Entry, ...]
    hints: Hints
    problems: tuple[str, ...] = ()
    truncated: int = 0
    expired: bool = False
