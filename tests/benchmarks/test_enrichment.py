"""What does the whole enrichment cost, against the bare search for the names in the same texts?

Processor time of one thread, both sides in the same run; no statistical model.
"""

from collections.abc import Callable
from pathlib import Path
from time import process_time

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Settings
from pipeline.demo import load_wire
from pipeline.enrich.folding import read
from tests.factories import an_article

ARTICLES = 500
CONFIG = Path(__file__).parents[2] / "config"


def _articles() -> list[Article]:
    """The articles of the sample wire over and over, each time with a few words of their own."""
    wire = [(article, feed.language) for feed in load_wire() for article in feed.articles]
    return [
        an_article(
            id=f"a{number}",
            headline=article.headline,
            body=f"{article.body}\n\nAusgabe {number}, Blatt b{number}x.",
            language=language,
        )
        for number, (article, language) in ((number, wire[number % len(wire)]) for number in range(ARTICLES))
    ]


def _seconds(action: Callable[[], object], repeat: int = 3) -> float:
    best = float("inf")
    for _ in range(repeat):
        started = process_time()
        action()
        best = min(best, process_time() - started)
    return best


def test_enrichment_costs_a_few_times_the_bare_search_for_names() -> None:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG), "WIREWATCH_NLP_MODELS": "*=none"})
    enricher = runtime.make_enricher(settings, runtime.load_configuration(CONFIG))
    articles = _articles()
    folded = [(read(article.text), article.language) for article in articles]

    bare = _seconds(lambda: [list(enricher._catalogue.find(text, language)) for text, language in folded])
    whole = _seconds(lambda: enricher.enrich(articles))

    each = f"{whole / ARTICLES * 1e3:.2f} ms an article, {bare / ARTICLES * 1e3:.2f} ms of it to find names"
    print(f"\nenriching {ARTICLES} articles: {each}; ratio {whole / bare:.1f}")  # noqa: T201
    assert whole / bare < 25
