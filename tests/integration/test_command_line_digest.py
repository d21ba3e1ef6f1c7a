"""`wirewatch digest` as a person calls it, on a store in which alerts lie."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.cli.session import clock
from pipeline.store import Store
from tests.alerting import on_starlink
from tests.command_line import Ran, background, wirewatch
from tests.stores import an_alert, keep

DAY = timedelta(days=1)
DIGESTS = """\
digests:
  - id: morning
    name: Morning digest
    to: [desk@example.org]
    every: day
    at: "06:30"
    zone: Asia/Tokyo
"""
WATCHES = "watches:\n  - {id: starlink, name: Starlink, topics: [space], to: [desk@example.org]}\n"
TOPICS = "topics:\n  - {id: space, name: Space, phrases: [{phrase: Orbit}]}\n"

Call = Callable[..., Ran]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command with a configuration of its own."""
    config = tmp_path / "config"
    config.mkdir()
    for name, text in {"feeds": "feeds: []\n", "entities": "entities: []\n", "topics": TOPICS}.items():
        (config / f"{name}.yaml").write_text(text)
    (config / "watches.yaml").write_text(WATCHES + DIGESTS)
    return lambda *arguments: wirewatch(capsys, "--config", config, "--data", tmp_path / "data", *arguments)


@pytest.fixture
def lying(tmp_path: Path) -> None:
    """A digest that told until two days ago, and an alert since then."""
    now = clock()
    store = Store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}")
    keep(store, on_starlink("a1", published=now - DAY - timedelta(hours=1)))
    with store.transaction() as transaction:
        transaction.digests.begin("morning", now - 2 * DAY)
        transaction.ledger.record(an_alert(watch_id="starlink", created=now - DAY - timedelta(minutes=1)), [])
    store.close()


@pytest.mark.usefixtures("lying")
def test_what_is_due_is_shown_then_sent_then_done(call: Call, tmp_path: Path) -> None:
    shown, sent, again = call("digest", "--dry-run"), call("digest", "--json"), call("digest", "--json")

    assert shown.status == sent.status == again.status == 0
    assert "morning to desk@example.org" in shown.out
    assert "Bericht a1" in shown.out
    assert "`morning` is due" in shown.err
    assert sent.document["digests"] == sent.document["sent"] == 1
    assert again.document["claimed"] == 0
    assert len(list((tmp_path / "data" / "outbox").glob("*.eml"))) == 1


@pytest.mark.usefixtures("lying")
def test_the_dry_run_gives_a_line_of_json_for_each_mail(call: Call, tmp_path: Path) -> None:
    (mail,) = call("digest", "--dry-run", "--json").documents

    assert (mail["digest"], mail["recipient"]) == ("morning", "desk@example.org")
    assert [one["headline"] for one in mail["stories"]] == ["Bericht a1"]
    assert not (tmp_path / "data" / "outbox").exists()


@pytest.mark.usefixtures("lying", "call")
def test_a_run_that_keeps_watching_sends_what_is_due(tmp_path: Path) -> None:
    with background("--config", tmp_path / "config", "--data", tmp_path / "data", "run", "--watch") as child:
        assert child.stdout is not None
        line = child.stdout.readline().decode()
        child.terminate()
        child.communicate(timeout=60)

    assert line.endswith("  0 feeds polled, 1 sent, 1 digests\n")
    assert len(list((tmp_path / "data" / "outbox").glob("*.eml"))) == 1


def test_status_tells_when_the_next_one_is_due(call: Call) -> None:
    call("digest")

    shown, told = call("status"), call("status", "--json").document

    (row,) = told["digests"]
    assert datetime.fromisoformat(row["next"]) - datetime.fromisoformat(row["told_until"]) == DAY
    assert "morning" in shown.out


def test_without_a_digest_it_says_how_to_make_one(call: Call, tmp_path: Path) -> None:
    (tmp_path / "config" / "watches.yaml").write_text(WATCHES)

    shown, ran = call("digest", "--dry-run"), call("digest")

    assert "no mail would be written now" in shown.err
    assert "hint: no digest is configured" in shown.err
    assert "nothing to do" in ran.out


def test_a_wrong_digest_is_told_with_its_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "config" / "watches.yaml").write_text(WATCHES + DIGESTS.replace("Asia/Tokyo", "Asia/Tokio"))

    ran = call("digest")

    assert ran.status == 2
    assert "watches.yaml:9: `digests[0].zone`: no time zone is called `Asia/Tokio`" in ran.err
