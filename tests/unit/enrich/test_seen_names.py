"""What does a name that a language model saw count for, beside those of the catalogue?"""

import pytest

from pipeline.article import Kind
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.folding import read
from pipeline.enrich.linking import View, link
from pipeline.enrich.names import Known, Match, Terms


def counted(catalogue: Catalogue, text: str, seen: str, kind: Kind) -> list[str]:
    """The names that count in `text`, in which a model saw one."""
    folded, start = read(text), text.index(seen)
    match = Match(start, start + len(seen), Known(None, seen, kind), Terms())
    linked = link([match, *catalogue.find(folded, "de")], catalogue, View(folded, 0, "de", (0, 0)))
    return [text[one.start : one.end] for one in linked]


@pytest.mark.parametrize(
    ("text", "seen", "kind"),
    [
        ("Die Washington Post berichtet.", "Washington Post", Kind.ORGANISATION),
        ("Paris Hilton war da.", "Paris Hilton", Kind.PERSON),
    ],
)
def test_a_decoy_keeps_a_place_out_and_not_the_name_itself(
    catalogue: Catalogue, text: str, seen: str, kind: Kind
) -> None:
    assert counted(catalogue, text, seen, kind) == [seen]


@pytest.mark.parametrize("seen", ["Universität Leipzig", "FC Bayern München", "New York Times Company"])
def test_a_longer_name_swallows_the_place_in_it(catalogue: Catalogue, seen: str) -> None:
    assert counted(catalogue, f"Die {seen} schwieg.", seen, Kind.ORGANISATION) == [seen]
