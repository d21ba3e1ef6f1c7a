"""Which of the names found count, and what do they mean here?

Strength, from strong to weak: a place in the dateline; a city with its state behind it, or behind a word such as `in`;
an alias whose context stands in the article; a person named in full before; a name that needs no context; a country;
a city; what a language model saw. A wary city needs its state, in the article at least, or such a word, and no
capitalised word behind it (`at Reading Festival`). No city counts in front of a region of another country (`regions`).
Of overlapping names the longest wins, of equally long ones the strongest. Cities of one name: one in a country that
the article names, else the biggest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.article import Dateline, Kind
from pipeline.enrich import regions
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import Folded, begins_word, read, tail
from pipeline.enrich.inflection import Form
from pipeline.enrich.names import Known, Match, Terms
from pipeline.enrich.strangers import identified

_DATELINE, _STATE, _EVIDENCE, _CONTEXT = 8.0, 7.5, 7.0, 6.0
_SURNAME, _CONFIGURED, _COUNTRY, _CITY, _SEEN = 5.0, 4.0, 3.0, 2.0, 1.0
_BEFORE_PLACES = frozenset(
    (  # noqa: SIM905 - a table
        "in aus nach bei zwischen region stadt großraum "
        "near from at outside around across throughout between downtown central greater north south east west "
        "northern southern eastern western "
        "à en entre w we z ze pod koło nad po między "
        "в во у из із з до під под от від біля около через над возле між между к ко"
    ).split()
)
_PLACE_OF = re.compile(
    r"\b(?:(?:north|south|east|west)(?:ern)?(?: part| side| edge)?|city|town|port|centre|center|outskirts|suburbs?|"
    r"streets|mayor|people|siege|battle) of $"
)
_WORD_BEFORE = re.compile(r"(\w+)[ (]+$")
_WORD_BEHIND = re.compile(r" ([^\W\d_]\w+)")
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag".split()  # noqa: SIM905
)
_WINDOW = 24


class View(NamedTuple):
    """One text as the linker sees it."""

    text: Folded
    body: int
    language: str | None
    dateline: tuple[int, int]


def link(matches: Iterable[Match], catalogue: Catalogue, view: View) -> tuple[Match, ...]:
    """Return the names that count, in the order of the text, none overlapping another."""
    candidates = list(matches)
    conditional = any(match.terms.context or match.terms.without for match in candidates)
    present = catalogue.words_near(view.text) if conditional else frozenset()
    weighed = [
        match._replace(strength=strength)
        for match in candidates
        if (strength := _strength(match, view, present)) and not match.start < view.body <= match.end - 1
    ]
    weighed = _with_evidence_of_models(candidates, weighed, present)
    weighed += _surnames(weighed, catalogue, view)
    countries = {match.known.country for match in weighed if match.known.is_country}
    linked = [match for match in _longest(_best(weighed, countries)) if match.known.name]
    return identified(linked, catalogue, view.text)


def _with_evidence_of_models(
    candidates: Sequence[Match], weighed: Sequence[Match], present: Collection[str]
) -> list[Match]:
    """Let a model decide where the words around a name do not.

    Where it saw an organisation or a place, the name of one needs no other evidence; where it saw a person, no city is meant.
    """
    seen = {(match.start, match.end): match.known.kind for match in candidates if match.known.id is None}
    people = [span for span, kind in seen.items() if kind is Kind.PERSON]
    kept = [
        match
        for match in weighed
        if not (match.known.population and not match.known.configured and match.strength <= _CITY)
        or not any(start <= match.start and match.end <= end for start, end in people)
    ]
    there = {(match.start, match.end) for match in kept if match.known.id}
    return kept + [
        match._replace(strength=_CONFIGURED if match.known.configured else _CITY)
        for match in candidates
        if (match.start, match.end) not in there
        and match.known.kind is seen.get((match.start, match.end))
        and match.known.kind in {Kind.ORGANISATION, Kind.PLACE}
        and match.known.id
        and match.terms.without.isdisjoint(present)
    ]


def dateline_span(text: Folded, body: int, dateline: Dateline | None) -> tuple[int, int]:
    """Return where the dateline stands in `text`; an empty span where it does not."""
    start = text.raw.find(dateline.text, body) if dateline else -1
    return (start, start + len(dateline.text)) if dateline and start >= 0 else (0, 0)


def places_of(dateline: Dateline, catalogue: Catalogue, language: str | None) -> tuple[Known, ...]:
    """Return the places of a dateline that stands in the format and not in the text."""
    place = read(dateline.place or dateline.text)
    view = View(place, 0, language, (0, len(place.raw)))
    linked = link(catalogue.find(place, language), catalogue, view)
    return tuple(match.known for match in linked if match.known.kind is Kind.PLACE)


def _strength(match: Match, view: View, present: Collection[str]) -> float:  # noqa: PLR0911 - a ladder
    terms, known = match.terms, match.known
    if not known.name:
        return _CONFIGURED
    if terms.without and not terms.without.isdisjoint(present):
        return 0.0
    if known.population and regions.is_elsewhere(view.text, match.start, match.end, known.country):
        return 0.0
    if known.kind is Kind.PLACE and view.dateline[0] <= match.start and match.end <= view.dateline[1]:
        return _DATELINE + _state_behind(match, view)
    if terms.wary or (known.population and not known.configured):
        return _city(match, view, present)
    if terms.context:
        return _CONTEXT if not terms.context.isdisjoint(present) else 0.0
    if known.id is None:
        return _SEEN
    if known.configured:
        return _CONFIGURED
    return _COUNTRY if known.is_country else _CITY


def _city(match: Match, view: View, present: Collection[str]) -> float:
    terms = match.terms
    if _state_behind(match, view):
        return _STATE
    before = view.text.text[max(0, match.start - _WINDOW) : match.start]
    word = _WORD_BEFORE.search(before)
    if ((word and word[1] in _BEFORE_PLACES) or _PLACE_OF.search(before)) and not (
        terms.wary and _goes_on(match, view)
    ):
        return _EVIDENCE
    if not terms.wary:
        return _CITY
    # A state named elsewhere speaks for the city only where no given name can stand in front of it.
    alone = not (word and view.text.raw[match.start - len(before) + word.start(1)].isupper())
    return _CITY if alone and not terms.context.isdisjoint(present) and not _goes_on(match, view) else 0.0


def _state_behind(match: Match, view: View) -> bool:
    behind = view.text.text[match.end : match.end + _WINDOW]
    return any(behind.startswith((f", {state.lower()}", f" ({state.lower()}")) for state in match.terms.context)


def _goes_on(match: Match, view: View) -> bool:
    """Say whether a capitalised word follows, so that the city's name may be part of another name."""
    word = _WORD_BEHIND.match(view.text.raw, match.end)
    return word is not None and word[1][0].isupper() and word[1].lower() not in _DAYS


