"""Which phrases and entities would tell a topic, from articles that a person has marked?"""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Article, Kind, Mention
from pipeline.config import Phrase, Topic
from pipeline.enrich.suggestions import Suggestion, entry, suggest
from pipeline.enrich.trials import Marked
from tests.factories import an_article

BEACONS = Topic(id="beacons", name="Beacons", phrases=(Phrase(phrase="Leuchtturm"),), entities={"kiel": 1})
LANGUAGES = ("de", "en")


def an(body: str, **fields: object) -> Article:
    return an_article(**{"headline": "", "body": body, "language": "en"} | fields)


def about(body: str, **fields: object) -> Marked:
    return Marked(an(body, **fields), frozenset({"beacons"}))


def other(body: str, **fields: object) -> Marked:
    return Marked(an(body, **fields), frozenset())


def words(found: list[Suggestion]) -> list[str]:
    return [one.words for one in found]


def test_what_stands_in_the_articles_of_the_topic_and_in_no_others_comes_first() -> None:
    marked = [about(f"The radio beacon, number {n}. Ships came.") for n in range(6)]
    marked += [other(f"The council met about road {n}. Ships came.") for n in range(12)]

    found = suggest(marked, BEACONS, languages=LANGUAGES)

    assert found[0].words == "radio beacon"
    assert (found[0].right, found[0].wrong, found[0].precision, found[0].weight) == (6, 0, 1, 1.5)
    assert "Ships came" not in words(found)


def test_of_phrases_in_the_very_same_articles_one_is_enough() -> None:
    marked = [about("A radio beacon.")] * 3 + [other("A council.")] * 3

    assert words(suggest(marked, BEACONS, languages=LANGUAGES)) == ["radio beacon"]


def test_what_the_topic_has_is_not_proposed_again_in_none_of_its_forms() -> None:
    marked = [about("Leuchttürme und Leuchttürmen, des Leuchtturms", language="de", entity_ids=("kiel",))] * 3
    marked += [about("Am Leuchtturm.", language="de", entity_ids=("kiel",))] * 3 + [
        other("Der Rat.", language="de")
    ] * 6

    found = suggest(marked, BEACONS, languages=LANGUAGES)

    assert "Leuchtturm" not in words(found)
    assert "Leuchtturms" not in words(found)
    assert "kiel" not in words(found)


def test_words_that_say_nothing_by_themselves_neither_begin_nor_end_a_phrase() -> None:
    marked = [about("They were in the fog.")] * 3 + [other("Sun.")] * 3

    found = suggest(marked, BEACONS, languages=LANGUAGES)

    assert words(found) == ["fog"]


def test_a_phrase_of_one_language_is_proposed_for_that_language() -> None:
    marked = [about("Ein Funkfeuer", language="de")] * 2 + [about("Loran")] * 2
    marked += [about("Ein Loran", language="de")] * 2 + [other("Nichts", language="de")] * 6

    found = {one.words: one.languages for one in suggest(marked, BEACONS, languages=LANGUAGES)}

    assert found == {"Funkfeuer": ("de",), "Loran": ()}


def test_chinese_phrases_are_found_without_spaces() -> None:
    marked = [about("新的灯塔开放", language="zh"), about("海边灯塔关闭", language="zh")] + [
        other("会议开始", language="zh")
    ] * 4

    assert words(suggest(marked, BEACONS, languages=LANGUAGES)) == ["灯塔"]


def test_an_entity_is_proposed_by_its_id_and_told_by_its_name() -> None:
    mention = Mention(text="Sylt", start=0, end=4, kind=Kind.PLACE, entity_id="city-1", name="Sylt")
    marked = [about("Sylt.", entity_ids=("city-1",), mentions=(mention,))] * 3 + [other("Rat.")] * 6

    found = [one for one in suggest(marked, BEACONS, languages=LANGUAGES) if one.is_entity]

    assert [(one.words, one.name) for one in found] == [("city-1", "Sylt")]
    assert entry(found[0]).strip() == "city-1: 1.5"


def test_an_article_where_the_topic_does_no_harm_counts_on_neither_side() -> None:
    harmless = Marked(an("A radio beacon."), frozenset(), frozenset({"beacons"}))
    marked = [about("A radio beacon.")] * 3 + [harmless] * 9 + [other("A council.")] * 3

    (found,) = suggest(marked, BEACONS, languages=LANGUAGES)

    assert (found.right, found.wrong) == (3, 0)


@given(
    st.text(st.characters(categories=["L", "N"], include_characters=" '’-_"), min_size=1),
    st.sampled_from([(), ("de",), ("en", "fr")]),
)
def test_every_line_proposed_is_sound_yaml_that_says_the_phrase(phrase: str, languages: tuple[str, ...]) -> None:
    line = entry(Suggestion(phrase, phrase, is_entity=False, languages=languages, score=2, right=3, wrong=0))

    (read,) = yaml.safe_load(line)
    assert read["phrase"] == phrase
    assert read["weight"] == 1.5
