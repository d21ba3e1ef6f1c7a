"""Ticker symbols in a text, as `NASDAQ:TSLA`, `(XETRA: RHM)` or `(Nasdaq: TSLA)`.

An exchange must stand in front, so that `Note: A` is none. The result is written `EXCHANGE:SYMBOL`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Codes of the exchanges that wires write, and the names that mean the same.
_SAME = {
    "ETR": "XETRA",
    "FWB": "FRA",
    "FRANKFURT": "FRA",
    "EURONEXT": "EPA",
    "LON": "LSE",
    "TAIEX": "TWSE",
    "TPE": "TWSE",
}
_EXCHANGES = frozenset(
    (  # noqa: SIM905 - a table
        "NASDAQ NYSE AMEX NYSEAMERICAN NYSEARCA CBOE OTC OTCMKTS OTCQX OTCQB TSX TSXV CVE CSE XETRA ETR FRA FWB FRANKFURT STU "
        "LSE LON AIM EPA EURONEXT AMS EBR ELI BIT BME MCE SIX SWX VTX WSE GPW STO OMX CPH HEL OSE OSL ICE VIE PRA BUD "
        "MOEX MCX IST TASE TADAWUL NSE BSE SSE SHA SZSE SHE HKEX HKG SEHK TSE TYO JPX TWSE TPE TPEX KRX KOSPI KOSDAQ SGX "
        "IDX SET ASX NZX JSE BVMF BOVESPA BMV BCBA"
    ).split()
)
# The symbol is never in small letters; the name of the exchange often is (`Nasdaq`).
_TICKER = re.compile(
    r"(?<![\w:])([A-Z][A-Za-z]{1,11})\s?:\s?([A-Z0-9][A-Z0-9.\-]{0,10}[A-Z0-9]|[A-Z0-9])(?![\w:])",
)


class Ticker(NamedTuple):
    """A ticker symbol, and where it stands without its brackets."""

    symbol: str
    start: int
    end: int


def tickers(text: str) -> Iterator[Ticker]:
    """Yield the ticker symbols in `text`, in its order.

    >>> [found.symbol for found in tickers("Tesla (Nasdaq: TSLA) und Rheinmetall (XETRA:RHM)")]
    ['NASDAQ:TSLA', 'XETRA:RHM']
    """
    if ":" not in text:
        return
    for match in _TICKER.finditer(text):
        exchange = match[1].upper()
        if exchange in _EXCHANGES and (match[1] == exchange or match[1].istitle()):
            yield Ticker(f"{exchange}:{match[2]}", match.start(), match.end())


def equivalents(symbol: str) -> tuple[str, ...]:
    """Return the ways to write `symbol`, this one first: `ETR:RHM` is `XETRA:RHM`."""
    exchange, _, code = symbol.partition(":")
    usual = _SAME.get(exchange, exchange)
    return tuple(
        dict.fromkeys([symbol, f"{usual}:{code}", *(f"{old}:{code}" for old, new in _SAME.items() if new == usual)])
    )
