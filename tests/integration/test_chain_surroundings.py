"""Bad surroundings: a clear message, nothing lost, and the next run ends as if nothing had been in the way."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import runtime
from pipeline.config import Configuration, Settings
from pipeline.demo import SampleWire
from pipeline.enrich import Enricher
from pipeline.stages import StageReport, run_all
from pipeline.stages.upkeep import reindex
from tests.mail_server import Post, a_server
from tests.newsroom import item, rss
from tests.outcome import PARTS, STARTED, outcome

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


class Newsdesk:
    """The chain over the sample wire, run every 20 minutes of its time, each run with services of its own."""

    def __init__(self, data: Path, wire: SampleWire, enricher: Enricher) -> None:
        self.data, self._wire, self._enricher = data, wire, enricher
        self._now = STARTED
        self.settings = Settings.load({"WIREWATCH_DATA": str(data)})

    def run(self, *, smtp: int | None = None, repairs: bool = True) -> dict[str, StageReport]:
        self._now += timedelta(minutes=20)
        environment = {"WIREWATCH_DATA": str(self.data)}
        if smtp:
            environment["WIREWATCH_SMTP_URL"] = f"smtp://127.0.0.1:{smtp}"
        settings = Settings.load(environment)
        shipped = runtime.load_configuration(settings.config)
        feeds = tuple(self._wire.feeds)
        services = runtime.open_services(
            settings, Configuration(feeds, shipped.topics, shipped.entities, shipped.watches)
        )
        services.__dict__["enricher"] = self._enricher
        if not repairs:
            services.replacement = None
        try:
            return {report.stage: report for report in reversed(list(run_all(services, clock=lambda: self._now)))}
        finally:
            services.close()

    def reindex(self) -> int:
        services = runtime.open_services(self.settings)
        try:
            return reindex(services, lambda: runtime.rebuild_index(self.settings), now=self._now)
        finally:
            services.close()

    def outcome(self) -> dict[str, Any]:
        return outcome(self.data, self.settings.store)


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    settings = Settings.load({"WIREWATCH_NLP_MODELS": "*=none"})
    return runtime.make_enricher(settings, runtime.load_configuration(settings.config))


@contextmanager
def a_newsdesk(folder: Path, enricher: Enricher) -> Iterator[Newsdesk]:
    with SampleWire(STARTED, folder / "wire", port=0) as wire:
        yield Newsdesk(folder / "data", wire, enricher)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, enricher: Enricher) -> dict[str, Any]:
    with a_newsdesk(tmp_path_factory.mktemp("undisturbed"), enricher) as desk:
        for _ in range(3):
            desk.run()
        return desk.outcome()


@pytest.fixture
def desk(tmp_path: Path, enricher: Enricher) -> Iterator[Newsdesk]:
    with a_newsdesk(tmp_path, enricher) as desk:
        yield desk


def assert_the_same(disturbed: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    for part in PARTS:
        assert disturbed[part] == undisturbed[part], part


def damage(index: Path) -> None:
    for file in index.iterdir():
        file.write_bytes(file.read_bytes()[:20])


def test_a_damaged_index_is_built_again_in_the_run_that_finds_it(desk: Newsdesk, undisturbed: dict[str, Any]) -> None:
    desk.run()
    damage(desk.data / "index")

    reports = [desk.run(), desk.run()]

    assert any(report["index"].counts["rebuilt"] for report in reports)
    assert not any(report["index"].stopped for report in reports)
    assert_the_same(desk.outcome(), undisturbed)


def test_alerts_go_out_beside_a_damaged_index_and_reindex_brings_all_searches_back(
    desk: Newsdesk, undisturbed: dict[str, Any]
) -> None:
    (desk.data / "index").mkdir(parents=True)
    (desk.data / "index" / "meta.json").write_text("{")

    first = desk.run(repairs=False)
    alerts = list((desk.data / "outbox").glob("*.eml"))
    desk.reindex()
    for _ in range(2):
        desk.run(repairs=False)

    assert first["index"].stopped is not None
    assert "`wirewatch reindex` builds it again" in first["index"].stopped
    assert first["alert"].counts["sent"] == len(alerts) > 0
    assert_the_same(desk.outcome(), undisturbed)


def test_while_no_mail_can_go_everything_else_is_done_and_each_alert_is_sent_once_afterwards(
    desk: Newsdesk, undisturbed: dict[str, Any]
) -> None:
    post = Post()
    with a_server(post) as port:
        pass
    first = desk.run(smtp=port)
    waiting = desk.outcome()["outbox"]["waiting"]
    with a_server(post, port):
        for _ in range(2):
            desk.run(smtp=port)

    assert first["alert"].stopped
    assert not first["index"].stopped
    assert waiting == first["alert"].counts["alerts"] > 0
    assert len(post.taken) == len(undisturbed["alerts"])
    assert_the_same(desk.outcome(), undisturbed)


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """A configuration folder with the feed of a folder, in which one file has 60 items."""
    feed = tmp_path / "feed"
    feed.mkdir()
    fresh = format_datetime(datetime.now(UTC))  # the command reads the clock, and tells no old news
    texts = (
        f"<description>Bericht {number} aus Kiel über Starlink und die Mole {number}.</description>"
        for number in range(60)
    )
    (feed / "feed.xml").write_bytes(rss(*(item(number, date=fresh, more=text) for number, text in enumerate(texts))))
    config = tmp_path / "config"
    config.mkdir()
    for name in ("topics", "entities", "watches"):
        (config / f"{name}.yaml").write_bytes((ROOT / "config" / f"{name}.yaml").read_bytes())
    local = {"id": "kuestenblatt", "name": "Küstenblatt", "url": feed.as_uri(), "local": True}
    (config / "feeds.yaml").write_text(yaml.safe_dump({"feeds": [local]}))
    return config


def wirewatch(
    *arguments: object, config: Path, data: Path, prepare: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    environment |= {
        "WIREWATCH_CONFIG": str(config),
        "WIREWATCH_DATA": str(data),
        "WIREWATCH_LEASE": "1s",
        "WIREWATCH_NLP_MODELS": "*=none",
    }
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False, env=environment, cwd=ROOT, preexec_fn=prepare,
    )  # fmt: skip


def at_most(size: int) -> Callable[[], None]:
    """Let no file of a process become larger than `size`, as if the disk were full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_on_a_full_disk_a_run_says_so_and_a_later_one_completes_the_work(configuration: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"

    failed = [
        wirewatch("run", config=configuration, data=data, prepare=at_most(size)) for size in (50_000, 250_000, 500_000)
    ]
    completed = wirewatch("run", "--json", config=configuration, data=data)

    reports = [json.loads(line) for line in completed.stdout.splitlines()]
    told = " ".join("".join(one.stderr for one in failed).split())
    assert [one.returncode for one in failed] == [1, 1, 1], told
    assert "disk" in told
    assert "Traceback" not in told
    assert completed.returncode == 0, completed.stderr
    assert not any(report["stopped"] for report in reports)
    came = outcome(data, f"sqlite:///{data / 'wirewatch.db'}")
    assert len(came["articles"]) == len(came["indexed"]) == 60
    assert len(came["alerts"]) == came["outbox"]["sent"] > 0
    assert came["waiting"] == {}


def test_a_data_folder_that_cannot_be_made_is_named_with_what_to_do(configuration: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    failed = wirewatch("run", config=configuration, data=tmp_path / "file" / "data")

    assert failed.returncode == 1
    assert str(tmp_path / "file" / "data") in failed.stderr.replace("\n", "")
    assert "WIREWATCH_DATA" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_an_outbox_that_cannot_be_written_keeps_the_alerts_for_later(
    desk: Newsdesk, undisturbed: dict[str, Any]
) -> None:
    desk.data.mkdir()
    (desk.data / "outbox").write_text("a file where the folder should be")

    first = desk.run()
    (desk.data / "outbox").unlink()
    for _ in range(2):
        desk.run()

    assert first["alert"].stopped
    assert "outbox" in first["alert"].stopped
    assert_the_same(desk.outcome(), undisturbed)
