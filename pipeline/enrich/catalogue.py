"""All names that are known, in one automaton: the user's entities, countries and cities.

A place that the user configured takes over the names, the coordinates and the id of the country or city it is.
`Catalogue.find` says where names stand; which of them count, and what they mean there, is `linking`'s work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.article import Kind
from pipeline.config.models import Alias, Entity
from pipeline.enrich import gazetteer, inflection
from pipeline.enrich.folding import Folded, begins_word, fold, tail
from pipeline.enrich.identity import key_of
from pipeline.enrich.inflection import ANY_LANGUAGE, WEST_SLAVIC_LANGUAGES, Endings, Form, forms
from pipeline.enrich.names import Known, Match, Name, Terms, terms_of
from pipeline.enrich.transliteration import spellings

_DECOY = Known(None, "", Kind.EVENT)
_NO_TERMS = Terms()
_SHORTEST_SURNAME = 3
_WEST_SLAVIC_COUNTRIES = frozenset({"PL", "CZ", "SK"})
# Elsewhere a name in Cyrillic is itself spelled by ear: Макрон.
_AT_HOME_IN_CYRILLIC = frozenset({"RU", "UA", "BY"})


class _Use(NamedTuple):
    """What a stem may mean, and with which endings."""

    endings: Endings
    known: Known
    terms: Terms


class Catalogue:
    """The names of everything known, ready to be found; built once, read by many."""

    def __init__(self, entities: Sequence[Entity], languages: Collection[str]) -> None:
        places = [*gazetteer.countries(languages), *gazetteer.cities()]
        taken = _taken(entities, places)
        configured = [_known(entity, taken.get(entity.id)) for entity in entities]
        owners = {known.id: known for known in configured}
        self._merged = {place: owners[identifier] for identifier, place in taken.items()}
        own = [name for entity, known in zip(entities, configured, strict=True) for name in _names(entity, known)]
        own += _transliterated(own, languages)
        world = [self._taken_over(name) for name in places]
        self._languages = tuple(languages)
        self._known = {str(known.id): known for known in [*configured, *(name.known for name in world)]}
        self._taken = {str(old.id): new for old, new in self._merged.items()}
        self._build(own, world)
        self.tickers = MappingProxyType(
            {ticker: known for entity, known in zip(entities, configured, strict=True) for ticker in entity.tickers}
        )
        self._surnames = dict(self._surnames_of(own))
        inflection.forget()
        self._full_names = [
            (name.text, name.known) for name in own if name.known.kind is Kind.PERSON and " " in name.text
        ]
        self._contexts = ContextWords(
            word for name in [*own, *world] for word in name.terms.context | name.terms.without
        )

    def find(self, text: Folded, language: str | None) -> Iterator[Match]:
        """Yield every name in `text`, overlapping ones too, whose letter case, endings and language fit."""
        folded, spoken = text.text, language or ANY_LANGUAGE
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and folded[start - 1].isalnum() and not begins_word(folded, start):
                continue
            rest = tail(folded, end)
            for endings, known, terms in self._uses[number]:
                if rest not in (endings.get(spoken) or endings[ANY_LANGUAGE]):
                    continue
                if terms is _NO_TERMS or _fits(terms, text, start, end, language):
                    yield Match(start, end + len(rest), known, terms)

    def words_near(self, text: Folded) -> frozenset[str]:
        """Return which of all the names' context words stand in `text`."""
        return self._contexts.present(text)

    def surnames(self, known: Known) -> Sequence[Form]:
        """Return the forms of a person's surname, in each script that the person has a full name in."""
        return self._surnames.get(known, ())

    def get(self, identifier: str) -> Known | None:
        """Return what has this id; the id of a country or city finds the user's own entity for it."""
        return self._taken.get(identifier) or self._known.get(identifier)

    def named(self, name: str) -> Known | None:
        """Return what a name or alias means when nothing else is known: the user's own first, then country, then city."""
        folded = fold(name.strip())
        found = [
            known
            for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if start == 0
            for endings, known, _ in self._uses[number]
            if known is not _DECOY and any(folded[end:] in allowed for allowed in endings.values())
        ]
        return max(found, key=lambda known: (known.configured, known.is_country, known.population), default=None)

    def sounding(self, key: tuple[str, ...]) -> Known | None:
        """Return the one person of the user's own with a full name of this key (`identity.key_of`), in any spelling."""
        return self._by_sound.get(key)

    @cached_property
    def _by_sound(self) -> Mapping[tuple[str, ...], Known | None]:
        found: dict[tuple[str, ...], Known | None] = {}
        for name, known in self._full_names:
            key = key_of(name)
            found[key] = known if found.get(key, known) is known else None
        return found

    def _taken_over(self, name: Name) -> Name:
        owner = self._merged.get(name.known)
        return Name(name.text, owner, name.terms, name.inflect) if owner else name

    def _build(self, own: Iterable[Name], world: Iterable[Name]) -> None:
        uses: dict[str, tuple[_Use, ...]] = {}
        for name in own:
            person = name.known.kind is Kind.PERSON
            _add(uses, name, forms(name.text, inflect=name.inflect, whole=person, languages=self._spoken(name)))
        for name in world:
            city = not name.known.is_country
            spoken = self._languages_of_city(name) if city else self._spoken(name)
            _add(uses, name, forms(name.text, inflect=name.inflect, whole=city, languages=spoken))
        for decoy in gazetteer.decoys():
            _add(uses, Name(decoy, _DECOY, terms_of(decoy)), forms(decoy, languages=self._languages))
        self._uses = tuple(uses.values())
        self._automaton = AhoCorasick(list(uses), matchkind=MatchKind.Standard, store_patterns=False)

    def _spoken(self, name: Name) -> Collection[str]:
        """Return the languages of the texts that `name` can stand in; in others it needs no forms."""
        return name.terms.languages or self._languages

    def _languages_of_city(self, name: Name) -> Collection[str]:
        """Return the same for a city; Polish and Czech seldom decline the names of foreign ones that have several words."""
        if " " not in name.text or name.known.country in _WEST_SLAVIC_COUNTRIES:
            return self._spoken(name)
        return [language for language in self._spoken(name) if language not in WEST_SLAVIC_LANGUAGES]

    def _surnames_of(self, names: Iterable[Name]) -> Iterator[tuple[Known, tuple[Form, ...]]]:
        collected: dict[Known, dict[tuple[str, frozenset[str]], list[Form]]] = defaultdict(dict)
        for name in names:
            if name.known.kind is not Kind.PERSON or not (surname := _surname(name.text)):
                continue
            there, spoken = collected[name.known], name.terms.languages
            if (surname, frozenset()) not in there and (surname, spoken) not in there:
                found = forms(surname, whole=True, languages=self._spoken(name))
                there[surname, spoken] = [_only(form, spoken) for form in found]
        for known, by_surname in collected.items():
            yield known, tuple(form for found in by_surname.values() for form in found)


