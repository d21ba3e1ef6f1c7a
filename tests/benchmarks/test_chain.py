"""What does an article cost on its way through the chain, and how much memory does a run take?

Time is CPU time, and compared with what the same articles cost the bare libraries in the same run: feedparser reads
them, SQLite keeps them, tantivy indexes them. Full text is not fetched, and no model looks for names.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

import feedparser
import pytest
import tantivy

from pipeline import runtime
from pipeline.config import Configuration, Feed, Settings, Watch
from pipeline.demo import load_wire
from pipeline.search.folder import HEAP, prepared
from pipeline.search.schema import schema, to_document
from pipeline.stages import STAGES, Services, run
from tests.factories import NOON
from tests.newsroom import rss

ARTICLES, A_FEED = 1_000, 50
MANY = 5_000
MOST_MEMORY = 400 * 2**20
MOST_TIMES_THE_FLOOR = 11
ROOT = Path(__file__).parents[2]
WATCHES = (
    Watch(id="ceres", name="Ceres", to=("desk@desk.example",), query='body:"Zwergplanet Ceres"'),
    Watch(id="iss", name="ISS", to=("desk@desk.example",), entities=("iss",), languages=("pt",)),
)


def _feeds(folder: Path, articles: int) -> list[Feed]:
    """Folders with a file each; the articles are snippets of the sample wire drawn by lot, so that hardly any is a copy."""
    words = [text.split() for feed in load_wire() for article in feed.at(1) for text in article.paragraphs]
    chance = random.Random(11)
    feeds = []
    for number in range(0, articles, A_FEED):
        name = f"feed-{number // A_FEED}"
        items = (_item(one, [_paragraph(words, chance) for _ in range(4)]) for one in range(number, number + A_FEED))
        (folder / name).mkdir(parents=True)
        file = folder / name / "feed.xml"
        file.write_bytes(rss(*items))
        an_hour_ago = NOON.timestamp() - 3600  # what was written just now may still be being written
        os.utime(file, (an_hour_ago, an_hour_ago))
        feeds.append(Feed(id=name, name=name, url=(folder / name).as_uri(), local=True))
    return feeds


def _paragraph(words: list[list[str]], chance: random.Random) -> str:
    starts = [(chance.choice(words), chance.random()) for _ in range(8)]
    return " ".join(word for text, part in starts for word in text[int(part * len(text)) :][:7])


def _item(number: int, paragraphs: list[str]) -> str:
    body = escape("".join(f"<p>{escape(text)}</p>" for text in paragraphs))
    date = f"Tue, 03 Nov 2026 11:{number % 60:02}:00 GMT"
    return (
        f"<item><guid>tag:{number}</guid><link>https://kuestenblatt.example/{number}</link><pubDate>{date}</pubDate>"
        f"<title>{escape(paragraphs[0][:60])} {number}</title><description>{body}</description></item>"
    )


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    settings = Settings.load({"WIREWATCH_DATA": str(tmp_path / "data"), "WIREWATCH_NLP_MODELS": "*=none"})
    shipped = runtime.load_configuration(settings.config)
    feeds = _feeds(tmp_path / "feeds", ARTICLES)
    services = runtime.open_services(settings, Configuration(tuple(feeds), shipped.topics, shipped.entities, WATCHES))
    yield services
    services.close()


def _milliseconds(work: Callable[[], object]) -> float:
    """Return the CPU time of `work`, in milliseconds an article."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1_000 / ARTICLES


def _floor(services: Services, folder: Path) -> float:
    with services.store.reading() as transaction:
        articles = list(transaction.articles.all())
    ready = [to_document(article) for article in articles]
    documents = [(article.id, article.model_dump_json()) for article in articles]
    pages = [file.read_bytes() for file in sorted((folder / "feeds").rglob("*.xml"))]

    def bare() -> None:
        (folder / "bare.db").unlink(missing_ok=True)
        for page in pages:
            feedparser.parse(page, sanitize_html=False, resolve_relative_uris=False)
        database = sqlite3.connect(folder / "bare.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE article (id TEXT PRIMARY KEY, document TEXT)")
        for start in range(0, len(documents), 100):
            with database:
                database.executemany("INSERT INTO article VALUES (?, ?)", documents[start : start + 100])
        database.close()
        index = prepared(tantivy.Index(schema()))
        writer = index.writer(HEAP, 1)
        for document in ready:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    return median(_milliseconds(bare) for _ in range(5))


def test_the_chain_costs_a_few_times_what_the_bare_libraries_cost(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _ = services.enricher, services.index

    def stage(name: str) -> Callable[[], object]:
        return lambda: run(name, services, limit=1_000_000, clock=lambda: NOON + timedelta(minutes=5))

    costs = {name: _milliseconds(stage(name)) for name in STAGES}
    floor = _floor(services, tmp_path)

    with services.store.reading() as transaction:
        assert transaction.articles.counts()["articles"] == ARTICLES
        assert transaction.work.waiting() == {}
    ratio = sum(costs.values()) / floor
    with capsys.disabled():
        told = ", ".join(f"{name} {cost:.2f}" for name, cost in costs.items())
        print(f"\nthe chain, ms of CPU an article: {told}; in all {sum(costs.values()):.2f}, {ratio:.1f} x the floor")  # noqa: T201
    assert ratio < MOST_TIMES_THE_FLOOR


RUN = """
import json, resource, sys
from datetime import datetime
from pathlib import Path
from pipeline import runtime
from pipeline.config import Configuration, Feed, Settings, Watch
from pipeline.stages import run_all

settings = Settings.load({"WIREWATCH_DATA": sys.argv[1], "WIREWATCH_NLP_MODELS": "*=none"})
shipped = runtime.load_configuration(settings.config)
told = json.loads(Path(sys.argv[2]).read_text())
feeds = tuple(Feed.model_validate(feed) for feed in told["feeds"])
watches = tuple(Watch.model_validate(watch) for watch in told["watches"])
now = datetime.fromisoformat(told["now"])
services = runtime.open_services(settings, Configuration(feeds, shipped.topics, shipped.entities, watches))
claimed = sum(report.claimed for report in run_all(services, clock=lambda: now) if report.stage == "index")
services.close()
status = Path("/proc/self/status")
if status.exists():  # what getrusage tells includes the process that made this one
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"indexed": claimed, "peak": peak}))
"""


def test_a_run_over_thousands_of_articles_stays_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feeds = [feed.model_dump(mode="json", exclude={"interval"}) for feed in _feeds(tmp_path / "feeds", MANY)]
    watches = [watch.model_dump(mode="json") for watch in WATCHES]
    told = tmp_path / "told.json"
    told.write_text(json.dumps({"feeds": feeds, "watches": watches, "now": NOON.isoformat()}))

    command = [sys.executable, "-c", RUN, str(tmp_path / "data"), str(told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stderr[-3000:]
    came = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\na run over {MANY} articles: at most {came['peak'] / 2**20:.0f} MiB")  # noqa: T201
    assert came["indexed"] >= MANY
    assert came["peak"] < MOST_MEMORY
