"""Phrases in one automaton, and where they stand in a text, in the forms of its language.

A phrase must stand as words of its own; endings of the language are allowed, and plurals of Romance languages where the
phrase says that it is in one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipeline.config.models import Phrase
from pipeline.enrich import romance
from pipeline.enrich.folding import Folded, begins_word, fold, is_dense, tail
from pipeline.enrich.inflection import Form, forms

# Plurals and adjectives, which `inflection` leaves out: after a phrase as it is written, after a Polish or Czech stem.
_ENDINGS = frozenset(
    "s e es en n er ern em ens ne nes nen in innen ien x ów om ami ach u a y i ę ą ie".split()  # noqa: SIM905 - a table
)
_SHORT_ENDINGS = frozenset({"s", "e", "en", "n", "es"})
_WEST_SLAVIC_ENDINGS = frozenset({"y", "i", "e", "a", "ów", "om", "ami", "ach", "ych", "ich", "ym", "im", "ymi", "imi"})
_WEST_SLAVIC = frozenset({"pl", "cs", "sk"})
_LONGEST_CYRILLIC_ENDING = 3
_SURE_STEM = 4


class Found(NamedTuple):
    """A phrase at a place in a text; `likeness` says how many of its letters stand there, from the start."""

    target: int
    words: str
    start: int
    end: int
    likeness: int


class _Use(NamedTuple):
    """A phrase at one of its stems; `exact` is the stem in the letter case that it must have."""

    target: int
    phrase: Phrase
    words: str
    folded: str
    form: Form
    exact: str | None


class Phrases:
    """Phrases with a number each, its target, ready to be found."""

    def __init__(self, phrases: Iterable[tuple[int, Phrase]], languages: Collection[str]) -> None:
        uses: dict[str, list[_Use]] = defaultdict(list)
        for target, phrase in phrases:
            for words in (phrase.phrase, *phrase.also):
                for use in _uses(target, phrase, words, languages):
                    uses[use.form.stem].append(use)
        self._uses = tuple(uses.values())
        self._automaton = AhoCorasick(list(uses), store_patterns=False)

    def find(self, text: Folded, language: str | None) -> Iterator[Found]:
        """Yield every place where a phrase stands, overlapping ones too."""
        for number, start, end in self._automaton.find_matches_as_indexes(text.text, overlapping=True):
            # Most that is found is of other languages, or in the middle of a word.
            spoken = [use for use in self._uses[number] if _speaks(use.phrase, language)]
            if not spoken or not begins_word(text.text, start):
                continue
            rest = tail(text.text, end)
            for use in spoken:
                if _fits(use, text.raw[start:end], rest, language):
                    covered = end if is_dense(text.text[end - 1]) else end + len(rest)
                    yield Found(use.target, use.words, start, covered, common(use.folded, text.text[start:covered]))


def common(left: str, right: str) -> int:
    """Return how many letters the two have in common from the start."""
    if right.startswith(left):
        return len(left)
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return len(right)


def _uses(target: int, phrase: Phrase, words: str, languages: Collection[str]) -> Iterator[_Use]:
    inflect = phrase.inflect and not phrase.case
    folded = fold(words)
    for form in _forms(words, phrase, languages):
        yield _Use(target, phrase, words, folded, form, words[: len(form.stem)] if phrase.case else None)
    if inflect:
        romanic = {language for language in phrase.languages if language in romance.LANGUAGES}
        several = {plural for language in romanic for plural in romance.plurals(folded, language)}
        for plural in sorted(several):
            for form in forms(plural, inflect=False):
                yield _Use(target, phrase, words, plural, form, None)


def _forms(words: str, phrase: Phrase, languages: Collection[str]) -> list[Form]:
    spoken = [language for language in languages if not phrase.languages or language in phrase.languages]
    found = forms(words, inflect=phrase.inflect and not phrase.case, languages=spoken)
    return [form for form in found if len(form.stem) > 1]


def _fits(use: _Use, written: str, rest: str, language: str | None) -> bool:
    """Say whether the phrase may stand as `written` with `rest` behind it, up to the end of the word."""
    if use.exact is not None and written != use.exact:
        return False
    whole = len(written) == len(use.folded)
    if whole and (not rest or is_dense(written[-1])):
        return True
    if not use.phrase.inflect:
        return False
    if use.exact is not None or len(use.folded) <= 3:
        return whole and rest == "s"
    return rest in use.form.allowed(language) or _ends(use, rest, language, whole=whole)


def _ends(use: _Use, rest: str, language: str | None, *, whole: bool) -> bool:
    """Say whether `rest` is an ending that `inflection` does not know, such as a plural's."""
    stem = use.form.stem
    if rest[:1] >= "\u0400":
        return len(rest) <= _LONGEST_CYRILLIC_ENDING and len(stem) >= _SURE_STEM
    if whole and rest in (_ENDINGS if len(stem) > 4 else _SHORT_ENDINGS):
        return True
    return language in _WEST_SLAVIC and len(stem) >= _SURE_STEM and rest in _WEST_SLAVIC_ENDINGS


def _speaks(phrase: Phrase, language: str | None) -> bool:
    return not phrase.languages or language in phrase.languages
