"""Which forms may a name take in a text? German genitives, Slavic cases, German adjectives in front.

A form is a stem and the endings it may take, by the language of the text, so that one stem stands for many forms.
Stems and endings are folded (`folding.fold`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pipeline.enrich.folding import fold, is_dense
from pipeline.enrich.paradigms import CYRILLIC, IRREGULAR, WEST_SLAVIC, Row

Endings = Mapping[str, frozenset[str]]
ANY_LANGUAGE = ""

_BARE = frozenset({""})
_NOTHING: frozenset[str] = frozenset()
_EXACT: Endings = {ANY_LANGUAGE: _BARE}
_GENITIVE_LANGUAGES = ("de", "nl", "sv", "da", "no", "nb", "lb")
WEST_SLAVIC_LANGUAGES = ("pl", "cs", "sk")
# A noun behind an adjective is a common one: des Schwarzen Meeres, des Weißen Hauses.
_COMMON_NOUN = frozenset({"", "s", "es"})
_ADJECTIVE = re.compile(r"(.{3,})(e|er|es)")
# A name with one of these words is in another language, and Polish and Czech leave it as it is.
_FOREIGN = frozenset(
    (  # noqa: SIM905 - a table
        "of the and for in für der die das den des und im von zu & du la le les et di del della van het"
    ).split()
)
_LONGEST_PHRASE = 5
# Other names of several words are in other languages mostly and stay as they are in Polish, Czech and Slovak texts; their
# forms would be most of all forms, at a hundred megabytes.
_WEST = re.compile(
    "[ąćęłńśźżčďěňřšťůžľĺŕ]|(?:wo|cja|ego) |"
    r"(?:s[kz]i|ska|skie|c[kz]i|cka|ckie|[czrw]n[aey]|ow[aey]|lna|lne|lny|ný|ná|né|ský|ská|ské)(?: |$)"
)
# A shorter stem stands in so many words that looking at each costs more than writing the forms out.
_SHORTEST_STEM = 3


class Form(NamedTuple):
    """A stem, and the endings that it may take by language; `ANY_LANGUAGE` holds for languages that have no own."""

    stem: str
    endings: Endings

    def allowed(self, language: str | None) -> frozenset[str]:
        """Return the endings in a text in `language`."""
        return self.endings.get(language or ANY_LANGUAGE) or self.endings[ANY_LANGUAGE]


def forms(name: str, *, inflect: bool = True, whole: bool = False, languages: Collection[str] = ()) -> list[Form]:
    """Return the forms in which `name` may stand in a text; the first one covers the name as it is written.

    `languages` are those that texts may be in; forms of other languages are left out. A `whole` name, such as a
    person's or a city's, takes endings at all its capitalised words, and all in the same case.
    """
    folded = fold(name)
    if not inflect or is_dense(folded[-1:]) or _is_abbreviation(name):
        return [Form(folded, _EXACT)]
    words = folded.split(" ")
    if len(words) > _LONGEST_PHRASE:
        return [Form(folded, _genitive(folded))]
    fixed = frozenset(place for place, word in enumerate(name.split(" ")) if _stays(word, whole=whole))
    if any("а" <= letter <= "я" or letter in "іїєґ" for letter in folded):
        return _slavic(words, CYRILLIC, fixed, ("",), whole=whole)
    west = tuple(language for language in WEST_SLAVIC_LANGUAGES if language in languages)
    found = [Form(folded, _genitive(folded))]
    if west and (whole or (_FOREIGN.isdisjoint(words) and (len(words) < 2 or _WEST.search(folded)))):
        found += _slavic(words, WEST_SLAVIC, fixed, west, whole=whole)
    if "de" in languages and not whole and len(words) > 1:
        found += _adjectives(words)
    return found


def forget() -> None:
    """Let go of what was remembered of words while many names were declined, tens of megabytes."""
    _decline.cache_clear()
    _limited.cache_clear()


def _is_abbreviation(name: str) -> bool:
    return len(name) <= 5 and name.isupper()


def _stays(word: str, *, whole: bool) -> bool:
    return word.isupper() or (whole and not word[:1].isupper())


@lru_cache(maxsize=64)
def _genitive_endings(*, plain: bool, long: bool) -> Endings:
    if not plain:
        return _EXACT
    german = frozenset({"", "s", "es"}) if long else frozenset({"", "s"})
    return {ANY_LANGUAGE: _BARE} | dict.fromkeys(_GENITIVE_LANGUAGES, frozenset({"", "s"})) | {"de": german}


def _genitive(folded: str) -> Endings:
    return _genitive_endings(plain=folded[-1:].isalpha() and folded[-1] not in "sxzß", long=len(folded) > 6)


def _adjectives(words: list[str]) -> Iterator[Form]:
    if match := _ADJECTIVE.fullmatch(words[0]):
        rest = " ".join(words[1:])
        for ending in {"e", "er", "es", "en", "em"} - {match[2]}:
            yield Form(f"{match[1]}{ending} {rest}", _german_only(_COMMON_NOUN))


@lru_cache(maxsize=64)
def _german_only(endings: frozenset[str]) -> Endings:
    return {ANY_LANGUAGE: _NOTHING, "de": endings}


@lru_cache(maxsize=4096)
def _limited(endings: frozenset[str], languages: tuple[str, ...]) -> Endings:
    if languages == (ANY_LANGUAGE,):
        return {ANY_LANGUAGE: endings}
    return {ANY_LANGUAGE: _NOTHING} | dict.fromkeys(languages, endings)


def _slavic(
    words: list[str], table: tuple[Row, ...], fixed: frozenset[int], languages: tuple[str, ...], *, whole: bool
) -> list[Form]:
    """Decline the first words in agreement: all of them, and (but in a whole name) also fewer, as complements stay."""
    collected: dict[str, set[str]] = defaultdict(set)
    collected[" ".join(words)] = {""}
    for declined in range(len(words) if whole else 1, len(words) + 1):
        parts = [_decline(word, table, fixed=place in fixed or place >= declined) for place, word in enumerate(words)]
        for case in range(6):
            heads = product(*([stem + ending for ending in cases[case]] for stem, cases in parts[:-1]))
            stem, cases = parts[-1]
            for head in heads:
                collected[" ".join((*head, stem))].update(cases[case])
    return list(_long_enough(collected, languages))


def _long_enough(collected: Mapping[str, set[str]], languages: tuple[str, ...]) -> Iterator[Form]:
    for stem, endings in collected.items():
        if len(stem) >= _SHORTEST_STEM:
            yield Form(stem, _limited(frozenset(endings), languages))
        else:
            yield from (Form(stem + ending, _limited(_BARE, languages)) for ending in endings)


@lru_cache(maxsize=65536)
def _decline(word: str, table: tuple[Row, ...], *, fixed: bool) -> tuple[str, tuple[tuple[str, ...], ...]]:
    if fixed or len(word) < 3 or not word[-1].isalpha():
        return word, (("",),) * 6
    if word in IRREGULAR:
        return "", IRREGULAR[word]
    if table is CYRILLIC and word[-1] == "о" and len(word) < 5:
        return word, (("",),) * 6
    for suffix, kept, cases in table:
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            return word[: len(word) - len(suffix)] + kept, cases
    return word, (("",),) * 6
