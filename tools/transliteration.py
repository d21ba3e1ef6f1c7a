"""Russian and Ukrainian place names in Latin letters, as German and English newsrooms write them."""

from __future__ import annotations

from collections.abc import Iterator

_ALPHABET = set("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя' -")
_SHARED = {"а": "a", "б": "b", "д": "d", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "т": "t"}
_SHARED |= {"у": "u", "ф": "f", "ґ": "g", "і": "i", "ъ": "", "ь": "", "'": "", " ": " ", "-": "-", "э": "e", "ё": "jo"}
_GERMAN = {"в": "w", "ж": "sch", "з": "s", "с": "s", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch"}
_GERMAN |= {"й": "j", "ю": "ju", "я": "ja", "є": "je", "ї": "ji", "ы": "y"}
_ENGLISH = {"в": "v", "ж": "zh", "з": "z", "с": "s", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
_ENGLISH |= {"й": "y", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "ы": "y", "ё": "yo"}
_UKRAINIAN = {"г": "h", "и": "y", "е": "e"}
_RUSSIAN = {"г": "g", "и": "i", "е": "e"}
_NATIONAL = {"ї": "i", "є": "ie", "ю": "iu", "я": "ia", "й": "i"}


def transliterations(name: str) -> Iterator[str]:
    """Yield the Latin spellings of a Cyrillic `name`; none where a letter is neither Russian nor Ukrainian."""
    lower = name.lower()
    if not set(lower) <= _ALPHABET:
        return
    tables = []
    if not set("ыэёъ") & set(lower):
        tables += [_UKRAINIAN | _GERMAN, _UKRAINIAN | _ENGLISH, _UKRAINIAN | _ENGLISH | _NATIONAL]
    if not set("іїєґ'") & set(lower):
        tables += [_RUSSIAN | _GERMAN, _RUSSIAN | _ENGLISH]
    for table in tables:
        latin = "".join((_SHARED | table)[letter] for letter in lower)
        yield "-".join(" ".join(word[:1].upper() + word[1:] for word in part.split(" ")) for part in latin.split("-"))
