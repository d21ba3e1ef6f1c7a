"""What do short invented texts name, in each language, with the shipped catalogue?"""

from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.config import Settings
from pipeline.enrich import Enricher
from tests.factories import an_article

CONFIG = Path(__file__).parents[2] / "config"
TEXTS = [
    ("Wladimir Putin reiste nach Kasan und traf dort Ingenieure des Werks.", {"vladimir-putin"}),
    ("Vladimir Putin travelled to Kazan and met engineers of the plant.", {"vladimir-putin"}),
    ("Президент Путин встретился с инженерами завода в Казани.", {"vladimir-putin"}),
    ("Инженеры рассказали Путину о планах завода на следующий год.", {"vladimir-putin"}),
    ("普京在喀山会见了工厂的工程师，并参观了新的车间。", {"vladimir-putin"}),
    ("Die Pläne des Unternehmers Elon Musk kamen zur Sprache; Musks Firma SpaceX baut Starlink aus.",
     {"elon-musk", "spacex", "starlink"}),
    ("Russlands Delegation traf am Montag in Wien ein, sagte ein Sprecher des Hotels.", {"country-RU"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG)})
    return runtime.make_enricher(settings, runtime.load_configuration(CONFIG))


@pytest.mark.parametrize(("text", "entities"), TEXTS)
def test_the_names_in_a_text_are_found_in_every_script_and_case(
    enricher: Enricher, text: str, entities: set[str]
) -> None:
    article = enricher.enrich([an_article(headline="", body=text, language=None)])[0]

    assert entities <= set(article.entity_ids)


def test_mentions_point_at_the_words_of_the_text(enricher: Enricher) -> None:
    article = enricher.enrich([an_article(body="Elon Musk sprach in Kiel über Starlink-Satelliten.")])[0]

    assert article.mentions
    for mention in article.mentions:
        assert article.text[mention.start : mention.end] == mention.text


def test_a_ticker_is_joined_to_its_company(enricher: Enricher) -> None:
    article = enricher.enrich(
        [an_article(body="Der Konzern (XETRA: RHM) baut ein Werk bei Unterlüß in Niedersachsen.")]
    )[0]

    assert "XETRA:RHM" in article.tickers
    assert "rheinmetall" in article.entity_ids


def test_nothing_and_noise_are_read_without_harm(enricher: Enricher) -> None:
    for text in ("", "x", "🚀" * 50, "A" * 200_000, "Pu\u200btin \u202egnorts"):
        enricher.enrich([an_article(headline="", body=text, language=None)])
