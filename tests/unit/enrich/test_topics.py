"""When does an article get a topic, and what is named as evidence?"""

from pathlib import Path
from typing import Any

import pytest

from pipeline.article import Kind, TopicEvidence
from pipeline.config import load_topics
from pipeline.config.models import Topic
from pipeline.enrich.folding import read
from pipeline.enrich.names import Known, Match, Terms
from pipeline.enrich.topics import Topics

SHIPPED = Path(__file__).parents[3] / "config" / "topics.yaml"
LANGUAGES = ("de", "en", "fr", "pl", "ru", "uk")


def a_topic(*phrases: str | dict[str, Any], **changes: Any) -> Topic:
    written = [{"phrase": phrase} if isinstance(phrase, str) else phrase for phrase in phrases]
    return Topic.model_validate({"id": "t", "name": "T", "threshold": 1, "phrases": written} | changes)


def found(
    topics: Topic | list[Topic], body: str, *, headline: str = "", language: str | None = "de"
) -> dict[str, TopicEvidence]:
    chosen = topics if isinstance(topics, list) else [topics]
    text = f"{headline}\n{body}" if headline else body
    start = len(headline) + 1 if headline else 0
    return Topics(chosen, languages=LANGUAGES, known=lambda _: None).find(
        read(text), body=start, language=language, linked=()
    )


def score(topic: Topic, body: str, **more: Any) -> float:
    return found(topic, body, **more)["t"].score if found(topic, body, **more) else 0.0


def test_the_threshold_must_be_reached() -> None:
    topic = a_topic("Fähre", "Hafen", threshold=2)

    assert not found(topic, "Die Fähre fährt.")
    assert found(topic, "Die Fähre liegt im Hafen.") == {
        "t": TopicEvidence(score=2, phrases=("Fähre", "Hafen"), spans=((4, 9), (19, 24)))
    }


def test_a_phrase_counts_once_however_often_it_stands_there() -> None:
    assert score(a_topic("Fähre"), "Fähre, Fähre und Fähren") == 1


def test_a_phrase_in_the_headline_counts_double_and_not_again_in_the_body() -> None:
    assert score(a_topic("Fähre"), "Die Fähre fährt.", headline="Neue Fähre") == 2


def test_a_negative_phrase_speaks_against_and_is_no_evidence() -> None:
    topic = a_topic("Fähre", "Hafen", {"phrase": "Modellbau", "weight": -1})

    assert found(topic, "Die Fähre im Hafen, ein Modellbau") == {
        "t": TopicEvidence(score=1, phrases=("Fähre", "Hafen"), spans=((4, 9), (13, 18)))
    }
    assert not found(topic, "Die Fähre als Modellbau")


def test_the_score_of_another_topic_is_taken_off() -> None:
    war = a_topic("Ukraine", threshold=1, against=("sport",))
    sport = a_topic({"phrase": "Torwart", "weight": 0.5}, id="sport", threshold=1)

    assert found([war, sport], "Die Ukraine baut.")["t"].score == 1
    assert not found([war, sport], "Der Torwart der Ukraine")


def test_a_topic_that_is_far_from_its_threshold_says_nothing_against_another() -> None:
    war = a_topic("Ukraine", threshold=1, against=("sport",))
    sport = a_topic({"phrase": "Torwart", "weight": 0.5}, id="sport", threshold=2)

    assert found([war, sport], "Der Torwart der Ukraine")["t"].score == 1


def test_a_topic_against_another_never_speaks_for_it() -> None:
    war = a_topic("Ukraine", threshold=2, against=("sport",))
    sport = a_topic("Torwart", {"phrase": "Minister", "weight": -5}, id="sport")

    assert not found([war, sport], "Der Minister der Ukraine")


def test_of_phrases_that_overlap_the_longest_counts() -> None:
    topic = a_topic(
        "Kyiv", {"phrase": "war in Ukraine", "weight": 1.5}, "Ukraine", {"phrase": "Dynamo Kyiv", "weight": -1}
    )

    assert found(topic, "the war in Ukraine", language="en") == {
        "t": TopicEvidence(score=1.5, phrases=("war in Ukraine",), spans=((4, 18),))
    }
    assert not found(topic, "Dynamo Kyiv won", language="en")
    assert score(topic, "Kyiv, the war in Ukraine and Ukraine", language="en") == 3.5


