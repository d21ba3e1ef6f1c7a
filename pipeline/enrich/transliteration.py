"""How newsrooms write a Russian or Ukrainian name in their own letters: Ткаченко is Tkatschenko, Tkachenko, Tkatchenko.

Each language has its own table, as a newsroom spells by ear and not by a standard. A name that could be either Russian or
Ukrainian is written both ways. Spanish accents cannot be told from the letters and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LETTERS = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя'"
_RUSSIAN_ONLY, _UKRAINIAN_ONLY = frozenset("ыэёъ"), frozenset("іїєґ'")
_SPELLED = frozenset(_LETTERS + " -")
_LONGEST_NAME = 4


class _Rules(NamedTuple):
    """One language's letters, in the order of `_LETTERS` without `и`, `г` and `е`, and what it does at the ends of words."""

    letters: str
    russian: str = "g i e"
    ukrainian: str = "h y e"
    ends: tuple[tuple[str, str], ...] = ()


_SKI = r"с(?:ь)?к[иі]й\b"
_Y = r"[иы]й\b"
_JE, _YE = (r"\bе", "je"), (r"\bе", "ye")
# Хрущёв, mostly printed Хрущев: some languages hear an `o`, others go by the letter.
_OV, _EV = (r"(?<=[жчшщ])[её]в(?=а?\b)", "ов"), ("(?<=[жчшщ])ё", "е")
_RULES: dict[str, tuple[_Rules, ...]] = {
    "de": (
        _Rules("a b w g d je jo sch s i ji j k l m n o p r s t u f ch z tsch sch schtsch  y  e ju ja ", ends=(_OV, _JE)),
        _Rules("a b w g d je jo sch s i ji j k l m n o p r s t u f ch z tsch sch schtsch  y  e ju ja ",
               ends=(_OV, (_SKI, "ski"), (_Y, "i"), ("ей\\b", "ei"))),
    ),
    "en": (
        _Rules("a b v g d ye yo zh z i yi y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ",
               ends=(_EV, _YE, (_SKI, "sky"), (_Y, "y"), ("ей\\b", "ei"))),
        _Rules("a b v g d ie yo zh z i i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia ",
               ends=(_EV, (_SKI, "skyi"))),
    ),
    "fr": (
        _Rules("a b v g d ie io j z i ï ï k l m n o p r s t ou f kh ts tch ch chtch  y  e iou ia ",
               ends=(_EV, ("г(?=[еи])", "gu"), (_SKI, "ski"), (_Y, "i"), (r"ій\b", "iy"), (r"ин\b", "ine"))),
    ),
    "nl": (
        _Rules("a b v g d je jo zj z i ji j k l m n o p r s t oe f ch ts tsj sj sjtsj  y  e joe ja ",
               ends=(_OV, _JE, (_SKI, "ski"), (_Y, "i"))),
    ),
    "es": (
        _Rules("a b v g d ie io zh z i i i k l m n o p r s t u f j ts ch sh sch  i  e yu ya ", ukrainian="h i e",
               ends=(_EV, ("г(?=[еи])", "gu"), (_SKI, "ski"), (_Y, "i"))),
    ),
    "pl": (
        _Rules("a b w g d je jo ż z i ji j k ł m n o p r s t u f ch c cz sz szcz  y  e ju ja ",
               ends=(_OV, _JE, (_SKI, "ski"), ("л(?=[иіьюя])", "l"))),
    ),
}  # fmt: skip
_SAME_AS_ENGLISH = ("it", "pt", "sv")
# After a consonant, Polish hears Russian `е` as `ie` and softens `л`: Miedwiediew, Lebiediew.
_POLISH_RUSSIAN = (("л(?=е)", "l"), ("(?<=[бвгґдзклмнпрстфх])е", "ie"), ("(?<=[бвгґдзклмнпрстфх])ю", "iu"))  # fmt: skip


def spellings(name: str) -> Iterator[tuple[str, str]]:
    """Yield language and spelling for a Cyrillic `name` of a person; nothing where it is neither Russian nor Ukrainian.

    >>> sorted({spelling for language, spelling in spellings("Ольга Пушкина") if language == "fr"})
    ['Olga Pouchkina', 'Olha Pouchkyna']
    """
    lower = name.lower().replace("’", "'")
    if not _SPELLED.issuperset(lower) or not 1 < len(lower.split()) <= _LONGEST_NAME:
        return
    for language, found in _RULES.items():
        written = {_capitals(_spelled(lower, rules, origin)) for rules in found for origin in _origins(lower, language)}
        for spoken in (language, *(_SAME_AS_ENGLISH if language == "en" else ())):
            yield from ((spoken, spelling) for spelling in sorted(written))


def _origins(lower: str, language: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield for each language that `lower` may be in the letters `г и е` and rules of its own."""
    rules = _RULES[language][0]
    if _UKRAINIAN_ONLY.isdisjoint(lower):
        yield rules.russian, _POLISH_RUSSIAN if language == "pl" else ()
    if _RUSSIAN_ONLY.isdisjoint(lower):
        yield rules.ukrainian, ()


def _spelled(lower: str, rules: _Rules, origin: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    own, more = origin
    for pattern, latin in (*rules.ends, *more):
        lower = re.sub(pattern, latin, lower)
    table = dict(zip((letter for letter in _LETTERS if letter not in "геи"), rules.letters.split(" "), strict=True))
    table |= dict(zip("гие", own.split(" "), strict=True))
    return "".join(table.get(letter, letter) for letter in lower)


def _capitals(latin: str) -> str:
    return re.sub(r"(?:^|(?<=[ -]))\w", lambda first: first[0].upper(), latin)
