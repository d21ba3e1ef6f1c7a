"""Words at white space, for a pipeline whose own components read the text and not its tokens.

A model that needs real tokens brings its own tokenizer (`nlp.tokenizer`).
"""

from __future__ import annotations

import re

from spacy.tokens import Doc
from spacy.vocab import Vocab

_PIECE = re.compile(r"(\S+|[^\S ]+| )( ?)")


class WhiteSpaceTokenizer:
    """Splits at white space and keeps every character, so that `doc.text` is the text."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return `text` as a `Doc`."""
        pieces = _PIECE.findall(text)
        words = [word for word, _ in pieces]
        return Doc(self._vocab, words=words, spaces=[bool(space) for _, space in pieces])
