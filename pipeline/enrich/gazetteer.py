"""Countries and cities: names from Unicode CLDR and GeoNames, as `tools/` extracted them into `data/`.

A country is `country-DE`, a city `city-703448` (its GeoNames id). Of the countries' names only those are read that
texts in the given languages can hold: their own, English ones and native ones.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files

from pipeline.article import Kind, Location
from pipeline.enrich.names import Known, Name, Terms, terms_of

_DATA = files("pipeline.enrich") / "data"
_FORBIDDEN_ENDINGS = frozenset({"US", "UK", "U.S.", "U.K."})


def countries(languages: Collection[str]) -> Iterator[Name]:
    """Yield what texts in `languages` call the countries of the world."""
    wanted = {"*", "en", *languages}
    known: dict[str, Known] = {}
    for kind, code, *fields in _rows("countries.tsv.gz"):
        if kind == "P":
            name, _, lat, lon = fields
            known[code] = Known(f"country-{code}", name, Kind.PLACE, code, _point(lat, lon))
            continue
        spoken, name, context = fields
        if wanted.isdisjoint(speakers := spoken.split(",")):
            continue
        anywhere = speakers == ["*"]
        terms = terms_of(name, languages=() if anywhere else speakers, context=context.split("|") if context else ())
        yield Name(name, known[code], terms, inflect=name not in _FORBIDDEN_ENDINGS)


def cities() -> Iterator[Name]:
    """Yield the names of all cities, the biggest city first."""
    sure = cache(lambda capital: Terms(capital=capital))
    for number, name, country, lat, lon, population, names, wary, context in _rows("cities.tsv.gz"):
        known = Known(f"city-{number}", name, Kind.PLACE, country, _point(lat, lon), int(population))
        for other in filter(None, names.split("|")):
            yield Name(other, known, sure(other[0].isupper()))
        for other in filter(None, wary.split("|")):
            near = context.split("|") if context else ()
            yield Name(other, known, terms_of(other, context=near, wary=True))


def names() -> Iterator[tuple[str, str]]:
    """Yield the id of each country and city and its usual English name; much faster than reading all names."""
    for kind, code, name, *_ in _rows("countries.tsv.gz"):
        if kind == "P":
            yield f"country-{code}", name
    for number, name, *_ in _rows("cities.tsv.gz"):
        yield f"city-{number}", name


def decoys() -> Iterator[str]:
    """Yield phrases that hold the name of a place and mean none, such as `New York Times`."""
    for line in (_DATA / "decoys.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _rows(file: str) -> Iterator[list[str]]:
    for line in gzip.decompress((_DATA / file).read_bytes()).decode().split("\n"):
        yield line.split("\t")


def _point(lat: str, lon: str) -> Location | None:
    return Location(lat=float(lat), lon=float(lon)) if lat else None
