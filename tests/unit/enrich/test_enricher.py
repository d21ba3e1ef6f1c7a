"""What becomes of an article on its way through the pipeline?"""

import subprocess
import sys
from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from pipeline.article import Article, Dateline, Kind, TopicEvidence
from pipeline.config.models import Entity
from pipeline.enrich import Enricher, entity_names, place_names
from pipeline.enrich.findings import findings
from pipeline.enrich.tokens import WhiteSpaceTokenizer
from pipeline.errors import ConfigError
from tests.factories import an_article

VOCABULARY = Vocab()
PIECES = st.sampled_from(
    [
        "Elon Musk",
        "Musks",
        "Путина",
        "in Austin",
        "台湾海峡",
        "NASDAQ: TSLA",
        "Kiew",
        "İ",
        "ß",
        "🚀",
        "\u00ad",
        "\u200b",
        "\n",
        " ",
        "’",
        "e\u0301",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_every_mention_points_at_its_text(enricher: Enricher, headline: str, body: str) -> None:
    article = enricher.enrich([an_article(headline=headline, body=body, language=None)])[0]

    for mention in article.mentions:
        assert article.text[mention.start : mention.end] == mention.text
        assert mention.text.strip()
    spans = [(mention.start, mention.end) for mention in article.mentions]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@settings(deadline=None)
@given(TEXTS)
def test_enriching_twice_changes_nothing(enricher: Enricher, body: str) -> None:
    once = enricher.enrich([an_article(body=body, language=None)])

    assert enricher.enrich(once) == once


def test_what_a_text_gives_becomes_fields_of_the_article(enricher: Enricher) -> None:
    body = "KIEW (dpa) - Elon Musk sprach am Dienstag über Starlink; Tesla (NASDAQ: TSLA) baut in Polen nichts, in der Ukraine auch nicht."

    article = enricher.enrich([an_article(headline="", body=body, language=None)])[0]

    assert (article.language, article.agency) == ("de", "dpa")
    assert article.people == ("Elon Musk",)
    assert article.organisations == ("Tesla",)
    assert article.products == ("Starlink",)
    assert article.places == ("Kyiv", "Poland", "Ukraine")
    assert article.tickers == ("NASDAQ:TSLA",)
    assert article.entity_ids == ("kyiv", "elon-musk", "starlink", "tesla", "country-PL", "country-UA")
    assert [round(point.lat) for point in article.locations] == [50, 52]
    assert article.topics == ("ukraine",)


def test_what_the_format_gave_stays(enricher: Enricher) -> None:
    dateline = Dateline(text="KIEL (AFP)", place="Kiel")
    given_before = an_article(agency="AFP", byline="Ute Möller", dateline=dateline, body="BERLIN (dpa) - Der Rat tagt.")

    article = enricher.enrich([given_before])[0]

    assert (article.agency, article.byline, article.dateline) == ("AFP", "Ute Möller", dateline)


def test_articles_come_back_in_their_order(enricher: Enricher) -> None:
    articles = [an_article(id=f"a{number}", body=f"Nummer {number}") for number in range(20)]

    assert [article.id for article in enricher.enrich(articles)] == [article.id for article in articles]


def test_nothing_makes_nothing(enricher: Enricher) -> None:
    article = enricher.enrich([an_article(headline="", body="", language=None)])[0]

    assert (article.language, article.mentions, article.topics, article.entity_ids) == (None, (), (), ())
    assert enricher.enrich([]) == []


def test_a_copy_has_what_its_original_has_and_keeps_its_own_mentions(enricher: Enricher) -> None:
    original, copy = enricher.enrich(
        [
            an_article(id="a", body="BERLIN (dpa) - Elon Musk sprach über die Ukraine.", language="de"),
            an_article(id="b", body="Über Starlink wurde in der Ukraine gesprochen.", language="de"),
        ]
    )

    inherited = enricher.inherit(copy, original)

    assert inherited.mentions == copy.mentions
    assert set(inherited.entity_ids) == {*original.entity_ids, *copy.entity_ids}
    assert inherited.people == ("Elon Musk",)
    assert (inherited.agency, inherited.id, inherited.body) == ("dpa", "b", copy.body)
    assert enricher.inherit(inherited, original) == inherited


def test_the_evidence_that_a_copy_inherits_points_into_no_text_but_its_own(enricher: Enricher) -> None:
    original = an_article(topic_evidence={"ukraine": TopicEvidence(score=1, phrases=("Ukraine",), spans=((4, 11),))})
    copy = an_article(id="b", topic_evidence={"space": TopicEvidence(score=1, phrases=("Orbit",), spans=((0, 5),))})

    inherited = enricher.inherit(copy, original)

    assert inherited.topic_evidence["ukraine"] == TopicEvidence(score=1, phrases=("Ukraine",))
    assert inherited.topic_evidence["space"].spans == ((0, 5),)


@pytest.mark.parametrize(
    ("word", "identifier"),
    [("Putin", "vladimir-putin"), ("vladimir-putin", "vladimir-putin"), ("country-UA", "country-UA"),
     ("city-703448", "kyiv"), ("Kiew", "kyiv"), ("nobody", None)],
)  # fmt: skip
def test_names_and_ids_are_resolved(enricher: Enricher, word: str, identifier: str | None) -> None:
    assert enricher.resolve(word) == identifier


def test_every_id_has_a_name() -> None:
    names = entity_names([Entity(id="elon-musk", name="Elon Musk", kind=Kind.PERSON)])

    assert (names["elon-musk"], names["country-UA"], names["city-2950159"]) == ("Elon Musk", "Ukraine", "Berlin")
    assert place_names()["country-DE"] == ("Germany",)


def test_components_of_ones_own_see_the_findings(enricher: Enricher) -> None:
    doc = enricher.nlp("Elon Musk sprach in Kiel über Starlink.")

    assert doc.text == "Elon Musk sprach in Kiel über Starlink."
    assert [match.known.id for match in findings(doc).linked] == ["elon-musk", "city-2891122", "starlink"]


def test_a_pipeline_without_a_catalogue_says_so() -> None:
    nlp = spacy.blank("xx")
    nlp.add_pipe("wirewatch_catalogue")

    with pytest.raises(ConfigError, match="`wirewatch_catalogue` has no catalogue"):
        nlp("Kiel")


def test_the_memory_of_words_does_not_grow_with_the_articles(enricher: Enricher) -> None:
    def batch(first: int) -> list[Article]:
        return [an_article(body=f"wort{n} neu{n} Kiel{n} Straße{n} in Kiel") for n in range(first, first + 200)]

    sizes = []
    for first in range(0, 6_000, 200):
        enricher.enrich(batch(first))
        sizes.append(len(enricher.nlp.vocab.strings))

    assert max(sizes[20:]) <= max(sizes[:20])


@given(st.text() | st.text(alphabet="a \n\t\u3000é"))
def test_splitting_at_white_space_keeps_every_character(text: str) -> None:
    assert WhiteSpaceTokenizer(VOCABULARY)(text).text == text


def test_configuration_and_names_come_without_the_seconds_that_spacy_takes_to_load() -> None:
    check = "import sys; from pipeline.enrich import entity_names, place_names; entity_names(()), place_names(); sys.exit('spacy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
