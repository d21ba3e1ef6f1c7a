"""A folder with four sound files, of which a test replaces one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import files
from pipeline.errors import ConfigError

FEEDS = """\
feeds:
  - id: kuestenblatt
    name: Küstenblatt
    url: https://kuestenblatt.example/rss
"""
TOPICS = """\
topics:
  - id: harbour
    name: Harbour
    phrases:
      - {phrase: Hafen}
"""
ENTITIES = """\
entities:
  - id: anna-berg
    name: Anna Berg
    kind: person
    aliases: [A. Berg, {name: Berg, context: [Hafen]}]
"""
WATCHES = """\
watches:
  - id: berg
    name: Anna Berg
    entities: [anna-berg]
    to: [desk@example.org]
"""

Write = Callable[..., Path]
Complaint = Callable[..., ConfigError]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the four files, with `changes` such as `feeds="feeds: []"`, and returns their folder."""

    def write(**changes: str) -> Path:
        sound = {"feeds": FEEDS, "topics": TOPICS, "entities": ENTITIES, "watches": WATCHES}
        for name, text in (sound | changes).items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def complaint(write: Write) -> Complaint:
    """Returns the error that loading the files, with these changes, raises."""

    def complaint(**changes: str) -> ConfigError:
        folder = write(**changes)
        with pytest.raises(ConfigError) as caught:
            files.load(folder)
        return caught.value

    return complaint
