"""Everything known by its names, to look it up: entities, countries and cities.

Looking up forgives letter case, diacritics and letters such as `ł` and `ø`; "selenskyj", "lodz" and "президент" do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from pipeline.config import Alias, Entity, name_of
from pipeline.enrich import gazetteer
from pipeline.enrich.names import Known, Name

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "’": "'"})
_COUNTRIES, _CITIES = "CLDR and GeoNames, tools/extract_countries.py", "GeoNames, tools/extract_cities.py"
_NO_MATCH = 4


def directory(entities: Sequence[Entity], languages: Collection[str]) -> tuple[Entity, ...]:
    """Return `entities`, then the countries and the cities, the biggest first, by their names in `languages`."""
    places = [*_places(gazetteer.countries(languages), _COUNTRIES), *_places(gazetteer.cities(), _CITIES)]
    return (*entities, *places)


def look_up(known: Iterable[Entity], text: str) -> list[Entity]:
    """Return what has `text` in its id or one of its names, the nearest first: the whole name, its beginning, a word of it."""
    wanted = plain(text)
    ranked = [(rank, entity) for entity in known if (rank := _rank(entity, wanted)) < _NO_MATCH]
    return [entity for _, entity in sorted(ranked, key=lambda pair: pair[0])] if wanted else []


def named(known: Iterable[Entity], text: str) -> list[Entity]:
    """Return what has exactly this id, else what has exactly this name: canonical names before aliases."""
    everything = list(known)
    if exact := [entity for entity in everything if entity.id == text.strip()]:
        return exact
    wanted = plain(text)
    ranks = {entity.id: _rank(entity, wanted) for entity in everything}
    best = min(ranks.values(), default=_NO_MATCH)
    return [entity for entity in everything if ranks[entity.id] == best] if best < 2 else []


def names(entity: Entity) -> tuple[str, ...]:
    """Return the canonical name and the aliases as they are written."""
    return tuple(dict.fromkeys((entity.name, *map(name_of, entity.aliases))))


def plain(text: str) -> str:
    """Return `text` as it is compared: lower case, without diacritics.

    >>> plain(" Wałęsa ")
    'walesa'
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def _rank(entity: Entity, wanted: str) -> int:
    canonical = plain(entity.name)
    if wanted in (canonical, entity.id):
        return 0
    others = [plain(name_of(alias)) for alias in entity.aliases]
    if wanted in others or wanted.upper() in entity.tickers:
        return 1
    if canonical.startswith(wanted) or entity.id.startswith(wanted):
        return 2
    return 3 if any(_within(wanted, name) for name in (canonical, *others)) else _NO_MATCH


def _within(wanted: str, name: str) -> bool:
    place = name.find(wanted)
    return place >= 0 and (not wanted.isascii() or place == 0 or not name[place - 1].isalnum())


def _places(found: Iterable[Name], source: str) -> Iterator[Entity]:
    collected: dict[Known, list[str | Alias]] = {}
    for name in found:
        collected.setdefault(name.known, []).append(_alias(name))
    for known, aliases in collected.items():
        others = tuple(alias for alias in aliases if alias != known.name)
        yield Entity.model_construct(
            id=str(known.id),
            name=known.name,
            kind=known.kind,
            country=known.country,
            location=known.location,
            aliases=others,
            source=source,
        )


def _alias(name: Name) -> str | Alias:
    terms = name.terms
    if not (terms.context or terms.without or terms.languages or terms.exact):
        return name.text
    return Alias(
        name=name.text,
        context=tuple(sorted(terms.context)),
        without=tuple(sorted(terms.without)),
        languages=tuple(sorted(terms.languages)),
        case=terms.exact is not None,
    )
