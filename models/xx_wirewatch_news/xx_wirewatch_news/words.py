"""Words of a text, as the model labels them.

A word is a run of letters and digits, one Chinese, Japanese or Korean character, or one other visible character, so that
every name begins and ends at the edge of a word: `EU-Gipfel` is three words, `Obama's` also. Invisible characters inside
a word, such as soft hyphens, belong to it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MARK = "▁"
"""What a piece begins with where a word follows white space (SentencePiece, Kudo and Richardson 2018)."""
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_LETTER = rf"[^\W{_IDEOGRAPH}]"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|{_LETTER}(?:{_LETTER}|[{_INVISIBLE}]+(?={_LETTER}))*|[^\w\s{_INVISIBLE}]")
_HIDDEN = re.compile(f"[{_INVISIBLE}\ud800-\udfff]")
_SENTENCE = re.compile(r"(?:[.!?…]['\"”“’»)\]]*(?=\s+\W*[^\W\d_a-zа-яß-ÿ])|[。！？]['\"”’」』）]*|\n)\s*")
_LONGEST_WORD = 64


class Word(NamedTuple):
    """A word by its offsets; `spaced` where white space or nothing stands before it."""

    start: int
    end: int
    spaced: bool


def words(text: str) -> list[Word]:
    """Return the words of `text` in order."""
    found = []
    before = -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        found.append(Word(start, end, start != before))
        before = end
    return found


def written(text: str, word: Word) -> str:
    """Return the letters of a word, without what is invisible or no character at all."""
    return _HIDDEN.sub("", text[word.start : min(word.end, word.start + _LONGEST_WORD)])


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end, roughly: it decides where a long text is cut, nothing else."""
    return [match.end() for match in _SENTENCE.finditer(text)]
