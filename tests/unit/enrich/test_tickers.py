"""Which symbols stand in a text, and which company do they mean?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrich import Enricher
from pipeline.enrich.tickers import equivalents, tickers
from tests.factories import an_article


@pytest.mark.parametrize(
    ("text", "symbol", "written"),
    [
        ("Tesla (NASDAQ:TSLA) rose.", "NASDAQ:TSLA", "NASDAQ:TSLA"),
        ("Tesla (Nasdaq: TSLA) rose.", "NASDAQ:TSLA", "Nasdaq: TSLA"),
        ("Rheinmetall (XETRA: RHM) steigt.", "XETRA:RHM", "XETRA: RHM"),
        ("Rheinmetall (Xetra : RHM) steigt.", "XETRA:RHM", "Xetra : RHM"),
        ("Berkshire (NYSE: BRK.B) fell.", "NYSE:BRK.B", "NYSE: BRK.B"),
        ("TSMC (TWSE: 2330) wächst.", "TWSE:2330", "TWSE: 2330"),
        ("Ford (NYSE: F), up.", "NYSE:F", "NYSE: F"),
        ("台积电（NYSE:TSM）上涨", "NYSE:TSM", "NYSE:TSM"),
    ],
)
def test_a_symbol_behind_its_exchange_is_a_ticker(text: str, symbol: str, written: str) -> None:
    (found,) = tickers(text)

    assert found.symbol == symbol
    assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "Note: A",
        "Nasdaq: the index fell",
        "nasdaq: TSLA",
        "NaSdAq: TSLA",
        "XNYSE: F",
        "http://nyse:8080",
        "NYSE: TSLAs",
        "Ergebnis: 3:1",
        "SET: 15:30",
        "ICE:12:30",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert list(tickers(text)) == []


@given(st.text(alphabet="NYSEA: :.-(F)ßä\n", max_size=60))
def test_every_ticker_points_at_its_words(text: str) -> None:
    for found in tickers(text):
        exchange, symbol = found.symbol.split(":", 1)
        assert text[found.start : found.end].upper().startswith(exchange)
        assert text[found.start : found.end].endswith(symbol)


def test_exchanges_of_several_names_are_the_same() -> None:
    assert equivalents("ETR:RHM") == ("ETR:RHM", "XETRA:RHM")
    assert set(equivalents("FRA:RHM")) == {"FRA:RHM", "FWB:RHM", "FRANKFURT:RHM"}
    assert equivalents("NYSE:F") == ("NYSE:F",)


def test_a_ticker_is_a_mention_of_its_company_in_the_form_that_the_catalogue_has(enricher: Enricher) -> None:
    article = enricher.enrich([an_article(headline="", body="Die Aktie (ETR: TL0) stieg, NASDAQ:XYZ auch.")])[0]

    assert article.tickers == ("XETRA:TL0", "NASDAQ:XYZ")
    assert [(mention.text, mention.entity_id) for mention in article.mentions] == [("ETR: TL0", "tesla")]
