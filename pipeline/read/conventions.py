"""What wire text gives away about itself: agency, dateline, byline, notes to editors.

The text stays whole. `WireConventions.apparatus` says which of its parts are no part of the report; `report_of` leaves
them, the dateline and the byline out, so that copies are alike however their sites present them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.article import WireConventions
from pipeline.read.agencies import agency_named
from pipeline.read.bylines import reporters
from pipeline.read.embargo import is_over
from pipeline.read.layout import Layout, Span, read_layout
from pipeline.read.notes import Note, Sort, headline_note

_END = 300
_SOURCE = frozenset("quelle source fonte fuente źródło bron kilde källa источник джерело 来源".split())  # noqa: SIM905 - a table
_LABELLED = re.compile(r"[:：]\s?(?P<agency>[^\n.;]{2,40})")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|Copyright)\s?(?:\d{4}\s)?(?:by\s)?(?P<agency>[\w-]{2,20})(?=[,.]|\s|$)")
_BEHIND_SLASH = re.compile(r"/(?P<agency>[A-Za-z-]{2,12})/?\s{0,2}$")
_IN_BRACKETS = re.compile(r"[(（](?P<agency>[^()（）\n]{2,30})[)）]\s{0,3}\.?$")
_SIGNED = re.compile(r"(?:^|\n)(?P<agency>dpa(?:-AFX|-infocom)?)(?:,? dpa:\S{3,40}|(?: [a-z0-9]{1,6}){1,6})$")
_SLASHED = re.compile(r"(?:^|\s|(?<=[.!?…\"“”»)\]])(?=/))/?\w{2,4}(?:/[\w-]{2,4}){1,4}/?\s{0,2}$")
_SHORT = 60
_REUTERS = re.compile(r"Reporting by .{3,200}(?:[;.]\s?(?:\w+ )?[Ee]diting by)")


def read_conventions(text: str, *, headline: str = "") -> WireConventions:
    """Return what `text` says of its agency, dateline and byline, and which of its parts are notes.

    >>> read_conventions("KYIV, Nov 3 (Reuters) - The bridge is open.").dateline.place
    'Kyiv'
    """
    layout = read_layout(text)
    ends = list(_ends(text, layout))
    notes = [*layout.notes, *layout.endings]
    embargo, corrected = headline_note(headline)
    agency = layout.filed_by or (layout.byline.agency if layout.byline else None)
    names = layout.byline.names if layout.byline else layout.reporter
    return WireConventions(
        agency=agency or _first(_credit, ends) or _headline_credit(headline),
        dateline=layout.dateline,
        byline=names or _first(reporters, ends),
        apparatus=tuple(sorted((note.start, note.end) for note in notes)),
        embargo=_embargo(notes) or embargo,
        corrected=corrected or any(note.sort is Sort.CORRECTION for note in notes),
    )


def report_of(text: str) -> str:
    """Return `text` as it is compared with copies: without dateline, byline and notes; whole if nothing else is in it."""
    layout = read_layout(text)
    parts = [(note.start, note.end) for note in (*layout.notes, *layout.endings)]
    spans = sorted([*parts, *(span for span in (layout.filed, layout.signed) if span)])
    return _without(text, spans).strip() or text.strip()


def _without(text: str, spans: list[Span]) -> str:
    kept, position = [], 0
    for start, end in spans:
        kept.append(text[position:start])
        position = end
    return "".join([*kept, text[position:]])


def _ends(text: str, layout: Layout) -> Iterator[str]:
    """The ends of the text in which a credit may stand: its own, that before a section of notes, and what was cut off."""
    yield text[-_END:].rstrip()
    for note in layout.endings:
        yield text[max(layout.start, note.start - _END) : note.start].rstrip()
        yield text[note.start : note.end][-_END:].rstrip()


def _first(read: Callable[[str], str | None], ends: list[str]) -> str | None:
    return next((found for end in ends if (found := read(end))), None)


def _embargo(notes: list[Note]) -> str | None:
    said = [note.text.strip()[:_END] for note in notes if note.sort is Sort.EMBARGO and not is_over(note.text)]
    return "; ".join(said) or None


def _credit(end: str) -> str | None:
    for found in _signs(end):
        if agency := agency_named(found["agency"]):
            return agency
    if "/" in end[-_SHORT:] and (codes := _SLASHED.search(end, max(0, len(end) - _SHORT))):
        return next((name for part in codes[0].strip().split("/") if (name := _of_slashed(part))), None)
    return "Reuters" if _REUTERS.search(end) else None


def _signs(end: str) -> Iterator[re.Match[str]]:
    """Where an agency may sign; what a sign must have is looked for first, since nearly no text has any."""
    if ":" in end or "：" in end:
        yield from (found for found in _LABELLED.finditer(end) if _names_source(end, found.start()))
    if found := _COPYRIGHT.search(end):
        yield found
    for sign, pattern in (("/", _BEHIND_SLASH), ("(", _IN_BRACKETS), ("（", _IN_BRACKETS), ("dpa", _SIGNED)):
        if sign in end[-_SHORT:] and (found := pattern.search(end, max(0, len(end) - _SHORT))):
            yield found


def _names_source(end: str, colon: int) -> bool:
    words = end[max(0, colon - 12) : colon].casefold().split()
    return bool(words) and words[-1].lstrip("(（[") in _SOURCE


def _of_slashed(part: str) -> str | None:
    """Return the agency of `/abc/DP/xyz`, the way dpa-AFX signs."""
    return "dpa-AFX" if part == "DP" else agency_named(part)


def _headline_credit(headline: str) -> str | None:
    found = re.search(r"[(\[]([^()\[\]]{2,20})[)\]]\s{0,3}$", headline[-60:])
    return agency_named(found[1]) if found else None
