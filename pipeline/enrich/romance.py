"""The plurals and feminines of French, Italian, Spanish and Portuguese words, which change in the middle and at the end.

Rules, no dictionary: they also make forms that no language has; these stand in no text and do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

# What stands behind one of these stays as it is: `tipo de interés` → `tipos de interés`.
_STOPS = frozenset(
    (  # noqa: SIM905 - a table
        "de del della dello dell' dei degli delle di da do dos das du des d' à au aux a al alla alle all' en in no na nos nas em "
        "para pour per por par con com avec contra contre contro sur su sobre sobre e y et ou o"
    ).split()
)
_ELISION = re.compile(r"(?:d|dell|all|l)'")
# A suffix and what may stand in its place: plurals first, then the feminines. The first suffix that fits counts.
_Rules = tuple[tuple[str, str, str], ...]


def _rules(table: str) -> _Rules:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple((suffix, plurals, feminines) for suffix, plurals, feminines in rows)


_RULES: Mapping[str, _Rules] = MappingProxyType(
    {
        "fr": _rules("""
            al aux ale|ales
            eau eaux elle|elles
            eur eurs euse|euses|rice|rices
            if ifs ive|ives
            ien iens ienne|iennes
            er ers ère|ères
            s s se|ses
            x x se|ses
            e es e
            - s e|es
        """),
        "es": _rules("""
            ión iones iona|ionas
            án anes ana|anas
            ín ines ina|inas
            ón ones ona|onas
            és eses esa|esas
            z ces za|zas
            or ores ora|oras
            o os a|as
            í íes|ís í
            s s s
            a as a
            e es e
            u us u
            i is i
            é és é
            - es a|as
        """),
        "pt": _rules("""
            ão ões|ães|ãos ã|ãs
            al ais al
            el eis el
            ol ois ol
            il is|eis il
            m ns m
            ês eses esa|esas
            or ores ora|oras
            eu eus eia|eias
            o os a|as
            s s s
            r res r
            z zes z
            l is l
            - s -
        """),
        "it": _rules("""
            ista isti|iste ista
            ca che ca
            ga ghe ga
            cia ce|cie cia
            gia ge|gie gia
            co chi|ci ca|che
            go ghi|gi ga|ghe
            io i ia|ie
            tore tori trice|trici
            o i a|e
            a e|i a
            e i e
            - - -
        """),
    }
)
LANGUAGES = frozenset(_RULES)


def plurals(phrase: str, language: str) -> Iterator[str]:
    """Yield the plurals of a folded phrase, without itself; what follows a preposition stays.

    >>> list(plurals("banco central", "es"))
    ['bancos centrales']
    """
    words = phrase.split(" ")
    until = next((place for place, word in enumerate(words) if word in _STOPS or _ELISION.match(word)), len(words))
    found = [""]
    for word in words[:until]:
        found = [f"{before} {plural}".lstrip() for before in found for plural in _ending(word, language, 1)]
    rest = " ".join(("", *words[until:]))
    yield from (written for one in found if (written := one + rest) != phrase)


def genders(word: str, language: str) -> tuple[str, ...]:
    """Return an adjective in both genders and numbers, from its masculine singular.

    >>> genders("ucraniano", "es")
    ('ucraniano', 'ucranianos', 'ucraniana', 'ucranianas')
    """
    if language not in _RULES:
        return (word,)
    return tuple(dict.fromkeys((word, *_ending(word, language, 1), *_ending(word, language, 2))))


def _ending(word: str, language: str, column: int) -> tuple[str, ...]:
    for rule in _RULES[language]:
        suffix = "" if rule[0] == "-" else rule[0]
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            stem = word[: len(word) - len(suffix)]
            return tuple(stem + ("" if ending == "-" else ending) for ending in rule[column].split("|"))
    return (word,)
