"""Has the language pipeline become worse? Measured on the project's own articles, and on public corpora where they are.

`make quality` prints the figures, `make quality-record` writes them to `figures.json`, with the date. The corpora are
read from the folder that `WIREWATCH_CORPORA` names. `QUALITY_MISTAKES=de make quality` also shows what went wrong in the
German articles for development.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import runtime
from pipeline.config import Settings
from pipeline.enrich import Enricher, entity_names
from tests.quality import articles, figures
from tests.quality.corpora import CORPORA
from tests.quality.figures import OWN, Measured, table
from tests.quality.measuring import judge_links, measure_corpus, measure_own, read_own
from tests.quality.mistakes import mistakes

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def measured() -> Measured:
    configuration = runtime.load_configuration(CONFIG)
    enricher = runtime.make_enricher(Settings.load({"WIREWATCH_CONFIG": str(CONFIG)}), configuration)
    readings = read_own(enricher, articles.read_all())
    judged = judge_links(enricher, readings, entity_names(configuration.entities))
    public, missing = measured_corpora(enricher)
    sets: Measured = {OWN: measure_own(readings, judged)} | public
    lines = mistakes(readings, judged, os.environ.get("QUALITY_MISTAKES", ""))
    print("", *lines, table(sets, missing), sep="\n")  # noqa: T201
    if os.environ.get("QUALITY_RECORD"):
        figures.save(sets, datetime.now(UTC).date())
    return sets


def measured_corpora(enricher: Enricher) -> tuple[Measured, list[str]]:
    """The figures of the public corpora that are there, and the names of those that are not."""
    folder = Path(os.environ.get("WIREWATCH_CORPORA") or os.devnull)
    missing = [corpus.name for corpus in CORPORA if corpus.missing(folder)]
    there = [corpus for corpus in CORPORA if corpus.name not in missing]
    return {corpus.name: measure_corpus(enricher, corpus, list(corpus.texts(folder))) for corpus in there}, missing


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
