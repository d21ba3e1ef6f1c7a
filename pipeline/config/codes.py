"""Codes of countries and languages: which exist, and what somebody meant who wrote another.

Countries are ISO 3166-1 alpha-2 (as of 2025) and `XK`, which the European Union uses for Kosovo. Languages are BCP 47
in its usual shape, not looked up: `de`, `zh-Hant`, `pt-BR`.
"""

from __future__ import annotations

import re

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - 250 quoted strings would be harder to read
)
_COUNTRIES_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "SU": "RU", "KO": "KR", "JA": "JP", "CS": "CZ"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*")
_LANGUAGES_MEANT = {"ua": "uk", "cn": "zh", "jp": "ja", "cz": "cs", "dk": "da", "ger": "de"}


def country(value: str) -> str:
    """Return `value` if it is a country's code; else raise a `ValueError` that says what would be."""
    if value in COUNTRIES:
        return value
    meant = _COUNTRIES_MEANT.get(value.upper(), value.upper())
    if meant in COUNTRIES:
        raise ValueError(f"no country has the code `{value}`; did you mean `{meant}`?")
    raise ValueError("write the country's code of two capital letters (ISO 3166-1), such as `DE`")


def language(value: str) -> str:
    """Return `value` if it has the shape of a language code; else raise a `ValueError` that says what has."""
    if value in _LANGUAGES_MEANT:
        raise ValueError(f"no language has the code `{value}`; did you mean `{_LANGUAGES_MEANT[value]}`?")
    if _LANGUAGE.fullmatch(value):
        return value
    if _LANGUAGE.fullmatch(value.lower()) and len(value) == 2:
        raise ValueError(f"language codes are written in lower case; did you mean `{value.lower()}`?")
    raise ValueError("write a language code (BCP 47), such as `de`, `zh-Hant` or `pt-BR`")
