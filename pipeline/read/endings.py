"""How a wire report ends: credits, codes of the editors, copyright, links to other reports, notes and contacts.

    /abc/DP/xyz     (dpa)     © dpa-infocom, dpa:261103-930-12345/1     (Reporting by …; Editing by …)
    Lesen Sie auch: …     Riproduzione riservata     # Notizblock     Pressekontakt:

A section (`# Notizblock`) goes to the end of the text. The text is cut from behind, line by line, until a line belongs
to the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.read.agencies import agency_named
from pipeline.read.notes import Note, Sort, note_before

_WINDOW = 6_000
_MOST_LINES, _LONGEST_LINE = 12, 400
_SECTION = re.compile(
    r"[ \t]{0,4}(?:#{1,3}\s?(?:Notizblock|Orte|Internet|Redaktion|Kontakte?|Ansprechpartner|dpa-Kontakte|Service)|"
    r"[-–—*]{2,3}\s?(?:Redaktionshinweis|Notizblock|Hinweise? (?:an|für) die Redaktion)|"
    r"(?:Notizblock|Ends|-\s?Ends\s?-|#{3})\s*$|"
    r"Die folgenden Informationen sind nicht (?:zur|für die) Veröffentlichung|The following information is not (?:intended )?for publication|"
    r"(?:Notes? to editors?|Note aux rédactions|Nota a los editores|Nota ai redattori|Redaktionshinweise?|Redaktionelle Hinweise|"
    r"Pressekontakte?|Medienkontakte?|Rückfragehinweis|Rückfragen|Rückfragen (?:&|und) Kontakt|Kontakt für (?:Medien|Presse|Rückfragen)|Ansprechpartner(?:in)?|"
    r"Press contacts?|Media contacts?|Contacts? (?:presse|médias)|Contacto de prensa|Contatti stampa|Perscontact|Kontakt dla mediów|"
    r"Contacto de imprensa|Контакты для прессы|Контакти для преси|媒体联系人?)\s?(?:[:：]|$)|"
    r"Original-Content von: )",
    re.IGNORECASE,
)
_ALSO = (
    r"(?:Lesen Sie (?:auch|hierzu|dazu|mehr)|Mehr zum Thema|Read (?:also|more|next)|See also|Also read|Related (?:stories|articles|coverage)|"
    r"Lire (?:aussi|également)|À lire(?: aussi)?|Voir aussi|Lees ook|Leggi anche|Lea (?:también|además)|Lee también|Czytaj (?:też|także|również)|"
    r"Zobacz (?:też|także)|Leia (?:também|mais)|Ler também|Читайте (?:также|также по теме|ещё|також)|Смотрите также|相关(?:阅读|新闻|报道)|延伸阅读|関連記事|"
    r"Læs også|Les også|Läs (?:också|även))"
)
_LINKS = re.compile(rf"[ \t]{{0,4}}{_ALSO}\s?[:：]?\s*$", re.IGNORECASE)
_MOST_LINKS, _LONGEST_LINK = 8, 160
_LINE = re.compile(
    rf"{_ALSO}\s?[:：].*|{_ALSO}|"
    r"(?:©|\(c\)\s|Copyright\s(?:©|\(c\)|\d{4}|by\b|[\w-]{2,20}(?:[,.]?\s\d{4}|$))).{0,200}|(?:All rights reserved|Alle Rechte vorbehalten|Tous droits réservés|Reservados todos los derechos|"
    r"Todos los derechos reservados|Tutti i diritti riservati|Riproduzione riservata|Wszelkie prawa zastrzeżone|Todos os direitos reservados|"
    r"Alle rechten voorbehouden|Все права защищены|Усі права захищені|版权所有).{0,120}|"
    r"[(（]?(?:Additional )?(?:Reporting|Writing|Editing|Compiled|Translation) by .+|"
    r"[(（]?(?:Bericht(?:et)? von|Geschrieben von|Reportage (?:de|par)|Rédigé par|Version française|Reporte de|Reportado por|Escrito por|Editado por|"
    r"Reportagem de|Edição de|Redatto da|Tradotto da|Opracowanie|Autor(?:ka|zy|in|en)?:|Авторы?:) ?.+|"
    r"/?[\w-]{2,5}(?:\s?/\s?[\w-]{2,5}){1,4}\s?/?|(?:\w{2,4}/\s?){1,4}|--/--|/[A-Za-z-]{2,12}/?|"
    r"dpa(?:-AFX|-infocom)?(?:,? dpa:\S+|(?: [a-z0-9]{1,6}){1,6})|dpa:\S+|(?:[A-Z]{2,5} )?\d{6}(?:\s?GMT)?\s[A-Za-z]{3}\s\d{2,4}|"
    r"[/–—*+=#-]{2,12}|\(\s?(?:END|FIN|FINE|Ende|KONIEC)\s?\)|(?-i:ENDE|FIN|FINE|KONIEC)",
    re.IGNORECASE,
)
# Each with what a line must contain for it: nearly no line does.
_INLINE = (
    ("/", re.compile(r"(?:(?<=[.!?…\"“”»)\]])|(?<=\s))/\w{2,4}(?:/[\w-]{2,4}){1,4}/?$")),
    ("ing by ", re.compile(r"[(（](?:Additional )?(?:Reporting|Writing|Editing) by [^\n()]{3,280}[)）]\.?$")),
    (
        "diting by ",
        re.compile(r"(?<=[.!?…]\s)(?:Reporting|Additional reporting) by [^\n]{3,280}[Ee]diting by [^\n]{3,80}$"),
    ),
    ("©", re.compile(r"(?<=\s)©[^\n]{0,80}$")),
    ("(", re.compile(r"[(（](?P<agency>[^()（）\n]{2,30})[)）]\s{0,3}\.?$")),
    ("（", re.compile(r"[(（](?P<agency>[^()（）\n]{2,30})[)）]\s{0,3}\.?$")),
    ("/", re.compile(r"(?:(?<=[.!?…\"“”»)\]])|(?<=\s))/(?P<agency>[A-Za-z-]{2,12})/?$")),
    (
        ":",
        re.compile(
            r"(?:(?<=\s)|^)(?:Quelle|Source|Fonte|Fuente|Źródło|Bron|Kilde|Källa|Источник|Джерело)\s?:\s?(?P<agency>[^\n.;]{2,40})$"
        ),
    ),
    ("：", re.compile(r"来源\s?：\s?(?P<agency>[^\n.;。]{2,40})$")),
)
_VISIBLE = re.compile(r"\S")


def endings(text: str, start: int) -> list[Note]:
    """Return what stands at the end of `text` and is no part of the report, from behind; nothing before `start`."""
    found, end = [], len(text)
    if (section := _section(text, start)) is not None:
        found.append(Note(section, end, Sort.REMARK, text[section : section + 200]))
        end = section
    for _ in range(_MOST_LINES):
        end = _trimmed(text, end, start)
        ending = _ending(text, end) if end > start else None
        if ending is None or ending.start < start:
            break
        found.append(ending)
        end = ending.start
    return found


def _trimmed(text: str, end: int, start: int) -> int:
    """Return `end` without the white space before it; of very much white space some stays."""
    low = max(start, end - _WINDOW)
    return low + len(text[low:end].rstrip())


def _section(text: str, start: int) -> int | None:
    """Return where a section of notes or links begins; none begins where the report has not."""
    low = max(start, len(text) - _WINDOW)
    # Searched for once: a text of white space has thousands of lines, each with all others before it.
    first = _VISIBLE.search(text, start, start + 1) or _VISIBLE.search(text, low)
    lines = list(_lines(text, low)) if first else []
    for number, (begin, end) in enumerate(lines):
        is_whole = begin == 0 or text[begin - 1] == "\n"
        if not is_whole or not first or begin <= first.start():
            continue
        if _SECTION.match(text, begin, min(end, begin + _LONGEST_LINE)):
            return begin
        if _LINKS.match(text, begin, min(end, begin + _LONGEST_LINE)) and _are_links(lines[number + 1 :]):
            return begin
    return None


def _lines(text: str, begin: int) -> Iterator[tuple[int, int]]:
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        if end > begin:
            yield begin, end
        begin = end + 1


def _are_links(lines: list[tuple[int, int]]) -> bool:
    return 0 < len(lines) <= _MOST_LINKS and all(end - begin <= _LONGEST_LINK for begin, end in lines)


def _ending(text: str, end: int) -> Note | None:
    low = max(text.rfind("\n", max(0, end - _LONGEST_LINE), end) + 1, end - _LONGEST_LINE, 0)
    begins = low == 0 or text[low - 1] == "\n"
    line = text[low:end]
    if begins and _LINE.fullmatch(line.strip()):
        return Note(low, end, Sort.REMARK, line)
    if note := note_before(text, end):
        return note
    for sign, pattern in _INLINE:
        if sign in line and (found := pattern.search(line)) and _is_signature(found):
            return Note(low + found.start(), end, Sort.REMARK, found[0])
    return None


def _is_signature(found: re.Match[str]) -> bool:
    return "agency" not in found.re.groupindex or agency_named(found["agency"]) is not None
