"""News agencies and how datelines and credits write them.

The canonical name is the one that readers know; a spelling is compared without regard to letter case,
unless it is also an everyday word (`sid`, `ap`), which counts in capitals only.
"""

from __future__ import annotations

import re

AGENCIES: dict[str, tuple[str, ...]] = {
    "dpa": ("dpa", "Deutsche Presse-Agentur", "dpa-infocom"),
    "dpa-AFX": ("dpa-AFX", "dpa AFX", "dpa-AFX Broker", "dpa-AFX ProFeed"),
    "Reuters": ("Reuters", "Рейтер", "路透社", "路透", "ロイター", "رويترز"),
    "AFP": ("AFP", "Agence France-Presse", "法新社", "АФП", "أ ف ب", "فرانس برس"),
    "AP": ("AP", "Associated Press", "The Associated Press", "美联社", "АП"),
    "APA": ("APA", "Austria Presse Agentur"),
    "Keystone-SDA": ("Keystone-SDA", "Keystone-ATS", "sda", "ats", "awp"),
    "KNA": ("KNA", "Katholische Nachrichten-Agentur"),
    "epd": ("epd", "Evangelischer Pressedienst"),
    "SID": ("SID", "Sport-Informations-Dienst"),
    "Dow Jones": ("Dow Jones", "Dow Jones Newswires", "DJN"),
    "Bloomberg": ("Bloomberg", "Блумберг", "彭博社"),
    "PAP": ("PAP", "Polska Agencja Prasowa"),
    "ANSA": ("ANSA",),
    "AGI": ("AGI",),
    "Adnkronos": ("Adnkronos",),
    "EFE": ("EFE",),
    "Europa Press": ("Europa Press",),
    "Lusa": ("Lusa",),
    "Belga": ("Belga",),
    "ANP": ("ANP",),
    "Ritzau": ("Ritzau",),
    "NTB": ("NTB",),
    "TT": ("TT",),
    "STT": ("STT",),
    "BNS": ("BNS",),
    "ČTK": ("ČTK", "CTK"),
    "TASR": ("TASR",),
    "MTI": ("MTI",),
    "Agerpres": ("Agerpres",),
    "BTA": ("BTA", "БТА"),
    "Tanjug": ("Tanjug", "Танјуг"),
    "HINA": ("HINA",),
    "TASS": ("TASS", "ТАСС", "ITAR-TASS", "ИТАР-ТАСС", "塔斯社"),
    "Interfax": ("Interfax", "Интерфакс", "Interfax.ru", "国际文传电讯社"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "Interfax-Ukraine": ("Interfax-Ukraine", "Інтерфакс-Україна", "Интерфакс-Украина"),
    "UNN": ("UNN", "УНН"),
    "UNIAN": ("UNIAN", "УНІАН", "УНИАН"),
    "RBC-Ukraine": ("RBC-Ukraine", "РБК-Україна", "РБК-Украина"),
    "BelTA": ("BelTA", "БелТА", "БЕЛТА"),
    "Anadolu": ("Anadolu", "Anadolu Agency", "AA", "الأناضول"),
    "CNA": ("CNA", "中央社", "Central News Agency"),
    "Xinhua": ("Xinhua", "新华社", "新華社", "Xinhua News Agency", "شينخوا"),
    "China News Service": ("China News Service", "中新社", "中新网", "CNS"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同", "共同社"),
    "Jiji Press": ("Jiji Press", "Jiji", "時事", "時事通信"),
    "Yonhap": ("Yonhap", "연합뉴스", "韩联社"),
    "PTI": ("PTI", "Press Trust of India"),
    "ANI": ("ANI",),
    "PA Media": ("PA Media", "PA"),
    "AAP": ("AAP",),
    "The Canadian Press": ("The Canadian Press", "Canadian Press"),
    "UPI": ("UPI",),
    "SPA": ("SPA",),
    "WAM": ("WAM",),
    "MENA": ("MENA", "أ ش أ"),
    "Askanews": ("Askanews",),
    "Radiocor": ("Radiocor", "Il Sole 24 Ore Radiocor Plus", "Il Sole 24 Ore Radiocor"),
    "ELTA": ("ELTA",),
    "LETA": ("LETA",),
    "Antara": ("Antara",),
    "Bernama": ("Bernama",),
    "VNA": ("VNA", "TTXVN"),
    "IRNA": ("IRNA",),
    "KUNA": ("KUNA",),
    "Newsis": ("Newsis", "뉴시스"),
    "ots": ("ots", "APA-OTS", "OTS", "news aktuell"),
    "Business Wire": ("Business Wire",),
    "PR Newswire": ("PR Newswire", "PRNewswire"),
    "GlobeNewswire": ("GlobeNewswire", "Globe Newswire"),
}

# Also words, initials of people or endings of other things: in exactly this letter case only.
_CAPITALS_ONLY = frozenset(
    {
        "AP",
        "APA",
        "SID",
        "PAP",
        "AGI",
        "TT",
        "AA",
        "PA",
        "ANI",
        "SPA",
        "MENA",
        "АП",
        "CNS",
        "STT",
        "WAM",
        "ELTA",
        "LETA",
    }
)
_EXACT = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_FOLDED = {spelling.casefold(): name for spelling, name in _EXACT.items() if spelling not in _CAPITALS_ONLY}
_CORRESPONDENT = re.compile(r"^(?:Корр|Кор|Corr)\.\s?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[/,;+&]\s*|\s+(?:und|and|et|i|y|и|та)\s+")


def agency_named(text: str) -> str | None:
    """Return the canonical name of the agency that `text` is the name of; of several (`dpa/AFP`), the first.

    >>> agency_named("dpa-afx"), agency_named("dpa/tmn"), agency_named("Nordatlantikpakt")
    ('dpa-AFX', 'dpa', None)
    """
    text = _CORRESPONDENT.sub("", " ".join(text[:80].split())).strip("©. ")
    for part in (text, *_SEPARATOR.split(text)):
        if name := _EXACT.get(part) or _FOLDED.get(part.casefold()):
            return name
    return None
