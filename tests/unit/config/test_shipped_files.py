"""The files that come with Wirewatch: they load at once, and hold what they promise."""

from pathlib import Path
from time import process_time

import pytest
import yaml

from pipeline.config import Configuration, load, shipped_entities
from pipeline.config.models import Topic

FOLDER = Path(__file__).parents[3] / "config"
WANTED = {"starlink", "ukraine", "taiwan", "space", "semiconductors", "energy", "defence", "elections", "central-banks"}


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return load(FOLDER, shipped=shipped_entities())


def test_loading_them_costs_little_more_than_reading_yaml_alone(shipped: Configuration) -> None:
    begun = process_time()
    for file in FOLDER.glob("*.yaml"):
        yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    bare = process_time() - begun

    begun = process_time()
    again = load(FOLDER, shipped=shipped.entities)
    ours = process_time() - begun

    assert again == shipped
    assert ours / bare < 4


def test_there_are_feeds_in_every_promised_language(shipped: Configuration) -> None:
    languages = [feed.language for feed in shipped.feeds]

    assert len(shipped.feeds) >= 36
    assert {"de", "en", "uk", "ru", "fr", "pl", "zh"} <= set(languages)
    assert languages[0] == "de"


def test_every_feed_is_complete_and_says_that_nobody_tried_it(shipped: Configuration) -> None:
    for feed in shipped.feeds:
        assert feed.country, feed.id
        assert feed.kind != "other", feed.id
        assert feed.url.startswith("https://"), feed.id
        assert not feed.tried, feed.id
        assert not feed.local, feed.id
    assert "wirewatch feeds check" in (FOLDER / "feeds.yaml").read_text(encoding="utf-8")


def test_feeds_of_one_publisher_agree_on_its_name(shipped: Configuration) -> None:
    names: dict[str, set[str | None]] = {}
    for feed in shipped.feeds:
        if feed.source:
            names.setdefault(feed.source, set()).add(feed.source_name)

    assert all(len(found) == 1 for found in names.values())


def test_topics_speak_german_english_and_cyrillic_and_can_be_reached(shipped: Configuration) -> None:
    assert len(shipped.topics) >= 14
    assert {topic.id for topic in shipped.topics} >= WANTED
    for topic in shipped.topics:
        assert sum(phrase.weight for phrase in topic.phrases if phrase.weight > 0) > topic.threshold * 3, topic.id
        assert any("а" <= letter <= "я" for phrase in topic.phrases for letter in phrase.phrase.lower()), topic.id


def test_one_mention_of_a_country_is_not_enough_for_its_topic(shipped: Configuration) -> None:
    topics = {topic.id: topic for topic in shipped.topics}

    assert weight(topics["ukraine"], "Ukraine") < topics["ukraine"].threshold
    assert weight(topics["taiwan"], "Taiwan") < topics["taiwan"].threshold
    assert weight(topics["starlink"], "Starlink") >= topics["starlink"].threshold
    assert "sport" in topics["ukraine"].against
    assert weight(topics["sport"], "Länderspiel") > weight(topics["ukraine"], "Ukraine")


def test_no_topic_names_a_phrase_twice_for_one_language(shipped: Configuration) -> None:
    for topic in shipped.topics:
        named: dict[str, list[frozenset[str]]] = {}
        for phrase in topic.phrases:
            for words in (phrase.phrase, *phrase.also):
                others = named.setdefault(words if phrase.case else words.casefold(), [])
                spoken = frozenset(phrase.languages)
                assert all(spoken and other and not spoken & other for other in others), (topic.id, words)
                others.append(spoken)


def weight(topic: Topic, phrase: str) -> float:
    return next(found.weight for found in topic.phrases if found.phrase == phrase)
