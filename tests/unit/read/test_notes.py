"""What of a wire text is for editors, and what is the report? Examples of our own, true to the form."""

import pytest

from pipeline.read import read_conventions, report_of

REPORT = "Die Uhr am Rathaus von Kiel geht vor. Das teilte die Stadt am Dienstag mit."
MORE = "Sie wird im Winter gestellt."


def apparatus(text: str) -> list[str]:
    """What is left out of the report, in order."""
    return [text[start:end] for start, end in read_conventions(text).apparatus]


NOTES = [
    "(Berichtigung: Im 2. Absatz muss es 18 Uhr heißen.)",
    "(Korrektur: im 2. Absatz wird die Zahl (18 statt 8) berichtigt)",
    "(Achtung: Foto folgt)",
    "(Wiederholung)",
    "(Zusammenfassung 1400 - Neu: Uhrmacher)",
    "(Corrects spelling in paragraph 3)",
    "(Adds details, background)",
    "(Updates with clockmaker's comment)",
    "(Refiles to correct name of town)",
    "(Eds: Updates throughout. With AP Photos.)",
    "[Eds: Recasts lead.]",
    "(Corrige le nom de la ville)",
    "(Actualisé avec l'horloger)",
    "(Corrige en el segundo párrafo)",
    "(Actualiza con más datos)",
    "(Rettifica al terzo capoverso)",
    "(Riepilogo)",
    "(Rectificatie: in de tweede alinea)",
    "(Korekta w drugim akapicie)",
    "(aktl.)",
    "(Corrige no segundo parágrafo)",
    "(Atualiza com o relojoeiro)",
    "(Исправлено имя во втором абзаце)",
    "(Уточнение в третьем абзаце)",
    "(Виправлено назву міста)",
    "（更正：第二段）",
    "= (Foto - Archiv)",
]
LINES = [
    "--- Redaktionshinweis: Der Zusammenhang folgt bis 18 Uhr ---",
    "Berichtigung: Im 2. Absatz muss es 18 Uhr heißen",
    "Achtung Redaktionen: Foto folgt",
    "Editor's note: the clockmaker is now named in paragraph 2",
    "CORRECTION: the clock was built in 1910",
    "Note aux rédactions : une photo suit",
    "К сведению редакций: фото позже",
]
ENDINGS = [
    "/abc/DP/xyz",
    "abc/def/ghi",
    "abc/ def/",
    "(dpa)",
    "dpa mk yyzz a3 mfi",
    "© dpa-infocom, dpa:261103-930-12345/1",
    "(c) dpa",
    "Copyright 2026 Beispielagentur",
    "Alle Rechte vorbehalten.",
    "Riproduzione riservata",
    "Quelle: dpa",
    "Source : AFP",
    "(Reporting by Jane Doe in Kiel; Editing by John Roe)",
    "(Bericht von Anna Beispiel, redigiert von Max Muster.)",
    "Autorka: Anna Przykład",
    "Lesen Sie auch: So stellt man Uhren",
    "Read also: How to set a clock",
    "Lire aussi : Comment régler une horloge",
    "Leggi anche: Come si regola un orologio",
    "Lees ook: Zo zet je een klok",
    "Czytaj też: Jak nastawić zegar",
    "Leia também: Como acertar um relógio",
    "Читайте также: как поставить часы",
    "Читайте також: як поставити годинник",
    "相关阅读：怎样校准时钟",
    "(Wiederholung)",
    "= (Foto - Archiv)",
    "031230 nov 26",
]
SECTIONS = [
    (
        "# Notizblock\n\n## Orte\n- [Rathaus](Fleethörn 9, Kiel)\n\n## Internet\n- https://kiel.example\n\n* * * *\nDie folgenden "
        "Informationen sind nicht zur Veröffentlichung bestimmt\n\n## dpa-Kontakte\n- Autorin: Anna Beispiel, <a@wire.example>"
    ),
    "--- Redaktionshinweis\nDas Rathaus ist auch am Montag offen.\nEin Foto folgt.",
    "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt\nAutor: Max Muster",
    "The following information is not for publication\nJane Doe, London",
    "Notes to editors:\nThe clock was built by Example Works, London.",
    "Pressekontakt:\nStadt Kiel\nMax Muster\nTelefon 0431 000",
    "Rückfragehinweis:\nUhrenwerk Wien GmbH\nAnna Beispiel",
    "Contact presse : Jean Exemple, Paris",
    "-ENDS-\nExample Works is based in London.",
    "Lesen Sie auch:\n- Die Uhr von Bonn\n- Die Uhr von Wien",
]


@pytest.mark.parametrize("note", [*NOTES, *(f"{line}\n" for line in LINES)])
def test_a_note_before_the_report_is_no_part_of_it(note: str) -> None:
    text = f"{note} {REPORT}".replace("\n ", "\n")

    assert apparatus(text) == [note.rstrip()]
    assert report_of(text) == REPORT


