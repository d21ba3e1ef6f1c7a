"""What only a real process shows: streams, signals, start-up time, memory, and a store that goes on afterwards."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import IO

import pytest

from pipeline.demo import SampleWire
from pipeline.store import Store
from tests.command_line import COMMAND, ROOT, background, environment

SILENT = "feeds:\n  - {{id: silent, name: Silent, url: 'http://127.0.0.1:{port}/', local: true}}\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration that loads in a moment and polls nothing."""
    folder = tmp_path / "config"
    folder.mkdir()
    for name in ("feeds", "topics", "entities", "watches"):
        (folder / f"{name}.yaml").write_text(f"{name}: []\n")
    return folder


@contextmanager
def silent_server() -> Iterator[tuple[int, socket.socket]]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server.getsockname()[1], server


def stopped(child: subprocess.Popen[bytes], number: int) -> tuple[int, str, str]:
    """Send the signal, and return exit status and streams."""
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    return child.returncode, out.decode(), err.decode()


def test_help_takes_little_more_than_the_library_that_prints_it() -> None:
    def seconds(*command: str) -> float:
        before = os.times()
        subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    rounds = [(seconds(*COMMAND, "--help"), seconds(COMMAND[0], "-c", "import typer")) for _ in range(3)]

    assert min(ours / theirs for ours, theirs in rounds) < 8


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from pipeline.cli.calling import call; call(['search', 'x', '--nonsense']);"
        "print(sorted({'sqlalchemy', 'spacy', 'tantivy', 'httpx', 'numpy', 'structlog'} & set(sys.modules)))"
    )

    done = subprocess.run([COMMAND[0], "-c", program], cwd=ROOT, env=environment(), capture_output=True, check=True)

    assert done.stdout == b"[]\n"


@pytest.mark.parametrize(
    "arguments", [["feeds", "list"], ["feeds", "list", "--json"], ["feeds", "export"]], ids=" ".join
)
def test_a_reader_that_has_seen_enough_is_left_quietly(arguments: list[str]) -> None:
    with background(*arguments) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        err = child.stderr.read()
        status = child.wait(30)

    assert (status, b"Error" in err, b"Exception" in err) == (0, False, False)


def test_letters_that_the_terminal_lacks_are_written_otherwise(config: Path) -> None:
    (config / "feeds.yaml").write_text(
        "feeds:\n  - {id: a, name: 台, url: 'https://küste.example/台'}\n", encoding="utf-8"
    )
    settings = {"CONFIG": str(config)}
    ascii_only = environment(**settings) | {"PYTHONIOENCODING": "ascii"}

    readable, document = (
        subprocess.run([*COMMAND, "feeds", "list", *more], cwd=ROOT, env=ascii_only, capture_output=True, check=True)
        for more in ((), ("--json",))
    )

    assert b"https://k\\xfcste.example/\\u53f0" in readable.stdout
    assert json.loads(document.stdout)["url"] == "https://küste.example/台"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_run_that_waits_for_a_silent_site_ends_at_once_and_gives_the_feed_back(
    config: Path, tmp_path: Path, number: int, status: int
) -> None:
    with silent_server() as (port, server):
        (config / "feeds.yaml").write_text(SILENT.format(port=port))
        child = background("--config", config, "--data", tmp_path / "data", "run", "--watch")
        connection, _ = server.accept()

        code, out, err = stopped(child, number)
        connection.close()

    assert (code, out) == (status, "")
    assert err.splitlines() == [
        "watching 1 feeds; Ctrl-C ends, and nothing is lost by it",
        "stopped; all that was finished is kept, and the next run goes on from there",
    ]
    store = Store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}")
    with store.transaction() as transaction:
        later = datetime.now(UTC)
        assert transaction.feeds.claim(["silent"], "another", now=later, lease=timedelta(minutes=1)) == {"silent"}
    store.close()


@pytest.fixture
def harbour(config: Path, tmp_path: Path) -> Iterator[Path]:
    """A configuration that polls one feed of the sample wire."""
    with SampleWire(datetime.now(UTC), tmp_path / "wire") as wire:
        url = next(feed.url for feed in wire.feeds if feed.id == "harbour-post")
        (config / "feeds.yaml").write_text(f"feeds:\n  - {{id: harbour, name: Harbour, url: '{url}', local: true}}\n")
        yield config


