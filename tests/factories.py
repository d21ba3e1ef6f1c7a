"""Where test data comes from; a test states only what it is about."""

from datetime import UTC, datetime
from typing import Any

from pipeline.article import Article, Entry, Source

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
REPORT = (
    "Der Satellitenbetreiber Nordlicht will bis zum Sommer drei weitere Bodenstationen in Betrieb nehmen. "
    "Das teilte das Unternehmen am Dienstag in Kiel mit. Zwei der Stationen entstehen an der Ostsee, eine im Harz. "
    "Die Bauarbeiten sollen im Februar beginnen, die Genehmigungen liegen nach Angaben einer Sprecherin vor. "
    "Rund vierzig neue Arbeitsplätze sind geplant, die meisten davon in der Technik und im Betrieb der Anlagen."
)


def a_source(**changes: Any) -> Source:
    """A newspaper, unless told otherwise."""
    return Source(**{"id": "kuestenblatt", "name": "Küstenblatt", "country": "DE", "kind": "newspaper"} | changes)


def an_article(**changes: Any) -> Article:
    """An ordinary German article, first seen at noon."""
    fields = {
        "id": "a1",
        "source": a_source(),
        "guid": "tag:kuestenblatt.example,2026:1",
        "url": "https://kuestenblatt.example/1",
        "first_seen": NOON,
        "published": NOON,
        "headline": "Nordlicht baut drei Bodenstationen",
        "body": REPORT,
        "language": "de",
    }
    return Article(**fields | changes)


def an_entry(**changes: Any) -> Entry:
    """An ordinary entry of a feed."""
    fields = {
        "guid": "tag:kuestenblatt.example,2026:1",
        "url": "https://kuestenblatt.example/1",
        "headline": "Nordlicht baut drei Bodenstationen",
        "summary": "Der Satellitenbetreiber wächst.",
        "published": NOON,
    }
    return Entry(**fields | changes)
