"""Finds names: words → pieces → encoder → labels → names.

The encoder is multilingual-e5-small (Wang et al. 2024, MIT licence), fine-tuned to label words; onnxruntime runs it with
8-bit weights. The embeddings of its pieces are in 4-bit blocks, as they were when it was trained.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import sentencepiece
from numpy.typing import NDArray

from xx_wirewatch_news.words import MARK, Word, sentence_ends, words, written

FILES = ("encoder.onnx", "embeddings.npy", "pieces.model", "labels.json")
_CHECKSUMS = "checksums.json"
_WINDOW = 160
"""Pieces that the encoder sees at once: a few sentences, which is what it was trained on."""
_OVERLAP = 24
_BATCH = 2_048
_BEGIN, _PAD, _END, _UNKNOWN = range(4)
_BLOCK, _BLOCK_BYTES = 32, 18
_PIECES_A_WORD = 16


class DamagedModel(Exception):
    """A file of the model is missing or is not what it was when the package was made."""


class Name(NamedTuple):
    """A name by its offsets in the text; `label` is PER, ORG or LOC."""

    start: int
    end: int
    label: str


class _Window(NamedTuple):
    text: int
    first: int
    pieces: list[int]
    heads: list[int]
    """At which piece each word begins."""
    own: tuple[int, int]
    """Which of the words are told from here; the others overlap with a neighbour."""


class Recogniser:
    """The model; safe to share between threads. `threads` is how many cores one call may use; 0: all.

    Raises `DamagedModel`.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        _check(folder)
        kept = json.loads((folder / "labels.json").read_text("utf-8"))
        self._labels: list[str] = kept["labels"]
        self._characters = {int(one): other for one, other in kept["characters"].items()}
        self._allowed = _transitions(self._labels)
        self._cut = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        self._embeddings = np.load(folder / "embeddings.npy", mmap_mode="r")
        self._encoder, self._threads = folder / "encoder.onnx", threads
        self._sessions: dict[int, onnxruntime.InferenceSession] = {}
        self._pieces_of = lru_cache(maxsize=100_000)(self._pieces_of_word)

    def find(self, texts: Sequence[str]) -> list[list[Name]]:
        """Return the names in each text, in order, none overlapping another."""
        found = [words(text) for text in texts]
        windows = [window for number, text in enumerate(texts) for window in self._windows(number, text, found[number])]
        labels: list[list[int]] = [[0] * len(one) for one in found]
        for window, told in self._told(windows):
            first, last = window.own
            labels[window.text][first:last] = told[first - window.first : last - window.first]
        return [list(self._names(text, one, row)) for text, one, row in zip(texts, found, labels, strict=True)]

    def _open(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        # Threads that wait in a loop for the next call would take the cores from everything else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(self._encoder, sess_options=options, providers=["CPUExecutionProvider"])

    def _scores(self, embedded: NDArray[np.float32], lengths: NDArray[np.int32]) -> NDArray[np.float32]:
        session = self._sessions.get(os.getpid())
        if session is None:
            # Threads do not live on in a forked process. A session that came along must not end there: it would wait for
            # its threads for ever. So it stays in the table; such a process ends by `os._exit`, as multiprocessing's do.
            session = self._sessions[os.getpid()] = self._open()
        (scores,) = session.run(None, {"embedded": embedded, "lengths": lengths})
        return np.asarray(scores, np.float32)

    def _pieces_of_word(self, word: str, spaced: bool) -> tuple[int, ...]:  # noqa: FBT001 - part of a key
        cut = word.translate(self._characters)
        pieces = self._cut.encode(MARK + cut if spaced else cut)[:_PIECES_A_WORD]
        return tuple(pieces) or (_UNKNOWN,)

    def _windows(self, number: int, text: str, found: Sequence[Word]) -> Iterator[_Window]:
        pieces = [self._pieces_of(written(text, word), word.spaced) for word in found]
        ends = iter([*sentence_ends(text), len(text)])
        sentence_end = next(ends, 0)
        first = last = size = 0
        cut = 0
        own = 0
        while last < len(found):
            while found[last].start >= sentence_end:
                sentence_end, cut = next(ends, len(text) + 1), last
            if size + len(pieces[last]) > _WINDOW:
                inside = cut <= first
                end = last if inside else cut
                yield _window(number, first, pieces[first:end], (own, end - _OVERLAP // 2 if inside else end))
                own = end - _OVERLAP // 2 if inside else end
                first = end - _OVERLAP if inside else end
                first, own = max(first, 0), max(own, 0)
                last, size = first, 0
                continue
            size += len(pieces[last])
            last += 1
        if own < len(found):
            yield _window(number, first, pieces[first:], (own, len(found)))

    def _told(self, windows: Sequence[_Window]) -> Iterator[tuple[_Window, list[int]]]:
        order = sorted(windows, key=lambda one: len(one.pieces))
        for group in _groups(order):
            longest = len(group[-1].pieces)
            numbers = np.full((len(group), longest), _PAD, np.int64)
            for row, one in enumerate(group):
                numbers[row, : len(one.pieces)] = one.pieces
            lengths = np.array([len(one.pieces) for one in group], np.int32)
            scores = self._scores(self._embedded(numbers), lengths)
            yield from zip(group, self._decoded(scores, group), strict=True)

    def _embedded(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of pieces, from 4-bit blocks: an fp16 scale and 32 halves of bytes, less 8 (Q4_0 of llama.cpp)."""
        known, places = np.unique(numbers, return_inverse=True)
        blocks = self._embeddings[known].reshape(len(known), -1, _BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
        halves = blocks[:, :, 2:]
        values = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
        table = (values * scales).reshape(len(known), -1)
        return np.asarray(table[places.reshape(numbers.shape)], np.float32)

    def _decoded(self, scores: NDArray[np.float32], group: Sequence[_Window]) -> list[list[int]]:
        """Return the best row of labels for each window, in which no name goes on that has not begun (Viterbi 1967)."""
        most = max(len(one.heads) for one in group)
        heads = np.zeros((len(group), most), np.int64)
        for row, one in enumerate(group):
            heads[row, : len(one.heads)] = one.heads
        at_words = np.take_along_axis(scores, heads[:, :, None], axis=1)
        best = at_words[:, 0] + self._allowed[0]
        back = np.zeros((most, len(group), len(self._labels)), np.int8)
        kept = [best]
        for word in range(1, most):
            ways = best[:, :, None] + self._allowed[None]
            back[word] = ways.argmax(1)
            best = ways.max(1) + at_words[:, word]
            kept.append(best)
        told = []
        for row, one in enumerate(group):
            label = int(kept[len(one.heads) - 1][row].argmax())
            path = [label]
            for word in range(len(one.heads) - 1, 0, -1):
                label = int(back[word, row, label])
                path.append(label)
            told.append(path[::-1])
        return told

    def _names(self, text: str, found: Sequence[Word], labels: Sequence[int]) -> Iterator[Name]:
        """Yield the names that the labels tell; none goes on behind the end of a line, and only organisations behind a slash."""
        start = end = -1
        kind = ""
        for word, label in zip(found, labels, strict=True):
            edge, _, this = self._labels[label].partition("-")
            if kind and (edge != "I" or this != kind or "\n" in text[end : word.start] or _slash(text, word, kind)):
                yield Name(start, end, kind)
                kind = ""
            if edge != "O" and not (not kind and _slash(text, word, this)):
                if not kind:
                    start, kind = word.start, this
                end = word.end
        if kind:
            yield Name(start, end, kind)


def _slash(text: str, word: Word, kind: str) -> bool:
    return kind != "ORG" and text[word.start] == "/"


def _window(number: int, first: int, pieces: Sequence[tuple[int, ...]], own: tuple[int, int]) -> _Window:
    row, heads = [_BEGIN], []
    for one in pieces:
        heads.append(len(row))
        row += one
    return _Window(number, first, [*row, _END], heads, own)


def _groups(windows: Sequence[_Window]) -> Iterator[list[_Window]]:
    group: list[_Window] = []
    for one in windows:
        if group and len(one.pieces) * (len(group) + 1) > _BATCH:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _transitions(labels: Sequence[str]) -> NDArray[np.float32]:
    """Return 0 where one label may follow another (rows: the earlier), else a large negative number."""
    allowed = np.zeros((len(labels), len(labels)), np.float32)
    for row, before in enumerate(labels):
        for column, label in enumerate(labels):
            if label.startswith("I-") and before not in {f"B-{label[2:]}", label}:
                allowed[row, column] = -1e4
    return allowed


def _check(folder: Path) -> None:
    advice = (
        "install the package xx_wirewatch_news again: pip install --force-reinstall --no-deps models/xx_wirewatch_news"
    )
    try:
        sums = json.loads((folder / _CHECKSUMS).read_text("utf-8"))
        for name in FILES:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sums[name]:
                raise DamagedModel(f"{folder / name} is not what it was when the model was made; {advice}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedModel(f"the model in {folder} is not whole ({error}); {advice}") from error
