"""What agencies write to editors and not to readers: corrections, embargoes, repeats, remarks, contacts.

    (Berichtigung: Im 2. Absatz …)     (Corrects spelling in paragraph 3)     SPERRFRIST: 12.11.2026, 06.00 Uhr
    (Wiederholung)     --- Redaktionshinweis: …     # Notizblock     Notes to editors:     Pressekontakt:

A note stands in brackets or on a line of its own, and begins with a word that gives it away.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from pipeline.read.embargo import is_dated

_LONGEST_LINE = 300


class Sort(Enum):
    """What a note is about."""

    CORRECTION = 1
    EMBARGO = 2
    REMARK = 3


class Note(NamedTuple):
    """A note, where it stands, and what it says."""

    start: int
    end: int
    sort: Sort
    text: str


# A star stands for any ending.
_CORRECTIONS = """
berichtig* korrektur* korrigier* corrects correction corrected correcting corrige corrigé* rectif* retific* rettific*
corrección corregid* corregge correzione correctie corrigeert gecorrigeerd korekta sprostowanie poprawk* poprawion* correção corrigid*
исправл* поправка поправки виправл* oprava opraveno rättelse rettelse korjaus 更正* 訂正* 订正* 勘误*
"""
_REMARKS = """
achtung wiederholung* wiederholt zusammenfassung* gesamtzusammenfassung* aktualisier* neu ergänzt ergänzung* redaktionshinweis* präzisier*
hinweis archivfoto* archivbild* symbolbild* foto fotos bild bilder grafik grafiken video wdh
ed eds editor editors clarif* adds updates updated repeats repeat refiles recasts rewrites removes deletes fixes photo photos picture graphic
advisory writethru note attention
actualise* actualisé* répétition répète ajoute précise précision photo
actualiza* añade agrega amplía repite repetición atención atualiza* acrescenta repete atenção
aggiorna* riepilogo ripete ripetizione aggiunge herhaling aanvulling update
aktualizacja uzupełni* powtórzenie powtarza aktl uwaga fot
уточн* повтор* обновл* дополн* добавл* фото внимание оновлен* доповнен* увага уточнює
更新* 重发* 编者* 编辑* 注意*
"""
_WORDS = {
    word.rstrip("*"): sort
    for sort, words in ((Sort.REMARK, _REMARKS), (Sort.CORRECTION, _CORRECTIONS))
    for word in words.split()
    if not word.endswith("*")
}
_STEMS = {
    sort: tuple(word[:-1] for word in words.split() if word.endswith("*"))
    for sort, words in ((Sort.CORRECTION, _CORRECTIONS), (Sort.REMARK, _REMARKS))
}
_BRACKETS = re.compile(
    r"[(\[（]\s?(?P<text>[^()\[\]（）\n]{1,300}(?:\([^()\n]{0,80}\)[^()\[\]（）\n]{0,200}){0,3})[)\]）](?:\s?[.:=](?=\s|$))?"
)
_FIRST_WORD = re.compile(r"[^\W\d_]{1,30}")
_EQUALS_PHOTO = re.compile(r"=\s?\(\s?(?:Foto|Bild|Grafik|Photo|Video)\b[^()\n]{0,80}\)(?=\s|$)")
_SIGNS = re.compile(r"[-–—=+*#•]{1,6}[ \t]?")
_LINE = re.compile(
    r"(?P<remark>Redaktionshinweise?|Redaktionelle[rn]? Hinweise?|Hinweise? (?:an|für) (?:die )?Redaktion(?:en)?|Achtung,? Redaktion(?:en)?|"
    r"Eds?|Editors?|Editor['’]s note|Notes? to editors|Note aux rédactions|Nota a (?:la redacción|los editores|redação)|Nota ai redattori|"
    r"For immediate release|Wiederholung|Repetition|К сведению редакций|编者按|编者注)\s?(?:[:：–—.-]|$)|"
    r"(?P<correction>Berichtigung|Korrektur(?=[:\s].{0,160}(?:Absatz|Satz|Überschrift|Titel|Zeile|heißt|muss|richtig|statt))|Correction|Corrected|"
    r"Rectificatif|Corrección|Rettifica|Sprostowanie|Korekta|Correção|Rectificatie|Поправка|Исправление|Виправлення|更正|订正|訂正)\s?(?:[:：–—-]|$)",
    re.IGNORECASE,
)
_EMBARGO = re.compile(
    r"(?:strictly )?(?:sperrfrist|sperrvermerk|embargoed|under embargo|not for (?:release|publication) (?:before|until)|hold for release|"
    r"gesperrt bis|ne pas (?:publier|diffuser) avant|no publicar antes|non pubblicare prima|niet publiceren voor|nie publikować przed)"
    r"(?=\s?[:：.,;)\]–—-]|\s?$|\s(?:until|till|bis|for|to|am|\d|[^\W\d_]+(?:,|\s)\s?\d))",
    re.IGNORECASE,
)
_PERHAPS_EMBARGO = re.compile(
    r"(?:embargo|эмбарго|ембарго|frei (?:ab|für)|for release (?:at|on|after)|解禁|zakaz publikacji)", re.IGNORECASE
)
_HEADLINE_CORRECTED = re.compile(
    r"(?:KORREKTUR|BERICHTIGUNG|Berichtigung|CORRECTED|CORRECTION|RECTIFICATIF|CORRECCIÓN|RETTIFICA|SPROSTOWANIE|CORREÇÃO|ИСПРАВЛЕНИЕ|ВИПРАВЛЕННЯ)\s?[:–—-]"
)


def note_at(text: str, start: int) -> Note | None:
    """Return the note that begins at `start`, in brackets or as the rest of its line."""
    if text[start : start + 1] in {"(", "[", "（"}:
        return _in_brackets(text, start)
    if found := _EQUALS_PHOTO.match(text, start):
        return Note(start, found.end(), Sort.REMARK, found[0])
    end = text.find("\n", start, start + _LONGEST_LINE)
    if end < 0:
        return None
    signs = _SIGNS.match(text, start)
    line = text[signs.end() if signs else start : end].strip()
    sort = _sort_of_line(line)
    return Note(start, end, sort, line) if sort else None


def note_before(text: str, end: int) -> Note | None:
    """Return the note in brackets, or the line that is one, which ends at `end`."""
    line = max(text.rfind("\n", max(0, end - _LONGEST_LINE), end) + 1, end - _LONGEST_LINE, 0)
    begins = line == 0 or text[line - 1] == "\n"
    if begins and (sort := _sort_of_line(_SIGNS.sub("", text[line:end], count=1).strip())):
        return Note(line, end, sort, text[line:end])
    if text[end - 1 : end] not in {")", "]", "）"}:
        return None
    start = max(text.rfind(sign, line, end) for sign in "([（")
    found = _in_brackets(text, start) if start >= 0 else None
    if not found or found.end != end:
        return None
    photo = _EQUALS_PHOTO.match(text, start - 2) or _EQUALS_PHOTO.match(text, start - 1) if start >= 2 else None
    return found._replace(start=photo.start()) if photo else found


def headline_note(headline: str) -> tuple[str | None, bool]:
    """Return the embargo that a headline names in brackets or with a date, and whether it says that this is a correction."""
    text = headline[:_LONGEST_LINE].strip()
    notes = [note for note in (note_at(text, 0), note_before(text, len(text))) if note]
    embargo = next((note.text for note in notes if note.sort is Sort.EMBARGO), None)
    if embargo is None and _EMBARGO.match(text) and is_dated(text):
        embargo = text
    corrected = bool(_HEADLINE_CORRECTED.match(text)) or any(note.sort is Sort.CORRECTION for note in notes)
    return embargo, corrected


def _in_brackets(text: str, start: int) -> Note | None:
    found = _BRACKETS.match(text, start)
    sort = _sort(found["text"]) if found else None
    return Note(start, found.end(), sort, found["text"]) if found and sort else None


def _sort(note: str) -> Sort | None:
    """Return what the note is about, by its first word; None if it is none."""
    if _is_embargo(note):
        return Sort.EMBARGO
    found = _FIRST_WORD.match(note)
    if not found:
        return None
    word = found[0].casefold()
    if word in {"refiles", "repeats"} and " correct" in note[:60]:
        return Sort.CORRECTION
    if sort := _WORDS.get(word):
        return sort
    return next((sort for sort, stems in _STEMS.items() if word.startswith(stems)), None)


def _sort_of_line(line: str) -> Sort | None:
    if found := _LINE.match(line):
        return Sort.CORRECTION if found["correction"] else Sort.REMARK
    return Sort.EMBARGO if len(line) <= 200 and _is_embargo(line) else None


def _is_embargo(note: str) -> bool:
    """Tell whether this is an embargo; the word alone, as in news about a trade embargo, is none without a date or an hour."""
    return bool(_EMBARGO.match(note) or (_PERHAPS_EMBARGO.match(note) and is_dated(note)))
