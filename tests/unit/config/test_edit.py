"""Adding a feed to a file that a user wrote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import clean_text
from pipeline.config import Feed, append_feed, load_feeds
from pipeline.errors import ConfigError

FEED = Feed.model_validate(
    {"id": "post", "name": "Harbour: Post #1", "url": "https://post.example/", "country": "NO", "interval": "90s"}
)
WRITTEN = """\
# Our feeds.
feeds:
  # --- the north ---
  - id: kuestenblatt   # since 2019
    name: Küstenblatt
    url: https://kuestenblatt.example/rss

  # more to come
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    return path


def test_a_feed_is_added_and_nothing_else_changes(path: Path) -> None:
    append_feed(path, FEED)

    assert path.read_text(encoding="utf-8").startswith(WRITTEN)
    assert load_feeds(path)[-1] == FEED
    assert [file.name for file in path.parent.iterdir()] == ["feeds.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "feeds: []\n",
        "feeds: []   # none yet",
        "feeds:\n",
        "feeds:\n- id: a\n  name: A\n  url: https://a.example/",
        "feeds:\n      - id: a\n        name: A\n        url: https://a.example/\n",
        "\ufefffeeds:\r\n  - id: a\r\n    name: A\r\n    url: https://a.example/\r\n",
        "{feeds: []}\n",
    ],
)
def test_a_feed_is_added_however_the_file_is_laid_out_or_the_file_stays_as_it_is(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    before = load_feeds(path)

    try:
        append_feed(path, FEED)
    except ConfigError:
        assert text.startswith("{")
        assert path.read_bytes() == text.encode()
    else:
        assert load_feeds(path) == (*before, FEED)
        assert b"\n" not in path.read_bytes().replace(b"\r\n", b"") or "\r" not in text


@given(st.text(min_size=1).map(clean_text).filter(str.strip))
def test_any_name_survives(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / "named.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    feed = Feed(id="post", name=name, url="https://post.example/")

    append_feed(path, feed)

    assert load_feeds(path)[-1] == feed


@pytest.mark.parametrize(
    ("changes", "field"), [({"id": "kuestenblatt"}, "id"), ({"url": "https://kuestenblatt.example/rss"}, "url")]
)
def test_a_feed_that_is_there_already_is_refused(path: Path, changes: dict[str, str], field: str) -> None:
    feed = FEED.model_copy(update=changes)

    with pytest.raises(ConfigError, match=f"`kuestenblatt` has the {field}") as caught:
        append_feed(path, feed)

    assert caught.value.hint == f"choose another {field}"
    assert path.read_text(encoding="utf-8") == WRITTEN


@pytest.mark.parametrize(
    "text", ["feeds:\n  - id: a\n", "feeds: [{id: a, name: A, url: 'https://a.example/'}]\n", "feeds:\n\t- x\n"]
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError):
        append_feed(path, FEED)

    assert path.read_text(encoding="utf-8") == text
    assert [file.name for file in path.parent.iterdir()] == ["feeds.yaml"]


def test_the_text_after_an_end_mark_is_in_the_way(path: Path) -> None:
    path.write_text(WRITTEN + "...\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="cannot be added at its end"):
        append_feed(path, FEED)

    assert path.read_text(encoding="utf-8") == WRITTEN + "...\n"


def test_a_link_stays_a_link_and_the_mode_stays(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)

    append_feed(link, FEED)

    assert link.is_symlink()
    assert load_feeds(path)[-1] == FEED
    assert path.stat().st_mode & 0o777 == 0o640
