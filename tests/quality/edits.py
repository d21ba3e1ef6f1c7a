"""How sites really edit a report they reprint: seeded, so that every run edits the same."""

import re
from collections.abc import Callable
from random import Random

Edit = Callable[[str, str, str, Random], str]
"""Takes body, headline and language."""

_DATELINE = re.compile(r"\A[^\n(–]{2,60}(?:\([^)\n]{2,20}\) - |– )")
_QUOTES = str.maketrans(
    {"„": "«", "“": "»", "”": "»", '"': "»", "’": "'", "–": "-", "—": "-", "…": "...", " ": "\u00a0"}
)
_TOWNS = {"de": "Berlin", "en": "LONDON", "fr": "PARIS", "pl": "Warszawa", "uk": "КИЇВ", "ru": "МОСКВА", "zh": "北京"}
_LEADS = {
    "de": "{headline} – so lautet das Fazit eines Tages, der viele hier beschäftigt hat. Wir fassen zusammen, was bekannt ist.",
    "en": "{headline}: that, in short, is what emerged today, and there is more to it than meets the eye. Here is what we know.",
    "fr": "{headline} : voilà ce qu'il faut retenir de la journée. Nous faisons le point sur ce que l'on sait à cette heure.",
    "pl": "{headline} – tak w skrócie można opisać dzisiejsze wieści. Zebraliśmy dla państwa wszystko, co wiadomo do tej pory.",
    "uk": "{headline} – так коротко можна описати новину дня. Ми зібрали для вас усе, що відомо на цю годину.",
    "ru": "{headline} – так вкратце можно описать новость дня. Мы собрали для вас всё, что известно к этому часу.",
    "zh": "{headline}，这是今天最受关注的消息之一。本站为您整理目前已知的全部情况。",
}
_OWN = {
    "de": "Auch bei uns in der Region wird darüber gesprochen: Am Stammtisch im Gasthof Linde gingen die Meinungen am Abend auseinander, und die Redaktion freut sich über Zuschriften.",
    "en": "Readers of this paper have followed the matter closely. If you have a view, write to the editor by Friday; the best letters will be printed on page 14 with your name and town.",
    "fr": "Nos lecteurs suivent le sujet de près. Écrivez à la rédaction avant vendredi : les meilleures lettres seront publiées dans la prochaine édition, avec votre nom et votre commune.",
    "pl": "Nasi czytelnicy śledzą tę sprawę z uwagą. Na listy czekamy do piątku, a najciekawsze z nich wydrukujemy w następnym numerze razem z nazwiskiem i miejscowością autora.",
    "uk": "Наші читачі уважно стежать за цією темою. Пишіть до редакції до п'ятниці, а найцікавіші листи ми надрукуємо в наступному числі разом з ім'ям автора.",
    "ru": "Наши читатели внимательно следят за этой темой. Пишите в редакцию до пятницы, самые интересные письма мы напечатаем в следующем номере вместе с именем автора.",
    "zh": "本报读者一直关注此事。欢迎在周五之前致信编辑部，优秀来信将连同姓名和城市一起刊登在下一期报纸上。",
}
_FOLLOW_UP = {
    "de": "Einen Tag danach ziehen Beteiligte eine erste Bilanz. Viele Fragen seien noch offen, hieß es am Mittwoch aus dem Kreis der Fachleute, doch die Richtung stimme. Für die kommende Woche ist eine weitere Runde angesetzt, zu der auch Vertreter der Kommunen eingeladen sind. Bis dahin soll ein Papier vorliegen, das die nächsten Schritte ordnet und die Kosten nennt.",
    "en": "A day later those involved took stock for the first time. Many questions remain open, experts said on Wednesday, but the direction is right. Another round of talks has been set for next week, to which local councils have been invited as well. By then a paper should be ready that puts the next steps in order and names their price.",
    "fr": "Au lendemain de l'annonce, les participants dressent un premier bilan. Beaucoup de questions restent ouvertes, disait-on mercredi chez les spécialistes, mais le cap est bon. Une nouvelle réunion est prévue la semaine prochaine, à laquelle les communes sont conviées. D'ici là, un document doit fixer les prochaines étapes et leur coût.",
    "pl": "Dzień później uczestnicy podsumowali pierwsze wrażenia. Wiele pytań pozostaje otwartych, mówili w środę eksperci, ale kierunek jest dobry. Na przyszły tydzień zaplanowano kolejną rundę rozmów, na którą zaproszono także samorządy. Do tego czasu ma powstać dokument, który uporządkuje następne kroki i poda ich koszt.",
    "uk": "Наступного дня учасники підбили перші підсумки. Багато питань ще відкриті, казали в середу фахівці, але напрям правильний. На наступний тиждень призначено нову зустріч, на яку запросили й громади. До того часу має бути готовий документ, що впорядкує подальші кроки та назве їхню ціну.",
    "ru": "На следующий день участники подвели первые итоги. Многие вопросы ещё открыты, говорили в среду специалисты, но направление верное. На будущей неделе назначена новая встреча, на которую пригласили и местные власти. К тому времени должен быть готов документ, который расставит дальнейшие шаги по порядку и назовёт их цену.",
    "zh": "事隔一天，有关各方初步总结了情况。专家周三表示，许多问题尚待解决，但方向是对的。下周将举行新一轮会谈，地方代表也受到邀请。届时将提出一份文件，列明后续步骤及所需费用，并向公众说明。",
}
_MONTHS = {
    "November": "Nov.", "Oktober": "Okt.", "Dezember": "Dez.", "October": "Oct.", "December": "Dec.", "February": "Feb.",
    "Februar": "Feb.", "novembre": "nov.", "octobre": "oct.", "listopada": "11.", "листопада": "11.", "ноября": "11.",
}  # fmt: skip
_SPELLING = {
    "centre": "center", "organiz": "organis", "color": "colour", "harbour": "harbor", "metre": "meter", "percent": "per cent",
    "programme": "program", "neighbour": "neighbor", "traveled": "travelled", "gray": "grey", "defense": "defence",
}  # fmt: skip


