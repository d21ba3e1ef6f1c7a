"""How do agencies begin their reports? An invented example of each house style, true to its form."""

import pytest

from pipeline.read import read_conventions

STYLES = [
    # German
    ("Kiew/Moskau (dpa) - Die Brücke ist offen.", "dpa", "Kiew/Moskau", None),
    ("Kiew, Moskau (dpa) - Die Brücke ist offen.", "dpa", "Kiew, Moskau", None),
    ("Rostock (dpa/mv) - Die Brücke ist offen.", "dpa", "Rostock", None),
    ("FRANKFURT (dpa-AFX) - Die Brücke ist offen.", "dpa-AFX", "Frankfurt", None),
    ("FRANKFURT (Dow Jones)--Die Brücke ist offen.", "Dow Jones", "Frankfurt", None),
    ("Wien/Graz (APA) - Die Brücke ist offen.", "APA", "Wien/Graz", None),
    ("Wien (OTS) - Die Brücke ist offen.", "ots", "Wien", None),
    ("Kiel (ots) - Die Brücke ist offen.", "ots", "Kiel", None),
    ("Zürich (awp) - Die Brücke ist offen.", "Keystone-SDA", "Zürich", None),
    ("Bonn (KNA) Die Brücke ist offen.", "KNA", "Bonn", None),
    ("Frankfurt a.M. (epd). Die Brücke ist offen.", "epd", "Frankfurt a.M.", None),
    ("Köln (SID) Die Brücke ist offen.", "SID", "Köln", None),
    ("Frankfurt (Oder) (dpa/bb) - Die Brücke ist offen.", "dpa", "Frankfurt (Oder)", None),
    # English
    ("CAPE CANAVERAL, Fla. (UPI) -- The bridge is open.", "UPI", "Cape Canaveral, Fla.", None),
    ("Nov 3 (Reuters) - The bridge is open.", "Reuters", None, "Nov 3"),
    ("LONDON, Nov 3 (Reuters) – The bridge is open.", "Reuters", "London", "Nov 3"),
    ("KYIV, Ukraine (AP) — The bridge is open.", "AP", "Kyiv, Ukraine", None),
    ("New Delhi, Nov 3 (PTI) The bridge is open.", "PTI", "New Delhi", "Nov 3"),
    ("ANKARA (AA) - The bridge is open.", "Anadolu", "Ankara", None),
    ("JAKARTA (ANTARA) - The bridge is open.", "Antara", "Jakarta", None),
    ("KUALA LUMPUR, Nov 3 (Bernama) -- The bridge is open.", "Bernama", "Kuala Lumpur", "Nov 3"),
    ("TOKYO, Nov. 3, Kyodo - The bridge is open.", "Kyodo", "Tokyo", "Nov. 3"),
    ("LONDON, Nov. 3, 2026 /PRNewswire/ -- The bridge is open.", "PR Newswire", "London", "Nov. 3, 2026"),
    ("AUSTIN, Texas--(BUSINESS WIRE)--The bridge is open.", "Business Wire", "Austin, Texas", None),
    (
        "OSLO, Norway, Nov. 03, 2026 (GLOBE NEWSWIRE) -- The bridge is open.",
        "GlobeNewswire",
        "Oslo, Norway",
        "Nov. 03, 2026",
    ),
    # French
    ("PARIS, 3 nov 2026 (AFP) - Le pont est ouvert.", "AFP", "Paris", "3 nov 2026"),
    ("Paris, 3 novembre 2026 (AFP) – Le pont est ouvert.", "AFP", "Paris", "3 novembre 2026"),
    ("Berne (ats) - Le pont est ouvert.", "Keystone-SDA", "Berne", None),
    ("BRUXELLES 03/11 (BELGA) = Le pont est ouvert.", "Belga", "Bruxelles", "03/11"),
    # Spanish
    ("Madrid, 3 nov (EFE).- El puente está abierto.", "EFE", "Madrid", "3 nov"),
    ("Madrid (EFE).- El puente está abierto.", "EFE", "Madrid", None),
    ("MADRID, 3 Nov. (EUROPA PRESS) - El puente está abierto.", "Europa Press", "Madrid", "3 Nov."),
    # Italian
    ("(ANSA) - ROMA, 03 NOV - Il ponte è aperto.", "ANSA", "Roma", "03 NOV"),
    ("(AGI) - Roma, 3 nov. - Il ponte è aperto.", "AGI", "Roma", "3 nov."),
    ("Roma, 3 nov. (Adnkronos) - Il ponte è aperto.", "Adnkronos", "Roma", "3 nov."),
    ("Milano, 3 nov. (askanews) - Il ponte è aperto.", "Askanews", "Milano", "3 nov."),
    ("(Il Sole 24 Ore Radiocor Plus) - Milano, 03 nov - Il ponte è aperto.", "Radiocor", "Milano", "03 nov"),
    # Dutch
    ("BRUSSEL (BELGA) - De brug is open.", "Belga", "Brussel", None),
    ("DEN HAAG (ANP) - De brug is open.", "ANP", "Den Haag", None),
    # Polish, Czech, Slovak, Hungarian, Romanian
    ("Warszawa, 3 listopada (PAP) - Most jest otwarty.", "PAP", "Warszawa", "3 listopada"),
    ("Warszawa, 03.11.2026 (PAP) - Most jest otwarty.", "PAP", "Warszawa", "03.11.2026"),
    ("Praha 3. listopadu (ČTK) - Most je otevřen.", "ČTK", "Praha", "3. listopadu"),
    ("Bratislava 3. novembra (TASR) - Most je otvorený.", "TASR", "Bratislava", "3. novembra"),
    ("Budapest, 2026. november 3., kedd (MTI) - A híd nyitva van.", "MTI", "Budapest", "2026. november 3., kedd"),
    ("București, 3 nov /Agerpres/ - Podul este deschis.", "Agerpres", "București", "3 nov"),
    # Portuguese
    ("Lisboa, 03 nov 2026 (Lusa) - A ponte está aberta.", "Lusa", "Lisboa", "03 nov 2026"),
    ("Porto, 3 de novembro de 2026 (Lusa) – A ponte está aberta.", "Lusa", "Porto", "3 de novembro de 2026"),
    # Nordic
    ("København (Ritzau) - Broen er åben.", "Ritzau", "København", None),
    ("STOCKHOLM (TT) - Bron är öppen.", "TT", "Stockholm", None),
    ("Oslo (NTB): Broen er åpen.", "NTB", "Oslo", None),
    # Russian, Ukrainian, Bulgarian, Belarusian
    ("МОСКВА, 3 ноя - РИА Новости. Мост открыт.", "RIA Novosti", "Москва", "3 ноя"),
    ("МОСКВА, 3 ноября. /ТАСС/. Мост открыт.", "TASS", "Москва", "3 ноября"),
    ("Москва. 3 ноября. INTERFAX.RU - Мост открыт.", "Interfax", "Москва", "3 ноября"),
    ("Киев. 3 ноября. ИНТЕРФАКС-УКРАИНА - Мост открыт.", "Interfax-Ukraine", "Киев", "3 ноября"),
    ("3 ноября, Минск /Корр. БЕЛТА/. Мост открыт.", "BelTA", "Минск", "3 ноября"),
    ("КИЇВ, 3 листопада (Укрінформ) - Міст відкрито.", "Ukrinform", "Київ", "3 листопада"),
    ("София, 3 ноември /Иван Примеров, БТА/. Мостът е отворен.", "BTA", "София", "3 ноември"),
    # Chinese, Japanese, Korean, Arabic
    ("新华社北京11月3日电（记者王小明）大桥通车。", "Xinhua", "北京", "11月3日"),
    ("法新社巴黎3日电 大桥通车。", "AFP", "巴黎", "3日"),
    ("中新网11月3日电 大桥通车。", "China News Service", None, "11月3日"),
    ("【ワシントン共同】橋が開通した。", "Kyodo", "ワシントン", None),
    ("【北京時事】橋が開通した。", "Jiji Press", "北京", None),
    ("【11月3日 AFP】橋が開通した。", "AFP", None, "11月3日"),
    ("[東京 3日 ロイター] - 橋が開通した。", "Reuters", "東京", "3日"),
    ("(서울=연합뉴스) 김예시 기자 = 다리가 열렸다.", "Yonhap", "서울", None),
    ("القاهرة 3 نوفمبر (رويترز) - الجسر مفتوح.", "Reuters", "القاهرة", "3 نوفمبر"),
]


