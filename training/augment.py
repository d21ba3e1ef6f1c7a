"""Change a sentence so that the model must read the context: other names, other letter case, another script."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from corpora import Sentence

_CYRILLIC_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_CYRILLIC = dict(
    zip("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж", strict=True),
)
_ARTICLE = re.compile(r"^(the|der|die|das|le|la|les|el|los)\b", re.IGNORECASE)


class Names:
    """Names to put in the place of others, by type and script, from the corpora and from a list of our own."""

    def __init__(self, sentences: Iterable[Sentence], own: Path | None) -> None:
        pool: dict[tuple[str, str], set[str]] = defaultdict(set)
        for sentence in sentences:
            for start, end, kind in sentence.names:
                surface = sentence.text[start:end]
                if len(surface) > 3 and surface[0].isupper() and "\n" not in surface:
                    pool[kind, script(surface)].add(surface)
        if own and own.exists():
            for line in own.read_text("utf-8").splitlines():
                if line and not line.startswith("#"):
                    kind, _, name = line.split("\t")
                    short = {"person": "PER", "organisation": "ORG", "place": "LOC"}.get(kind.lower(), kind)
                    pool[short, script(name)].add(name)
        self._pool = {key: sorted(names) for key, names in pool.items()}

    def another(self, kind: str, surface: str, chance: random.Random) -> str:
        """Return another name of this type in the script of `surface`, of one word or of several as that is."""
        found = self._pool.get((kind, script(surface)))
        if not found:
            return surface
        for _ in range(8):
            name = chance.choice(found)
            if (" " in name) == (" " in surface) and not _ARTICLE.match(name):
                return name
        return surface


def script(text: str) -> str:
    """Return the script of the first letter: latin, cyrillic or other."""
    first = next((character for character in text if character.isalpha()), "a")
    return "latin" if first < "\u0370" else "cyrillic" if "\u0400" <= first < "\u0530" else "other"


def replaced(sentence: Sentence, names: Names, chance: random.Random, share: float) -> Sentence:
    """Return the sentence with a share of its names replaced by others of their type."""

    def another(surface: str, kind: str) -> str:
        return names.another(kind, surface, chance) if chance.random() < share else surface

    return _changed(sentence, lambda text: text, another)


def cased(sentence: Sentence, change: str) -> Sentence:
    """Return the sentence in capitals, in small letters or with every word capitalised, name by name."""
    turn = {
        "upper": str.upper,
        "lower": str.lower,
        "title": lambda text: re.sub(r"\b\w", lambda m: m[0].upper(), text),
    }[change]
    return _changed(sentence, turn, lambda surface, _: turn(surface))


def in_cyrillic(sentence: Sentence) -> Sentence:
    """Return a Serbian or Croatian sentence in Serbian Cyrillic, which is letter for letter (Vuk Karadžić's alphabet)."""
    return _changed(sentence, _cyrillic, lambda surface, _: _cyrillic(surface))


def _changed(sentence: Sentence, turn: Callable[[str], str], turn_name: Callable[[str, str], str]) -> Sentence:
    """Return the sentence with `turn` of what stands between the names, and `turn_name` of each name and its type."""
    text, found, at = "", [], 0
    for start, end, kind in sentence.names:
        text += turn(sentence.text[at:start])
        begins = len(text)
        text += turn_name(sentence.text[start:end], kind)
        found.append((begins, len(text), kind))
        at = end
    return sentence._replace(text=text + turn(sentence.text[at:]), names=tuple(found))


def _cyrillic(text: str) -> str:
    for latin, letter in _CYRILLIC_DIGRAPHS.items():
        text = (
            text.replace(latin, letter)
            .replace(latin.capitalize(), letter.upper())
            .replace(latin.upper(), letter.upper())
        )
    return "".join(
        _CYRILLIC.get(character)
        or (_CYRILLIC.get(character.lower(), character.lower()).upper() if character.isupper() else character)
        for character in text
    )


def joined(sentences: list[Sentence]) -> Sentence:
    """Return several sentences as one text."""
    text, found = "", []
    for sentence in sentences:
        if text:
            text += "" if sentence.language == "zh" else " "
        found += [(len(text) + start, len(text) + end, kind) for start, end, kind in sentence.names]
        text += sentence.text
    return sentences[0]._replace(text=text, names=tuple(found))
