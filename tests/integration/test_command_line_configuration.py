"""A wrong configuration is told whole: every fault with file, line and field, what would be right, and exit status 2."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import Ran, wirewatch

SOUND = {
    "feeds": "feeds:\n  - id: a\n    name: A\n    url: https://a.example/rss\n",
    "topics": "topics:\n  - id: harbour\n    name: Harbour\n    phrases:\n      - {phrase: harbour}\n",
    "entities": "entities:\n  - id: anna-berg\n    name: Anna Berg\n    kind: person\n",
    "watches": "watches:\n  - id: berg\n    name: Berg\n    entities: [anna-berg]\n    to: [desk@example.org]\n",
}
Load = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SOUND.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


@pytest.fixture
def load(folder: Path, capsys: pytest.CaptureFixture[str]) -> Load:
    """Writes the files given and lists the watches, for which all four are read."""

    def load(**files: str) -> Ran:
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text)
        return wirewatch(capsys, "--config", folder, "watches", "list")

    return load


def test_a_sound_configuration_is_taken(load: Load) -> None:
    assert load().status == 0


@pytest.mark.parametrize(
    ("file", "text", "faults"),
    [
        (
            "feeds",
            (
                "feeds:\n  - id: a\n    name: A\n    url: ftp://a.example\n  - id: a\n    name: B\n    intervall: 5min\n"
                "    url: https://b.example/\n"
            ),
            [
                "4: `feeds[0].url`: write an address",
                "5: `feeds[1].id`: `a` stands in line 2 already",
                "7: `feeds[1].intervall`: unknown field; did you mean `interval`?",
            ],
        ),
        (
            "topics",
            "topics:\n  - id: a\n    name: A\n    threshold: high\n    phrases:\n      - {phrase: x, wait: 2}\n",
            [
                "4: `topics[0].threshold`: write a number",
                "6: `topics[0].phrases[0].wait`: unknown field; did you mean `weight`?",
            ],
        ),
        (
            "entities",
            "entities:\n  - id: anna-berg\n    name: Anna Berg\n    kind: human\n  - name: B\n    kind: person\n",
            ["4: `entities[0].kind`: ", "5: `entities[1].id`: is missing; write `id: space-news`"],
        ),
        (
            "watches",
            (
                "watches:\n  - id: w\n    name: W\n    to: [nobody]\n  - id: v\n    name: V\n    entities: [anna-brg]\n"
                "    to: [desk@example.org]\n"
            ),
            ["4: `watches[0].to[0]`: write a mail address"],
        ),
        (
            "watches",
            "watches:\n  - id: v\n    name: V\n    entities: [anna-brg]\n    topics: [harbor]\n    to: [desk@example.org]\n",
            [
                "4: `watches[0].entities[0]`: ",
                "5: `watches[0].topics[0]`: ",
            ],
        ),
        ("feeds", "feeds:\n  - id: a\n   name: A\n", ["3: "]),
        ("feeds", "feeds: [unclosed\n", ["2: "]),
        ("topics", "", ["1: the file is empty; write `topics:`"]),
        ("watches", "wathces: []\n", ["1: unknown field `wathces`; did you mean `watches`?"]),
        ("entities", "entities: []\n" * 2, ["2: "]),
    ],
)
def test_every_fault_in_a_file_is_named_at_once(
    load: Load, folder: Path, file: str, text: str, faults: list[str]
) -> None:
    ran = load(**{file: text})

    errors = [line for line in ran.err.splitlines() if line.startswith("error: ")]
    assert (ran.status, ran.out) == (2, "")
    assert len(errors) >= len(faults)
    for fault in faults:
        assert any(line.startswith(f"error: {folder / file}.yaml:{fault}") for line in errors), ran.err
    assert ran.err.splitlines()[-1].startswith("hint: ")


def test_faults_in_several_files_are_named_at_once(load: Load) -> None:
    ran = load(feeds="feeds:\n  - id: A\n", topics="topics: 5\n", entities="entities: [5]\n", watches="{")

    for name in SOUND:
        assert f"/{name}.yaml:" in ran.err
    assert ran.status == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = wirewatch(capsys, "--config", tmp_path / "nowhere", "watches", "list")

    assert ran.status == 2
    assert ran.err.count("no such file") == 4
    assert f"hint: looked in `{tmp_path}/nowhere`; name another folder with `--config DIR`" in ran.err


def test_a_file_that_cannot_be_read_is_named(load: Load, folder: Path) -> None:
    (folder / "topics.yaml").unlink()
    (folder / "topics.yaml").mkdir()

    ran = load()

    assert ran.status == 2
    assert f"error: {folder}/topics.yaml: cannot be read: " in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(load: Load, folder: Path) -> None:
    (folder / "topics.yaml").chmod(0)

    ran = load()

    assert f"error: {folder}/topics.yaml: cannot be read: " in ran.err
    assert "hint: look at its permissions" in ran.err


def test_a_file_that_is_no_utf_8_is_named_with_its_line(load: Load, folder: Path) -> None:
    (folder / "feeds.yaml").write_bytes(b"feeds:\n  - id: a\n    name: K\xfcste\n")

    ran = load()

    assert f"error: {folder}/feeds.yaml:3: not UTF-8: byte 0xfc; save the file as UTF-8" in ran.err


def test_all_wrong_settings_are_named_at_once(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_LEASE", "soon")
    monkeypatch.setenv("WIREWATCH_SMTP_URL", "ftp://mail.example.org")
    monkeypatch.setenv("WIREWATCH_STORE", "x")

    ran = load()

    assert ran.status == 2
    assert "error: `WIREWATCH_LEASE`: write a duration" in ran.err
    assert "error: `WIREWATCH_SMTP_URL`: write `smtp://" in ran.err
    assert "error: `WIREWATCH_STORE`: unknown setting; did you mean `WIREWATCH_STORE_URL`?" in ran.err


def test_status_tells_what_the_store_has_although_a_file_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "feeds.yaml").write_text("feeds: 5\n")

    ran = wirewatch(capsys, "--config", folder, "--data", folder / "data", "status", "--json")

    assert (ran.status, ran.document["counts"]["articles"]) == (2, 0)
    assert "feeds.yaml:1: " in ran.err


def test_an_unusable_data_folder_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = wirewatch(capsys, "--data", folder / "feeds.yaml", "status")

    assert ran.status == 1
    assert ran.err.startswith("error: ")
    assert "hint: " in ran.err
