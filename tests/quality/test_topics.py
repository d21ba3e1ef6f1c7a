"""Do articles get the topics they are about, and no others? Measured on invented texts and on the sample wire.

`pytest -s` prints precision and recall of each topic, and every wrong or missing tag.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Settings
from pipeline.demo import load_wire
from pipeline.enrich import Enricher
from tests.factories import an_article

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"


@dataclass
class Tally:
    """How often a topic was rightly found, wrongly found, and missed."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.wrong)) if self.right or self.wrong else 1.0

    @property
    def recall(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.missed)) if self.right or self.missed else 1.0


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG)})
    return runtime.make_enricher(settings, runtime.load_configuration(CONFIG))


def read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def measured(pairs: Iterable[tuple[Article, Mapping[str, list[str]]]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for article, expected in pairs:
        needed, allowed = set(expected["topics"]), set(expected.get("may", ()))
        line = f"{article.id}: {article.headline} {dict(article.topic_evidence)}"
        for topic in needed & set(article.topics):
            tallies[topic].right.append(line)
        for topic in set(article.topics) - needed - allowed:
            tallies[topic].wrong.append(line)
        for topic in needed - set(article.topics):
            tallies[topic].missed.append(line)
    return tallies


def report(title: str, tallies: Mapping[str, Tally]) -> tuple[float, float]:
    print(f"\n{title}")  # noqa: T201
    for topic, tally in sorted(tallies.items()):
        print(f"  {topic:24} precision {tally.precision:.2f}  recall {tally.recall:.2f}  ({len(tally.right)} right)")  # noqa: T201
        for kind, lines in (("wrong", tally.wrong), ("missed", tally.missed)):
            for line in lines:
                print(f"    {kind}: {line[:240]}")  # noqa: T201
    whole = Tally()
    for tally in tallies.values():
        whole.right += tally.right
        whole.wrong += tally.wrong
        whole.missed += tally.missed
    print(f"  {'all':24} precision {whole.precision:.2f}  recall {whole.recall:.2f}")  # noqa: T201
    return whole.precision, whole.recall


def test_short_texts_get_the_topics_they_are_about(enricher: Enricher) -> None:
    texts = read("topic_texts.yaml")
    assert len(texts) >= 60
    articles = []
    for number, text in enumerate(texts):
        headline, _, body = text["text"].partition("\n")
        articles.append(an_article(id=f"text {number}", headline=headline, body=body, language=text.get("language")))

    tallies = measured(zip(enricher.enrich(articles), texts, strict=True))

    precision, recall = report("short texts", tallies)
    assert precision >= 0.95
    assert recall >= 0.95
    for topic in ("starlink", "ukraine", "taiwan"):
        assert tallies[topic].precision >= 0.9, topic
        assert tallies[topic].recall >= 0.9, topic


def test_the_sample_wire_gets_the_topics_that_a_reader_would_give(enricher: Enricher) -> None:
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

    tallies = measured(zip(enricher.enrich(articles), wanted, strict=True))

    precision, recall = report("sample wire", tallies)
    assert precision >= 0.95
    assert recall >= 0.9
    for topic in ("starlink", "ukraine", "taiwan"):
        assert tallies[topic].precision >= 0.95, topic
        assert tallies[topic].recall >= 0.95, topic


def test_a_word_of_another_language_is_no_evidence(enricher: Enricher) -> None:
    body = "Präsident Wolodymyr Selenskyj war in Kiew zugeschaltet; auch ein Minister aus der Ukraine war dort zu Gast."

    (article,) = enricher.enrich([an_article(headline="Treffen in Kiew", body=body, language="de")])

    assert "war" not in article.topic_evidence["ukraine"].phrases
