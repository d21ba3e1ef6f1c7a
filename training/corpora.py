"""Readers of the corpora: every sentence becomes a text with the places of its names, all under one guideline.

The guideline is that of Universal NER: people without titles, organisations, places; no derivations, no parts of
compounds. What other corpora mark beyond that (GermEval's OTH, -deriv, -part; streets and routes of MobIE) is left out.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TYPES = ("PER", "ORG", "LOC")
_FINE = {
    "person": "PER",
    "org-position": None,
    "organization": "ORG",
    "organization-company": "ORG",
    "location": "LOC",
    "location-city": "LOC",
    "politician": "PER",
    "politicalparty": "ORG",
    "organisation": "ORG",
    "country": "LOC",
}
_WITH_COMMENTS = ("germeval", "uner", "wikiann", "europarl", "re3d")
_NO_SPACE_BEFORE = frozenset(",.;:!?)]}%”»’'…")
_NO_SPACE_AFTER = frozenset("([{„«¿¡")


class Sentence(NamedTuple):
    """A text with its names as (start, end, type); `corpus` and `language` say where it comes from."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    language: str
    corpus: str


def read(folder: Path, name: str) -> Iterator[Sentence]:
    """Yield the sentences of the corpus file `name` (`uner-pt-bosque-train.iob2`) in `folder`, plain or compressed."""
    path = folder / f"{name}.gz"
    content = (gzip.decompress(path.read_bytes()) if path.exists() else (folder / name).read_bytes()).decode()
    if name.startswith("smartdata"):
        yield from _smartdata(content, name)
        return
    language = _language(name)
    column = {"germeval": 2, "uner": 2, "europarl": 4, "mobie": 3}.get(
        name.split("-", maxsplit=1)[0].rstrip("2014"), -1
    )
    word = 1 if name.startswith(("germeval", "uner", "wikiann")) else 0
    for rows in _blocks(content, name):
        pairs = [(row[word], _plain(row[column])) for row in rows]
        if pairs:
            yield _joined(pairs, language, name)


def marked(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a file of marked texts: `[[Kiew|LOC]] ([[dpa|ORG]]) - …`; types we do not train are plain."""
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, names = "", []
        for piece in re.split(r"(\[\[[^\[\]|]+\|[A-Z]+(?:\|[^\[\]|]+)?\]\])", line):
            if not piece.startswith("[["):
                text += piece
                continue
            surface, kind, *_ = piece[2:-2].split("|")
            if kind in TYPES:
                names.append((len(text), len(text) + len(surface), kind))
            text += surface
        yield Sentence(text, tuple(names), path.stem.split("-")[-1], f"own-{path.stem}")


def _language(name: str) -> str:
    return next(part for part in name.split(".", maxsplit=1)[0].split("-")[1:] if len(part) == 2)


def _blocks(content: str, name: str) -> Iterator[list[list[str]]]:
    rows: list[list[str]] = []
    for line in [*content.splitlines(), ""]:
        fields = line.split("\t" if "\t" in line else None)
        if not fields:
            yield rows
            rows = []
        elif not line.startswith("-DOCSTART-") and not (line.startswith("#") and name.startswith(_WITH_COMMENTS)):
            rows.append(fields)


def _plain(tag: str) -> str:
    """Return `tag` as B-, I- or O of our types."""
    if tag in {"O", "_", "-"} or "-" not in tag:
        return "O"
    edge, kind = tag.split("-", 1)
    kind = _FINE.get(kind.lower(), kind.upper()) or "O"
    return f"{edge}-{kind}" if kind in TYPES else "O"


def _joined(pairs: list[tuple[str, str]], language: str, corpus: str) -> Sentence:
    text, names, before = "", [], ""
    open_quote = open_low = False
    for token, tag in pairs:
        quote = token in {'"', "“", "``", "''"}
        closing = quote and (open_quote or open_low)
        open_low = token == "„" or (open_low and not quote)
        tight = (
            not text
            or language == "zh"
            or token[0] in _NO_SPACE_BEFORE
            or closing
            or text[-1] in _NO_SPACE_AFTER
            or (before == '"' and open_quote)
            or token in {"'s", "n't", "’s"}
            or (token == "s" and text[-1] in "'’")
            or (text[-1] == "-" and token[:1].isupper() and not text.endswith(" -"))
        )
        start = len(text) if tight else len(text) + 1
        text += ("" if tight else " ") + token
        if quote:
            open_quote = not closing
        before = '"' if quote else token
        kind = tag[2:]
        if tag.startswith("I-") and names and names[-1][2] == kind and names[-1][3]:
            names[-1] = (names[-1][0], len(text), kind, True)
        elif tag != "O":
            names.append((start, len(text), kind, True))
        if tag == "O" and names:
            names[-1] = (*names[-1][:3], False)
    return Sentence(text, tuple((start, end, kind) for start, end, kind, _ in names), language, corpus)


def _smartdata(content: str, name: str) -> Iterator[Sentence]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(content):
        while at < len(content) and content[at] in " \t\r\n,[]":
            at += 1
        if at >= len(content):
            return
        document, at = decoder.raw_decode(content, at)
        yield from _lines(document, name)


def _lines(document: dict[str, object], name: str) -> Iterator[Sentence]:
    text = document["text"]["string"]  # type: ignore[index]
    mentions = [
        (one["span"]["start"], one["span"]["end"], _FINE.get(one["type"].lower()))
        for one in (document.get("conceptMentions") or {}).get("array", [])  # type: ignore[attr-defined]
    ]
    capital = [(start, end, kind) for start, end, kind in mentions if kind and text[start : start + 1].isupper()]
    for match in re.finditer(r"[^\r\n]+?(?:[.!?](?=\s+[A-ZÄÖÜ„\"])|(?=[\r\n])|$)", text):
        start, end = match.span()
        line = text[start:end]
        if 20 < len(line) < 600:
            inside = tuple(
                sorted(
                    {(one - start, last - start, kind) for one, last, kind in capital if start <= one and last <= end}
                )
            )
            yield Sentence(line, inside, "de", name)  # type: ignore[arg-type]
