"""A text as numbers that can be compared: word 3-shingles, their MinHash bands, the figures in it.

MinHash: Broder, "On the resemblance and containment of documents", 1997. Banding: Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", 3.4: with 48 bands of 3 rows two texts meet in a band
with probability 1 - (1 - J³)^48, which is .73 at a Jaccard similarity J of .3, .96 at .4, .998 at .5,
and under .00005 at .01, where unrelated news lie.

Numbers are the same in every process and on every machine: they are stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

BANDS = 48
_ROWS = 3
_SEED = 20261124
_ALONE = "㐀-䶿一-鿿぀-ヿ"
"""Chinese and Japanese put no spaces between words: there, each character counts as one."""
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xC2B2AE3D27D4EB4F)
_UPPER = np.uint64(0xFFFFFFFF00000000)
_HALF = np.uint64(32)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """What is compared of a text. `shingles` and `figures` (each with its place) are sorted and without repetitions.

    `exact` is the same for texts with the same words; `bands` are signed 64-bit keys, none for a text
    under 3 words.
    """

    words: int
    exact: int
    bands: tuple[int, ...]
    shingles: Hashes
    figures: Hashes

    @cached_property
    def figures_in_place(self) -> frozenset[int]:
        """The figures, each with the words around it."""
        return frozenset(self.figures.tolist())

    @cached_property
    def places(self) -> frozenset[tuple[int, int]]:
        """Where the figures stand: the words around each, and a count where several figures have the same around them."""
        numbers = Counter[int]()
        found = set()
        for place in (self.figures >> _HALF).tolist():
            numbers[place] += 1
            found.add((place, numbers[place]))
        return frozenset(found)

    def pack(self) -> bytes:
        """Return shingles and figures as bytes for the store."""
        return len(self.shingles).to_bytes(4, "little") + self.shingles.tobytes() + self.figures.tobytes()

    @classmethod
    def unpack(cls, *, words: int, exact: int, packed: bytes, bands: tuple[int, ...] = ()) -> Fingerprint:
        """Return the fingerprint that `pack` made; what is not packed is given beside."""
        values = np.frombuffer(packed, dtype="<u8", offset=4)
        count = int.from_bytes(packed[:4], "little")
        return cls(words, exact, bands, values[:count], values[count:])


def fingerprints(texts: Sequence[str]) -> list[Fingerprint]:
    """Return the fingerprint of each text, in order."""
    parts = [_parts(text) for text in texts]
    keys = _bands([shingles for _, shingles, _ in parts])
    return [
        Fingerprint(len(words), _exact(words), tuple(key.tolist()) if len(shingles) else (), shingles, figures)
        for (words, shingles, figures), key in zip(parts, keys, strict=True)
    ]


def words_of(text: str) -> list[str]:
    """Return the words of `text` as they are compared: without case, punctuation, soft hyphens and widths."""
    return _WORD.findall(_UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold()))


def _parts(text: str) -> tuple[Hashes, Hashes, Hashes]:
    tokens = words_of(text)
    words = np.fromiter(map(crc32, map(str.encode, tokens)), dtype=np.uint64, count=len(tokens))
    is_figure = np.fromiter(map(str.isdecimal, tokens), dtype=bool, count=len(tokens))
    return words, np.unique(_shingles(words)), np.unique(_figures(words, is_figure))


def _figures(words: Hashes, is_figure: NDArray[np.bool_]) -> Hashes:
    """Return each figure (lower half of the number) with the words before and after it (upper half), figures as one word."""
    blurred = np.pad(np.where(is_figure, _ODD, words), 1)
    places = np.flatnonzero(is_figure)
    around = ((blurred[places] * _ODD) ^ blurred[places + 2]) * _MIX
    figures: Hashes = (around & _UPPER) | words[places]
    return figures


def _shingles(words: Hashes) -> Hashes:
    if len(words) < _ROWS:
        return words[:0]
    mixed = words[:-2] * _ODD
    mixed = (mixed ^ (mixed >> np.uint64(29)) ^ words[1:-1]) * _MIX
    mixed = (mixed ^ (mixed >> np.uint64(31)) ^ words[2:]) * _ODD
    return mixed ^ (mixed >> np.uint64(32))


def _exact(words: Hashes) -> int:
    mixed = np.uint64(len(words))
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(len(words), _ODD, dtype=np.uint64))
        mixed += np.sum((words + np.uint64(1)) * powers, dtype=np.uint64)
    return int(mixed.view(np.int64))


def _bands(shingles: Sequence[Hashes]) -> NDArray[np.int64]:
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in shingles]))).astype(np.uint64)
    flat = np.concatenate(shingles) if shingles else np.empty(0, dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, BANDS * _ROWS, _SEED)
    rows = np.array(matrix.to_rows(), dtype=np.uint64).reshape(len(shingles), BANDS, _ROWS)
    key = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), rows.shape[:2])
    for row in range(_ROWS):
        key = (key ^ rows[:, :, row]) * _ODD
        key = key ^ (key >> np.uint64(29))
    return np.ascontiguousarray(key).view(np.int64)
