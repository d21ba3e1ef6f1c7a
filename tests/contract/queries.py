"""Queries and what they find: the table that every search adapter must agree with."""

from datetime import UTC, datetime, timedelta

from pipeline.article import Article, Dateline, Status
from tests.factories import a_source, an_article

NOW = datetime(2026, 11, 10, 12, 30, tzinfo=UTC)

CORPUS: tuple[Article, ...] = (
    an_article(
        id="de-sat",
        version=2,
        language="de",
        source=a_source(id="dpa-afx", name="dpa-AFX", country="DE", kind="agency"),
        agency="dpa-AFX",
        dateline=Dateline(text="AUSTIN (dpa-AFX) -", place="Austin", date=None),
        urgency=3,
        published=datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
        headline="Starlink startet zwanzig Satelliten",
        summary="Das Netz im Orbit wächst weiter.",
        body="Am Dienstag brachte eine Rakete neue Geräte in den Orbit. Thomas Müller verfolgte den Start in Köln.",
        people=("Elon Musk", "Thomas Müller"),
        organisations=("SpaceX", "Bundesministerium der Verteidigung"),
        places=("Austin", "Köln"),
        products=("Starlink",),
        tickers=("NASDAQ:TSLA",),
        entity_ids=("elon-musk", "spacex"),
        topics=("starlink", "space"),
        subjects=("medtop:20000741",),
        copies=2,
        story_id="s-start",
        watches=("orbit",),
        feeds=("dpa-afx-wirtschaft", "dpa-afx-alles"),
    ),
    an_article(
        id="de-copy",
        language="de",
        published=datetime(2026, 11, 3, 9, 40, tzinfo=UTC),
        headline="Zwanzig Satelliten für Starlink",
        body="Am Dienstag brachte eine Rakete neue Geräte in den Orbit, wie die Agentur meldete.",
        topics=("starlink",),
        duplicate_of="de-sat",
        story_id="s-start",
    ),
    an_article(
        id="de-copy-2",
        language="de-AT",
        source=a_source(id="donaublatt", name="Donaublatt", country="AT"),
        published=datetime(2026, 11, 3, 10, 5, tzinfo=UTC),
        headline="Raketenstart geglückt",
        body="Am Dienstag brachte eine Rakete neue Geräte in den Orbit. Auch Wien hat zugesehen.",
        duplicate_of="de-sat",
        story_id="s-start",
    ),
    an_article(
        id="en-sat",
        language="en",
        source=a_source(id="harbour-news", name="Harbour News", country="GB", kind="broadcaster"),
        agency="Reuters",
        urgency=4,
        published=datetime(2026, 11, 4, 18, 30, tzinfo=UTC),
        headline="Operator launches twenty satellites",
        subheadline="Rural homes are next in line",
        byline="Joan Carter",
        body="The dishes were connecting remote villages by Wednesday. Engineers in Kyiv met colleagues from Warsaw.",
        people=("Elon Musk",),
        places=("Kyiv", "Warsaw"),
        topics=("starlink", "ukraine"),
        tickers=("NYSE:ORB",),
        story_id="s-start",
    ),
    an_article(
        id="en-port",
        language="en",
        source=a_source(id="harbour-news", name="Harbour News", country="GB", kind="broadcaster"),
        published=datetime(2026, 11, 10, 6, 0, tzinfo=UTC),
        headline="Ferry timetable changes in the harbour",
        body="The poet Ann Lee read aloud on the quay. Ferries run every hour; the café re-opens in May.",
        places=("Hull",),
        topics=("traffic",),
        url="https://harbour.example/ferry?id=7",
    ),
    an_article(
        id="uk-visit",
        language="uk",
        published=datetime(2026, 11, 6, 8, 0, tzinfo=UTC),
        headline="Президент відвідав Львів",
        body="Володимир Зеленський зустрівся зі студентами. Подія пройшла в об'єкті на площі Ринок.",
        people=("Wolodymyr Selenskyj",),
        places=("Lwiw",),
        topics=("ukraine",),
    ),
    an_article(
        id="ru-visit",
        language="ru",
        published=datetime(2026, 11, 6, 9, 0, tzinfo=UTC),
        headline="Путин прибыл в Пекин",
        body="Переговоры пройдут в среду. Самолёт приземлился утром.",
        people=("Vladimir Putin",),
        places=("Peking",),
        topics=("russia",),
    ),
    an_article(
        id="zh-visit",
        language="zh",
        published=datetime(2026, 11, 6, 10, 0, tzinfo=UTC),
        headline="普京抵达北京",
        body="会谈将于星期三举行。星链卫星不在议程上。",
        people=("Vladimir Putin",),
        places=("Peking",),
        topics=("russia", "taiwan"),
    ),
    an_article(
        id="fr-eleve",
        language="fr",
        published=datetime(2026, 11, 7, 10, 0, tzinfo=UTC),
        headline="Les élèves visitent l'opéra",
        body="La visite à Besançon a duré deux heures.",
        places=("Besançon",),
        urgency=8,
    ),
    an_article(
        id="pl-most",
        language="pl",
        published=datetime(2026, 11, 8, 10, 0, tzinfo=UTC),
        headline="Nowy most w Łodzi",
        body="Otwarcie zaplanowano na wiosnę.",
        places=("Łódź",),
    ),
    an_article(
        id="killed",
        language="de",
        status=Status.KILLED,
        published=datetime(2026, 11, 9, 10, 0, tzinfo=UTC),
        headline="Zurückgezogen: Meldung über Satelliten",
        body="",
    ),
    an_article(
        id="undated",
        language=None,
        published=None,
        first_seen=NOW - timedelta(hours=1),
        headline="Hinweis in eigener Sache",
        body="Redaktionsschluss ist heute früher.",
        priority="eil",
    ),
)
_SAT = {"de-sat", "de-copy", "de-copy-2", "en-sat"}
_LIVE = {article.id for article in CORPUS} - {"killed"}