def test_of_phrases_for_one_word_the_one_that_the_text_writes_out_counts() -> None:
    topic = a_topic("Ukraina", "Ukraine", "Satellit", {"phrase": "satellite", "languages": ["en"]})

    assert found(topic, "In der Ukraine")["t"].phrases == ("Ukraine",)
    assert found(topic, "w Ukrainie", language="pl")["t"].phrases == ("Ukraina",)
    assert found(topic, "a satellite", language="en")["t"].phrases == ("satellite",)
    assert found(topic, "zwei Satelliten")["t"].phrases == ("Satellit",)


def test_of_an_entity_and_a_phrase_in_one_place_one_counts() -> None:
    topic = a_topic({"phrase": "Starlink", "weight": 2}, entities={"starlink": 1})
    known = Known("starlink", "Starlink", Kind.PRODUCT, configured=True)
    ready = Topics([topic], languages=LANGUAGES, known=lambda _: known)
    text = read("Starlink wächst")

    evidence = ready.find(text, body=0, language="de", linked=[Match(0, 8, known, Terms())])

    assert evidence == {"t": TopicEvidence(score=2, phrases=("Starlink",), spans=((0, 8),))}


def test_an_entity_counts_under_any_name() -> None:
    topic = a_topic(entities={"vladimir-putin": 1.5})
    known = Known("vladimir-putin", "Vladimir Putin", Kind.PERSON, configured=True)
    ready = Topics([topic], languages=LANGUAGES, known=lambda _: known)
    text = read("普京抵达喀山")

    evidence = ready.find(text, body=0, language="zh", linked=[Match(0, 2, known, Terms())])

    assert evidence == {"t": TopicEvidence(score=1.5, phrases=("Vladimir Putin",), spans=((0, 2),))}


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("Sanktion", "neue Sanktionen", "de"),
        ("ukrainisch", "der ukrainischen Bahn", "de"),
        ("künstliche Intelligenz", "mit künstlicher Intelligenz", "de"),
        ("санкция", "новые санкции", "ru"),
        ("украинский", "украинских городов", "ru"),
        ("український", "українських міст", "uk"),
        ("Kijów", "w Kijowie", "pl"),
        ("ukraiński", "ukraińskich miast", "pl"),
        ("chip", "fabryka chipów", "pl"),
        ("interest rate", "interest rates", "en"),
        ("台湾", "在台湾海域", "zh"),
    ],
)
def test_a_phrase_is_known_in_its_forms(phrase: str, text: str, language: str) -> None:
    assert found(a_topic(phrase), text, language=language)


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("Kijów", "die Kije", "de"),
        ("Київ", "Кити в кіно", "uk"),
        ("Zoll", "Zollstock", "de"),
        ("drone", "dronenweg", "de"),
        ("Gas", "Gasse", "de"),
        ("chip", "chipset", "en"),
    ],
)
def test_other_words_are_no_form_of_it(phrase: str, text: str, language: str) -> None:
    assert not found(a_topic(phrase), text, language=language)


def test_a_phrase_of_one_language_says_nothing_in_another() -> None:
    topic = a_topic({"phrase": "foundry", "languages": ["en"]})

    assert found(topic, "a foundry", language="en")
    assert not found(topic, "a foundry", language="de")
    assert not found(topic, "a foundry", language=None)


def test_without_inflection_the_phrase_stands_as_it_is() -> None:
    topic = a_topic({"phrase": "Orbit", "inflect": False})

    assert found(topic, "im Orbit")
    assert not found(topic, "des Orbits")


def test_with_case_the_letters_must_be_the_same() -> None:
    topic = a_topic({"phrase": "AI", "case": True})

    assert found(topic, "AI helps")
    assert not found(topic, "Ai helps")
    assert not found(topic, "they said ai")


def test_evidence_names_the_weightiest_first() -> None:
    topic = a_topic("Hafen", {"phrase": "Fähre", "weight": 3}, "Kai")

    assert found(topic, "Hafen, Kai, Fähre")["t"].phrases == ("Fähre", "Hafen", "Kai")


