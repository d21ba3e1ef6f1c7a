"""What CLDR lacks or a text makes ambiguous: everyday names of countries, and names that need context.

Keys of `EXTRA` are comma-separated languages, or `*` for a name that means the country in any text.
"""

from __future__ import annotations

COMMON = {
    "TR": "Turkey",
    "PS": "Palestine",
    "HK": "Hong Kong",
    "MO": "Macao",
    "MM": "Myanmar",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CV": "Cape Verde",
}

EXTRA: dict[str, dict[str, tuple[str, ...]]] = {
    "US": {
        "*": ("USA", "US", "U.S.", "U.S.A.", "США", "United States of America"),
        "de": ("Vereinigten Staaten", "Vereinigter Staaten", "Vereinigte Staaten von Amerika"),
        "fr": ("Etats-Unis", "États-Unis d'Amérique"),
        "zh": ("美國", "美国"),
        "pl": ("Stany Zjednoczone Ameryki",),
        "uk": ("Сполучені Штати Америки", "Сполучених Штатів", "Сполученими Штатами", "Сполученим Штатам"),
        "ru": ("Соединенные Штаты Америки", "Соединённые Штаты"),
    },
    "GB": {
        "*": ("Great Britain", "Britain", "Großbritannien", "Grossbritannien", "Великобритания", "U.K."),
        "en": ("UK",),
        "de": ("Vereinigten Königreich", "England", "Schottland"),
        "fr": ("Grande-Bretagne", "Angleterre"),
        "pl": ("Wielka Brytania", "Zjednoczone Królestwo"),
        "ru": ("Соединенное Королевство", "Британия", "Англия"),
        "uk": ("Велика Британія", "Британія", "Сполучене Королівство", "Великобританія"),
        "zh": ("英國", "英国"),
    },
    "AE": {
        "en": ("UAE", "Emirates"),
        "de": ("VAE", "Vereinigten Arabischen Emirate", "Vereinigten Arabischen Emiraten"),
        "ru": ("ОАЭ", "Объединенные Арабские Эмираты"),
        "uk": ("ОАЕ", "Об'єднані Арабські Емірати"),
        "zh": ("阿联酋",),
        "fr": ("Emirats arabes unis",),
        "pl": ("Emiraty Arabskie",),
    },
    "NL": {"*": ("Holland",), "de": ("Niederlanden",), "ru,uk": ("Голландия", "Голландія"), "en": ("the Netherlands",)},
    "KR": {
        "en,de,fr": ("Republic of Korea", "Südkorea", "South Korea"),
        "ru": ("Южная Корея",),
        "zh": ("南韩", "南韓", "韓國"),
    },
    "KP": {"en": ("DPRK",), "ru": ("Северная Корея", "КНДР"), "uk": ("КНДР",), "zh": ("北韩", "北韓", "北朝鲜")},
    "TW": {"*": ("Taiwan", "Тайвань", "台湾", "臺灣", "台灣"), "en,de": ("Formosa",)},
    "CN": {"en": ("People's Republic of China",), "de": ("Volksrepublik China",), "ru,uk": ("КНР",), "zh": ("中華人民共和國",)},
    "RU": {
        "*": ("Russian Federation", "Росія"),
        "de": ("Russische Föderation", "Russischen Föderation"),
        "ru": ("РФ", "Российская Федерация"),
        "uk": ("РФ", "Російська Федерація"),
        "pl": ("Federacja Rosyjska",),
        "zh": ("俄国", "俄羅斯"),
    },
    "UA": {"*": ("Україна", "Украина"), "zh": ("烏克蘭",)},
    "BY": {"ru": ("Белоруссия",), "de": ("Weißrussland", "Weissrussland"), "fr": ("Bélarus",), "uk": ("Білорусія",)},
    "CZ": {
        "en": ("Czech Republic",),
        "de": ("Tschechische Republik", "Tschechischen Republik"),
        "fr": ("République tchèque",),
        "pl": ("Republika Czeska",),
    },
    "DE": {"en": ("Federal Republic of Germany",), "de": ("Bundesrepublik Deutschland",), "ru,uk": ("ФРГ", "ФРН")},
    "TR": {"*": ("Turkey", "Türkiye")},
    "PS": {
        "*": ("Palestine", "Палестина"),
        "de": ("Palästina", "Palästinensergebiete", "Palästinensergebieten"),
        "pl": ("Palestyna",),
        "zh": ("巴勒斯坦",),
    },
    "HK": {
        "*": ("Hong Kong", "Hongkong", "香港"),
        "ru": ("Гонконг",),
        "uk": ("Гонконг",),
    },
    "MO": {"*": ("Macau", "Macao", "澳门", "澳門"), "ru,uk": ("Макао",), "pl": ("Makau",)},
    "CD": {
        "*": ("DR Congo", "Democratic Republic of the Congo", "DRC"),
        "en": ("Democratic Republic of Congo",),
        "de": ("Demokratische Republik Kongo", "Demokratischen Republik Kongo", "DR Kongo", "Kongo"),
        "fr": ("République démocratique du Congo", "RDC", "RD Congo"),
        "ru": ("ДР Конго", "Демократическая Республика Конго"),
        "uk": ("ДР Конго",),
        "zh": ("刚果民主共和国",),
    },
    "CG": {"en": ("Republic of the Congo",), "de": ("Republik Kongo",)},
    "CI": {"*": ("Ivory Coast",), "de": ("Elfenbeinküste",), "pl": ("Wybrzeże Kości Słoniowej",)},
    "VA": {
        "*": ("Vatican", "Ватикан"),
        "de": ("Vatikan",),
        "en": ("Holy See",),
        "fr": ("Vatican", "Saint-Siège"),
        "pl": ("Watykan",),
        "zh": ("梵蒂冈",),
    },
    "MM": {"en": ("Burma",), "de": ("Birma",)},
    "MK": {"de": ("Nordmazedonien",), "en": ("Macedonia",)},
    "CV": {"en": ("Cape Verde",), "de": ("Kapverden", "Kap Verde")},
    "SA": {"zh": ("沙特",)},
    "JP": {"*": ("日本",)},
    "MD": {"de": ("Moldau", "Republik Moldau"), "ru": ("Молдавия",), "en": ("Moldova",)},
    "BA": {"de": ("Bosnien-Herzegowina", "Bosnien"), "en": ("Bosnia",)},
    "SY": {"en": ("Syria",)},
    "IR": {"en": ("Islamic Republic of Iran",)},
    "CH": {"de": ("Schweizerische Eidgenossenschaft",)},
    "SZ": {"de": ("Swasiland",), "en": ("Swaziland",)},
    "FR": {"zh": ("法國",)},
    "PH": {"de": ("Philippinen",), "zh": ("菲律賓",)},
}

