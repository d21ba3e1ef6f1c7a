"""Statistical models of names: spaCy packages, one for a language or one for all.

Our own `xx_wirewatch_news` reads some twenty languages. A package of one's own, such as an official `de_core_news_lg`,
may take its place for a language. Only the parts of a package that find names are run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import spacy
import structlog
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import is_package

from pipeline.article import Kind
from pipeline.enrich.findings import Component, Findings, findings
from pipeline.enrich.names import Known, Match, Terms
from pipeline.errors import ConfigError

OWN = "xx_wirewatch_news"
ANY = "*"
NONE = "none"
_KINDS = {
    **dict.fromkeys(("PER", "PERSON", "PRS", "persName"), Kind.PERSON),
    **dict.fromkeys(("ORG", "orgName", "ORGANIZATION"), Kind.ORGANISATION),
    **dict.fromkeys(("LOC", "GPE", "FAC", "GPE_LOC", "geogName", "placeName"), Kind.PLACE),
    **dict.fromkeys(("PRODUCT", "PROD"), Kind.PRODUCT),
    **dict.fromkeys(("EVENT", "EVT"), Kind.EVENT),
}
"""Labels of the official packages (spacy.io/models); others, such as dates, numbers and nationalities, are no names."""
_NOT_FOR_NAMES = frozenset(
    {"tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer", "textcat"}
)
_LONGEST = 50_000
"""Characters of a text that a model reads: a few dozen pages. What comes behind is read by the catalogue alone."""
_BATCH = 64


class Span(NamedTuple):
    """A name that a model saw, by its offsets in the text."""

    start: int
    end: int
    kind: Kind


class NameModels:
    """Packages by language (`de`, or `*` for all others), each loaded when a text first needs it.

    `threads` is how many cores our own model may use; 0: all. Raises `ConfigError` for a package that is not installed.
    """

    def __init__(self, packages: Mapping[str, str], *, threads: int = 0) -> None:
        self._packages = {language: name for language, name in packages.items() if name != NONE}
        self._threads = threads
        self._loaded: dict[str, Language] = {}
        missing = sorted({name for name in self._packages.values() if not is_package(name)})
        if OWN in missing:
            hint = "install it beside Wirewatch: pip install --no-deps ./models/xx_wirewatch_news"
            structlog.get_logger().warning("names are found by the catalogue alone: no model", package=OWN, hint=hint)
            missing.remove(OWN)
            self._packages = {language: name for language, name in self._packages.items() if name != OWN}
        if missing:
            hint = f"install it where Wirewatch runs, such as: python -m spacy download {missing[0]}"
            named = ", ".join(f"`{name}`" for name in missing)
            raise ConfigError(f"`WIREWATCH_NLP_MODELS`: {named} is not installed", hint=hint)

    def find(self, texts: Sequence[tuple[str, str | None]]) -> list[list[Span]]:
        """Return the names in each text, given with its language."""
        found: list[list[Span]] = [[] for _ in texts]
        groups: dict[str, list[int]] = defaultdict(list)
        for number, (_, language) in enumerate(texts):
            package = self._packages.get(language or ANY) or self._packages.get(ANY)
            if package:
                groups[package].append(number)
        for package, numbers in groups.items():
            nlp = self._load(package)
            with nlp.memory_zone():
                docs = nlp.pipe(texts[number][0][:_LONGEST] for number in numbers)
                for number, doc in zip(numbers, docs, strict=True):
                    found[number] = list(_spans(doc))
        return found

    def _load(self, package: str) -> Language:
        if package not in self._loaded:
            config = {"components": {"names": {"threads": self._threads}}} if package == OWN else {}
            nlp = spacy.load(package, disable=_NOT_FOR_NAMES, config=config)
            nlp.max_length = 10**9
            self._loaded[package] = nlp
        return self._loaded[package]


class NamesComponent(Component):
    """The step that asks the models, many texts at a time: that is several times as fast as one by one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._models: NameModels | None = None

    def ask(self, models: NameModels) -> None:
        """Say which models to ask; without any, the component does nothing."""
        self._models = models

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in one text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """Find the names in many texts."""
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, _BATCH))):
            known = [findings(doc) for doc in batch]
            for found, spans in zip(known, self._seen(known), strict=True):
                raw = found.folded.raw
                found.matches.extend(
                    Match(one.start, one.end, Known(None, raw[one.start : one.end], one.kind), Terms()) for one in spans
                )
            yield from batch

    def _seen(self, known: Sequence[Findings]) -> list[list[Span]]:
        if self._models is None:
            return [[] for _ in known]
        return self._models.find([(found.folded.raw, found.language) for found in known])


def _spans(doc: Doc) -> Iterator[Span]:
    for name in doc.ents:
        kind = _KINDS.get(name.label_)
        if kind and any(letter.isalpha() for letter in name.text):
            yield Span(name.start_char, name.end_char, kind)
