"""What the pipeline gets wrong in the development articles, line by line; the test part is for reporting only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.quality.measuring import CONVENTIONS, Judged, Reading, conventions, names_in


def mistakes(readings: Sequence[Reading], judged: Sequence[Judged], language: str) -> Iterator[str]:
    """Yield a line for each mistake in the development articles of one language."""
    for reading in readings:
        marked = reading.marked
        if marked.language == language and marked.split == "development":
            links = (one.link for one in judged if one.article == marked.id and one.link.seen and not one.right)
            lines = [*_names(reading), *(f"linked to {link.found} instead of {link.gold}" for link in links)]
            yield from (f"{marked.id} {line}" for line in [*lines, *_topics(reading), *_conventions(reading)])


def _names(reading: Reading) -> Iterator[str]:
    gold = {(mark.start, mark.end, mark.label) for mark in reading.marked.marks if mark.label != "OTH"}
    found = names_in(reading.read)
    for what, spans in (("missed", gold - found), ("no name", found - gold)):
        for start, end, label in sorted(spans):
            yield f"{what}: {label} {reading.marked.text[start:end]}"


def _topics(reading: Reading) -> Iterator[str]:
    found, needed = reading.read.topics, reading.marked.topics
    yield from (f"topic missed: {topic}" for topic in sorted(needed.difference(found)))
    for topic in sorted(set(found) - needed - reading.marked.may):
        yield f"topic wrong: {topic} for {', '.join(reading.read.topic_evidence[topic].phrases)}"


def _conventions(reading: Reading) -> Iterator[str]:
    found, marked = conventions(reading.read), conventions(reading.marked)
    for what, is_, ought in zip(CONVENTIONS, found, marked, strict=True):
        if is_ != ought:
            yield f"{what}: {is_} instead of {ought}"
