"""Which of an article's words are compared with those of others?"""

import pytest

from pipeline.dedup import Member, fingerprints, fold, meetings
from pipeline.stages.dedup import comparable
from tests.factories import REPORT, an_article

SHORT = "Die Fähre nach Bornholm fährt heute wegen Sturms nicht, teilte die Reederei am Dienstag in Sassnitz mit."


@pytest.mark.parametrize(
    "body",
    [
        f"KIEL (dpa) - {REPORT}",
        f"Von Anna Beispiel, dpa\n\nKIEL (dpa) - (Wiederholung) {REPORT}\n/abc/DP/xyz",
        f"{REPORT}\n\n# Notizblock\n\n## Orte\n- Werft Kiel\n\n## dpa-Kontakte\n- Autorin: Anna Beispiel",
        f"{REPORT}\n\nLesen Sie auch: Nordlicht sucht Personal",
    ],
)
def test_of_a_wire_text_the_report_is_compared(body: str) -> None:
    assert comparable(an_article(body=body)) == REPORT


def test_of_a_short_report_the_headline_is_compared_too() -> None:
    assert comparable(an_article(headline="Fähre", body="KIEL (dpa) - Sie fährt.")) == "Fähre\nSie fährt."


def test_of_an_article_without_a_report_everything_is_compared() -> None:
    assert comparable(an_article(headline="Fähre", body="/abc/DP/xyz")) == "Fähre\n/abc/DP/xyz"


def test_a_long_notepad_hides_no_copy() -> None:
    notes = "\n".join(
        f"- Ansprechpartner {number}: Hafenamt, Kai {number}, Telefon 0431 {number}" for number in range(20)
    )
    wire, site = an_article(body=f"{SHORT}\n\n# Notizblock\n{notes}"), an_article(id="a2", body=SHORT)
    made = fingerprints([comparable(wire), comparable(site)])
    members = [
        Member.of(one.id, print_, agency=False, at=one.timestamp)
        for one, print_ in zip((wire, site), made, strict=True)
    ]

    folding = fold(members, [], meetings(members))

    assert len(set(folding.originals.values())) == 1


def test_two_reports_with_the_same_notepad_are_no_copies() -> None:
    notes = "# Notizblock\n" + "\n".join(f"- Ansprechpartner {number}: Hafenamt, Kai {number}" for number in range(40))
    first, second = an_article(body=f"{SHORT}\n{notes}"), an_article(id="a2", body=f"{REPORT}\n{notes}")
    made = fingerprints([comparable(first), comparable(second)])
    members = [
        Member.of(one.id, print_, agency=False, at=one.timestamp)
        for one, print_ in zip((first, second), made, strict=True)
    ]

    folding = fold(members, [], meetings(members))

    assert len(set(folding.originals.values())) == 2
