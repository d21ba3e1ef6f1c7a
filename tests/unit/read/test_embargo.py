"""Until when does an embargo hold that only the text names? In doubt, longer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import embargo_end, read_conventions

RECEIVED = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)  # a Wednesday
REPORT = "Die Uhr am Rathaus von Kiel geht vor. Das teilte die Stadt mit."


def end(note: str, language: str | None = None) -> str | None:
    """The end, short."""
    found = embargo_end(note, received=RECEIVED, language=language)
    return found.strftime("%d.%m. %H:%M") if found else None


@pytest.mark.parametrize(
    ("note", "language", "moment"),
    [
        ("SPERRFRIST: 12.11.2026, 06.00 Uhr", "de", "12.11. 05:00"),
        ("Sperrfrist: 12.11., 6 Uhr MEZ", "de", "12.11. 05:00"),
        ("Sperrfrist: 12. November 2026, 18:30 Uhr", None, "12.11. 17:30"),
        ("Sperrfrist: Freitag, 06.00 Uhr", "de", "13.11. 05:00"),
        ("Sperrfrist: morgen, 6 Uhr", "de", "12.11. 05:00"),
        ("SPERRFRIST: 12.11.2026, 24.00 Uhr", "de", "12.11. 23:00"),
        ("Sperrfrist 12.7.2026, 6 Uhr", "de", "12.07. 04:00"),
        ("EMBARGOED UNTIL 0600 GMT, NOV 12", "en", "12.11. 06:00"),
        ("EMBARGOED UNTIL 00:01 GMT ON THURSDAY 12 NOVEMBER 2026", "en", "12.11. 00:01"),
        ("Embargoed until November 12, 2026, 6 a.m. ET", "en", "12.11. 11:00"),
        ("Embargoed until 11/13/2026 6 p.m. EST", "en", "13.11. 23:00"),
        ("Embargo jusqu'au 12/11/2026 à 6h00", "fr", "12.11. 05:00"),
        ("EMBARGO hasta las 06.00 horas del 12 de noviembre", "es", "12.11. 05:00"),
        ("Embargo fino alle ore 6.00 del 12 novembre", "it", "12.11. 05:00"),
        ("Embargo tot 12 november 06.00 uur", "nl", "12.11. 05:00"),
        ("Embargo do 12 listopada, godz. 6.00", "pl", "12.11. 05:00"),
        ("Embargo até 12 de novembro, às 6h00", "pt", "12.11. 06:00"),
        ("Эмбарго до 12 ноября, 06:00 мск", "ru", "12.11. 03:00"),
        ("Ембарго до 12 листопада, 06:00", "uk", "12.11. 04:00"),
    ],
)
def test_an_end_is_read_in_the_zone_named_or_that_of_the_language(note: str, language: str, moment: str) -> None:
    assert end(note, language) == moment


def test_english_without_a_zone_is_taken_in_new_york() -> None:
    assert (
        end("EMBARGOED UNTIL 06:00, 12 NOVEMBER", "en") == end("EMBARGOED UNTIL 06:00, 12 NOVEMBER") == "12.11. 11:00"
    )


def test_an_hour_without_a_day_is_the_next_such_hour() -> None:
    assert end("Sperrfrist: 06.00 Uhr") == "12.11. 05:00"
    assert end("Sperrfrist: 11.00 Uhr") == "11.11. 10:00"


def test_a_day_without_an_hour_counts_to_its_end() -> None:
    assert end("SPERRFRIST: 12. November 2026", "de") == end("Sperrfrist: 12.11.") == "12.11. 23:00"


def test_of_several_ends_the_last_counts() -> None:
    assert end("Sperrfrist: Online 12.11., Print 13.11., 6.00 Uhr", "de") == "13.11. 05:00"


def test_without_a_year_the_nearest_day_is_meant() -> None:
    assert embargo_end("Sperrfrist: 2.1., 6 Uhr", received=datetime(2026, 12, 30, tzinfo=UTC)) == datetime(
        2027, 1, 2, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("note", "language"),
    [
        ("SPERRFRIST: Redebeginn", "de"),
        ("Sperrfrist: bis auf Widerruf", "de"),
        ("Sperrfrist: 31.02.2026, 6 Uhr", "de"),
        ("Sperrfrist: 12.11.2026, 25.00 Uhr", "de"),
        ("Sperrfrist 12.11 06.00 Uhr", "de"),
        ("Sperrfrist: 12.11.2031, 6 Uhr", "de"),
        ("Embargoed until 11/12/2026, 6 a.m. ET", "en"),
        ("EMBARGOED UNTIL 6 A.M. LOCAL TIME, NOV 12", "en"),
        ("EMBARGOED UNTIL FURTHER NOTICE", "en"),
        ("", None),
    ],
)
def test_what_nobody_can_tell_has_no_end(note: str, language: str | None) -> None:
    assert end(note, language) is None


@pytest.mark.parametrize(
    "text",
    [
        f"SPERRFRIST: 12.11.2026, 06.00 Uhr\n\n{REPORT}",
        f"(Sperrfrist: 12.11.2026, 06.00 Uhr) {REPORT}",
        f"KIEL (dpa) - (SPERRFRIST: 12.11.2026, 06.00 Uhr) {REPORT}",
        f"+++ SPERRFRIST 12.11.2026, 06.00 Uhr +++\n{REPORT}",
        f"{REPORT}\n\nSperrfrist: 12.11.2026, 06.00 Uhr",
        f"STRICTLY EMBARGOED UNTIL 0600 GMT, NOV 12\n{REPORT}",
        f"Not for release before 0600 GMT, Nov 12\n{REPORT}",
        f"Embargo: 12 November 2026, 06:00 GMT\n{REPORT}",
        f"Frei ab 12.11.2026, 6 Uhr\n{REPORT}",
        f"SPERRFRIST: Redebeginn\n{REPORT}",
        f"Эмбарго до 12 ноября, 06:00 мск\n{REPORT}",
    ],
)
def test_an_embargo_in_the_text_is_found_and_no_part_of_the_report(text: str) -> None:
    found = read_conventions(text)

    assert found.embargo
    assert found.embargo in text
    assert len(found.apparatus) == 1


def test_an_embargo_in_the_headline_counts_too() -> None:
    assert (
        read_conventions(REPORT, headline="(Sperrfrist: 12.11., 6 Uhr) Uhr geht vor").embargo
        == "Sperrfrist: 12.11., 6 Uhr"
    )


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        "Embargo: 27 Staaten stimmen zu\n" + REPORT,
        "Das Embargo gegen die Uhrmacher endet am 12.11.2026. " + REPORT,
        "Sperrfrist aufgehoben\n" + REPORT,
        "Frei für alle\n" + REPORT,
        "Embargo on clocks\n" + REPORT,
    ],
)
def test_news_about_embargoes_are_free(text: str) -> None:
    assert read_conventions(text, headline="Sperrfrist für Uhrmacher wird kürzer").embargo is None


@given(
    st.text(max_size=120) | st.text(alphabet="0123456789.:/ -hUhrNov年月日", max_size=80),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["de", "en", "fr", "zh", None]),
)
def test_no_note_breaks_it_and_no_end_is_far(note: str, received: datetime, language: str | None) -> None:
    found = embargo_end(f"Sperrfrist {note}", received=received, language=language)

    assert found is None or found <= received + timedelta(days=366)