@pytest.mark.parametrize(("text", "agency", "place", "date"), STYLES)
def test_each_house_style_is_read(text: str, agency: str, place: str | None, date: str | None) -> None:
    found = read_conventions(text)

    assert found.dateline is not None
    assert (found.agency, found.dateline.place, found.dateline.date) == (agency, place, date)
    assert found.dateline.text in text


def test_an_agency_that_we_do_not_know_does_not_hide_a_place_with_a_date() -> None:
    found = read_conventions("Warszawa, 3.11.2026 (Beispielnews) - Most jest otwarty.")

    assert found.agency is None
    assert found.dateline is not None
    assert (found.dateline.place, found.dateline.date) == ("Warszawa", "3.11.2026")


def test_at_least_thirty_agencies_have_their_example() -> None:
    assert len({agency for _, agency, _, _ in STYLES}) >= 30


@pytest.mark.parametrize(
    "text",
    [
        "Berlin (EU) - Die Brücke ist offen.",
        "Der Sprecher (KNA) Die Brücke.",
        "Die Katholische Nachrichten-Agentur (KNA) Die Brücke ist offen.",
        "Der Markt, 3 Euro - Reuters. Mehr nicht.",
        "Am 3. November - dpa - war es kalt.",
        "[1] AFP und andere berichten.",
        "Agentur/AFP/Foto: Beispiel",
    ],
)
def test_what_is_only_like_a_house_style_is_no_dateline(text: str) -> None:
    assert read_conventions(text).dateline is None


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("Door Jan Voorbeeld\n\nDe brug is open.", "Jan Voorbeeld"),
        ("Di Maria Esempio\n\nIl ponte è aperto.", "Maria Esempio"),
        ("Por Ana Ejemplo y Luis Modelo\nMADRID, 3 nov (EFE).- El puente.", "Ana Ejemplo y Luis Modelo"),
        ("Autor: Anna Przykład\n\nMost jest otwarty.", "Anna Przykład"),
        ("Автор: Иван Примеров\n\nМост открыт.", "Иван Примеров"),
        ("Від Олена Зразок\n\nМіст відкрито.", "Олена Зразок"),
        ("BY JANE DOE\n\nThe bridge is open.", "JANE DOE"),
        ("新华社北京11月3日电（记者王小明、李大山）大桥通车。", "王小明、李大山"),
        ("（中央社記者王小明台北3日電）大橋通車。", "王小明"),
        ("(서울=연합뉴스) 김예시 기자 = 다리가 열렸다.", "김예시"),
    ],
)
def test_bylines_are_read_in_other_languages_too(text: str, byline: str) -> None:
    assert read_conventions(text).byline == byline
