"""Who is meant by a name that no list has: an id made from the name alone, the same in every article and on every machine.

`name-person-olen-tkasenk` stands for Olena Tkachenko, Olena Tkatschenko, Olena Tkaczenko, Олена Ткаченко, Олени Ткаченко
and Елена Ткаченко. The way there: letters become Latin ones; in Slavic names, the sounds that German, English, French,
Dutch, Polish and Italian spellings write apart become one letter each, and endings of cases fall away. Other names keep
all their letters but diacritics and umlauts, so that Mueller is Müller, but Meier stays another man than Mayer.

That is coarse on purpose, and only as good as a whole name is distinctive: people need two words at least.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.article import Kind

PREFIX = "name-"
PATTERN = re.compile(r"name-(?:person|organisation|place|product|event)-[^\W_]+(?:-[^\W_]+)*")

# Each letter by one Latin letter or two of its sound; ISO 9 would keep what spellings of other languages lose.
_CYRILLIC = dict(
    zip(
        "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюяўјљњџђћ",
        "a b v g g d e e e zh z i i i i k l m n o p r s t u f kh ts ch sh sh - i - e iu ia u i l n ch ch ch".split(" "),  # noqa: SIM905 - a table
        strict=True,
    )
) | {"ъ": "", "ь": ""}
_FOLDED = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"}
_SLAVIC = re.compile(
    r"[\u0400-\u04ff]|schtsch|shch|szcz|chtch|sjtsj|tschk|[iy]tsch|jtsj"
    r"|^(?:[wv]olod|[wv]ladim|dm[iy]t|serh|sergu?[eij]|m[iy]kol|m[iy]kh|m[iy]cha|[yj]e[vw][gh]en|evgu?en|andri[ijy]|[jy]ur[ijy]|iouri|ole[gh]$|oleks|aleks[aei]|"
    r"[vw]aler[ijy]|[vw]ital[ijy]|[vw]jatsch|viac)"
    r"|(?:[oe][vw]a?|off|enko|czenko|\w\wsk\w{0,4}|[iy]tsch|(?<!r)[iy]ch|[iy]cz|[jtc]s?ch?uk|yuk|pouti\w+|poetin\w?|puty?in\w{0,2})$"
)
"""Letters, given names and endings of Russian, Ukrainian and Polish names, in the spellings of several languages."""
_SOUNDS = (
    (re.compile(r"gu(?=[ei])"), "g"),
    # š, č, ž, šč and their neighbours, however written
    (
        re.compile(
            r"schtsch|shch|szcz|chtch|sjtsj|stsch|tsch|tch|tsj|cz|dzh|dsch|dj|sch|sh|sz|sj|zh|ch|kh|ts|tz|c|j(?=ou)|z"
        ),
        "s",
    ),
    (re.compile(r"x"), "ks"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ou|oe"), "u"),
    (re.compile(r"w"), "v"),
    (re.compile(r"g"), "h"),
    (re.compile(r"[yij]+e?"), "i"),
    (re.compile(r"i(?=[aeou])"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=s)ov(?=a?$|\w{1,2}$)"), "ev"),
)
_UMLAUT = re.compile(r"(?<=[bcdfhjklmnprstvwxz])([aou])e(?=[^\W\daeiouy](?:[^\W\daeiouy]|[aeiouy]))")
"""An umlaut written out, as in Mueller and Schroeder, but not in Bauer, Rodriguez and Michael."""
_ENDING = re.compile(r"(?<=\w{2})(?:ea|eu|ee|oho|ohu|omu|emu|imi|ami|oiu|eiu|oi|ei|om|em|im|iu|ah|ov?i|[aeiou])$")
_SK = re.compile(r"(?<=\w{2})sk(?:i|a|oho|omu|im|imi|oi|u|e|om|ai|oiu)?$")
_GIVEN = {
    # Ukrainian and Russian forms of one given name, as `_sounded` leaves them
    "volodimir": "vladimir",
    "elen": "olen",
    "aleksi": "oleks",
    "aleks": "oleks",
    "oleksi": "oleks",
    "nikola": "mikol",
    "nikol": "mikol",
    "dmitri": "dmitr",
    "oleksandr": "aleksandr",
    "aleksander": "aleksandr",
    "evheni": "ievhen",
}


def identity_of(name: str, kind: Kind) -> str:
    """Return the id of somebody or something of this name that no list has.

    >>> identity_of("Olena Tkatschenko", Kind.PERSON) == identity_of("Олени Ткаченко", Kind.PERSON)
    True
    >>> identity_of("Jan Meier", Kind.PERSON)
    'name-person-jan-meier'
    """
    return f"{PREFIX}{kind}-{'-'.join(key_of(name))}"


@lru_cache(maxsize=20_000)
def key_of(name: str) -> tuple[str, ...]:
    """Return the words of a name without what spellings and cases change; at least one."""
    words = [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold()) if word]
    slavic = any(_SLAVIC.search(word) for word in words)
    plain = [_latin(word) for word in words]
    return tuple(_sounded(word) if slavic else _UMLAUT.sub(r"\1", word) for word in plain) or ("",)


def _latin(word: str) -> str:
    spelled = "".join(
        _CYRILLIC.get(letter) or _FOLDED.get(letter, letter) if letter not in "ъь" else "" for letter in word
    )
    return "".join(letter for letter in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(letter))


def _sounded(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    bare = _SK.sub("sk", word)
    if bare == word:
        bare = _ENDING.sub("", word)
    return _GIVEN.get(bare, bare)
