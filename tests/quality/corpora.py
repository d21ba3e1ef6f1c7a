"""Public corpora with marked names, from the folder that `WIREWATCH_CORPORA` names; they are no part of the repository.

Labels are brought to PER, ORG and LOC; what is none of these (products, events, GermEval's derivations and parts) is
left out. Tokens are set as a typesetter would, since the pipeline reads text and not tokens. Some corpora are also
trained on, so their figures flatter: which ones, the model's card says.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.quality.scoring import LABELS, Span

Token = tuple[str, str]
"""A word and its tag."""

_SAME = {label: label for label in LABELS}
_CROSSNER = {
    "politician": "PER", "person": "PER", "politicalparty": "ORG", "organisation": "ORG", "country": "LOC", "location": "LOC",
}  # fmt: skip
_SMARTDATA = {
    "person": "PER", "organization": "ORG", "organization-company": "ORG", "location": "LOC", "location-city": "LOC",
    "location-street": "LOC", "location-stop": "LOC",
}  # fmt: skip


class MarkedText(NamedTuple):
    """A text and the names in it."""

    text: str
    names: frozenset[Span]


class Corpus(NamedTuple):
    """A corpus, its language, its files (plain or with `.gz`), and how one is read."""

    name: str
    language: str
    files: tuple[str, ...]
    read: Callable[[str], Iterator[MarkedText]]

    def missing(self, folder: Path) -> list[str]:
        """Return which of its files `folder` lacks."""
        return [file for file in self.files if _file(folder, file) is None]

    def texts(self, folder: Path) -> Iterator[MarkedText]:
        """Yield its texts from `folder`, which has all of its files."""
        for file in self.files:
            path = _file(folder, file)
            assert path is not None, file
            content = path.read_bytes()
            yield from self.read((gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8"))


def read_germeval(content: str) -> Iterator[MarkedText]:
    """Number, word, outer tag, inner tag."""
    for block in _blocks(content):
        yield typeset([(row[1], row[2]) for row in block if not row[0].startswith("#")], _SAME)


def read_universal(content: str) -> Iterator[MarkedText]:
    """Number, word, tag, with the sentence as `# text = ` above."""
    for block in _blocks(content):
        text = next((row[0].partition("=")[2] for row in block if re.match(r"#\s*text\s*=", row[0])), "")
        tokens = [(row[1], row[2]) for row in block if not row[0].startswith("#")]
        yield aligned(text.strip(), tokens, _SAME) or typeset(tokens, _SAME)


def read_crossner(content: str) -> Iterator[MarkedText]:
    """Word, tag."""
    for block in _blocks(content):
        yield typeset([(row[0], row[-1]) for row in block], _CROSSNER)


def read_wikigold(content: str) -> Iterator[MarkedText]:
    """Word, tag; neighbours of one kind are one name."""
    for block in _blocks(content, separator=" "):
        if block[0][0] != "-DOCSTART-":
            yield typeset([(row[0], row[-1]) for row in block], _SAME)


def read_smartdata(content: str) -> Iterator[MarkedText]:
    """JSON documents one after another; offsets count UTF-16 units."""
    decoder, position = json.JSONDecoder(), 0
    while found := re.compile(r"\S").search(content, position):
        document, position = decoder.raw_decode(content, found.start())
        if document["text"]:
            yield _document(document["text"]["string"], (document["conceptMentions"] or {}).get("array", ()))


UNIVERSAL = ("da-ddt", "en-ewt", "hr-set", "pt-bosque", "sk-snk", "sr-set", "sv-talbanken", "zh-gsd")
CORPORA = (
    Corpus("germeval2014-de dev", "de", ("germeval2014-de-dev.tsv",), read_germeval),
    Corpus("smartdata-de test", "de", ("smartdata-de-test.json",), read_smartdata),
    Corpus("wikigold-en", "en", ("wikigold-en.conll",), read_wikigold),
    Corpus(
        "crossner-politics-en", "en", ("crossner-politics-en-dev.txt", "crossner-politics-en-test.txt"), read_crossner
    ),
    *(Corpus(f"uner-{name} dev", name[:2], (f"uner-{name}-dev.iob2",), read_universal) for name in UNIVERSAL),
)


def typeset(tokens: Iterable[Token], labels: Mapping[str, str]) -> MarkedText:
    """Return tokens as a text, with spaces where a typesetter sets them."""
    pieces: list[str] = []
    bounds: list[tuple[int, int, str]] = []
    length, glue, quoted = 0, True, False
    for word, tag in ((unicodedata.normalize("NFC", word), tag) for word, tag in tokens):
        closing = word == '"' and quoted
        if not (glue or closing or re.fullmatch(r"[.,;:!?…)\]}%’”“]+|'s|n't|'(?:re|ve|ll|d|m)", word)):
            pieces.append(" ")
            length += 1
        bounds.append((length, length + len(word), tag))
        pieces.append(word)
        length += len(word)
        glue = (word == '"' and not quoted) or word in {"(", "[", "{", "„", "‘", "«", "$", "€", "£"}
        quoted ^= word == '"'
    return MarkedText("".join(pieces), names_of(bounds, labels))


def aligned(text: str, tokens: Iterable[Token], labels: Mapping[str, str]) -> MarkedText | None:
    """Return the sentence as it was printed, or None if it does not hold all the tokens."""
    text = unicodedata.normalize("NFC", text)
    bounds, position = [], 0
    for word, tag in ((unicodedata.normalize("NFC", word), tag) for word, tag in tokens):
        start = text.find(word, position)
        if start < 0:
            return None
        position = start + len(word)
        bounds.append((start, position, tag))
    return MarkedText(text, names_of(bounds, labels))


def names_of(bounds: Iterable[tuple[int, int, str]], labels: Mapping[str, str]) -> frozenset[Span]:
    """Return the names that tags (`B-PER`, `I-PER`, `O`) mark; an `I-` after something else begins one, too."""
    names: list[tuple[int, int, str]] = []
    before = "O"
    for start, end, tag in bounds:
        prefix, _, kind = tag.partition("-")
        if kind and prefix == "I" and before == kind:
            names[-1] = (names[-1][0], end, kind)
        elif kind:
            names.append((start, end, kind))
        before = kind or "O"
    return frozenset((start, end, labels[kind]) for start, end, kind in names if kind in labels)


def _document(text: str, mentions: Iterable[Mapping[str, object]]) -> MarkedText:
    units = text.encode("utf-16-le")
    names = set()
    for mention in mentions:
        span, label = mention["span"], _SMARTDATA.get(str(mention["type"]))
        assert isinstance(span, dict)
        if label is None:
            continue
        start, end = (len(units[: 2 * span[edge]].decode("utf-16-le", "ignore")) for edge in ("start", "end"))
        name = text[start:end]
        names.add((start + len(name) - len(name.lstrip()), start + len(name.rstrip()), label))
    return MarkedText(text.replace("\r\n", " \n"), frozenset(names))


def _blocks(content: str, separator: str = "\t") -> Iterator[list[list[str]]]:
    """Yield the rows of each sentence, split into columns; an empty line ends a sentence."""
    for block in re.split(r"\n[ \t]*\n", content.replace("\r\n", "\n").strip("\n")):
        rows = [row.split(separator) for row in block.split("\n") if row.strip()]
        if any(not row[0].startswith("#") for row in rows):
            yield rows


def _file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)