def test_a_watch_waits_for_a_store_that_is_away_tells_of_each_round_and_ends_in_its_sleep(
    harbour: Path, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("no folder")
    settings = {"LANGUAGES": "en"}
    child = background("--config", harbour, "--data", in_the_way, "run", "--watch", settings=settings)
    assert child.stdout is not None
    assert child.stderr is not None
    told = [child.stderr.readline().decode() for _ in range(3)]

    in_the_way.unlink()
    line = child.stdout.readline().decode()
    code, out, err = stopped(child, signal.SIGTERM)

    assert told[1].startswith("error: the data folder ")
    assert told[2].startswith("hint: trying again in 1 s; nothing is lost")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  1 feeds polled, 1 feeds with news, \d+ new.*\n", line)
    assert (code, out) == (143, "")
    assert err.splitlines()[-1].startswith("stopped; ")


def test_a_watch_takes_up_changed_files_and_goes_on_with_the_last_sound_ones_while_one_is_broken(
    harbour: Path, tmp_path: Path
) -> None:
    feeds = harbour / "feeds.yaml"
    sound = feeds.read_text(encoding="utf-8")
    call = ("--config", harbour, "--data", tmp_path / "data", "run", "--watch", "--every", "1s")
    child = background(*call, settings={"LANGUAGES": "en"})
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()

    feeds.write_text("feeds: [{id: Kein Name}]", encoding="utf-8")
    told = [child.stderr.readline().decode() for _ in range(2)]
    while "hint" not in told[-1]:
        told.append(child.stderr.readline().decode())
    feeds.write_text(sound.replace("id: harbour", "id: harbour-again"), encoding="utf-8")
    mended = child.stderr.readline().decode()
    line = child.stdout.readline().decode()
    code, _, _ = stopped(child, signal.SIGTERM)

    assert any(one.startswith("error: ") and "feeds.yaml" in one for one in told)
    assert told[-1] == "hint: what the files said before stays in force until they are mended\n"
    assert mended == "the configuration is sound again\n"
    assert "1 feeds polled" in line
    assert code == 143


def test_a_demo_that_was_stopped_leaves_a_sound_store_and_no_claims(tmp_path: Path) -> None:
    child = background("--data", tmp_path, "demo", settings={"LANGUAGES": "en"})
    database = tmp_path / "wirewatch.db"
    while not (database.exists() and waiting(database)):
        assert child.poll() is None
        time.sleep(0.01)

    code, out, err = stopped(child, signal.SIGINT)

    assert (code, out) == (130, "")
    assert err.splitlines()[-1].startswith("stopped; ")
    store = Store(f"sqlite:///{database}")
    with store.transaction() as transaction:
        for stage, left in transaction.work.waiting().items():
            later = datetime.now(UTC) + timedelta(hours=1)
            free = transaction.work.claim(stage, "another", limit=1000, now=later, lease=timedelta(days=1))
            assert len(free) == left.count
            assert set(free.values()) == {0}
    store.close()


def waiting(database: Path) -> bool:
    """Whether a stage has articles in hand."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return bool(connection.execute("SELECT 1 FROM work WHERE owner IS NOT NULL").fetchone())
        except sqlite3.OperationalError:  # not migrated yet
            return False


def test_a_stream_is_analysed_while_it_comes(config: Path) -> None:
    line = json.dumps({"id": 1, "text": "Anna Berg opened the harbour. " * 100}).encode() + b"\n"
    child = subprocess.Popen(
        [*COMMAND, "analyse", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(LANGUAGES="en", CONFIG=str(config)),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    fed: list[int] = []
    feeding = Thread(target=_feed, args=(child.stdin, line, fed))
    feeding.start()

    first = child.stdout.readline()
    by_then = sum(fed)
    child.kill()
    child.stdout.close()
    child.wait()
    feeding.join()

    assert json.loads(first)["id"] == 1
    assert by_then < 1_000_000


def _feed(stream: IO[bytes], line: bytes, fed: list[int]) -> None:
    with suppress(OSError), stream:
        for _ in range(10_000):
            stream.write(line)
            fed.append(len(line))