@pytest.mark.parametrize("note", NOTES)
def test_a_note_behind_the_dateline_is_no_part_of_the_report(note: str) -> None:
    text = f"KIEL (dpa) - {note} {REPORT}"

    assert apparatus(text) == [note]
    assert report_of(text) == REPORT


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_line_behind_the_report_is_no_part_of_it(ending: str) -> None:
    text = f"{REPORT}\n\n{MORE}\n\n{ending}"

    assert apparatus(text) == [ending]
    assert report_of(text) == f"{REPORT}\n\n{MORE}"


@pytest.mark.parametrize(
    "ending",
    [
        "/abc/DP/xyz",
        " /abc/DP/xyz",
        " (dpa)",
        " (AFP).",
        " /ritzau/",
        " (Reporting by Jane Doe in Kiel; Editing by John Roe)",
        " Quelle: dpa",
        " © dpa",
        " (Wiederholung)",
    ],
)
def test_a_signature_on_the_last_line_is_cut_from_it(ending: str) -> None:
    text = f"{REPORT}\n{MORE}{ending}"

    assert apparatus(text) == [ending.strip()]
    assert report_of(text) == f"{REPORT}\n{MORE}"


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_for_editors_goes_to_the_end(section: str) -> None:
    text = f"KIEL (dpa) - {REPORT}\n\n{MORE}\n\n{section}"

    assert report_of(text) == f"{REPORT}\n\n{MORE}"
    assert "".join(apparatus(text)) == section


def test_notes_lines_and_sections_stand_together() -> None:
    text = (
        "(Wiederholung)\n(Berichtigung: Name)\nVon Anna Beispiel, dpa\n\nKIEL (dpa) - (Achtung: Foto folgt) "
        f"{REPORT}\n\n{MORE} (dpa)\n/abc/DP/xyz\n\nLesen Sie auch: Uhren\n\n# Notizblock\n## Orte\n- Rathaus"
    )

    assert report_of(text) == f"{REPORT}\n\n{MORE}"
    assert apparatus(text) == [
        "(Wiederholung)",
        "(Berichtigung: Name)",
        "(Achtung: Foto folgt)",
        "(dpa)",
        "/abc/DP/xyz",
        "Lesen Sie auch: Uhren",
        "# Notizblock\n## Orte\n- Rathaus",
    ]


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (f"{REPORT} (dpa)\n\n# Notizblock\n## Orte\n- Rathaus", "dpa"),
        (f"{REPORT}\n/abc/DP/xyz\nLesen Sie auch: Uhren", "dpa-AFX"),
        (f"{REPORT}./abc/DP/xyz", "dpa-AFX"),
        (f"{REPORT} /ritzau/", "Ritzau"),
        (f"{REPORT}\ndpa mk yyzz a3 mfi", "dpa"),
        (f"{REPORT}\n(c) dpa", "dpa"),
        (f"{REPORT}\nИсточник: ТАСС", "TASS"),
    ],
)
def test_an_agency_that_signs_above_the_apparatus_is_found(text: str, agency: str) -> None:
    assert read_conventions(text).agency == agency


@pytest.mark.parametrize(
    "note", ["(Berichtigung: Name)", "(Corrects name)", "（更正：第二段）", "(Refiles to correct name)"]
)
def test_a_correction_is_told(note: str) -> None:
    assert read_conventions(f"{note} {REPORT}").corrected
    assert read_conventions(f"{REPORT}\n{note}").corrected
    assert read_conventions(REPORT, headline=f"Uhr geht vor {note}").corrected


@pytest.mark.parametrize(
    "headline", ["KORREKTUR: Uhr geht vor", "Berichtigung: Uhr geht vor", "CORRECTED-Clock is fast"]
)
def test_a_headline_may_tell_of_a_correction(headline: str) -> None:
    assert read_conventions(REPORT, headline=headline).corrected


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        f"(Wiederholung) {REPORT}",
        f"Korrektur: Anleger verkaufen Uhren\n{REPORT}",
        "Die Korrektur (Berichtigung: keine) steht mitten im Satz. " + REPORT,
    ],
)
def test_what_is_no_correction_is_not_told_as_one(text: str) -> None:
    assert not read_conventions(text, headline="Korrektur am Uhrenmarkt").corrected


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        f"{REPORT}\nDer Zug fährt 80 km/h.",
        f"{REPORT}\nSie gehört zur Gemeinschaft (EU)",
        f"{REPORT}\nRead more books, the mayor said.",
        f"{REPORT}\nCopyright law was on the agenda, too.",
        f"{REPORT}\nÜber den Dächern\n{MORE}",
        f"(Kiel) {REPORT}",
        f"Pressekontakt:\n{REPORT}",
        f"# Notizblock\n{REPORT}",
    ],
)
def test_what_belongs_to_the_report_stays_in_it(text: str) -> None:
    assert apparatus(text) == []
    assert report_of(text) == text


@pytest.mark.parametrize("text", ["(Wiederholung)", "/abc/DP/xyz", "(dpa)", "KIEL (dpa) - ", "© dpa", ""])
def test_a_text_of_nothing_else_is_compared_whole(text: str) -> None:
    assert report_of(text) == text.strip()