# Words that must keep company with a name which is also a first name, a surname, a state or an everyday word.
_GEORGIA = ("Tbilisi", "Caucasus", "Abkhazia", "South Ossetia", "Georgian Dream", "Armenia", "Azerbaijan", "Batumi")
_GEORGIE = ("Tbilissi", "Caucase", "Abkhazie", "Arménie", "Azerbaïdjan", "Rêve géorgien", "Batoumi")
_JORDAN = ("Amman", "Jordanian", "King Abdullah", "kingdom", "Israel", "Syria", "Iraq", "Middle East", "West Bank", "Egypt")
_CHAD = ("N'Djamena", "Chadian", "Sahel", "Sudan", "Niger", "Africa", "Lake Chad", "Darfur")
CONTEXT: dict[tuple[str, str], tuple[str, ...]] = {
    ("en", "Georgia"): _GEORGIA,
    ("fr", "Géorgie"): _GEORGIE,
    ("en", "Jordan"): _JORDAN,
    ("en", "Chad"): _CHAD,
    ("en", "Jersey"): ("Guernsey", "Channel Islands", "St Helier", "Saint Helier"),
    ("de", "Jersey"): ("Guernsey", "Kanalinsel", "Saint Helier"),
    ("fr", "Jersey"): ("Guernesey", "anglo-normande", "Saint-Hélier"),
    ("en", "Emirates"): ("Dubai", "Abu Dhabi", "UAE", "Gulf"),
    ("en", "Dominica"): ("Roseau", "Caribbean"),
    ("en", "Guinea"): ("Conakry", "Africa", "Guinean"),
    ("en", "Montserrat"): ("Caribbean", "volcano", "Plymouth"),
    ("en", "Grenada"): ("Caribbean", "St George's"),
    ("fr", "Maurice"): ("Port-Louis", "île Maurice", "mauricien", "océan Indien"),
    ("fr", "Dominique"): ("Roseau", "Caraïbes"),
    ("fr", "Salvador"): ("San Salvador", "salvadorien", "Amérique centrale"),
    ("fr", "La Réunion"): ("Saint-Denis", "océan Indien", "Mayotte", "outre-mer", "cyclone"),
    ("en", "Réunion"): ("Saint-Denis", "Indian Ocean", "Mayotte", "Mauritius"),
    ("ru", "Того"): ("Ломе", "Гана", "Бенин", "Африк"),
    ("uk", "Того"): ("Ломе", "Гана", "Бенін", "Африк"),
    ("uk", "Малі"): ("Бамако", "Сахел", "Африк", "Нігер"),
    ("pl", "Mali"): ("Bamako", "Sahel", "Afryk", "Niger"),
    ("pl", "Kuba"): ("Hawan", "kubańsk", "Karaib", "USA", "Stan"),
    ("pl", "Oman"): ("Maskat", "Zatok", "Jemen"),
    ("de", "Kongo"): ("Kinshasa", "Afrika", "Goma", "Ruanda", "Ebola", "Kabila", "Tshisekedi"),
    ("en", "Macedonia"): ("Skopje", "Balkan", "North Macedonia"),
    ("de", "Moldau"): ("Chisinau", "Chișinău", "Transnistrien", "Republik Moldau", "Sandu", "EU"),
    ("de", "England"): ("Großbritannien", "London", "Premier League", "Nationalmannschaft", "britisch"),
}

DROPPED: set[tuple[str, str]] = {
    ("fr", "Réunion"),
    ("fr", "Guernesey"),
    ("de", "Schottland"),
    ("en", "Saint Martin"),
    ("en", "Sint Maarten"),
    ("de", "Réunion"),
    ("es", "San Martín"),
}
