"""States and provinces that newsrooms write behind a city: Paris, Texas, is not in France.

Left out are those that are also cities or given names, as in `Paris, Washington and Moscow`: Washington, New York, Quebec, Victoria.
"""

from __future__ import annotations

import re

from pipeline.enrich.folding import Folded

_COUNTRIES = {
    "US": "alabama alaska arizona arkansas california kalifornien colorado connecticut delaware florida hawaii idaho illinois "
    "indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana "
    "nebraska nevada new-hampshire new-jersey new-mexico north-carolina north-dakota ohio oklahoma oregon pennsylvania "
    "rhode-island south-carolina south-dakota tennessee texas utah vermont virginia west-virginia wisconsin wyoming georgia",
    "CA": "ontario alberta manitoba saskatchewan british-columbia nova-scotia new-brunswick newfoundland",
    "AU": "new-south-wales queensland tasmania western-australia south-australia",
}
_COUNTRY = {region.replace("-", " "): country for country, names in _COUNTRIES.items() for region in names.split()}
_ALSO_A_COUNTRY = {"georgia": "GE"}
# `Shanghai, Berlin, Texas and Nevada` lists places of one rank; a region in apposition is followed by no `and`.
_BEHIND = re.compile(rf"(?:, | \()({'|'.join(_COUNTRY)})\b(?! (?:and|or|und|oder|et|ou|y|o|e|en|of|i|oraz)\b)")


def is_elsewhere(text: Folded, start: int, end: int, country: str | None) -> bool:
    """Say whether the region behind the city at `start` lies in another country than `country`.

    >>> from pipeline.enrich.folding import read
    >>> is_elsewhere(read("Paris, Texas"), 0, 5, "FR"), is_elsewhere(read("Austin, Texas"), 0, 6, "US")
    (True, False)
    """
    found = _BEHIND.match(text.text, end)
    if not found or text.text[:start].endswith(", "):
        return False
    return country not in {_COUNTRY[found[1]], _ALSO_A_COUNTRY.get(found[1])}
