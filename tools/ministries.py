"""Ministries of foreign affairs, defence, the interior and finance, by their names in German, English and Russian.

English names of countries are Unicode CLDR's as `countries.tsv.gz` has them; adjectives, genitives, and which ministries
are left out because a file in `tools/catalogue/` has them, stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.article import Kind
from pipeline.config.models import Alias, Entity
from pipeline.enrich import gazetteer

_SOURCE = "tools/ministries.py from CLDR and curated adjectives, 2026-11"


class _Field(NamedTuple):
    id: str
    english: str
    full: str
    german: str
    russian: str


class _Country(NamedTuple):
    code: str
    english: str
    german: str
    genitive: str
    russian: str


_FIELDS = (
    _Field("foreign", "Foreign Ministry", "Ministry of Foreign Affairs", "Außenministerium", "МИД"),
    _Field("defence", "Defence Ministry", "Ministry of Defence", "Verteidigungsministerium", "Минобороны"),
    _Field("interior", "Interior Ministry", "Ministry of the Interior", "Innenministerium", "МВД"),
    _Field("finance", "Finance Ministry", "Ministry of Finance", "Finanzministerium", "Минфин"),
)
_LEFT_OUT = frozenset({("FR", "foreign"), ("FR", "finance"), ("UA", "foreign"), ("UA", "defence")}) | {
    (code, field) for code in ("CN", "TW") for field in ("foreign", "defence")
}
# Code, English adjective, German adjective without its ending, German and Russian genitive.
_TABLE = """
FR|French|französisch|Frankreichs|Франции
UA|Ukrainian|ukrainisch||Украины
CN|Chinese|chinesisch|Chinas|Китая
TW|Taiwanese|taiwanisch|Taiwans|Тайваня
BY|Belarusian|belarussisch||Белоруссии
PL|Polish|polnisch|Polens|Польши
IT|Italian|italienisch|Italiens|Италии
ES|Spanish|spanisch|Spaniens|Испании
PT|Portuguese|portugiesisch|Portugals|Португалии
NL|Dutch|niederländisch||Нидерландов
BE|Belgian|belgisch|Belgiens|Бельгии
AT|Austrian|österreichisch|Österreichs|Австрии
CZ|Czech|tschechisch|Tschechiens|Чехии
SK|Slovak|slowakisch||Словакии
HU|Hungarian|ungarisch|Ungarns|Венгрии
RO|Romanian|rumänisch|Rumäniens|Румынии
BG|Bulgarian|bulgarisch|Bulgariens|Болгарии
GR|Greek|griechisch|Griechenlands|Греции
TR|Turkish|türkisch||Турции
SE|Swedish|schwedisch|Schwedens|Швеции
NO|Norwegian|norwegisch|Norwegens|Норвегии
DK|Danish|dänisch|Dänemarks|Дании
FI|Finnish|finnisch|Finnlands|Финляндии
EE|Estonian|estnisch|Estlands|Эстонии
LV|Latvian|lettisch|Lettlands|Латвии
LT|Lithuanian|litauisch|Litauens|Литвы
MD|Moldovan|moldauisch||Молдавии
RS|Serbian|serbisch|Serbiens|Сербии
HR|Croatian|kroatisch|Kroatiens|Хорватии
GE|Georgian|georgisch|Georgiens|Грузии
AM|Armenian|armenisch|Armeniens|Армении
AZ|Azerbaijani|aserbaidschanisch|Aserbaidschans|Азербайджана
KZ|Kazakh|kasachisch|Kasachstans|Казахстана
IL|Israeli|israelisch|Israels|Израиля
IR|Iranian|iranisch|Irans|Ирана
IQ|Iraqi|irakisch|Iraks|Ирака
SY|Syrian|syrisch|Syriens|Сирии
LB|Lebanese|libanesisch||Ливана
EG|Egyptian|ägyptisch|Ägyptens|Египта
SA|Saudi|saudisch|Saudi-Arabiens|Саудовской Аравии
IN|Indian|indisch|Indiens|Индии
PK|Pakistani|pakistanisch|Pakistans|Пакистана
JP|Japanese|japanisch|Japans|Японии
KR|South Korean|südkoreanisch|Südkoreas|Южной Кореи
KP|North Korean|nordkoreanisch|Nordkoreas|Северной Кореи
VN|Vietnamese|vietnamesisch|Vietnams|Вьетнама
PH|Philippine|philippinisch||Филиппин
AU|Australian|australisch|Australiens|Австралии
CA|Canadian|kanadisch|Kanadas|Канады
MX|Mexican|mexikanisch|Mexikos|Мексики
BR|Brazilian|brasilianisch|Brasiliens|Бразилии
AR|Argentine|argentinisch|Argentiniens|Аргентины
VE|Venezuelan|venezolanisch|Venezuelas|Венесуэлы
ZA|South African|südafrikanisch|Südafrikas|ЮАР
""".strip()


def ministries() -> Iterator[Entity]:
    """Yield the ministries of every country in the table, without those that are written down elsewhere."""
    names = {name.known.country: name.known.name for name in gazetteer.countries(("en",))}
    for line in _TABLE.splitlines():
        country = _Country(*line.split("|"))
        for field in _FIELDS:
            if (country.code, field.id) not in _LEFT_OUT:
                yield _ministry(country, field, names[country.code])


def _ministry(country: _Country, field: _Field, name: str) -> Entity:
    english = [f"{field.full} of {name}", f"{country.english} {field.full}"]
    if field.id == "defence":
        english += [f"{country.english} Defense Ministry", f"{country.english} Ministry of Defense"]
    others = [f"{country.german}es {field.german}", f"{field.russian} {country.russian}"]
    if country.genitive:
        others += [f"{country.genitive} {field.german}", f"{field.german} {country.genitive}"]
    name_in_english = f"{country.english} {field.english}"
    return Entity(
        id=name_in_english.lower().replace(" ", "-"),
        name=name_in_english,
        kind=Kind.ORGANISATION,
        country=country.code,
        role=f"{field.english.lower()} of {name}",
        aliases=(*(Alias(name=name, inflect=False) for name in english), *others),
        source=_SOURCE,
    )
