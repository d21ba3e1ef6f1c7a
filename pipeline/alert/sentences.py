"""Where do sentences begin and end, in German, English, Slavic languages, Chinese and their like?

A full stop ends a sentence unless it belongs to an abbreviation (`z. B.`, `Dr.`, `U.S.`), an initial (`J. Meyer`),
an ordinal or a date (`3. November`). A line feed always ends one. Pure; offsets are code points of the text given.
"""
# ruff: noqa: SIM905 - punctuation of many scripts; word lists that people can read

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(
    r"""(?P<wide>[。！？｡]+[」』”’）》\"']*)
      | (?<![.!?…؟۔।])(?P<stop>[.!?…؟۔।]++)(?:[\"'”’»)\]]|[^\S\n]?»|“(?=\s|\Z))*+(?P<gap>[^\S\n]++)
      | \n+""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[„“”\"'«»–—/]*\Z")
_OPENING = "\"'„“”«»([–—-•*‚‘’ \u00a0\u202f"
_ORDINALS = frozenset("de da no nb nn fi cs sk sl hr sr bs pl hu et lv lt tr is lb".split())
# A name must follow: never the end of a sentence.
_TITLES = frozenset(
    "dr prof mr mrs ms mme hr fr frl hrn gen col sgt capt lt maj dipl ing г-н г-жа акад проф д-р inż mgr".split()
)
# The end of a sentence only where the next word is one that begins sentences.
_ABBREVIATIONS = frozenset(
    "st sr jr nr no vs sen rep gov rev hon adm pres abb bd abs art ziff ca evtl ggf sog bzgl bspw insb inkl exkl vgl bzw "
    "mag hl geb verh zzgl abzgl tel str allg ehem dt engl frz russ ukr tzw np płk ppłk kpt ks ul al pl св ул просп "
    "тис напр вул р-н обл fig eq approx dept jan feb mar mär apr jun jul aug sep sept okt oct nov dez dec inc ltd corp "
    "co bros plc llc mio mrd tsd mln mld tys млн млрд тыс коп min sek std jh jhd jhdt chr".split()
)
# The end of a sentence where any capital follows.
_FINAL = frozenset("usw etc r г гг р рр руб грн др пр a.m p.m itd itp m.in godz".split())
_MONTHS = frozenset(
    "januar jänner februar feber märz april mai juni juli august september oktober november dezember jahrhundert "
    "january february march may june july october december "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
    "ledna února března dubna května června července srpna září října listopadu prosince".split()
)
_STARTERS = frozenset(
    "the a an in on at it he she they we i this that these those there but and as for with after before when while if "
    "der die das ein eine es er sie wir ich dies diese dieser dieses dort aber und doch als für mit nach vor wenn im "
    "am zudem auch bei so zu von laut damit daher deshalb nun".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of text, without white space at its ends."""

    start: int
    end: int


def sentences(text: str, language: str | None = None) -> tuple[Sentence, ...]:
    """Return the sentences of `text` in order; together they hold all of it but white space."""
    ends_with_ordinal = (language or "").lower().split("-")[0] in _ORDINALS
    found, start = [], 0
    for match in _END.finditer(text):
        if match["stop"] and not _is_end(text, start, match, ordinals=ends_with_ordinal):
            continue
        found.append(_trimmed(text, start, match.end()))
        start = match.end()
    found.append(_trimmed(text, start, len(text)))
    return tuple(sentence for sentence in found if sentence.start < sentence.end)


def _trimmed(text: str, start: int, end: int) -> Sentence:
    stretch = text[start:end]
    return Sentence(start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip()))


def _is_end(text: str, start: int, match: re.Match[str], *, ordinals: bool) -> bool:
    follower = _next_word(text, match.end())
    if not follower or follower[0].islower():
        return not follower
    closers = text[match.end("stop") : match.start("gap")].strip()
    if match["stop"] != "." or closers:
        return True
    word = _word_before(text, max(start, match.start("stop") - 40), match.start("stop"))
    return _ends_after(word, follower, ordinals=ordinals)


def _ends_after(word: str, follower: str, *, ordinals: bool) -> bool:
    """Does a full stop after `word` end a sentence, if `follower` comes next and starts with no small letter?"""
    small, next_small = word.lower(), follower.lower()
    if small.isdigit():
        ordinal = len(small) <= 2 and (next_small in _MONTHS or (ordinals and next_small not in _STARTERS))
        return not ordinal
    if small in _FINAL:
        return follower[0].isalpha()
    if small in _ABBREVIATIONS or _is_initial(small) or ("." in small and len(small) <= 7):
        return len(follower) > 1 and next_small in _STARTERS
    return small not in _TITLES


def _word_before(text: str, start: int, end: int) -> str:
    match = _LAST_WORD.search(text, start, end)
    return match[0] if match else ""


def _next_word(text: str, start: int) -> str:
    while start < len(text) and text[start] in _OPENING:
        start += 1
    end = start
    while end < len(text) and end - start < 40 and (text[end].isalnum() or text[end] == "-"):
        end += 1
    return text[start : max(end, start + 1)].strip()


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.upper() != word
