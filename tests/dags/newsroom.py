"""A newsroom that Airflow runs: the sample wire as feeds, the shipped watches, a folder for the data, connections."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import update

from pipeline import runtime
from pipeline.config import Feed, Settings
from pipeline.config.models import duration_text
from pipeline.demo import SampleWire
from pipeline.search import SearchIndex
from pipeline.stages.delivery import MAIL, STAGE
from pipeline.store import Problem, Store
from pipeline.store.schema import message
from tests.command_line import WITHOUT_MODEL, environment
from tests.factories import an_article
from tests.mail_server import READER, Post, content_of
from tests.newsroom import a_feed, item, rss

ROOT = Path(__file__).parents[2]
OPERATOR = "operator@wirewatch.example"


@dataclass(frozen=True)
class Run:
    """What became of a run: states of the tasks (of a mapped one all of its instances), what they returned, asset events."""

    state: str
    seconds: float
    tasks: list[dict[str, Any]]
    events: list[dict[str, Any]]

    def states(self, task: str) -> list[str]:
        return [one["state"] for one in self.tasks if one["task"] == task]

    def returned(self, task: str) -> list[Any]:
        return [one["returned"] for one in self.tasks if one["task"] == task and one["state"] == "success"]

    def tries(self, task: str) -> int:
        (count,) = [one["tries"] for one in self.tasks if one["task"] == task]
        return int(count)

    @property
    def started(self) -> set[str]:
        """The tasks that ran at all."""
        return {one["task"] for one in self.tasks if one["state"] in {"success", "failed"}}


class Airflow:
    """A process with Airflow and our DAGs; see `host.py`."""

    def __init__(self, process: subprocess.Popen[str], answers: IO[str], log: Path) -> None:
        self._process, self._answers, self._log = process, answers, log
        self._heard()

    def run(
        self,
        dag: str,
        variables: Mapping[str, str],
        conf: Mapping[str, Any] | None = None,
        limits: Mapping[str, float] | None = None,
    ) -> Run:
        """Run a DAG once, with these environment variables; `limits` are seconds that tasks may take."""
        assert self._process.stdin is not None
        told = {"conf": dict(conf) if conf else None, "limits": dict(limits or {})}
        wanted = {"dag": dag, "environment": dict(variables), **told}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._heard())
        assert "error" not in answer, answer["error"]
        return Run(**answer)

    @property
    def log(self) -> str:
        """What Airflow said so far."""
        return self._log.read_text(errors="replace")

    def _heard(self) -> str:
        line = self._answers.readline()
        assert line, self.log[-8000:]
        return line


@contextmanager
def an_airflow(home: Path) -> Iterator[Airflow]:
    """Airflow with a metadata database of its own."""
    read_end, write_end = os.pipe()
    variables = environment() | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, str(ROOT / "tests" / "dags" / "host.py"), str(ROOT), str(write_end)]
    home.mkdir(exist_ok=True)
    log = home / "host.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, env=variables, pass_fds=[write_end], text=True
        )
        os.close(write_end)
        with process, os.fdopen(read_end) as answers:
            try:
                yield Airflow(process, answers, log)
            finally:
                assert process.stdin is not None
                process.stdin.close()


@dataclass
class Newsroom:
    """What a test's runs work with. `variables` are the environment of the tasks; runs by `dag.test()` want an Airflow."""

    folder: Path
    airflow: Airflow | None = None
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.config.mkdir()
        for name in ("feeds", "topics", "entities", "watches"):
            self.write(name, [])
        self.variables |= WITHOUT_MODEL | {
            "WIREWATCH_DATA": str(self.folder / "data"),
            "WIREWATCH_CONFIG": str(self.config),
        }

    def take_shipped(self, feeds: Sequence[Feed]) -> None:
        """Be configured as shipped, with other feeds."""
        shutil.copytree(ROOT / "config", self.config, dirs_exist_ok=True)
        self.write_feeds(feeds)

    def take_small(self, *headlines: str) -> None:
        """Be configured with one feed, and a watch for everything it brings."""
        self.write_feeds([a_small_feed(self.folder / "feed", *headlines)])
        watch = {"id": "all", "name": "Everything", "to": [READER], "sources": ["kuestenblatt"]}
        self.write("watches", [watch])

    @property
    def config(self) -> Path:
        return self.folder / "config"

    def write(self, name: str, content: list[Any]) -> None:
        """Let a configuration file have this content."""
        (self.config / f"{name}.yaml").write_text(json.dumps({name: content}), encoding="utf-8")

    def write_feeds(self, feeds: Sequence[Feed]) -> None:
        """Let these be the configured feeds."""
        told = [
            feed.model_dump(mode="json", exclude_defaults=True) | {"interval": duration_text(feed.interval)}
            for feed in feeds
        ]
        self.write("feeds", told)

    def run(
        self,
        dag: str,
        conf: Mapping[str, Any] | None = None,
        *,
        limits: Mapping[str, float] | None = None,
        **variables: str,
    ) -> Run:
        """Run a DAG once; `variables` come on top of the newsroom's, `limits` are seconds that tasks may take."""
        assert self.airflow is not None
        return self.airflow.run(dag, self.variables | variables, conf, limits)

    @property
    def log(self) -> str:
        """What Airflow said so far."""
        assert self.airflow is not None
        return self.airflow.log

    def make_due(self) -> None:
        """Let every feed be due, as if its time had come."""
        with self.store() as store, store.transaction() as transaction:
            for state in transaction.feeds.states().values():
                transaction.feeds.revive(state.changed(next_poll=datetime.now(UTC)))

    def let_news_be_old(self, age: timedelta) -> None:
        """Let the last news have come so long ago."""
        with self.store() as store, store.transaction() as transaction:
            for state in transaction.feeds.states().values():
                transaction.feeds.revive(state.changed(last_changed=datetime.now(UTC) - age))

    def keep(self, *article_ids: str) -> None:
        """Keep enriched articles that the index does not have."""
        with self.store() as store, store.transaction() as transaction:
            for one in article_ids:
                article = an_article(id=one, guid=one, first_seen=datetime.now(UTC))
                transaction.articles.add(article)
                transaction.articles.save(article, enriched=True)

    def forget_pause(self) -> None:
        """Let the minute be over in which nobody tries a mail server that was away."""
        with self.store() as store:
            with store.transaction() as transaction:
                transaction.problems.close(subject=MAIL, stage=STAGE)
            with store._engine.begin() as connection:
                connection.execute(update(message).values(available=datetime.now(UTC)))

    @property
    def settings(self) -> Settings:
        return Settings.load({"WIREWATCH_DATA": self.variables["WIREWATCH_DATA"]})

    def store(self) -> AbstractContextManager[Store]:
        return closing(Store(self.settings.store))

    def counts(self) -> dict[str, int]:
        with self.store() as store, store.reading() as transaction:
            return dict(transaction.articles.counts())

    def waiting(self) -> dict[str, int]:
        with self.store() as store, store.reading() as transaction:
            return {stage: one.count for stage, one in transaction.work.waiting().items()}

    def attempts(self, stage: str) -> list[int]:
        """How often each article that waits for `stage` and is free was tried in vain."""
        with self.store() as store, store.transaction() as transaction:
            found = transaction.work.claim(stage, "looking", limit=100, now=datetime.now(UTC), lease=timedelta(0))
            transaction.release("looking")
        return list(found.values())

    def problems(self) -> list[Problem]:
        with self.store() as store, store.reading() as transaction:
            return transaction.problems.latest()

    def indexed(self) -> int:
        """How many articles the embedded index has."""
        index: SearchIndex = runtime.make_index(self.settings)
        try:
            return sum(1 for _ in index.ids())
        finally:
            index.close()


