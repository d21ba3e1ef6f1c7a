"""Feeds in and out, and whether they work, against a real server on loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from pipeline.demo import SampleWire
from tests.command_line import Ran, wirewatch

FEEDS = """\
# what we read
feeds:
  - id: example
    name: Example
    url: https://www.example.org/rss
  - id: folder
    name: Folder
    url: file:///srv/wire
    local: true
"""
OPML = """\
<opml version="2.0"><body>
  <outline text="Example" xmlUrl="https://www.example.org/rss"/>
  <outline text="Second" xmlUrl="https://second.example/rss"/>
  <outline text="Third" xmlUrl="https://third.example/rss"/>
  <outline text="Wrong" xmlUrl="ftp://wrong.example/rss"/>
</body></opml>
"""

Feeds = Callable[..., Ran]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    return tmp_path / "feeds.yaml"


@pytest.fixture
def feeds(file: Path, capsys: pytest.CaptureFixture[str]) -> Feeds:
    """Calls `wirewatch feeds` with a folder in which no other file stands: these commands need none."""
    return lambda *arguments: wirewatch(capsys, "--config", file.parent, "feeds", *arguments)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[SampleWire]:
    with SampleWire(datetime(2026, 11, 3, 8, 0, tzinfo=UTC), tmp_path / "wire") as running:
        yield running


def ids(file: Path) -> list[str]:
    return [one["id"] for one in yaml.safe_load(file.read_text(encoding="utf-8"))["feeds"]]


def test_feeds_are_listed(feeds: Feeds) -> None:
    documents, readable = feeds("list", "--json").documents, feeds("list")

    assert [(one["id"], one["interval"], one["local"]) for one in documents] == [
        ("example", "10min", False),
        ("folder", "10min", True),
    ]
    assert readable.out.splitlines()[0].split() == ["id", "language", "kind", "every", "url"]
    assert readable.out.splitlines()[1].endswith("https://www.example.org/rss")


def test_an_added_feed_gets_an_id_from_its_address_and_comments_stay(feeds: Feeds, file: Path) -> None:
    ran = feeds("add", "https://www.example.org/other", "--language", "en", "--no-check", "--json")

    assert (ran.status, ran.document["id"], ran.document["language"]) == (0, "example-2", "en")
    assert f"added `example-2` to `{file}`" in ran.err
    assert ids(file) == ["example", "folder", "example-2"]
    assert file.read_text(encoding="utf-8").startswith(FEEDS)


def test_an_added_feed_is_tried(feeds: Feeds, wire: SampleWire, file: Path) -> None:
    url = next(one.url for one in wire.feeds if one.id == "world-dispatch")

    ran = feeds("add", url, "--id", "world", "--local")

    assert (ran.status, ids(file)[-1]) == (0, "world")
    assert "it works: " in ran.err


def test_a_feed_that_does_not_work_now_is_added_with_a_warning(feeds: Feeds, file: Path, wire: SampleWire) -> None:
    ran = feeds("add", f"{wire.base_url}/nothing-here", "--local")

    assert (ran.status, ids(file)[-1]) == (0, "127-0-0-1")
    assert "warning: it does not work now: " in ran.err
    assert "hint: `wirewatch feeds check 127-0-0-1` tries it again" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["https://www.example.org/rss"], "`example` has the url `https://www.example.org/rss` already"),
        (["https://new.example/", "--id", "example"], "`example` has the id `example` already"),
        (["ftp://new.example/"], "`url`: write an address such as "),
        (["https://new.example/", "--id", "Größe"], "`id`: use lower-case letters"),
        (["https://new.example/", "--language", "english"], "`language`: "),
        (["file:///srv/other"], "`local`: write `local: true`"),
    ],
)
def test_a_feed_that_cannot_be_added_changes_nothing(
    feeds: Feeds, file: Path, arguments: list[str], message: str
) -> None:
    ran = feeds("add", *arguments, "--no-check")

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert file.read_text(encoding="utf-8") == FEEDS


def test_importing_twice_adds_nothing_the_second_time(feeds: Feeds, file: Path, tmp_path: Path) -> None:
    opml = tmp_path / "list.opml"
    opml.write_text(OPML)

    first, second = feeds("import", opml, "--json"), feeds("import", opml, "--json")

    assert [one["id"] for one in first.documents] == ["second", "third"]
    assert second.documents == []
    assert ids(file) == ["example", "folder", "second", "third"]


def test_what_cannot_be_imported_is_named_with_its_line(feeds: Feeds, tmp_path: Path) -> None:
    opml = tmp_path / "list.opml"
    opml.write_text(OPML)

    ran = feeds("import", opml)

    assert ran.status == 1
    assert f"error: {opml}: line 5: `url`: write an address such as " in ran.err
    assert "added 2 feeds to " in ran.err
    assert "1 were there already; 1 left out" in ran.err


def test_a_list_that_cannot_be_read_is_told(feeds: Feeds, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("just words")

    missing, no_opml = feeds("import", tmp_path / "missing"), feeds("import", tmp_path / "text")

    assert missing.err == f"error: cannot read `{tmp_path}/missing`: no such file or directory\nhint: check the name\n"
    assert (missing.status, no_opml.status) == (2, 1)
    assert no_opml.err.startswith("error: not OPML: ")


def test_what_is_exported_can_be_imported(feeds: Feeds, file: Path, tmp_path: Path) -> None:
    exported = feeds("export")
    (tmp_path / "list.opml").write_text(exported.out, encoding="utf-8")
    file.write_text("feeds: []\n")

    feeds("import", tmp_path / "list.opml")

    assert exported.err == "1 local feeds left out\n"
    assert ids(file) == ["example"]


def test_an_export_can_be_json(feeds: Feeds) -> None:
    assert [one["id"] for one in feeds("export", "--json").documents] == ["example"]


def test_check_says_of_each_feed_what_it_found(feeds: Feeds, wire: SampleWire, file: Path) -> None:
    chosen = [one for one in wire.feeds if one.id in {"world-dispatch", "austin-courier", "pressestelle"}]
    file.write_text(yaml.safe_dump({"feeds": [one.written() for one in chosen]}))

    documents, readable = feeds("check", "--json"), feeds("check", "world-dispatch", "pressestelle")

    found = {one["feed_id"]: one for one in documents.documents}
    assert {name: one["works"] for name, one in found.items()} == {
        "world-dispatch": True,
        "austin-courier": False,  # it answers 503 the first time
        "pressestelle": True,
    }
    assert found["world-dispatch"]["newest"].endswith("Z")
    assert (documents.status, readable.status) == (1, 0)
    assert sorted(line[:18] for line in readable.out.splitlines()) == ["ok  pressestelle: ", "ok  world-dispatch"]
    assert readable.err == "2 of 2 feeds work\n"


def test_an_address_can_be_checked_without_being_configured(feeds: Feeds, wire: SampleWire) -> None:
    refused, unknown = feeds("check", f"{wire.base_url}/world-dispatch"), feeds("check", "nonsense")

    assert refused.status == 1
    assert "BAD given-1: " in refused.out
    assert unknown.err == "error: no feed has the id `nonsense`\nhint: `wirewatch feeds list` shows them all\n"