def _surnames(matches: Iterable[Match], catalogue: Catalogue, view: View) -> Iterator[Match]:
    """Yield the places where a surname stands for a person named in full before."""
    seen = set()
    for match in sorted(matches, key=lambda match: (match.start, match.end)):
        if (
            match.known.kind is not Kind.PERSON
            or match.known in seen
            or " " not in view.text.raw[match.start : match.end]
        ):
            continue
        seen.add(match.known)
        for form in catalogue.surnames(match.known):
            for start, end in _occurrences(form, view, match.end):
                yield Match(start, end, match.known, Terms(), _SURNAME + start / (len(view.text.raw) + 1))


def _occurrences(form: Form, view: View, start: int) -> Iterator[tuple[int, int]]:
    text = view.text.text
    allowed = form.allowed(view.language)
    while allowed and (start := text.find(form.stem, start)) >= 0:
        end = start + len(form.stem)
        if view.text.raw[start] != text[start] and begins_word(text, start) and (rest := tail(text, end)) in allowed:
            yield start, end + len(rest)
        start = end


def _best(matches: Iterable[Match], countries: Collection[str | None]) -> list[Match]:
    """Of the meanings of one span keep the strongest; a decoy means no place, but may be a name that a model saw."""
    best: dict[tuple[int, int], Match] = {}
    seen: dict[tuple[int, int], Match] = {}
    for match in matches:
        span = match.start, match.end
        if match.known.id is None and match.known.name:
            seen[span] = match
        if span not in best or _rank(match, countries) > _rank(best[span], countries):
            best[span] = match
    best |= {span: match for span, match in seen.items() if not best[span].known.name}
    return sorted(best.values(), key=lambda match: (match.start, -match.end))


def _rank(match: Match, countries: Collection[str | None]) -> tuple[float, bool, int]:
    return match.strength, match.known.country in countries, match.known.population


def _longest(matches: Sequence[Match]) -> Iterator[Match]:
    """Of each group of overlapping matches keep the longest ones."""
    group: list[Match] = []
    reach = -1
    for match in matches:
        if match.start >= reach:
            yield from _without_overlaps(group)
            group = []
        group.append(match)
        reach = max(reach, match.end)
    yield from _without_overlaps(group)


def _without_overlaps(group: list[Match]) -> list[Match]:
    if len(group) < 2:
        return group
    kept: list[Match] = []
    for match in sorted(group, key=lambda match: (match.start - match.end, -match.strength, match.start)):
        if all(match.end <= other.start or match.start >= other.end for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)
