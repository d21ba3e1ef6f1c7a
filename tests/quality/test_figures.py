"""Has the language pipeline become worse? Measured on the project's own articles, and on public corpora where they are.

`make quality` prints the figures, `make quality-record` writes them to `figures.json`, with the date. The corpora are
read from the folder that `WIREWATCH_CORPORA` names.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.config import Settings
from pipeline.enrich import Enricher
from tests.quality import articles, corpora, figures
from tests.quality.figures import OWN, Measured
from tests.quality.measuring import measure_corpus, measure_own, read_own

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    settings = Settings.load({"WIREWATCH_CONFIG": str(CONFIG)})
    return runtime.make_enricher(settings, runtime.load_configuration(CONFIG))


@pytest.fixture(scope="module")
def measured(enricher: Enricher) -> Measured:
    marked = articles.read_all()
    sets: Measured = {OWN: measure_own(enricher, read_own(enricher, marked))}
    folder, missing = os.environ.get("WIREWATCH_CORPORA"), []
    for corpus in corpora.CORPORA:
        if folder is None or corpus.missing(Path(folder)):
            missing.append(corpus.name)
            continue
        texts = list(corpus.texts(Path(folder)))
        sets[corpus.name] = measure_corpus(enricher, texts, name=corpus.name, language=corpus.language)
    print(figures.table(sets, missing))  # noqa: T201
    if os.environ.get("QUALITY_RECORD"):
        figures.save(sets, datetime.now(UTC).date())
    return sets


def test_no_main_figure_is_more_than_a_point_below_the_recorded_one(measured: Measured) -> None:
    recorded, _ = figures.load()

    fallen = figures.fallen(recorded, measured)

    assert not fallen, "worse than recorded:\n" + "\n".join(fallen)


def test_the_record_is_one_of_the_articles_as_they_are(measured: Measured) -> None:
    recorded, _ = figures.load()

    numbers = {name: share for name, share in measured[OWN].items() if name.endswith(" number")}

    assert numbers == {name: share for name, share in recorded[OWN].items() if name.endswith(" number")}, (
        "articles were marked anew since the figures were recorded; run `make quality-record`"
    )
