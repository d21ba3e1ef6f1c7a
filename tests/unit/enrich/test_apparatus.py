"""Are names and topics in what is written to editors left out, and do all others stay where they are?"""

import pytest

from pipeline.article import Mention
from pipeline.enrich import Enricher
from tests.factories import an_article

REPORT = "Elon Musk reist am Dienstag nach Warschau und trifft dort Ingenieure."


def mentions(enricher: Enricher, body: str, **changes: object) -> list[Mention]:
    [found] = enricher.enrich([an_article(headline="Reise", body=body, **changes)])
    return list(found.mentions)


@pytest.mark.parametrize(
    "body",
    [
        f"(Berichtigung: Nicht Putin reist nach Taiwan)\n{REPORT}",
        f"KIEL (dpa) - (Achtung: Foto von Putin folgt) {REPORT}",
        f"{REPORT}\n\nLesen Sie auch: Putin in der Ukraine",
        f"{REPORT}\n\n# Notizblock\n\n## Orte\n- Taiwan\n- NASDAQ: TSLA\n\n## Internet\n- Ukraine",
        f"{REPORT}\n(Reporting by Anna Berg in Ukraine; Editing by Anna Berg)",
        f"Sperrfrist: 12.11., 6 Uhr (Putin)\n{REPORT}",
    ],
)
def test_names_and_topics_for_editors_do_not_count(enricher: Enricher, body: str) -> None:
    [found] = enricher.enrich([an_article(headline="Reise", body=body)])

    assert found.people == ("Elon Musk",)
    assert "Taiwan" not in found.places
    assert "Ukraine" not in found.places
    assert (found.topics, found.tickers) == ((), ())
    assert found.body == body


def test_the_names_of_the_report_keep_their_places(enricher: Enricher) -> None:
    body = f"(Berichtigung: Pu\u00adtin)\n{REPORT}\n/abc/DP/xyz".replace("Musk", "Mu\u00adsk")

    found = mentions(enricher, body)

    assert [one.text for one in found] == ["Elon Mu\u00adsk", "Warschau"]
    assert all(f"Reise\n{body}"[one.start : one.end] == one.text for one in found)


def test_the_place_of_a_dateline_behind_a_note_counts(enricher: Enricher) -> None:
    found = mentions(enricher, f"(Wiederholung)\nWARSCHAU (dpa) - {REPORT}")

    assert [one.text for one in found] == ["WARSCHAU", "Elon Musk", "Warschau"]
