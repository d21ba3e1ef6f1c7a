"""What do indexing and searching cost on a real Elasticsearch, against its client's own helper and the embedded index?

`BENCHMARK_ARTICLES` sets the size: 20,000 and 100,000 are what the figures in `docs/search.md` were measured with.
Both sides use the same server in the same run; what counts is the ratio.
"""

import os
import random
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Configuration, Settings
from pipeline.search import EmbeddedIndex, SearchIndex, parse_query
from pipeline.search.elastic import ElasticIndex, connect
from pipeline.search.elastic.documents import to_document
from pipeline.stages import Services, index, upkeep
from tests.contract.queries import CASES
from tests.contract.queries import NOW as TABLE_NOW
from tests.elasticsearch.indices import a_name
from tests.factories import NOON, a_source, an_article

ARTICLES = int(os.environ.get("BENCHMARK_ARTICLES", "500"))
NOW = NOON + timedelta(days=7)
QUERIES = [text for text, _ in CASES[::2]][:60]
_WORDS = 400
_SYLLABLES = [
    "ab",
    "ber",
    "den",
    "er",
    "ge",
    "in",
    "ka",
    "land",
    "ler",
    "mar",
    "men",
    "ne",
    "o",
    "pro",
    "rat",
    "schaft",
    "stadt",
    "te",
    "ung",
    "ver",
    "wirt",
    "zen",
]


def articles(count: int) -> Iterator[Article]:
    """Reports of 400 words. Words are as frequent as in a language: few make up half of a text, most are rare."""
    chance = random.Random(7)
    known = [word for text, _ in CASES for word in text.split() if word.isalpha()]
    words = known + ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(30_000)]
    chance.shuffle(words)
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        body = " ".join(chance.choices(words, cum_weights=weights, k=_WORDS))
        yield an_article(
            id=f"{chance.getrandbits(128):032x}",
            source=a_source(id=f"s{number % 40}"),
            guid=f"tag:kuestenblatt.example,2026:{number}",
            url=f"https://kuestenblatt.example/{number}",
            headline=" ".join(chance.choices(words, cum_weights=weights, k=8)),
            body=body,
            people=(f"Person {number % 500}", f"Ada {number % 90}"),
            places=(f"Ort {number % 300}",),
            topics=("starlink",) if number % 50 == 0 else ("sport",),
            language="de" if number % 3 else "en",
            published=NOON + timedelta(seconds=number),
        )


@pytest.fixture
def name(elasticsearch_url: str) -> Iterator[str]:
    with a_name(elasticsearch_url) as name:
        yield name


@pytest.fixture
def services(elasticsearch_url: str, name: str, tmp_path: Path) -> Iterator[Services]:
    settings = Settings.load(
        {
            "WIREWATCH_DATA": str(tmp_path),
            "WIREWATCH_ELASTICSEARCH_URL": elasticsearch_url,
            "WIREWATCH_ELASTICSEARCH_INDEX": name,
        }
    )
    services = runtime.open_services(settings, Configuration((), (), (), ()))
    yield services
    services.close()


def fill(services: Services, wanted: list[Article]) -> None:
    """Put articles into the store as if they had just been enriched."""
    with services.store.transaction() as transaction:
        for article in wanted:
            transaction.articles.add(article)
            transaction.articles.save(article, enriched=True)
        transaction.work.add([article.id for article in wanted], "index", now=NOW)


def warm_up(elasticsearch_url: str) -> None:
    """Let the server compile what indexing takes, so that the one who comes first pays nothing for it."""
    with a_name(elasticsearch_url) as name, connect([elasticsearch_url]) as client:
        ElasticIndex(client, name=name).prepare().write(list(articles(500)))


def through_the_helper(client: Elasticsearch, name: str, wanted: list[Article]) -> float:
    """Write the same bodies, ready-made, with the helper of Elasticsearch's own client; returns seconds."""
    ElasticIndex(client, name=name).prepare().write([an_article(id="first")])
    place = f"{name}-000001-{NOON:%Y.%m}"
    actions = [{"_index": place, "_id": each.id, "_source": to_document(each)} for each in wanted]
    started = perf_counter()
    deque(parallel_bulk(client, actions), maxlen=0)
    return perf_counter() - started


def through_the_stage(services: Services) -> float:
    started = perf_counter()
    while index.run(services, limit=10_000, now=NOW).claimed:
        pass
    return perf_counter() - started


def report(line: str) -> None:
    print(line)  # noqa: T201 - a benchmark is read by people


def test_indexing_costs_little_more_than_the_clients_own_helper(
    elasticsearch_url: str, services: Services, name: str
) -> None:
    wanted = list(articles(ARTICLES))
    fill(services, wanted)
    warm_up(elasticsearch_url)
    with a_name(elasticsearch_url) as other, connect([elasticsearch_url]) as client:
        helper = through_the_helper(client, other, wanted)
        stage = through_the_stage(services)
        client.indices.refresh(index=name)

        assert client.count(index=name)["count"] == ARTICLES

    rates = f"{ARTICLES / stage:.0f} articles/s through the stage, {ARTICLES / helper:.0f} through parallel_bulk"
    report(f"\n{rates}: {helper / stage:.2f} x, {ARTICLES} articles")
    assert helper / stage > 0.25  # a few hundred articles say little; the figure is for people


def test_rebuilding_is_told_in_articles_a_second(services: Services) -> None:
    fill(services, list(articles(ARTICLES)))

    started = perf_counter()
    count = upkeep.reindex(services, lambda: runtime.rebuild_index(services.settings), now=NOW)
    seconds = perf_counter() - started

    report(f"\nreindex: {count} articles in {seconds:.1f} s, {count / seconds:.0f} a second")
    assert count == ARTICLES


def latencies(search: Callable[[str], object]) -> str:
    """Ask every query three times, and tell p50 and p95 of the better two, in milliseconds."""
    taken = []
    for text in QUERIES:
        for attempt in range(3):
            started = perf_counter()
            search(text)
            if attempt:
                taken.append((perf_counter() - started) * 1000)
    cuts = quantiles(taken, n=20)
    return f"p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms"


def test_searching_side_by_side(elasticsearch_url: str, name: str, tmp_path: Path) -> None:
    embedded = EmbeddedIndex.open(tmp_path / "index")
    elastic = ElasticIndex(connect([elasticsearch_url]), name=name).prepare()
    wanted = list(articles(ARTICLES))
    for start in range(0, len(wanted), 5_000):
        for each in (embedded, elastic):
            each.write(wanted[start : start + 5_000])

    def asking(where: SearchIndex) -> Callable[[str], object]:
        return lambda text: where.search(parse_query(text, now=TABLE_NOW))

    list(elastic.ids())
    told = {"embedded": latencies(asking(embedded)), "Elasticsearch": latencies(asking(elastic))}
    elastic.close()

    report(
        f"\n{len(QUERIES)} queries over {ARTICLES} articles: "
        + "; ".join(f"{one} {text}" for one, text in told.items())
    )
    assert len(QUERIES) == 60
