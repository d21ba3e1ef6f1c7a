"""Do articles get the topics they are about, and no others? Measured on invented texts and on the sample wire.

`pytest -s` prints precision and recall of each topic, and every wrong or missing tag.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Configuration, Settings
from pipeline.demo import load_wire
from pipeline.enrich import Enricher
from pipeline.enrich.trials import Marked, Trial, judge, lenient, together
from tests.factories import an_article

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    return runtime.load_configuration(CONFIG)


@pytest.fixture(scope="module")
def enricher(configuration: Configuration) -> Enricher:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG), "WIREWATCH_NLP_MODELS": "*=none"})
    return runtime.make_enricher(settings, replace(configuration, topics=tuple(lenient(configuration.topics))))


def read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def tried(
    enricher: Enricher, configuration: Configuration, pairs: Iterable[tuple[Article, Mapping[str, list[str]]]]
) -> dict[str, Trial]:
    articles, marks = zip(*pairs, strict=True)
    marked = [
        Marked(article, frozenset(mark["topics"]), frozenset(mark.get("may", ())), article.id)
        for article, mark in zip(enricher.enrich(articles), marks, strict=True)
    ]
    return judge(marked, configuration.topics)


def report(title: str, trials: Mapping[str, Trial]) -> Trial:
    print(f"\n{title}")  # noqa: T201
    whole = together(trials.values())
    for topic, trial in [*sorted(trials.items()), ("all", whole)]:
        print(f"  {topic:24} precision {trial.precision:.2f}  recall {trial.recall:.2f}  ({len(trial.right)} right)")  # noqa: T201
        for kind, verdicts in (("wrong", trial.wrong), ("missed", trial.missed)) if trial is not whole else ():
            for verdict in verdicts:
                article, why = verdict.marked.article, verdict.evidence
                told = f"{why.score:g} from {', '.join(why.phrases)}" if why else "nothing"
                print(f"    {kind}: {article.id}: {article.headline}: {told}")  # noqa: T201
    return whole


def marked_texts(name: str) -> Iterator[tuple[Article, Mapping[str, list[str]]]]:
    for number, text in enumerate(read(name)):
        headline, _, body = text["text"].partition("\n")
        language = text.get("language")
        yield an_article(id=f"{language}-{number}", headline=headline, body=body, language=language), text


def test_reports_in_ten_languages_get_the_topics_they_are_about(
    enricher: Enricher, configuration: Configuration
) -> None:
    texts = list(marked_texts("topic_reports.yaml"))
    assert len(texts) >= 500

    trials = tried(enricher, configuration, texts)

    whole = report("reports", trials)
    assert whole.precision >= 0.97
    assert whole.recall >= 0.97
    for topic, trial in trials.items():
        assert trial.precision >= 0.9, topic
        assert trial.recall >= 0.9, topic


def test_short_texts_get_the_topics_they_are_about(enricher: Enricher, configuration: Configuration) -> None:
    texts = list(marked_texts("topic_texts.yaml"))
    assert len(texts) >= 140

    trials = tried(enricher, configuration, texts)

    whole = report("short texts", trials)
    assert whole.precision >= 0.95
    assert whole.recall >= 0.95
    for topic in ("starlink", "ukraine", "taiwan"):
        assert trials[topic].precision >= 0.9, topic
        assert trials[topic].recall >= 0.9, topic


def test_the_sample_wire_gets_the_topics_that_a_reader_would_give(
    enricher: Enricher, configuration: Configuration
) -> None:
    expected, articles, wanted = read("wire_topics.yaml"), [], []
    for feed in load_wire():
        for article in feed.articles:
            key = (article.copy_of or article.guid).rpartition(":")[2]
            wanted.append(expected.get(key, {"topics": []}))
            articles.append(
                an_article(id=article.guid, headline=article.headline, body=article.body, language=feed.language)
            )
    assert {
        (article.copy_of or article.guid).rpartition(":")[2] for feed in load_wire() for article in feed.articles
    } >= set(expected)

    trials = tried(enricher, configuration, zip(articles, wanted, strict=True))

    whole = report("sample wire", trials)
    assert whole.precision >= 0.95
    assert whole.recall >= 0.95
    for topic in ("starlink", "ukraine", "taiwan"):
        assert trials[topic].precision >= 0.95, topic
        assert trials[topic].recall >= 0.95, topic


HARD: list[tuple[str, str, str, set[str]]] = [
    ("de", "Ukraine schlägt Wales 2:1", "Der Torwart hielt in der Nachspielzeit einen Elfmeter.", {"sport"}),
    (
        "en",
        "A taste of Taipei in Leeds",
        "The Taiwanese restaurant serves noodle soup and bubble tea.",
        {"food-travel"},
    ),
    (
        "en",
        "Sailor reaches Cape Town after 90 days",
        (
            "She repaired a torn sail off Brazil, slept in short naps and lost her kettle in a gale near the equator. Her family waited at "
            "the pier with oranges and a cake, and the harbour master let the ships sound their horns. She wrote home over Starlink."
        ),
        set(),
    ),
    (
        "de",
        "Termine am Mittwoch",
        (
            "10.00 Uhr: Kabinett, Verteidigungsminister berichtet.\n11.30 Uhr: Bundesbank stellt Bericht vor.\n14.00 Uhr: Außenminister "
            "empfängt Kollegen aus der Ukraine."
        ),
        {"agenda"},
    ),
    (
        "de",
        "EU beschließt Strafmaßnahmen",
        "Die Vermögenswerte von 40 Reedern werden eingefroren, dazu kommt ein Einreiseverbot.",
        {"sanctions"},
    ),
    (
        "en",
        "Treasury blacklists tanker firms",
        "Their property is blocked; the new sanctions also hit two banks.",
        {"sanctions"},
    ),
    (
        "de",
        "Gipfel berät über Hilfe",
        "Der russische Angriffskrieg bleibt das Thema, sagte der Präsident in Kiew.",
        {"ukraine"},
    ),
    (
        "de",
        "Brot wird teurer",
        "Seit dem russischen Angriffskrieg zahlen Bäcker mehr für Mehl und Butter, sagt die Innung in Gera.",
        set(),
    ),
]


@pytest.mark.parametrize(("language", "headline", "body", "topics"), HARD, ids=[headline for _, headline, _, _ in HARD])
def test_hard_cases(
    enricher: Enricher, configuration: Configuration, language: str, headline: str, body: str, topics: set[str]
) -> None:
    thresholds = {topic.id: topic.threshold for topic in configuration.topics}

    (article,) = enricher.enrich([an_article(headline=headline, body=body, language=language)])

    assert {name for name, why in article.topic_evidence.items() if why.score >= thresholds[name]} == topics


def test_a_word_of_another_language_is_no_evidence(enricher: Enricher) -> None:
    body = "Präsident Wolodymyr Selenskyj war in Kiew zugeschaltet; auch ein Minister aus der Ukraine war dort zu Gast."

    (article,) = enricher.enrich([an_article(headline="Treffen in Kiew", body=body, language="de")])

    assert "war" not in article.topic_evidence["ukraine"].phrases
