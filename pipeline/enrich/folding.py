"""Text made comparable without moving a letter, and where its words begin and end.

A folded text has exactly as many code points as the text it comes from, so offsets hold for both: lower case, any
white space is a space, typographic apostrophes and hyphens are `'` and `-`, `ё` is `е`. Invisible characters (soft
hyphen, zero-width and direction marks) are taken out first; `Folded.original` leads back over them.

Scripts that write without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) have no word boundaries; Hangul has none at the end of a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ALIKE = {
    "\n": " ", "\t": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ",
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "\u02b9": "'", "`": "'",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "ё": "е",
}  # fmt: skip
_UNLIKE = re.compile(f"[{''.join(_ALIKE)}]")
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTERS = re.compile(rf"(?:(?![_{_SPACELESS}\uac00-\ud7af])\w)*")
_DENSE = re.compile(rf"[{_SPACELESS}]")
_DENSE_END = re.compile(rf"[{_SPACELESS}\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without its invisible characters (`raw`), the same folded (`text`), and the way back to the original."""

    raw: str
    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that `raw[start:end]` comes from."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def read(text: str) -> Folded:
    """Fold `text`, remembering where every letter came from."""
    if text.isascii() or not _INVISIBLE.search(text):
        return Folded(text, fold(text))
    offsets = tuple(place for place, letter in enumerate(text) if not _INVISIBLE.match(letter))
    raw = "".join(text[place] for place in offsets)
    return Folded(raw, fold(raw), offsets)


def fold(text: str) -> str:
    """Return `text` folded, letter for letter.

    >>> fold("D\u2019Artagnan\u00a0\u0401лка")
    "d'artagnan елка"
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    if _UNLIKE.search(lower):
        for letter, plain in _ALIKE.items():
            lower = lower.replace(letter, plain)
    return lower


def begins_word(text: str, start: int) -> bool:
    """Say whether a name may begin at `start`."""
    if start == 0 or not text[start - 1].isalnum():
        return True
    return bool(_DENSE_END.match(text, start - 1) or _DENSE.match(text, start))


def is_dense(letter: str) -> bool:
    """Say whether a name that ends in `letter` needs no boundary behind it."""
    return bool(_DENSE_END.match(letter))


def tail(text: str, end: int) -> str:
    """Return the letters between `end` and the end of the word; empty in front of a script without boundaries."""
    if end >= len(text) or not text[end].isalnum():
        return ""
    found = _LETTERS.match(text, end, end + 24)
    return found[0] if found else ""
