"""Do the files agree with one another? Topics name entities and topics; watches name entities, topics and sources.

Every country and city is an entity without standing in a file: `country-UA`, `city-703448` (its GeoNames id). Their
names can be handed in, so that a watch may say `Kyiv`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from pipeline.config.codes import COUNTRIES
from pipeline.config.models import Digest, Entity, Feed, Topic, Watch
from pipeline.config.page import Page
from pipeline.config.tree import Node
from pipeline.config.wording import Fault, did_you_mean, listed
from pipeline.errors import QueryError

_CITY = re.compile(r"city-[0-9]{1,12}")
_MADE_FROM_NAME = re.compile(r"name-(?:person|organisation|place|product|event)(?:-[^\W_]+)+")
"""The id of somebody that no list has, as enrichment makes it; `wirewatch entities show NAME` tells it."""
_LIKE_AN_ID = re.compile(r"(?:country|city)-.*|[a-z0-9]+(?:-[a-z0-9]+)+")
_NEARLY = 0.85
_CONDITIONS = ("entities", "topics", "sources", "languages", "urgency", "query")


class Catalogue:
    """The names of all entities: those of the file, then those of places.

    `ids` are all ids, `words` the ids and canonical names of the file.
    """

    def __init__(self, entities: Iterable[Entity], places: Mapping[str, Sequence[str]]) -> None:
        self._names: dict[str, list[str]] = {}
        self._places: dict[str, list[str]] = {}
        self.ids: set[str] = set(places)
        self.words: list[str] = []
        for entity in entities:
            self.ids.add(entity.id)
            names = (alias if isinstance(alias, str) else alias.name for alias in entity.aliases)
            self.words += (entity.id, entity.name)
            _note(self._names, entity.id, (entity.name, *names))
        for identifier, names_of_place in places.items():
            _note(self._places, identifier, names_of_place)

    def known(self, identifier: str) -> bool:
        """Whether an entity has this id."""
        country = identifier.removeprefix("country-")
        return (
            identifier in self.ids
            or bool(_CITY.fullmatch(identifier))
            or bool(_MADE_FROM_NAME.fullmatch(identifier))
            or (country != identifier and country in COUNTRIES)
        )

    def meant(self, word: str) -> list[str]:
        """Return the ids that `word`, an id or a name in any letter case, can mean."""
        if self.known(word):
            return [word]
        if named := self._names.get(_key(word)):
            return named
        places = self._places.get(_key(word), [])
        return [place for place in places if place.startswith("country-")] or places


def check_topics(page: Page[Topic], catalogue: Catalogue) -> Page[Topic]:
    """Return `page` with a fault for every entity and every other topic that does not exist."""
    faults: list[Fault] = []
    for number, topic in enumerate(page.items):
        others = set(page.ids) - {topic.id}
        faults += _unknown(f"topics[{number}]", page.nodes[number], "against", topic.against, others)
        for identifier in topic.entities:
            if not catalogue.known(identifier):
                node = _field(page.nodes[number], "entities", identifier)
                message = f"no entity has this id; {_nearest_id(identifier, catalogue)}"
                faults.append(Fault(f"topics[{number}].entities.{identifier}", node.line, message))
        faults += _misspelt_parts(f"topics[{number}]", page.nodes[number], topic, catalogue)
    return replace(page, faults=(*page.faults, *faults))


def check_watches(page: Page[Watch], topics: Collection[str] | None, feeds: Page[Feed]) -> Page[Watch]:
    """Return `page` with a fault for every topic and source that does not exist and every watch without a condition.

    With `topics` None, or a faulty page of feeds, these are not looked up.
    """
    sources = None if feeds.faults else {source for feed in feeds.items for source in (feed.id, feed.source or feed.id)}
    faults: list[Fault] = []
    for number, watch in enumerate(page.items):
        place = f"watches[{number}]"
        faults += _unknown(place, page.nodes[number], "topics", watch.topics, topics)
        faults += _unknown(place, page.nodes[number], "sources", watch.sources, sources)
        if not any(getattr(watch, condition) for condition in _CONDITIONS):
            message = f"names nothing to watch for; write at least one of {listed(_CONDITIONS)}"
            faults.append(Fault(place, page.nodes[number].line, message))
    return replace(page, faults=(*page.faults, *faults))


def check_digests(page: Page[Digest], watches: Collection[str] | None) -> Page[Digest]:
    """Return `page` with a fault for every watch that does not exist; with `watches` None they are not looked up."""
    faults = [
        fault
        for number, digest in enumerate(page.items)
        for fault in _unknown(f"digests[{number}]", page.nodes[number], "watches", digest.watches, watches)
    ]
    return replace(page, faults=(*page.faults, *faults))


def check_queries(page: Page[Watch], check: Callable[[str], object]) -> Page[Watch]:
    """Return `page` with a fault for every query that `check` refuses."""
    faults = []
    for number, watch in enumerate(page.items):
        try:
            check(watch.query or "")
        except QueryError as error:
            node = page.nodes[number]
            line = node.value["query"].line if isinstance(node.value, dict) else node.line
            faults.append(Fault(f"watches[{number}].query", line, _refused_query(error)))
    return replace(page, faults=(*page.faults, *faults))


def resolve(page: Page[Watch], catalogue: Catalogue) -> Page[Watch]:
    """Return `page` with ids in place of names in `entities`, and a fault for every name of none or of several."""
    watches, faults = [], []
    for number, watch in enumerate(page.items):
        identifiers = []
        for index, word in enumerate(watch.entities):
            meant = catalogue.meant(word)
            identifiers += meant
            if len(meant) != 1:
                line = _field(page.nodes[number], "entities", index).line
                faults.append(Fault(f"watches[{number}].entities[{index}]", line, _which(word, meant, catalogue)))
        watches.append(watch.model_copy(update={"entities": tuple(dict.fromkeys(identifiers))}))
    return replace(page, items=tuple(watches), faults=(*page.faults, *faults))


def _refused_query(error: QueryError) -> str:
    place = "" if error.position is None else f" at character {error.position + 1} of `{error.query}`"
    return f"{error}{place}{f'; {error.hint}' if error.hint else ''}"


def _nearest_id(identifier: str, catalogue: Catalogue) -> str:
    country = f"country-{identifier[-2:].upper()}"
    if identifier.lower() == country.lower() and catalogue.known(country):
        return f"did you mean `{country}`?"
    otherwise = "ids stand in `entities.yaml`; countries are `country-DE`"
    return did_you_mean(identifier, catalogue.ids, otherwise)


def _misspelt_parts(place: str, node: Node, topic: Topic, catalogue: Catalogue) -> Iterable[Fault]:
    for number, together in enumerate(topic.together):
        for index, part in enumerate(together.all):
            for word in part:
                if (hint := _misspelt(word, catalogue)) and isinstance(node.value, dict):
                    line = _at(node, "together", number, "all", index).line
                    message = f"`{word}` is no id of an entity; {hint}"
                    yield Fault(f"{place}.together[{number}].all[{index}]", line, message)


def _misspelt(word: str, catalogue: Catalogue) -> str | None:
    """Return what to do about a part that looks like an id and is none; None if it is one, or just a phrase."""
    if not _LIKE_AN_ID.fullmatch(word) or catalogue.known(word):
        return None
    if word.startswith(("country-", "city-")):
        return _nearest_id(word, catalogue)
    near = get_close_matches(word, catalogue.ids, n=1, cutoff=_NEARLY)
    return (
        f"did you mean `{near[0]}`? For a phrase, write a capital letter; case does not matter in it" if near else None
    )


def _note(index: dict[str, list[str]], identifier: str, names: Iterable[str]) -> None:
    for name in names:
        identifiers = index.setdefault(_key(name), [])
        if identifier not in identifiers:
            identifiers.append(identifier)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _field(node: Node, field: str, part: str | int) -> Node:
    inner = node.value[field] if isinstance(node.value, dict) else node
    if isinstance(inner.value, dict):
        return inner.value[str(part)]
    return inner.value[int(part)] if isinstance(inner.value, list) else inner


def _at(node: Node, *path: str | int) -> Node:
    """Return the node at `path`, or the last one on the way that is there."""
    for step in path:
        inner = node.value
        if isinstance(inner, dict) and step in inner:
            node = inner[str(step)]
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            node = inner[step]
    return node


def _unknown(
    place: str, node: Node, field: str, words: Sequence[str], known: Collection[str] | None
) -> Iterable[Fault]:
    for index, word in enumerate(words):
        if known is not None and word not in known:
            message = f"`{word}` is not known; " + did_you_mean(
                word,
                known,
                f"it stands in no file; known are {listed(sorted(known)[:12])}" if known else "none is known",
            )
            yield Fault(f"{place}.{field}[{index}]", _field(node, field, index).line, message)


def _which(word: str, meant: Sequence[str], catalogue: Catalogue) -> str:
    if meant:
        return f"`{word}` can mean several; write the id: {listed(meant[:6])}"
    return f"no entity is called `{word}`; " + did_you_mean(
        word, catalogue.words, "add it to `entities.yaml`, or watch for it with `query`"
    )
