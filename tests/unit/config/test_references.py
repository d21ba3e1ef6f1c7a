"""Names in watches become ids."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.errors import ConfigError, QueryError

Write = Callable[..., Path]

PLACES = {
    "country-GE": ("Georgia", "Georgien", "Грузія"),
    "city-4180439": ("Georgia", "Atlanta"),
    "city-1": ("Springfield",),
    "city-2": ("springfield",),
}


def watching(word: str) -> str:
    return f"watches: [{{id: a, name: b, to: [a@b.example], entities: ['{word}']}}]"


@pytest.mark.parametrize("word", ["anna-berg", "Anna Berg", "ANNA  BERG", "a. berg", "Berg"])
def test_an_entity_can_be_named_in_any_way(write: Write, word: str) -> None:
    configuration = load(write(watches=watching(word)))

    assert configuration.watches[0].entities == ("anna-berg",)


@pytest.mark.parametrize(
    ("word", "identifier"),
    [("Atlanta", "city-4180439"), ("грузія", "country-GE"), ("Georgia", "country-GE"), ("country-UA", "country-UA")],
)
def test_places_have_names_and_a_country_comes_before_a_city(write: Write, word: str, identifier: str) -> None:
    configuration = load(write(watches=watching(word)), PLACES)

    assert configuration.watches[0].entities == (identifier,)


def test_somebody_in_no_list_can_be_watched_by_the_id_of_the_name(write: Write) -> None:
    configuration = load(write(watches=watching("name-person-olen-tkasenk")))

    assert configuration.watches[0].entities == ("name-person-olen-tkasenk",)
    with pytest.raises(ConfigError, match="name-people-olena"):
        load(write(watches=watching("name-people-olena")))


def test_a_name_of_several_is_refused_with_their_ids(write: Write) -> None:
    with pytest.raises(ConfigError, match="`Springfield` can mean several; write the id: `city-1` or `city-2`"):
        load(write(watches=watching("Springfield")), PLACES)


def test_an_entity_of_the_file_comes_before_a_place(write: Write) -> None:
    entities = "entities: [{id: georgia-airways, name: Georgia, kind: organisation}]"

    configuration = load(write(entities=entities, watches=watching("Georgia")), PLACES)

    assert configuration.watches[0].entities == ("georgia-airways",)


def test_a_watch_can_name_a_publisher_or_one_of_its_feeds(write: Write) -> None:
    feeds = "feeds: [{id: sea-de, name: See, url: 'https://sea.example/de', source: sea}]"
    watches = "watches: [{id: a, name: b, to: [a@b.example], sources: [sea, sea-de]}]"

    assert load(write(feeds=feeds, watches=watches)).watches[0].sources == ("sea", "sea-de")


def only_words(query: str) -> None:
    if (position := query.find(":")) >= 0:
        raise QueryError("`:` cannot stand here", query=query, position=position, hint="leave it out")


def test_a_query_that_cannot_be_understood_is_refused_with_its_line(write: Write) -> None:
    watches = "watches:\n  - id: a\n    name: b\n    to: [a@b.example]\n    query: 'harbour AND x:'\n"

    with pytest.raises(ConfigError) as caught:
        load(write(watches=watches), check_query=only_words)

    assert (
        "watches.yaml:5: `watches[0].query`: `:` cannot stand here at character 14 of `harbour AND x:`; leave it out"
        in str(caught.value)
    )


def test_a_query_that_is_understood_and_no_query_are_fine(write: Write) -> None:
    watches = "watches: [{id: a, name: b, to: [a@b.example], query: harbour}, {id: b, name: b, to: [a@b.example], topics: [harbour]}]"

    assert load(write(watches=watches), check_query=only_words).watches[0].query == "harbour"