def test_every_word_of_a_group_counts_for_itself() -> None:
    topic = a_topic({"phrase": "Fähre", "also": ["Hafen", "Kai"], "weight": 0.5})

    assert found(topic, "Fähren im Hafen")["t"].phrases == ("Fähre", "Hafen")
    assert score(topic, "Fähren im Hafen am Kai") == 1.5


def test_evidence_points_at_the_words_that_counted() -> None:
    topic = a_topic("Fähre", "Hafen", threshold=2)
    headline, body = "Neue Fähren", "Am Kai, im Haf\u00aden: die Fähre"

    evidence = found(topic, body, headline=headline)["t"]

    text = f"{headline}\n{body}"
    assert [text[start:end] for start, end in evidence.spans] == ["Fähren", "Haf\u00aden"]
    assert evidence.phrases == ("Fähre", "Hafen")


def test_late_is_the_end_of_a_short_text_too() -> None:
    wary = a_topic("Fähre", marginal=0.5)
    before = "Es regnet im Norden seit gestern. " * 6

    assert not found(wary, f"{before}Die Fähre fährt.")
    assert found(wary, "Es regnet im Norden seit gestern. Die Fähre fährt.")


def test_what_stands_once_and_late_counts_in_part_if_the_topic_says_so() -> None:
    wary, other = a_topic("Fähre", marginal=0.5), a_topic("Fähre", id="u")
    late = "Es regnet im Norden. " * 20

    assert list(found([wary, other], f"{late}Die Fähre fährt.")) == ["u"]
    assert list(found([wary, other], f"{late}Die Fähre fährt. Die Fähren sind neu.")) == ["t", "u"]
    assert list(found([wary, other], f"Die Fähre fährt. {late}")) == ["t", "u"]


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("10.00 Uhr Rathaus\n11:30 Museum\n- 14.15 Hafen", True),
        ("0900 GMT Oslo\n1030 GMT Rome\n1200 GMT Bonn", True),
        ("9 a.m. City hall\n11:30 a.m. Library\n2 pm Harbour", True),
        ("BERLIN - 09.30 Uhr: Kabinett. 10.00 Uhr: Zahlen. 18.30 Uhr: Empfang.", True),
        ("Sala, ore 9: riunione. Teatro, ore 11.30: prova. Museo, ore 18: apertura.", True),
        ("MONTAG: Rede. DIENSTAG: Besuch. MITTWOCH: Messe.", True),
        ("周一：论坛。周二：访问。周三：质询。", True),
        ("Am Montag kam er, am Dienstag ging er, und am Mittwoch um 10.30 Uhr rief er an.", False),
        ("10.00 Uhr Rathaus\n11:30 Museum", False),
        ("Um 10.00 Uhr öffnet das Rathaus, um 11:30 das Museum, um 14.15 der Hafen.", False),
        ("3 Boote\n4 Schiffe\n5 Fähren", False),
    ],
)
def test_a_list_of_times_can_count(body: str, *, listed: bool) -> None:
    topic = a_topic("Tagesvorschau", appointments=1)

    assert bool(found(topic, body)) is listed


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("sanción", "nuevas sanciones", "es"),
        ("tipo de interés", "los tipos de interés", "es"),
        ("banco centrale", "le banche", None),
        ("sanzione", "nuove sanzioni", "it"),
        ("banca centrale", "le banche centrali", "it"),
        ("eleição", "as eleições", "pt"),
        ("míssil balístico", "mísseis balísticos", "pt"),
        ("banque centrale", "les banques centrales", "fr"),
        ("réseau électrique", "les réseaux électriques", "fr"),
    ],
)
def test_a_phrase_that_says_its_language_is_known_in_the_plural(phrase: str, text: str, language: str | None) -> None:
    topic = a_topic({"phrase": phrase, "languages": [language or "it"]})

    assert bool(found(topic, text, language=language)) is (language is not None)


def test_a_country_counts_by_its_demonyms_in_every_language() -> None:
    topic = a_topic(entities={"country-RU": 1})

    for text, language in [
        ("Der russische Angriffskrieg", "de"),
        ("Russian-backed forces", "en"),
        ("les forces russes", "fr"),
        ("las tropas rusas", "es"),
        ("le truppe russe", "it"),
        ("de Russische vloot", "nl"),
        ("rosyjskich dronów", "pl"),
        ("navios russos", "pt"),
        ("российского флота", "ru"),
        ("російських кораблів", "uk"),
    ]:
        assert found(topic, text, language=language), text
    assert found(topic, "die russischen Häfen")["t"].phrases == ("russisch",)
    assert not found(topic, "la salade russe", language="pl")
    assert not found(topic, "die prussische Küste")