# fmt: off
CASES: tuple[tuple[str, set[str]], ...] = (
    # words
    ("", _LIVE), ("*:*", _LIVE), ("*", _LIVE),
    ("Satelliten", {"de-sat", "de-copy"}),
    ("Satellit", {"de-sat", "de-copy", "en-sat"}),
    ("satellite", {"en-sat", "de-sat", "de-copy"}),
    ("STARLINK", {"de-sat", "de-copy"}),
    ("launching", {"en-sat"}),
    ("connected", {"en-sat"}),
    ("Rakete Ferry", {"de-sat", "de-copy", "de-copy-2", "en-port"}),
    ("putin", {"ru-visit", "zh-visit"}),
    ("unauffindbar", set()),
    ("&", set()),
    ("re-opens", {"en-port"}),
    ("körper-los", set()),
    # spellings
    ("Müller", {"de-sat"}), ("Mueller", {"de-sat"}), ("muller", {"de-sat"}), ("MÜLLER", {"de-sat"}),
    ("koeln", {"de-sat"}), ("Geraete", {"de-sat", "de-copy", "de-copy-2"}),
    ("pot", set()), ("cafe", {"en-port"}), ("eleves", {"fr-eleve"}), ("besancon", {"fr-eleve"}), ("lodz", {"pl-most"}),
    # other scripts
    ("Львів", {"uk-visit"}), ("ЗЕЛЕНСЬКИЙ", {"uk-visit"}), ("об’єкті", {"uk-visit"}),
    ("самолет", {"ru-visit"}), ("самолёт", {"ru-visit"}),
    ("北京", {"zh-visit"}), ("星链", {"zh-visit"}), ("链卫", {"zh-visit"}), ("京北", set()), ('"星期三"', {"zh-visit"}),
    ("星链*", {"zh-visit"}),
    # phrases
    ('"zwanzig Satelliten"', {"de-sat", "de-copy"}), ('"Satelliten zwanzig"', set()),
    ('"Rakete Geräte"', set()), ('"Rakete Geräte"~1', {"de-sat", "de-copy", "de-copy-2"}),
    ("“twenty satellites”", {"en-sat"}), ('"Thomas Mueller"', {"de-sat"}),
    # operators
    ("Rakete AND Wien", {"de-copy-2"}), ("Rakete AND NOT Wien", {"de-sat", "de-copy"}),
    ("+Rakete -Wien", {"de-sat", "de-copy"}), ("Rakete NOT Wien", {"de-sat", "de-copy"}),
    ("+Rakete Wien", {"de-sat", "de-copy", "de-copy-2"}),
    ("NOT topics:starlink", _LIVE - {"de-sat", "de-copy", "en-sat"}),
    ("-topics:*", {"de-copy-2", "fr-eleve", "pl-most", "undated"}),
    ("ferry OR (Rakete AND Wien)", {"en-port", "de-copy-2"}),
    ("Wien OR ferry AND quay", {"de-copy-2", "en-port"}),
    ("topics:russia OR NOT language:*", {"ru-visit", "zh-visit", "undated"}),
    ("NOT (topics:* OR language:fr OR language:pl)", {"de-copy-2", "undated"}),
    ("NOT NOT ferry", {"en-port"}),
    ("ferry^3 OR Wien^0.5", {"en-port", "de-copy-2"}),
    ("ferry and quay", {"en-port"}),
    # fields
    ("headline:Rakete", set()), ("body:Rakete", {"de-sat", "de-copy", "de-copy-2"}),
    ("headline:(ferry OR satellites)", {"en-port", "en-sat", "de-sat", "de-copy"}),
    ("summary:Netz", {"de-sat"}), ("subheadline:home", {"en-sat"}), ("byline:carter", {"en-sat"}),
    ("people:putin", {"ru-visit", "zh-visit"}), ('people:"Vladimir Putin"', {"ru-visit", "zh-visit"}),
    ("people:(musk AND thomas)", {"de-sat"}), ("people:Mueller", {"de-sat"}), ("people:Vlad*", {"ru-visit", "zh-visit"}),
    ("organisations:verteidigung", {"de-sat"}), ("places:Köln", {"de-sat"}), ("products:starlink", {"de-sat"}),
    ('tickers:"NASDAQ:TSLA"', {"de-sat"}), ("tickers:tsla", {"de-sat"}), ("tickers:NASDAQ\\:TSLA", {"de-sat"}),
    ("topics:starlink", {"de-sat", "de-copy", "en-sat"}), ("topics:STARLINK", {"de-sat", "de-copy", "en-sat"}),
    ("topics:star", set()), ("topics:(starlink AND ukraine)", {"en-sat"}), ("topics:star*", {"de-sat", "de-copy", "en-sat"}),
    ("entity_ids:elon-musk", {"de-sat"}), ('subjects:"medtop:20000741"', {"de-sat"}),
    ("language:de", {"de-sat", "de-copy", "de-copy-2"}), ("language:de-AT", {"de-copy-2"}), ("language:d", set()),
    ("source:harbour-news", {"en-sat", "en-port"}), ("source.id:harbour-news", {"en-sat", "en-port"}),
    ("source.name:harbour", {"en-sat", "en-port"}), ("source.country:at", {"de-copy-2"}), ("source.kind:agency", {"de-sat"}),
    ("agency:dpa-afx", {"de-sat"}), ("agency:dpa", set()), ("agency:(reuters OR dpa-AFX)", {"de-sat", "en-sat"}),
    ("feeds:dpa-afx-alles", {"de-sat"}), ("dateline:austin", {"de-sat"}), ("dateline.place:Austin", {"de-sat"}),
    ("id:de-sat", {"de-sat"}), ("id:(de-sat OR pl-most)", {"de-sat", "pl-most"}), ("status:killed", set()),
    ("status:usable", _LIVE), ("priority:eil", {"undated"}), ("duplicate_of:de-sat", {"de-copy", "de-copy-2"}),
    ("story_id:s-start", _SAT), ("watches:orbit", {"de-sat"}),
    ('url:"https://harbour.example/ferry?id=7"', {"en-port"}), ("url:https\\:\\/\\/harbour.example*", {"en-port"}),
    # existence
    ("_exists_:dateline", {"de-sat"}), ("_exists_:published", _LIVE - {"undated"}), ("agency:*", {"de-sat", "en-sat"}),
    ("NOT _exists_:language", {"undated"}), ("_exists_:urgency", {"de-sat", "en-sat", "fr-eleve"}),
    # numbers
    ("urgency:3", {"de-sat"}), ("urgency:[1 TO 4]", {"de-sat", "en-sat"}), ("urgency:{3 TO 8}", {"en-sat"}),
    ("urgency:>=4", {"en-sat", "fr-eleve"}), ("urgency:<4", {"de-sat"}), ("copies:>1", {"de-sat"}), ("version:2", {"de-sat"}),
    ("urgency:[8 TO 1]", set()), ("words:[2 TO 4]", {"undated", "pl-most"}), ("urgency:[* TO 3]", {"de-sat"}),
    ("urgency:[-5 TO 3]", {"de-sat"}),
    # dates
    ("published:2026-11-04", {"en-sat"}), ("published:2026-10", set()), ("published:2026", _LIVE - {"undated"}),
    ("published:[2026-11-06 TO 2026-11-07]", {"uk-visit", "ru-visit", "zh-visit", "fr-eleve"}),
    ("published:{2026-11-06 TO 2026-11-08}", {"fr-eleve"}),
    ("published:>2026-11-07", {"pl-most", "en-port"}), ("published:>=2026-11-07", {"fr-eleve", "pl-most", "en-port"}),
    ("published:<2026-11-04", {"de-sat", "de-copy", "de-copy-2"}), ("published:<=2026-11-04", _SAT),
    ("published:[2026-11-06T09:00:00Z TO 2026-11-06T09:30]", {"ru-visit"}), ('published:"2026-11-06T10:00+01:00"', {"ru-visit"}),
    ("@timestamp:[now-24h TO now]", {"en-port", "undated"}), ("published:>now-24h", {"en-port"}), ("@timestamp:now/d", {"en-port", "undated"}),
    ("published:[now-2d/d TO now-2d/d]", {"pl-most"}), ("published:[2026-11-01||+2d/d TO 2026-11-03]", {"de-sat", "de-copy", "de-copy-2"}),
    ("first_seen:>now-2h", {"undated"}),
    # patterns
    ("Raket*", {"de-sat", "de-copy", "de-copy-2"}), ("sat*ten", {"de-sat", "de-copy"}), ("fer?y", {"en-port"}),
    ("fer?", set()), ("Львів*", {"uk-visit"}), ("GERÄT*", {"de-sat", "de-copy", "de-copy-2"}), ("re-ope*", {"en-port"}),
    ("Selensky~1", {"uk-visit"}), ("Selensk~1", set()), ("Selenskij~1", {"uk-visit"}), ("Selenski~2", {"uk-visit"}), ("ferri~", {"en-port"}), ("people:muks~1", {"de-sat", "en-sat"}),
    # escapes
    ("\\AND", set()), ('"AND"', set()), ("what\\?", set()), ("\\(ferry\\)", {"en-port"}),
)
# fmt: on

