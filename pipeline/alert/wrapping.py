"""Plain text in lines of at most 78 columns, also where a script has wide characters and no spaces. Links stay whole."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

_WIDTH = 78
_LINK = re.compile(r"\(?https?://\S+")
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]"
# A wide character takes the punctuation after it along: no line may begin with `。`.
_TOKEN = re.compile(rf"\s+|\(?https?://\S+|{_WIDE}[、。，．：；！？」』）》]*|(?:(?!{_WIDE})\S)+")


def wrap(text: str, indent: str = "") -> str:
    """Return `text` as lines of at most 78 columns; lines after the first begin with `indent`."""
    lines, line, taken = [], "", 0
    for token in _tokens(text):
        if line.strip() and taken + columns(token.rstrip()) > _WIDTH:
            lines.append(line.rstrip())
            line = indent + token.lstrip()
            taken = columns(line)
        else:
            line += token
            taken += columns(token)
    return "\n".join([*lines, line.rstrip()])


def columns(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _tokens(text: str) -> list[str]:
    """The stretches between which a line may break; a word that no line can hold comes in parts."""
    tokens: list[str] = []
    longest = _WIDTH // 2 - 4
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word.isspace():
            tokens.append(" ")
        elif len(word) <= longest or _LINK.match(word):
            tokens.append(word)
        else:
            tokens += [word[at : at + longest] for at in range(0, len(word), longest)]
    return tokens
