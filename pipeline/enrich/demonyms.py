"""What people and things of a country are called: `russisch`, `Ukrainer`, `taïwanais`, `українці`.

They are no names of places, but they count for topics: a topic that has the entity `country-UA` also has these words.
The table is `data/demonyms.tsv`, written for Wirewatch: a country a line, a language a column, words with `,` between.
Words of Romance languages stand in the masculine singular; `romance` makes the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pipeline.config.models import Phrase
from pipeline.enrich import romance

_FILE = Path(__file__).with_name("data") / "demonyms.tsv"
_PREFIX = "country-"


def demonyms(identifier: str) -> Iterator[Phrase]:
    """Yield the words for the country with this entity id, each in its language; none for what is no country."""
    if identifier.startswith(_PREFIX):
        for language, words in _table().get(identifier.removeprefix(_PREFIX), ()):
            for word in words:
                first, *others = romance.genders(word, language)
                yield Phrase(phrase=first, also=tuple(others), languages=(language,))


@cache
def _table() -> MappingProxyType[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    head, *lines = _FILE.read_text(encoding="utf-8").splitlines()
    languages = head.split("\t")[1:]
    rows = (line.split("\t") for line in lines)
    return MappingProxyType(
        {
            country: tuple((language, tuple(cell.split(","))) for language, cell in zip(languages, cells, strict=True))
            for country, *cells in rows
        }
    )
