"""Which of the names found count, and what do they mean here?

Strength, from strong to weak: a place in the dateline; a wary place with evidence, or an alias whose context stands
in the article; a person named in full before; a name that needs no context; a country; a city; what a language model saw.
Of overlapping names the longest wins, of equally long ones the strongest. Cities of one name: one in a country that
the article names, else the biggest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.article import Dateline, Kind
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import Folded, begins_word, tail
from pipeline.enrich.inflection import Form
from pipeline.enrich.names import Match, Terms

_DATELINE, _EVIDENCE, _CONTEXT, _SURNAME, _CONFIGURED, _COUNTRY, _CITY, _SEEN = 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0
_BEFORE_PLACES = frozenset(
    [
        "in",
        "im",
        "aus",
        "nach",
        "bei",
        "near",
        "from",
        "at",
        "outside",
        "around",
        "à",
        "en",
        "w",
        "we",
        "z",
        "ze",
        "pod",
        "koło",
        "в",
        "во",
        "у",
        "из",
        "із",
        "з",
        "до",
        "під",
        "под",
        "от",
        "від",
        "біля",
        "около",
        "через",
        "po",
        "downtown",
        "central",
        "greater",
        "northern",
        "southern",
        "eastern",
        "western",
    ]
)
_WORD_BEFORE = re.compile(r"(\w+)[ (]+$")
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
    weighed += _surnames(weighed, catalogue, view)
    countries = {match.known.country for match in weighed if match.known.is_country}
    return tuple(match for match in _longest(_best(weighed, countries)) if match.known.name)


def dateline_span(text: Folded, body: int, dateline: Dateline | None) -> tuple[int, int]:
    """Return where the dateline stands in `text`; an empty span where it does not."""
    start = text.raw.find(dateline.text, body) if dateline else -1
    return (start, start + len(dateline.text)) if dateline and start >= 0 else (0, 0)


def _strength(match: Match, view: View, present: Collection[str]) -> float:  # noqa: PLR0911 - a ladder
    terms, known = match.terms, match.known
    if not known.name:
        return _CONFIGURED
    if terms.without and not terms.without.isdisjoint(present):
        return 0.0
    if known.kind is Kind.PLACE and view.dateline[0] <= match.start and match.end <= view.dateline[1]:
        return _DATELINE
    if terms.wary:
        return _EVIDENCE if _is_place(terms, match, view, present) else 0.0
    if terms.context:
        return _CONTEXT if not terms.context.isdisjoint(present) else 0.0
    if known.id is None:
        return _SEEN
    if known.configured:
        return _CONFIGURED
    return _COUNTRY if known.is_country else _CITY


def _is_place(terms: Terms, match: Match, view: View, present: Collection[str]) -> bool:
    before = view.text.text[max(0, match.start - _WINDOW) : match.start]
    if (word := _WORD_BEFORE.search(before)) and word[1] in _BEFORE_PLACES:
        return True
    behind = view.text.text[match.end : match.end + _WINDOW]
    if any(behind.startswith((f", {state.lower()}", f" ({state.lower()}")) for state in terms.context):
        return True
    # A state named elsewhere speaks for the city only where no given name can stand in front of it.
    alone = not (word and view.text.raw[match.start - len(before) + word.start(1)].isupper())
    return alone and not terms.context.isdisjoint(present)


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
    while (start := text.find(form.stem, start)) >= 0:
        end = start + len(form.stem)
        if view.text.raw[start] != text[start] and begins_word(text, start) and (rest := tail(text, end)) in allowed:
            yield start, end + len(rest)
        start = end


def _best(matches: Iterable[Match], countries: Collection[str | None]) -> list[Match]:
    """Of the meanings of one span keep the strongest."""
    best: dict[tuple[int, int], Match] = {}
    for match in matches:
        span = match.start, match.end
        if span not in best or _rank(match, countries) > _rank(best[span], countries):
            best[span] = match
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
