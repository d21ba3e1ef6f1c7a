"""The parts of the spaCy pipeline: a tokenizer that cuts as the model does, and the component that finds names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from xx_wirewatch_news.recogniser import FILES, Name, Recogniser
from xx_wirewatch_news.words import words


@registry.tokenizers("xx_wirewatch_news.words.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], WordTokenizer]:
    """Return what makes the tokenizer of a pipeline."""
    return lambda nlp: WordTokenizer(nlp.vocab)


class WordTokenizer:
    """Cuts a text into the words that the model labels; every character stays, white space as tokens of its own."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return `text` as a `Doc`."""
        cut: list[str] = []
        spaces: list[bool] = []
        at = 0
        for word in [*words(text), None]:
            between = text[at : word.start if word else len(text)]
            if between.startswith(" ") and cut and not spaces[-1]:
                spaces[-1] = True
                between = between[1:]
            if between:
                cut.append(between)
                spaces.append(False)
            if word:
                cut.append(text[word.start : word.end])
                spaces.append(False)
                at = word.end
        return Doc(self._vocab, words=cut, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: there is no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> WordTokenizer:
        """Return the tokenizer."""
        return self

    def to_disk(self, _path: Path, **_: object) -> None:
        """Write nothing: there is no state."""

    def from_disk(self, _path: Path, **_: object) -> WordTokenizer:
        """Return the tokenizer."""
        return self


@Language.factory(
    "wirewatch_news_names", assigns=["doc.ents"], default_config={"threads": 0}, default_score_weights={"ents_f": 1.0}
)
def make_component(nlp: Language, name: str, threads: int) -> NewsNames:  # noqa: ARG001 - spaCy's signature
    """Return the component; the model comes by `from_disk`."""
    return NewsNames(threads)


class NewsNames:
    """Sets `doc.ents` to people (PER), organisations (ORG) and places (LOC). `threads`: cores a call may use; 0: all."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._folder: Path | None = None
        self._recogniser: Recogniser | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in one text."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Find the names in many texts, a batch at a time: texts of one length go through the encoder together."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            for doc, names in zip(batch, self._find([doc.text for doc in batch]), strict=True):
                spans = (doc.char_span(one.start, one.end, one.label, alignment_mode="expand") for one in names)
                doc.set_ents([span for span in spans if span is not None])
                yield doc

    def _find(self, texts: list[str]) -> list[list[Name]]:
        if self._recogniser is None:
            raise ValueError("the component has no model yet: spacy.load('xx_wirewatch_news') gives it one")
        return self._recogniser.find(texts)

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Write the model's files into a folder."""
        if self._folder is None:
            raise ValueError("the component has no model yet")
        Path(path).mkdir(parents=True, exist_ok=True)
        for name in (*FILES, "checksums.json"):
            shutil.copyfile(self._folder / name, Path(path) / name)

    def from_disk(self, path: str | Path, **_: object) -> NewsNames:
        """Read the model's files from a folder. Raises `DamagedModel`."""
        self._folder = Path(path)
        self._recogniser = Recogniser(self._folder, threads=self._threads)
        return self
