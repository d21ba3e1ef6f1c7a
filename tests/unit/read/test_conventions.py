"""What does wire text give away about itself?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import AGENCIES, agency_named, read_conventions, report_of


@pytest.mark.parametrize(
    ("text", "agency", "place", "date"),
    [
        ("AUSTIN (dpa-AFX) - Der Betreiber wächst.", "dpa-AFX", "Austin", None),
        ("FRANKFURT (dpa-AFX Broker) - Das Haus hebt sein Ziel.", "dpa-AFX", "Frankfurt", None),
        ("BERLIN/KIEW (dpa) - Die Ministerin reist.", "dpa", "Berlin/Kiew", None),
        ("Berlin (dpa/tmn) - Wer reist, packt.", "dpa", "Berlin", None),
        ("Frankfurt/Main (dpa) - Der Zoo öffnet.", "dpa", "Frankfurt/Main", None),
        ("KYIV, Nov 3 (Reuters) - The bridge is open.", "Reuters", "Kyiv", "Nov 3"),
        ("RIO DE JANEIRO, Nov 3 (Reuters) - The port is open.", "Reuters", "Rio de Janeiro", "Nov 3"),
        ("London/New York (Reuters) - Trade was calm.", "Reuters", "London/New York", None),
        ("PARIS (AFP) – Le pont est ouvert.", "AFP", "Paris", None),
        ("WASHINGTON (AP) — The hall is open.", "AP", "Washington", None),
        ("WASHINGTON, D.C. (AP) — The hall is open.", "AP", "Washington, D.C.", None),
        ("ST. PETERSBURG, Fla. (AP) — The pier is open.", "AP", "St. Petersburg, Fla.", None),
        ("МОСКВА, 3 ноября (ТАСС) - Мост открыт.", "TASS", "Москва", "3 ноября"),
        ("МОСКВА, 3 ноября. /ТАСС/. Мост открыт.", "TASS", "Москва", "3 ноября"),
        ("Москва. 3 ноября. ИНТЕРФАКС - Мост открыт.", "Interfax", "Москва", "3 ноября"),
        ("КИЇВ, 3 листопада (Укрінформ) - Міст відкрито.", "Ukrinform", "Київ", "3 листопада"),
        ("Київ. 3 листопада. УНН. Міст відкрито.", "UNN", "Київ", "3 листопада"),
        ("WARSZAWA (PAP) - Most otwarty.", "PAP", "Warszawa", None),
        ("Wien (APA) - Die Brücke ist offen.", "APA", "Wien", None),
        ("Bern (Keystone-SDA) - Die Brücke ist offen.", "Keystone-SDA", "Bern", None),
        ("Madrid, 3 nov (EFE).- El puente está abierto.", "EFE", "Madrid", "3 nov"),
        ("ROMA (ANSA) - Il ponte è aperto.", "ANSA", "Roma", None),
        ("BRUSSEL (Belga) - De brug is open.", "Belga", "Brussel", None),
        ("AMSTERDAM (ANP) - De brug is open.", "ANP", "Amsterdam", None),
        ("TAIPEI, Nov. 3 (CNA) The bridge is open.", "CNA", "Taipei", "Nov. 3"),
        ("BEIJING, Nov. 3 (Xinhua) -- The bridge is open.", "Xinhua", "Beijing", "Nov. 3"),
        ("SEOUL, Nov. 3 (Yonhap) -- The bridge is open.", "Yonhap", "Seoul", "Nov. 3"),
        ("TOKYO, Nov 3 (Kyodo) - The bridge is open.", "Kyodo", "Tokyo", "Nov 3"),
        ("新华社北京11月3日电 大桥通车。", "Xinhua", "北京", "11月3日"),
        ("（中央社記者王小明台北3日電）大橋通車。", "CNA", "台北", "3日"),
    ],
)
def test_a_dateline_gives_agency_place_and_date(text: str, agency: str, place: str, date: str | None) -> None:
    found = read_conventions(text)

    assert found.dateline is not None
    assert (found.agency, found.dateline.place, found.dateline.date) == (agency, place, date)
    assert text.startswith(found.dateline.text)


@pytest.mark.parametrize(
    "text",
    [
        "NATO (Nordatlantikpakt) - Das Bündnis tagt.",
        "Der Bericht (dpa) nennt Zahlen - und Namen.",
        "Die Minister trafen sich am Montag in Berlin (dpa) - das war neu.",
        "Im Bericht der Agentur (dpa) steht mehr.",
        "Sid (ap) - ein Vorname.",
        "Foo (AP) bar baz.",
        "Reuters - die Geschichte einer Agentur.",
        "Kiel. Die Fähre fährt wieder (siehe Fahrplan).",
        "",
    ],
)
def test_what_only_looks_like_a_dateline_is_none(text: str) -> None:
    found = read_conventions(text)

    assert (found.dateline, found.agency) == (None, None)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Die Börse blieb ruhig.\n/abc/DP/xyz", "dpa-AFX"),
        ("Das Fest beginnt um acht. (dpa)", "dpa"),
        ("Das Fest beginnt um acht.\n© dpa-infocom, dpa:261103-930-12345/1", "dpa"),
        ("Das Fest beginnt um acht.\nQuelle: dpa", "dpa"),
        ("The fair opens at eight.\nSource: Reuters", "Reuters"),
        ("The fair opens at eight. (Reporting by Jane Doe in Kyiv; Editing by John Roe)", "Reuters"),
        ("(ANSA) - ROMA, 03 NOV - Il ponte è aperto.", "ANSA"),
        ("（路透社）大桥通车。", "Reuters"),
    ],
)
def test_a_credit_gives_the_agency(text: str, agency: str) -> None:
    assert read_conventions(text).agency == agency


def test_a_credit_in_the_headline_gives_the_agency() -> None:
    assert read_conventions("Der Markt öffnet.", headline="Markt öffnet (APA)").agency == "APA"


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("Von Anna Beispiel, dpa\n\nBERLIN (dpa) - Die Uhr geht vor.", "Anna Beispiel"),
        ("By Jane Doe\nKYIV, Nov 3 (Reuters) - The clock is fast.", "Jane Doe"),
        ("Von Max Muster und Eva von Berg\n\nDie Uhr geht vor.", "Max Muster und Eva von Berg"),
        ("Par Jean Exemple\n\nLa montre avance.", "Jean Exemple"),
        ("The clock is fast. (Reporting by Jane Doe in Kyiv; Editing by John Roe)", "Jane Doe"),
        ("Von Montag an gelten neue Regeln\nim Hafen.", None),
        ("By the river\nthere is a mill.", None),
    ],
)
def test_a_byline_gives_the_names(text: str, byline: str | None) -> None:
    assert read_conventions(text).byline == byline


def test_byline_and_dateline_are_both_read() -> None:
    found = read_conventions("Von Anna Beispiel, dpa\n\nBERLIN (dpa) - Die Uhr geht vor.")

    assert found.dateline is not None
    assert (found.agency, found.dateline.place) == ("dpa", "Berlin")


def test_without_byline_and_dateline_copies_begin_alike() -> None:
    report = "Die Uhr am Rathaus geht vor. " * 30

    assert report_of(f"Von Anna Beispiel\n\nKIEL (dpa) - {report}") == report_of(report) == report.strip()


def test_at_least_fifty_agencies_are_known_by_their_own_names() -> None:
    assert len(AGENCIES) >= 50
    assert {agency_named(name) for name in AGENCIES} == set(AGENCIES)


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    found = read_conventions(text, headline=text[:50])

    assert found.dateline is None or found.dateline.text in text.replace("\r", "\n")


@given(
    st.lists(
        st.sampled_from(
            ["(", ")", "A", "a ", " ", "/", ".", ",", "-", "Von ", "dpa", "3 ", "\n", "é", "电", "Reporting by "]
        ),
        max_size=200,
    )
)
def test_adversarial_shards_are_read_too(shards: list[str]) -> None:
    read_conventions("".join(shards))


@given(st.text(alphabet="AZaz .,/(-", min_size=300, max_size=320), st.text(max_size=50))
def test_only_beginning_and_end_are_looked_at(start: str, middle: str) -> None:
    assert read_conventions(start + "x" * 400 + start) == read_conventions(
        start + "x" * 400 + middle + "x" * 400 + start
    )
