"""What of a wire text is the report, and what stands around it.

The beginning is read part by part: notes, a byline, the dateline, notes again. Then the end, from behind. What lies
between is not looked at, so that the time taken does not depend on a text's length.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.article import Dateline
from pipeline.read.bylines import Byline, read_byline
from pipeline.read.datelines import read_dateline
from pipeline.read.endings import endings
from pipeline.read.notes import Note, note_at

_MOST_PARTS, _PART, _MOST_SPACE = 10, 300, 2_000
_UNSEEN = "\ufeff\u200b \t\n\r\u3000\u00a0"

Span = tuple[int, int]


@dataclass(slots=True)
class Layout:
    """The parts of a text. `filed` and `signed` are the spans of dateline and byline; `start` is where the report begins."""

    dateline: Dateline | None = None
    filed: Span | None = None
    filed_by: str | None = None
    byline: Byline | None = None
    reporter: str | None = None
    signed: Span | None = None
    notes: list[Note] = field(default_factory=list)
    endings: list[Note] = field(default_factory=list)
    start: int = 0


def read_layout(text: str) -> Layout:
    """Return the parts of `text`."""
    layout = Layout()
    position = _seen(text, 0)
    for _ in range(_MOST_PARTS):
        end = _part(layout, text, position)
        if end is None:
            break
        position = _seen(text, end)
    layout.start = position
    layout.endings = endings(text, position)
    return layout


def _seen(text: str, position: int) -> int:
    """Return where the next letter stands; beyond very much white space nothing is looked for."""
    window = text[position : position + _PART]
    rest = window.lstrip(_UNSEEN)
    if not rest and len(window) == _PART:
        window = text[position : position + _MOST_SPACE]
        rest = window.lstrip(_UNSEEN)
    return position + len(window) - len(rest)


def _part(layout: Layout, text: str, position: int) -> int | None:
    """Add the part that begins at `position`; returns where it ends, None where the report has begun."""
    if note := note_at(text, position):
        layout.notes.append(note)
        return note.end
    start = text[position : position + _PART]
    if not layout.signed and (byline := read_byline(start)):
        layout.byline, layout.signed = byline, (position, position + byline.length)
        return position + byline.length
    if not layout.filed and (filed := read_dateline(start)):
        layout.dateline, layout.filed_by, layout.reporter = filed.dateline, filed.agency, filed.reporter
        layout.filed = (position, position + filed.length)
        return position + filed.length
    return None