class ContextWords:
    """The words and phrases that names need near them, or must not have."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = sorted(set(phrases))
        self._automaton = AhoCorasick([fold(phrase) for phrase in self._phrases], store_patterns=False)

    def present(self, text: Folded) -> frozenset[str]:
        """Return the phrases that stand in `text`; long ones also with an ending, abbreviations only in their case."""
        found = set()
        for number, start, end in self._automaton.find_matches_as_indexes(text.text, overlapping=True):
            phrase = self._phrases[number]
            if phrase in found or not begins_word(text.text, start):
                continue
            if phrase.isupper() and len(phrase) <= 4 and text.raw[start:end] != phrase:
                continue
            if len(tail(text.text, end)) <= (4 if len(phrase) > 4 else 1 if len(phrase) == 4 else 0):
                found.add(phrase)
        return frozenset(found)


def _fits(terms: Terms, text: Folded, start: int, end: int, language: str | None) -> bool:
    if terms.capital and text.raw[start] == text.text[start]:
        return False
    if terms.exact and text.raw[start:end] != terms.exact[: end - start]:
        return False
    return not terms.languages or language in terms.languages


def _taken(entities: Sequence[Entity], places: Sequence[Name]) -> dict[str, Known]:
    """Return which country or city each configured place is: one in the same country with that name."""
    first: dict[tuple[str | None, str], Known] = {}
    for place in places:
        first.setdefault((place.known.country, fold(place.text)), place.known)
    found = {
        entity.id: first.get((entity.country, fold(entity.name))) for entity in entities if entity.kind is Kind.PLACE
    }
    return {identifier: place for identifier, place in found.items() if place}


def _known(entity: Entity, place: Known | None) -> Known:
    location = entity.location or (place.location if place else None)
    population = place.population if place else 0
    return Known(entity.id, entity.name, entity.kind, entity.country, location, population, configured=True)


def _names(entity: Entity, known: Known) -> Iterator[Name]:
    yield Name(entity.name, known, terms_of(entity.name, case=entity.case, context=entity.context))
    for alias in entity.aliases:
        if not isinstance(alias, Alias):
            yield Name(alias, known, terms_of(alias))
            continue
        terms = terms_of(
            alias.name, case=alias.case, languages=alias.languages, context=alias.context, without=alias.without
        )
        yield Name(alias.name, known, terms, alias.inflect)


def _transliterated(names: Sequence[Name], languages: Collection[str]) -> list[Name]:
    """Return how texts in `languages` spell the full names of people that the catalogue has in Cyrillic."""
    written = {(name.known, fold(name.text)) for name in names}
    collected: dict[tuple[Known, str], set[str]] = defaultdict(set)
    for name in names:
        known, terms = name.known, name.terms
        if known.kind is not Kind.PERSON or terms.context or terms.without or terms.languages:
            continue
        if known.country in _AT_HOME_IN_CYRILLIC or not known.name[:1] < "\u0400":
            for language, spelling in spellings(name.text):
                if language in languages and (known, fold(spelling)) not in written:
                    collected[known, spelling].add(language)
    return [
        Name(spelling, known, terms_of(spelling, languages=sorted(spoken)))
        for (known, spelling), spoken in collected.items()
    ]


def _only(form: Form, languages: Collection[str]) -> Form:
    """Return `form` for texts in `languages` alone; for all texts where there are none."""
    if not languages:
        return form
    return Form(form.stem, {ANY_LANGUAGE: frozenset()} | {one: form.allowed(one) for one in languages})


def _surname(name: str) -> str | None:
    words = name.split(" ")
    if len(words) < 2 or not words[-1][:1].isupper():
        return None
    return words[-1] if len(words[-1]) >= _SHORTEST_SURNAME else None


def _add(uses: dict[str, tuple[_Use, ...]], name: Name, found: Iterable[Form]) -> None:
    terms = _NO_TERMS if name.terms == _NO_TERMS else name.terms
    same: dict[int, tuple[_Use]] = {}
    for form in found:
        use = same.get(id(form.endings))
        if use is None or terms.exact:
            here = _for_stem(name, form.stem) if terms.exact else terms
            use = same[id(form.endings)] = (_Use(form.endings, name.known, here),)
        there = uses.get(form.stem)
        if there is None:
            uses[form.stem] = use  # forms of one name share it: there are hundreds of thousands
        elif use[0] not in there:
            uses[form.stem] = there + use


def _for_stem(name: Name, stem: str) -> Terms:
    """Return the terms of a name in capitals; a stem that is not its beginning has no letter case to compare."""
    if fold(name.terms.exact or "").startswith(stem):
        return name.terms
    terms = name.terms
    return terms_of(
        name.text, languages=tuple(terms.languages), context=tuple(terms.context), without=tuple(terms.without)
    )
