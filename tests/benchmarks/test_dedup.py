"""What does an article cost in the dedup stage when there are five or fifty times as many to compare it with?

The whole stage on SQLite: claim, fingerprint, look-up, fold, save. Both stores take their batches in turn, in the same
run. `DEDUP_BENCHMARK=500000` sets the size of the large store (seven days of an agency desk); making it takes 3 minutes.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup import BANDS
from pipeline.stages import Services, dedup
from pipeline.store import Store
from tests.factories import NOON, an_article
from tests.newsroom import a_newsroom

LARGE = int(os.environ.get("DEDUP_BENCHMARK", "50000"))
SMALL = 10_000
BATCH, BATCHES = 100, 8
WORDS = [f"wort{number}" for number in range(20_000)]
CHUNK = 10_000
PACKED = bytes(4 + 8 * 300)


def _keys(count: int) -> NDArray[np.int64]:
    """Band keys as real ones are: 30 % of the articles are copies in groups of five, which share three of four keys."""
    numbers = np.arange(count, dtype=np.uint64)[:, None]
    bands = np.arange(BANDS, dtype=np.uint64)[None, :]
    is_shared = (numbers % np.uint64(100) < 30) & (_mixed(numbers * np.uint64(BANDS) + bands) % np.uint64(4) > 0)
    leaders = np.where(is_shared, numbers - numbers % np.uint64(5), numbers)
    return _mixed(leaders * np.uint64(BANDS) + bands + np.uint64(1 << 40)).view(np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the values over 64 bits (splitmix64)."""
    values = values * np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(27))
    return mixed


def _fill(path: Path, count: int) -> None:
    """Put `count` fingerprints of the last seven days into a new store, in the order of their keys, which is quick."""
    Store(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-500000")
    moments = [str(NOON - timedelta(days=7) * (1 - n / count))[:26] for n in range(count)]
    exact = _mixed(np.arange(count, dtype=np.uint64)).view(np.int64).tolist()
    connection.executemany(
        "INSERT INTO article (id, source_id, version, status, timestamp, first_seen, document, enriched)"
        " VALUES (?, 'old', 1, 'usable', ?, ?, '{}', 1)",
        ((f"old{n:07}", moments[n], moments[n]) for n in range(count)),
    )
    connection.executemany(
        "INSERT INTO fingerprint (number, article_id, at, agency, words, exact, packed) VALUES (?, ?, ?, 0, 302, ?, ?)",
        ((n + 1, f"old{n:07}", moments[n], exact[n], PACKED) for n in range(count)),
    )
    connection.execute("DROP INDEX ix_band_number")
    keys = _keys(count).ravel()
    order = np.argsort(keys)
    for start in range(0, len(order), CHUNK):
        some = order[start : start + CHUNK]
        rows = zip(keys[some].tolist(), (some // BANDS + 1).tolist(), strict=True)
        connection.executemany("INSERT INTO band (key, number) VALUES (?, ?)", rows)
    connection.execute("CREATE INDEX ix_band_number ON band (number)")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@contextmanager
def _newsroom(folder: Path, count: int) -> Iterator[Services]:
    folder.mkdir()
    _fill(folder / "wirewatch.db", count)
    with a_newsroom(folder) as services:
        yield services


def _arrive(services: Services, batch: int) -> None:
    """A hundred articles of 300 words, a third of them copies of those in the first batch."""
    with services.store.transaction() as transaction:
        for number in range(BATCH):
            origin = (0 if number % 3 == 0 else batch, number)
            words = Random(str(origin)).choices(WORDS, k=300)
            words[:30] = Random(str((batch, number))).choices(WORDS, k=30)
            moment = NOON + timedelta(seconds=batch * BATCH + number)
            article = an_article(id=f"new{batch}-{number:03}", body=" ".join(words), published=moment)
            transaction.articles.add(article)
            transaction.work.add([article.id], "dedup", now=NOON)


def _run(services: Services, batch: int) -> tuple[float, float]:
    """Return processor time and time of a batch."""
    _arrive(services, batch)
    started, busy = perf_counter(), process_time()
    report = dedup.run(services, limit=BATCH, now=NOON)
    spent = process_time() - busy, perf_counter() - started
    assert report.counts["seen"] == BATCH
    assert report.counts["folded"] == (BATCH // 3 + 1 if batch else 0)
    return spent


def test_an_article_costs_less_than_twice_as_much_among_many_more(tmp_path: Path) -> None:
    started = perf_counter()
    with _newsroom(tmp_path / "small", SMALL) as small, _newsroom(tmp_path / "large", LARGE) as large:
        prepared = perf_counter() - started
        spent = [(_run(small, batch), _run(large, batch)) for batch in range(BATCHES)][1:]
    few, many = (median(one[store][0] for one in spent) / BATCH for store in (0, 1))
    few_clock, many_clock = (median(one[store][1] for one in spent) / BATCH for store in (0, 1))

    print(f"\nstores with {SMALL:,} and {LARGE:,} fingerprints made in {prepared:.0f} s")  # noqa: T201
    print(  # noqa: T201 - a benchmark is read by people
        f"dedup: {few * 1e3:.2f} and {many * 1e3:.2f} ms an article, ratio {many / few:.2f}"
        f" (by the clock {few_clock * 1e3:.2f} and {many_clock * 1e3:.2f} ms, ratio {many_clock / few_clock:.2f})"
    )
    assert many / few < 2