def follow_up(body: str, language: str, random: Random) -> str:
    """Return the next day's article about the same event: new text, and the report's last paragraph as background."""
    return f"{_own_words(_FOLLOW_UP[language], random)}\n\n{body.rsplit(_PARAGRAPH, maxsplit=1)[-1]}"


def _own_words(text: str, random: Random) -> str:
    """Return the words in an order of their own, because two sites do not add the same text to two reports."""
    words = list(text) if " " not in text else text.split()
    return ("" if " " not in text else " ").join(random.sample(words, len(words)))


def edited(body: str, headline: str, language: str, edits: list[str], random: Random) -> str:
    """Return the report after these edits."""
    for name in edits:
        body = EDITS[name](body, headline, language, random)
    return body


_PARAGRAPH = "\n\n"


def _redated(body: str, _headline: str, language: str, _random: Random) -> str:
    stripped = _DATELINE.sub("", body)
    return stripped if stripped != body else f"{_TOWNS[language]} (dpa) - {body}"


def _new_lead(body: str, headline: str, language: str, random: Random) -> str:
    return _PARAGRAPH.join(
        [_own_words(_LEADS[language].format(headline=headline), random), *body.split(_PARAGRAPH)[1:]]
    )


def _cut(body: str, _headline: str, _language: str, random: Random) -> str:
    keep = random.uniform(0.3, 0.7) * len(body)
    sentences = _sentences(body)
    while len("".join(sentences[:-1])) >= keep:
        sentences.pop()
    return "".join(sentences)


def _typography(body: str, _headline: str, _language: str, _random: Random) -> str:
    return body.translate(_QUOTES)


def _merged(body: str, _headline: str, language: str, random: Random) -> str:
    glue = (
        "，"
        if language == "zh"
        else {"de": ", und ", "en": ", and ", "fr": " et ", "pl": " i ", "uk": ", і ", "ru": ", и "}[language]
    )
    sentences = _sentences(body)
    for place in sorted(random.sample(range(len(sentences) - 1), k=min(3, len(sentences) - 1)), reverse=True):
        first, second = sentences[place].rstrip(" .。\n"), sentences[place + 1]
        sentences[place : place + 2] = [first + glue + second[:1].lower() + second[1:]]
    return "".join(sentences)


def _own_paragraph(body: str, _headline: str, language: str, random: Random) -> str:
    paragraphs = body.split(_PARAGRAPH)
    paragraphs.insert(random.randint(1, len(paragraphs)), _own_words(_OWN[language], random))
    return _PARAGRAPH.join(paragraphs)


def _house_style(body: str, _headline: str, _language: str, _random: Random) -> str:
    for old, new in (_MONTHS | _SPELLING).items():
        body = body.replace(old, new)
    return body


def _sentences(body: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?] )|(?<=[。！？])|(?<=\n\n)", body) if part]


EDITS: dict[str, Edit] = {
    "dateline": _redated,
    "new lead": _new_lead,
    "cut": _cut,
    "typography": _typography,
    "merged sentences": _merged,
    "own paragraph": _own_paragraph,
    "house style": _house_style,
}
COMBINATIONS = [
    ["typography"],
    ["dateline", "house style"],
    ["cut"],
    ["new lead"],
    ["merged sentences", "typography"],
    ["own paragraph", "dateline"],
    ["cut", "typography", "dateline"],
    ["new lead", "own paragraph", "typography"],
    ["merged sentences", "cut", "house style"],
    ["merged sentences", "new lead", "house style", "dateline", "typography"],
    ["cut", "own paragraph"],
]