@contextmanager
def a_wire(folder: Path) -> Iterator[SampleWire]:
    """A sample wire that began to publish an hour and a half ago, in files that are not being written any more."""
    started = datetime.now(UTC) - timedelta(minutes=90)
    with SampleWire(started, folder) as wire:
        for file in folder.rglob("*.*"):
            os.utime(file, (started.timestamp(), started.timestamp()))
        yield wire


def a_small_feed(folder: Path, *headlines: str) -> Feed:
    """A folder with an article for each headline, published a minute ago."""
    folder.mkdir()
    now = datetime.now(UTC)
    items = [
        item(number, headline=one, date=format_datetime(now - timedelta(minutes=1)))
        for number, one in enumerate(headlines)
    ]
    (folder / "feed.xml").write_bytes(rss(*items))
    os.utime(folder / "feed.xml", (now.timestamp() - 60, now.timestamp() - 60))
    return a_feed(folder.as_uri())


def mails(post: Post, *, to: str | None = None) -> list[EmailMessage]:
    """What a mail server took; `to` a recipient, or to anybody but the operator."""
    found = [message_from_bytes(content_of(one), EmailMessage, policy=SMTP) for one in post.taken]
    return [mail for mail in found if (mail["To"] == to if to else mail["To"] != OPERATOR)]
