"""What stays in force while a file of the configuration is broken?"""

from pathlib import Path

import pytest

from pipeline.config import load, load_standing, marks
from pipeline.errors import ConfigError
from tests.unit.config.test_files import Write

BROKEN = "feeds: [{id: Kein Name}]"


def test_sound_files_say_what_they_say(write: Write, tmp_path: Path) -> None:
    folder = write()

    configuration, fault = load_standing(folder, tmp_path / "data" / "last.json", load)

    assert (configuration, fault) == (load(folder), None)


def test_a_broken_file_leaves_the_last_sound_ones_in_force_and_is_told(write: Write, tmp_path: Path) -> None:
    folder, kept = write(), tmp_path / "data" / "last.json"
    before, _ = load_standing(folder, kept, load)
    (folder / "feeds.yaml").write_text(BROKEN, encoding="utf-8")

    configuration, fault = load_standing(folder, kept, load)

    assert configuration == before
    assert "feeds.yaml" in str(fault)


def test_what_a_removed_file_said_stays_too(write: Write, tmp_path: Path) -> None:
    folder, kept = write(), tmp_path / "last.json"
    before, _ = load_standing(folder, kept, load)
    (folder / "watches.yaml").unlink()

    assert load_standing(folder, kept, load)[0] == before


def test_mended_files_count_at_once(write: Write, tmp_path: Path) -> None:
    folder, kept = write(), tmp_path / "last.json"
    load_standing(folder, kept, load)
    sound = (folder / "feeds.yaml").read_text(encoding="utf-8")
    (folder / "feeds.yaml").write_text(BROKEN, encoding="utf-8")
    load_standing(folder, kept, load)
    (folder / "feeds.yaml").write_text(sound.replace("kuestenblatt", "hafenblatt"), encoding="utf-8")

    configuration, fault = load_standing(folder, kept, load)

    assert ([feed.id for feed in configuration.feeds], fault) == (["hafenblatt"], None)


def test_entities_of_their_own_folder_are_remembered(write: Write, tmp_path: Path) -> None:
    folder, kept = write(), tmp_path / "last.json"
    (folder / "entities.d").mkdir()
    more = "entities: [{id: nordlicht, name: Nordlicht, kind: organisation}]"
    (folder / "entities.d" / "more.yaml").write_text(more, encoding="utf-8")
    load_standing(folder, kept, load)
    (folder / "feeds.yaml").write_text(BROKEN, encoding="utf-8")

    configuration, _ = load_standing(folder, kept, load)

    assert "nordlicht" in {entity.id for entity in configuration.entities}


@pytest.mark.parametrize("content", [None, "", "{", '{"feeds.yaml": "feeds: [1]"}', "[]"])
def test_with_nothing_sound_to_fall_back_to_the_fault_is_raised(
    write: Write, tmp_path: Path, content: str | None
) -> None:
    folder, kept = write(), tmp_path / "last.json"
    (folder / "feeds.yaml").write_text(BROKEN, encoding="utf-8")
    if content is not None:
        kept.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"feeds\.yaml"):
        load_standing(folder, kept, load)


def test_where_nothing_can_be_remembered_sound_files_load_all_the_same(write: Write, tmp_path: Path) -> None:
    folder = write()
    (tmp_path / "data").write_text("no folder")

    configuration, fault = load_standing(folder, tmp_path / "data" / "last.json", load)

    assert (len(configuration.feeds), fault) == (1, None)


def test_marks_change_with_a_file_and_not_by_themselves(write: Write) -> None:
    folder = write()
    before = marks(folder)

    assert marks(folder) == before
    (folder / "feeds.yaml").write_text(BROKEN, encoding="utf-8")
    assert marks(folder) != before
