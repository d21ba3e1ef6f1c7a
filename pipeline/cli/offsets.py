"""Where in a text as it was given does a place in its clean form lie?

Wirewatch works on clean text: NFC, line feeds alone, no control characters. Whoever gave the text knows only his own,
so that offsets are told in that.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from pipeline.article import clean_text

_LONGEST_PIECE = 64


class Offsets:
    """Maps spans of `clean_text(given)` onto spans of `given`, both in code points."""

    def __init__(self, given: str) -> None:
        self._given: list[int] = []
        self._clean: list[int] = []
        before = after = 0
        for piece in _pieces(given):
            self._given.append(before)
            self._clean.append(after)
            before, after = before + len(piece), after + len(clean_text(piece))
        self._length = before
        # Marks that only join once a control character between them is gone would shift all that follows.
        self._exact = after == len(clean_text(given))

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of the given text that holds what lies at `start` to `end` in the clean one."""
        if not self._exact:
            return start, end
        first, last = bisect_right(self._clean, start) - 1, bisect_right(self._clean, end - 1)
        return self._given[first], self._given[last] if last < len(self._given) else self._length


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces that can be cleaned one by one: letters with their marks, line ends of two characters."""
    begin = 0
    for here in range(1, len(text)):
        if not _belong_together(text[begin:here], text[here]):
            yield text[begin:here]
            begin = here
    if text:
        yield text[begin:]


def _belong_together(piece: str, following: str) -> bool:
    if following < "\u0300":
        return piece == "\r" and following == "\n"
    if len(piece) >= _LONGEST_PIECE:
        return False
    normal = unicodedata.normalize
    return (
        bool(unicodedata.combining(following)) or normal("NFC", piece + following) != normal("NFC", piece) + following
    )
