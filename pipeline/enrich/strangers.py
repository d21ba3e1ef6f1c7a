"""Who is meant by the names that only a language model saw?

A full name that sounds like one of the catalogue's people is theirs (Vladimir Poetin). A surname alone, or an acronym,
is whoever bears it in this article. What is left gets an id of its own, made from the name (`identity.py`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.article import Kind
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import Folded, is_dense
from pipeline.enrich.identity import PREFIX, identity_of, key_of
from pipeline.enrich.names import Known, Match, Terms

_IN_BRACKETS = re.compile(r"\s?[(\[（](?:kurz:?\s|short:?\s)?(?P<acronym>[^\W\d_][\w&-]{1,11})[)\]）]")


def identified(matches: Sequence[Match], catalogue: Catalogue, text: Folded) -> tuple[Match, ...]:
    """Return the names of a text, in its order, each that can be told apart with an id."""
    if all(match.known.id for match in matches) and not any("(" in text.raw[m.end : m.end + 2] for m in matches):
        return tuple(matches)
    bearers = _Bearers(matches, catalogue)
    found = [bearers.of(match) for match in matches]
    return tuple(_with_acronyms(found, text))


class _Bearers:
    """The people of one article by their surnames, those of the catalogue among them."""

    def __init__(self, matches: Sequence[Match], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._own: dict[str, Known] = {}
        self._by_surname: dict[str, set[Known]] = defaultdict(set)
        self._surfaces = Counter(match.known.name for match in matches if match.known.id is None)
        for match in matches:
            if match.known.kind is not Kind.PERSON:
                continue
            if match.known.id:
                self._bears(match.known, match.known.name)
            elif _is_full(match.known.name):
                self._bears(self._full(match.known), match.known.name)

    def _bears(self, known: Known, name: str) -> None:
        for surname in _surnames(name):
            self._by_surname[surname].add(known)

    def _full(self, seen: Known) -> Known:
        """Return who has this full name: one of the catalogue's, or the same stranger each time."""
        name, bare = seen.name, re.sub(r"['’]?s$", "", seen.name)
        for one in (name, bare) if seen.kind is Kind.PERSON else ():
            key = key_of(one)
            if known := self._catalogue.sounding(key) or self._catalogue.sounding((key[0], key[-1])):
                return known
        if seen.kind is Kind.PLACE and (known := self._catalogue.named(name)) and known.kind is Kind.PLACE:
            return known  # a name that alone would not be sure: the city Orange
        if bare in self._surfaces:
            name = bare
        identifier = identity_of(name, seen.kind)
        if identifier not in self._own:
            same = [one for one in self._surfaces if identity_of(one, seen.kind) == identifier]
            # The nominative is mostly the commonest form, and mostly the shortest.
            name = max(same or [name], key=lambda one: (self._surfaces[one], -len(one)))
            self._own[identifier] = Known(identifier, name, seen.kind)
        return self._own[identifier]

    def of(self, match: Match) -> Match:
        """Return the match with whom it means; a surname that nobody or two bear here stays without an id."""
        seen = match.known
        if seen.id or not seen.name:
            return match
        if not _is_full(seen.name):
            # A model may take a surname alone for a company or a place; who bears it here knows better.
            bearers = {one for surname in _surnames(seen.name) for one in self._by_surname.get(surname, ())}
            if len(bearers) == 1:
                return match._replace(known=bearers.pop())
            if seen.kind is Kind.PERSON:
                return match
        return match._replace(known=self._full(seen))


def _is_full(name: str) -> bool:
    """Say whether a name is more than a surname or an acronym: of two words, or of two letters of a script without spaces."""
    return len(key_of(name)) > 1 or (len(name) > 1 and all(map(is_dense, name)))


def _surnames(name: str) -> Iterator[str]:
    """Yield what the surname in a name may be compared by, in the genitive also without its `s`.

    It is the last word; where that has a hyphen, as in Lai Ching-te, the first.
    """
    words = name.split()
    last = words[0] if len(words) == 2 and re.fullmatch(r"[^\W\d_]+-[^\W\d_A-Z]+", words[1]) else words[-1]
    yield key_of(last)[-1]
    if last == words[-1]:
        yield key_of(name)[-1]
    for ending in ("'s", "’s", "s"):
        if last.endswith(ending) and len(last) > len(ending) + 3:
            yield key_of(last.removesuffix(ending))[-1]


def _with_acronyms(matches: Sequence[Match], text: Folded) -> list[Match]:
    """Return the matches; where `Name (ACR)` introduces an acronym, `ACR` means the same from there on."""
    meanings: dict[str, tuple[int, Known]] = {}
    for match in matches:
        found = _IN_BRACKETS.match(text.raw, match.end)
        if found and match.known.id and match.known.kind is Kind.ORGANISATION:
            acronym = found["acronym"]
            if sum(map(str.isupper, acronym)) > 1 and acronym[0].casefold() in _initials(text, match):
                meanings.setdefault(acronym, (found.start("acronym"), match.known))
    if not meanings:
        return list(matches)
    kept = [match for match in matches if not _stands_for(match, text, meanings)]
    taken = [(match.start, match.end) for match in kept]
    for acronym, (first, known) in meanings.items():
        for found in re.finditer(rf"(?<!\w){re.escape(acronym)}(?!\w)", text.raw[first:]):
            start, end = first + found.start(), first + found.end()
            if all(end <= one or start >= other for one, other in taken):
                kept.append(Match(start, end, known, Terms()))
    return sorted(kept, key=lambda match: match.start)


def _stands_for(match: Match, text: Folded, meanings: Mapping[str, tuple[int, Known]]) -> bool:
    """Say whether the match is an acronym whose meaning this article tells, and the catalogue does not."""
    first, _ = meanings.get(text.raw[match.start : match.end], (len(text.raw), None))
    return match.start >= first and (match.known.id or PREFIX).startswith(PREFIX)


def _initials(text: Folded, match: Match) -> set[str]:
    words = re.split(r"[\s-]+", text.raw[match.start : match.end])
    return {word[0].casefold() for word in words if word}