@pytest.mark.parametrize(
    ("within", "body", "joined"),
    [
        ("sentence", "Neue Sanktionen gegen Moskau und russische Banken.", True),
        ("sentence", "Am 3. November galten Sanktionen auch z. B. für russische Banken.", True),
        ("sentence", "Es gibt Sanktionen. Russische Banken schweigen.", False),
        ("sentence", "Es gibt Sanktionen\nRussische Banken schweigen.", False),
        ("paragraph", "Es gibt Sanktionen. Russische Banken schweigen.", True),
        ("paragraph", "Es gibt Sanktionen.\n\nRussische Banken schweigen.", False),
        ("article", "Es gibt Sanktionen.\n\nRussische Banken schweigen.", True),
        ("article", "Es gibt Sanktionen.", False),
    ],
)
def test_what_stands_together_counts_within_its_bounds(within: str, body: str, *, joined: bool) -> None:
    topic = a_topic(together=[{"all": [["Embargo", "Sanktion"], "country-RU"], "within": within}])

    assert bool(found(topic, body)) is joined


def test_what_stands_together_comes_on_top_and_double_in_the_headline() -> None:
    topic = a_topic("Sanktion", together=[{"all": ["Sanktion", "country-RU"], "weight": 1.5}])

    below = found(topic, "Sanktionen gegen russische Banken")["t"]
    above = found(topic, "Mehr dazu", headline="Sanktionen gegen russische Banken")["t"]

    assert (below.score, below.phrases) == (2.5, ("Sanktion + russisch", "Sanktion"))
    assert below.spans == ((0, 26), (0, 10))
    assert above.score == 5


def test_what_stands_together_can_speak_against() -> None:
    topic = a_topic("Sanktion", together=[{"all": ["Sanktion", "Torwart"], "weight": -1}])

    assert found(topic, "Die Sanktion steht. Der Torwart ruht.")
    assert not found(topic, "Die Sanktion für den Torwart steht.")


def test_the_same_letters_are_never_two_parts() -> None:
    topic = a_topic(together=[{"all": [["russisch", "Sanktion"], "country-RU"]}])

    assert not found(topic, "die russische Bank")
    assert found(topic, "die russische Bank, die russische Post")


def test_a_part_that_is_an_entity_counts_under_any_name() -> None:
    topic = a_topic(together=[{"all": ["Treffen", "vladimir-putin"]}])
    known = Known("vladimir-putin", "Vladimir Putin", Kind.PERSON, configured=True)
    ready = Topics([topic], languages=LANGUAGES, known=lambda word: known if word == "vladimir-putin" else None)
    text = read("Treffen mit Wladimir Putin")

    evidence = ready.find(text, body=0, language="de", linked=[Match(12, 26, known, Terms())])

    assert evidence["t"].phrases == ("Treffen + Vladimir Putin",)
    assert not ready.find(text, body=0, language="de", linked=[])


@pytest.mark.parametrize(
    ("headline", "body", "tagged"),
    [
        ("", "… gegen Rumänien, Ukraine und Wales …", None),
        ("Länderspiel: Ukraine schlägt Wales", "", None),
        ("Drohnen über Kiew", "In der Ukraine", 2 * (0.5 + 0.75) + 1),
    ],
)
def test_the_examples_in_the_shipped_file_are_true(headline: str, body: str, tagged: float | None) -> None:
    evidence = found(list(load_topics(SHIPPED)), body, headline=headline)

    assert "2 × (0.5 + 0.75) + 1" in SHIPPED.read_text(encoding="utf-8")
    assert (evidence["ukraine"].score if "ukraine" in evidence else None) == tagged


def test_a_mention_of_starlink_as_one_of_several_is_not_enough() -> None:
    topics = list(load_topics(SHIPPED))

    assert "starlink" in found(topics, "Der Kreis kauft zwei Anlagen von Starlink.")
    assert "starlink" not in found(topics, "Er verhandelt mit Anbietern wie Starlink.")
