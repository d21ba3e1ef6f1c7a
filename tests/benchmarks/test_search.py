"""What do writing and searching cost, against tantivy alone?"""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import tantivy
from luqum.parser import parser as luqum_parser

from pipeline.article import Article
from pipeline.search import EmbeddedIndex, parse_query
from pipeline.search.folder import HEAP, prepared
from pipeline.search.schema import schema, to_document
from tests.factories import NOON, REPORT, an_article

ARTICLES = 2_000


def _articles() -> list[Article]:
    body = (REPORT + "\n\n") * 5
    return [
        an_article(
            id=f"a{number}",
            headline=f"Meldung {number} aus Kiel",
            body=f"{body} Nummer {number}.",
            people=(f"Person {number % 50}",),
            published=NOON + timedelta(minutes=number),
        )
        for number in range(ARTICLES)
    ]


def _seconds(action: Callable[[], object], repeat: int = 1) -> float:
    best = float("inf")
    for _ in range(repeat):
        started = perf_counter()
        action()
        best = min(best, perf_counter() - started)
    return best


def _report(line: str) -> None:
    print(line)  # noqa: T201 - a benchmark is read by people


def test_writing_costs_little_more_than_tantivy_itself() -> None:
    articles = _articles()
    ready = [to_document(article) for article in articles]

    def bare() -> None:
        index = prepared(tantivy.Index(schema()))
        writer = index.writer(HEAP, 1)
        for document in ready:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    floor = _seconds(bare, 3)
    ours = _seconds(lambda: EmbeddedIndex.in_memory().write(articles), 3)

    _report(f"\nindex.write: {ours / ARTICLES * 1e6:.0f} µs an article, {ours / floor:.2f} x bare tantivy")
    assert ours / floor < 3


def test_a_search_is_fast_and_shows_snippets() -> None:
    index = EmbeddedIndex.in_memory()
    index.write(_articles())
    query = parse_query('Bodenstationen AND (people:"Person 7" OR headline:Kiel)', now=NOON)
    bare = index._translator.translate(query.root)

    floor = _seconds(lambda: index._searcher().search(bare, 20), 20)
    plain = _seconds(lambda: index.search(query), 20)
    faceted = _seconds(lambda: index.search(query, facets=["people", "topics", "source.id"], sort="relevance"), 20)

    _report(f"\nsearch: {plain * 1e3:.1f} ms, with facets {faceted * 1e3:.1f} ms, {plain / floor:.1f} x bare tantivy")
    assert plain / floor < 60


def test_a_query_of_a_thousand_clauses_costs_little_more_than_parsing_it() -> None:
    text = " OR ".join(f'headline:"wort{number}"' for number in range(1_000))

    floor = _seconds(lambda: luqum_parser.parse(text), 3)
    ours = _seconds(lambda: parse_query(text, now=NOON), 3)

    _report(f"\nparse_query: {ours * 1e3:.0f} ms for 1,000 clauses, {ours / floor:.2f} x luqum alone")
    assert ours / floor < 6
