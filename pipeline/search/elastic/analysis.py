"""How Elasticsearch makes words of a text: as the embedded index does, with more languages stemmed.

A text field `f` is folded: lower case, no accents, one word for each Chinese or Japanese character. `f_de`, `f_en` …
hold the same text stemmed, in articles of that language only. Nothing is left out as a stop word, so that every phrase
can be found. A folded field is searched with umlauts spelt out as well, so that Müller finds Mueller and Muller.
"""

from __future__ import annotations

from typing import Any

FOLDED, FOLDED_SEARCH, NAMES, CASELESS = "folded", "folded_search", "names", "caseless"
STEMMERS = {
    "de": "german",  # as the embedded index; `light_german` takes three times as many words apart that it joins
    "en": "porter2",  # as the embedded index
    "fr": "light_french",
    "es": "light_spanish",
    "it": "light_italian",
    "nl": "dutch",
    "pt": "light_portuguese",
    "ru": "light_russian",
}
POLISH, POLISH_PLUGIN = "pl", "analysis-stempel"
LANGUAGES = (*STEMMERS, POLISH)
_SPACE = "\\u0020"
# what Unicode's word rules keep inside a word, such as `U.S.`, `l'été`, `3,5` and `a_b`
_JOINERS = "':.,;_·\u2018\u2019\u2024\u2027\u02bc\u037e\u0387\u055f\u0589\u05f4\u066c\u203f\u2040\u2044\u2054\ufe52\uff07\uff0e\uff1a"
_LETTERS = {"ё": "е", "Ё": "Е", "ґ": "г", "Ґ": "Г"}
_KATAKANA = range(0x30A0, 0x3100)
_COMBINING = range(0x300, 0x370)
_LONGEST_WORD = 64
_WORDS = ["no_emoji", "no_monsters", "lowercase"]


def analysis(*, polish: bool) -> dict[str, Any]:
    """Return the analysis settings of an index; `polish` says that the server has the plugin with Polish stems."""
    filters: dict[str, Any] = {
        "no_emoji": {"type": "keep_types", "types": ["<EMOJI>"], "mode": "exclude"},
        "no_monsters": {"type": "length", "max": _LONGEST_WORD},
        "folded_beside": {"type": "asciifolding", "preserve_original": True},
        "ae": {"type": "pattern_replace", "pattern": "ä", "replacement": "ae"},
        "oe": {"type": "pattern_replace", "pattern": "ö", "replacement": "oe"},
        "ue": {"type": "pattern_replace", "pattern": "ü", "replacement": "ue"},
    }
    filters |= {f"{code}_stem": {"type": "stemmer", "language": name} for code, name in STEMMERS.items()}
    analysers = {
        FOLDED: ["asciifolding"],
        FOLDED_SEARCH: ["folded_beside", "ae", "oe", "ue", "asciifolding", "remove_duplicates"],
        NAMES: ["german_normalization", "asciifolding"],
        "de": ["german_normalization", "asciifolding", "de_stem"],
        "en": ["asciifolding", "en_stem"],
        POLISH: ["polish_stem", "asciifolding"] if polish else ["asciifolding"],
    }
    analysers |= {code: [f"{code}_stem", "asciifolding"] for code in STEMMERS if code not in analysers}
    return {
        "char_filter": {"letters": {"type": "mapping", "mappings": _mappings()}},
        "filter": filters,
        "analyzer": {name: _analyser(rest) for name, rest in analysers.items()},
        "normalizer": {CASELESS: {"type": "custom", "filter": ["lowercase"]}},
    }


def _analyser(rest: list[str]) -> dict[str, Any]:
    return {"type": "custom", "char_filter": ["letters"], "tokenizer": "standard", "filter": [*_WORDS, *rest]}


def _mappings() -> list[str]:
    rules = {ord(joiner): _SPACE for joiner in _JOINERS}
    rules |= dict.fromkeys(_COMBINING, "")
    rules |= {ord(letter): _escape(ord(plain)) for letter, plain in _LETTERS.items()}
    rules |= {code: f"{_SPACE}{_escape(code)}{_SPACE}" for code in _KATAKANA}
    return [f"{_escape(code)} => {replacement}" for code, replacement in rules.items()]


def _escape(code: int) -> str:
    return f"\\u{code:04x}"
