"""Do two and four worker processes do the same work as one, each article once, and how much sooner?

Real processes with services of their own, on one PostgreSQL, take the same articles through all stages but `poll`. All begin a stage
together, as tasks of a DAG do. `SCALE_BENCHMARK=5000` sets the number of articles.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import Article
from pipeline.demo import load_wire
from pipeline.store import Store
from tests.benchmarks.scaling import ORDER
from tests.factories import NOON, a_source, an_article
from tests.outcome import PARTS, outcome
from tests.postgres import Postgres
from tests.stores import keep

ARTICLES = int(os.environ.get("SCALE_BENCHMARK", "300"))
WORKERS = (1, 2, 4)
ROOT = Path(__file__).parents[2]


def _articles(count: int) -> list[Article]:
    """Reports in the words of one feed of the sample wire each; every fourth is a copy of one before, with a word changed."""
    words = [[word for article in feed.at(1) for word in " ".join(article.paragraphs).split()] for feed in load_wire()]
    chance, articles = random.Random(17), list[Article]()
    for number in range(count):
        chosen = chance.choice(words)
        body = [*chance.choices(chosen, k=100), *_snippet(chosen, chance)]
        if number % 4 == 3:
            body = articles[chance.randrange(max(0, number - 200), number)].body.split()
            body[chance.randrange(len(body))] = f"Zusatz{number}"
        moment = NOON - timedelta(seconds=count - number)
        articles.append(
            an_article(
                id=f"a{number:06}",
                guid=f"tag:{number}",
                url=f"https://paper.example/{number}",
                source=a_source(id=f"paper-{number % 12}", name=f"Paper {number % 12}"),
                headline=f"{' '.join(body[:6])} {number}",
                body=" ".join(body),
                language=None,
                published=moment,
                first_seen=moment,
            )
        )
    return articles


def _snippet(words: list[str], chance: random.Random) -> list[str]:
    begin = chance.randrange(len(words))
    return words[begin : begin + 20]


def _work(folder: Path, url: str, articles: list[Article], workers: int) -> list[dict[str, Any]]:
    store = Store(url)
    for begin in range(0, len(articles), 500):
        keep(store, *articles[begin : begin + 500], stage="read")
    store.close()
    command = [sys.executable, "-m", "tests.benchmarks.scaling", str(folder), url, str(workers)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    reports: list[dict[str, Any]] = json.loads(done.stdout)
    return reports


def _total(reports: list[dict[str, Any]], stage: str, name: str) -> int:
    return sum(report[stage].get(name, 0) for report in reports)


def _seconds(reports: list[dict[str, Any]]) -> dict[str, float]:
    return {stage: max(report[stage]["wall"] for report in reports) for stage in ORDER}


def test_several_workers_do_each_article_once_and_all_come_to_the_same(
    postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = _articles(ARTICLES)
    template = postgres.template()
    reports, results = {}, {}
    for workers in WORKERS:
        folder, url = tmp_path / str(workers), postgres.database(template=template)
        folder.mkdir()
        reports[workers] = _work(folder, url, articles, workers)
        results[workers] = outcome(folder, url)

    with capsys.disabled():
        _print(reports)
    alone = results[1]
    for workers, report in reports.items():
        for part in PARTS:
            assert results[workers][part] == alone[part], (workers, part)
        for stage, name in (("read", "read"), ("dedup", "seen"), ("index", "finished"), ("alert", "seen")):
            assert _total(report, stage, "claimed") == _total(report, stage, name) == ARTICLES, (workers, stage)
        # A copy that was enriched before its original takes over what that has in a second turn.
        assert _total(report, "enrich", "enriched") == ARTICLES + _total(report, "enrich", "followers")
        assert _total(report, "alert", "alerts") == _total(report, "alert", "sent") == len(results[workers]["alerts"])
        assert max(Counter(results[workers]["alerts"]).values()) == 1
        assert len(list((tmp_path / str(workers) / "outbox").glob("*.eml"))) == len(alone["alerts"])
    assert len(alone["indexed"]) == ARTICLES
    assert alone["waiting"] == {}
    assert sum(one is not None for one in alone["copies"].values()) > ARTICLES / 5


def _print(reports: dict[int, list[dict[str, Any]]]) -> None:
    alone = _seconds(reports[1])
    print(f"\n{ARTICLES:,} articles through {', '.join(ORDER)} on a machine with {os.cpu_count()} cores:")  # noqa: T201
    for workers, report in reports.items():
        seconds = _seconds(report)
        whole = sum(seconds.values())
        stages = ", ".join(f"{stage} {seconds[stage]:.1f} s" for stage in ORDER)
        busy = sum(one[stage]["cpu"] for one in report for stage in ORDER)
        print(  # noqa: T201 - a benchmark is read by people
            f"  {workers} worker(s): {ARTICLES / whole:.0f} articles/s, {sum(alone.values()) / whole:.2f} x one"
            f" ({stages}), CPU {busy:.1f} s"
        )