# What the two engines do not agree on, and why; `docs/search.md` tells it to those who search.
# (language of the article, its text, the query, does the embedded index find it, does Elasticsearch)
# fmt: off
DIFFERENCES: tuple[tuple[str, str, str, bool, bool], ...] = (
    # Elasticsearch stems more languages
    ("fr", "Les députés examinaient les propositions.", "proposition", False, True),
    ("es", "Los diputados examinaban las propuestas.", "propuesta", False, True),
    ("it", "I deputati esaminavano le proposte.", "proposta", False, True),
    ("nl", "Na de vergaderingen.", "vergadering", False, True),
    ("pt", "Os deputados examinavam as propostas.", "proposta", False, True),
    ("ru", "Депутаты рассматривали предложения.", "предложение", False, True),
    # both stem German with Snowball, in different versions: about one pair of forms in twenty
    ("de", "Die Sprecherin sagte nichts.", "Sprecher", True, False),
    ("de", "Die Maschinen landeten.", "landen", True, False),
    # Elasticsearch: an emoji stands between the words of a phrase, fractions and superscripts are no words
    ("en", "The words flew 🚀 home.", '"flew home"', True, False),
    ("en", "Add ½ litre.", "½", True, False),
    ("en", "It grows with x².", "x2", True, False),
    # a Turkish capital with a dot is the same letter as one without
    ("tr", "İstanbul", "istanbul", False, True),
)
# fmt: on
