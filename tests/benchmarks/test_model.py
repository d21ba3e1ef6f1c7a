"""What does enrichment cost beside the model of names itself? And how fast is that?

Both sides in the same run, over the same texts: the bare spaCy package, and the whole enrichment with it.
"""

from pathlib import Path
from time import process_time

import spacy

from pipeline import runtime
from pipeline.config import Settings
from pipeline.demo import load_wire
from pipeline.enrich.models import OWN
from tests.factories import an_article

CONFIG = Path(__file__).parents[2] / "config"


def test_enrichment_costs_little_more_than_the_bare_model() -> None:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG)})
    enricher = runtime.make_enricher(settings, runtime.load_configuration(CONFIG))
    articles = [
        an_article(id=f"a{number}", headline=article.headline, body=article.body, language=feed.language)
        for number, (feed, article) in enumerate((feed, article) for feed in load_wire() for article in feed.articles)
    ]
    nlp = spacy.load(OWN)
    texts = [article.text for article in articles]
    words = sum(len(text.split()) for text in texts)
    enricher.enrich(articles[:10])

    bare = whole = float("inf")
    for _ in range(2):
        started = process_time()
        for _ in nlp.pipe(texts):
            pass
        between = process_time()
        enricher.enrich(articles)
        bare, whole = min(bare, between - started), min(whole, process_time() - between)

    print(  # noqa: T201
        f"\n{len(texts)} articles of the sample wire: enrichment costs {whole / bare:.2f} times the bare model, "
        f"which reads {words / bare:.0f} words in a second of processor time"
    )
    assert whole / bare < 1.5
