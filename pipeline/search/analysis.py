"""How text becomes words, alike when articles are written and when they are searched for.

Every text is folded: lower case, no accents, Russian yo as ye, one word for each Chinese or Japanese character (so
that any part of a sentence can be found as a phrase). German and English are stemmed as well. German
stems and names also take ä and ae, ö and oe, ü and ue for one, so that Müller, Mueller and Muller meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import tantivy

STEMMED = {"de": "german", "en": "english"}
FOLDED, NAMES, KEYWORD = "folded", "names", "keyword"
_LONGEST_WORD = 64  # bytes; longer ones are no words, and cost room
_LONGEST_KEYWORD = 2_000
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPECIAL = re.compile(f"[\u0300-\u036f\u0401\u0451\u0490\u0491\u02bc{CJK}]")
_ALONE = re.compile(f"([{CJK}])")
_DIGRAPHS = [(small + e, small) for small in "aoAO" for e in "eE"]
_UE = [(re.compile(rf"{small}(?<![aeiouyqAEIOUYQ]{small})[eE]"), small) for small in "uU"]
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_LETTERS = list(zip("\u0451\u0401\u0491\u0490\u02bc", "\u0435\u0415\u0433\u0413'", strict=True))
_COMBINING = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Analyser:
    """One way to make words of a text. `prepare` comes before tantivy's own filters, for articles and queries."""

    prepare: Callable[[str], str]
    tokenise: Callable[[str], list[str]]

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of `text` in the form in which they stand in the index."""
        return tuple(self.tokenise(self.prepare(text)))


def unaccented(text: str) -> str:
    """Return `text` with what tantivy's own filters cannot fold already folded."""
    if text.isascii() or not _SPECIAL.search(text):
        return text
    for letter, folded in _LETTERS:
        text = text.replace(letter, folded)
    return " ".join(_ALONE.split(_COMBINING.sub("", text)))


def without_digraphs(text: str) -> str:
    """Return `text` unaccented, and with ae, oe and ue as a, o and u (as Lucene's German normalisation does)."""
    text = unaccented(text)
    # Plain replacements where they do: this runs over every text several times.
    for pattern, letter in _UE:
        text = pattern.sub(letter, text)
    for digraph, letter in _DIGRAPHS:
        text = text.replace(digraph, letter)
    return text


def umlauts_spelt_out(text: str) -> str:
    """Return `text` with ä, ö and ü as ae, oe and ue."""
    return text.translate(_UMLAUTS)


def analysers() -> dict[str, Analyser]:
    """Return the analysers by name: `folded`, `names`, `keyword` and the stemmed languages `de` and `en`."""
    preparations: dict[str, Callable[[str], str]]
    preparations = {FOLDED: unaccented, NAMES: without_digraphs, KEYWORD: str, "en": unaccented, "de": without_digraphs}
    return {name: Analyser(preparations[name], analyser.analyze) for name, analyser in _tantivy_analysers().items()}


def register(index: tantivy.Index) -> None:
    """Make the analysers known to `index`. Facets count values as they were written, whatever the analyser."""
    for name, analyser in _tantivy_analysers().items():
        index.register_tokenizer(name, analyser)
        index.register_fast_field_tokenizer(name, _raw(lower=False))
    index.register_fast_field_tokenizer("raw", _raw(lower=False))


def _tantivy_analysers() -> dict[str, tantivy.TextAnalyzer]:
    stems = {code: _folding().filter(tantivy.Filter.stemmer(name)).build() for code, name in STEMMED.items()}
    return {FOLDED: _folding().build(), NAMES: _folding().build(), KEYWORD: _raw(lower=True), **stems}


def _folding() -> tantivy.TextAnalyzerBuilder:
    filters = (tantivy.Filter.remove_long(_LONGEST_WORD), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold())
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in filters:
        builder = builder.filter(each)
    return builder


def _raw(*, lower: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(_LONGEST_KEYWORD))
    return (builder.filter(tantivy.Filter.lowercase()) if lower else builder).build()
