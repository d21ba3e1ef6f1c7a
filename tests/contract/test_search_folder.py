"""What the embedded index promises about its folder: several processes, crashes, damage, other versions."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.article import Article
from pipeline.errors import IndexDamaged, SearchUnavailable
from pipeline.search import EmbeddedIndex, EmbeddedReplacement, parse_query
from pipeline.search.folder import writing
from tests.contract.queries import CORPUS, NOW
from tests.factories import an_article

EVERYTHING = parse_query("*", now=NOW)
WRITE_FOREVER = """
import sys
from pathlib import Path
from pipeline.search import EmbeddedIndex
from tests.factories import an_article

index = EmbeddedIndex.open(Path(sys.argv[1]))
version = 1
while True:
    version += 1
    index.write([an_article(id=f"a{number}", version=version) for number in range(50)], remove=["gone"])
    print(version, flush=True)
"""


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    EmbeddedIndex.open(tmp_path / "deep" / "index").write(CORPUS)

    again = EmbeddedIndex.open(tmp_path / "deep" / "index")

    assert again.search(EVERYTHING, fold_copies=False).total == len(CORPUS) - 1


def test_a_reader_sees_what_another_handle_wrote(tmp_path: Path) -> None:
    writer, reader = EmbeddedIndex.open(tmp_path / "index"), EmbeddedIndex.open(tmp_path / "index")

    writer.write([an_article()])

    assert reader.search(EVERYTHING).total == 1


def test_a_reader_needs_no_lock(tmp_path: Path) -> None:
    index = EmbeddedIndex.open(tmp_path / "index")
    index.write([an_article()])

    with writing(index._index, 1):
        assert EmbeddedIndex.open(tmp_path / "index").search(EVERYTHING).total == 1


def test_a_writer_waits_a_bounded_time_for_another(tmp_path: Path) -> None:
    holder = EmbeddedIndex.open(tmp_path / "index")
    waiting = EmbeddedIndex.open(tmp_path / "index", patience=0.2)

    with writing(holder._index, 1), pytest.raises(SearchUnavailable) as caught:
        waiting.write([an_article()])

    assert "another Wirewatch process" in (caught.value.hint or "")
    assert waiting.write([an_article()]) == []


def test_an_index_survives_kill_9_while_writing(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    EmbeddedIndex.open(folder).write([an_article(id=f"a{number}") for number in range(50)])
    chance = random.Random(11)
    for _ in range(4):
        command = [sys.executable, "-c", WRITE_FOREVER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            assert process.stdout is not None
            reported = int(process.stdout.readline())
            time.sleep(chance.uniform(0, 0.08))
            process.send_signal(signal.SIGKILL)
            reported = max([reported, *map(int, process.stdout.read().split())])

        index = EmbeddedIndex.open(folder)
        versions = {version for _, version in index.ids()}

        assert index.search(EVERYTHING, limit=100).total == 50
        assert len(versions) == 1
        assert min(versions) >= reported
        index.clear()
        index.write([an_article(id=f"a{number}") for number in range(50)])


@pytest.mark.parametrize("suffix", [".term", ".store", ".fast", ".idx", ".pos", "meta.json", "wirewatch.json"])
@pytest.mark.parametrize("damage", ["gone", "empty", "halved", "zeroed", "flipped"])
def test_a_damaged_index_gives_a_hint_or_still_works(tmp_path: Path, suffix: str, damage: str) -> None:
    folder = tmp_path / "index"
    EmbeddedIndex.open(folder).write(CORPUS)
    victim = next(each for each in folder.iterdir() if each.name.endswith(suffix))
    _damage(victim, damage)

    hints = [_hint(lambda: EmbeddedIndex.open(folder).search(EVERYTHING, facets=["people"]))]
    hints.append(_hint(lambda: list(EmbeddedIndex.open(folder).ids())))
    hints.append(_hint(lambda: EmbeddedIndex.open(folder).write(CORPUS)))

    assert all(hint is None or "wirewatch reindex" in hint for hint in hints)
    assert damage == "flipped" or any(hints)


def _damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    third = len(content) // 3
    flipped = content[:third] + bytes([content[third] ^ 0xFF]) + content[third + 1 :]
    changed = {"empty": b"", "halved": content[: len(content) // 2], "zeroed": bytes(len(content)), "flipped": flipped}
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(changed[how])


def _hint(action: object) -> str | None:
    try:
        action()  # type: ignore[operator]
    except SearchUnavailable as error:
        return error.hint
    return None


def test_an_index_of_another_version_gives_a_hint(tmp_path: Path) -> None:
    EmbeddedIndex.open(tmp_path / "index")
    (tmp_path / "index" / "wirewatch.json").write_text(json.dumps({"schema": 0}))

    with pytest.raises(SearchUnavailable, match="another version") as caught:
        EmbeddedIndex.open(tmp_path / "index")

    assert "wirewatch reindex" in (caught.value.hint or "")


def test_an_index_of_a_newer_version_is_left_to_a_person(tmp_path: Path) -> None:
    EmbeddedIndex.open(tmp_path / "index")
    (tmp_path / "index" / "wirewatch.json").write_text(json.dumps({"schema": 99}))

    with pytest.raises(SearchUnavailable, match="another version") as caught:
        EmbeddedIndex.open(tmp_path / "index")

    assert not isinstance(caught.value, IndexDamaged)


def replace(folder: Path, *articles: Article) -> None:
    replacement = EmbeddedReplacement(folder, patience=0.1)
    replacement.write(articles)
    replacement.adopt()
    replacement.close()


@pytest.mark.parametrize("before", ["nothing", "an index", "rubbish", "a file", "another version"])
def test_a_replacement_takes_the_place_of_whatever_was_there(tmp_path: Path, before: str) -> None:
    folder = tmp_path / "index"
    if before in {"an index", "another version"}:
        EmbeddedIndex.open(folder).write(CORPUS)
    if before == "another version":
        (folder / "wirewatch.json").write_text(json.dumps({"schema": 0}))
    elif before == "rubbish":
        folder.mkdir()
        (folder / "meta.json").write_text("{")
    elif before == "a file":
        folder.write_text("x")

    replace(folder, an_article(id="new"))

    assert list(EmbeddedIndex.open(folder).ids()) == [("new", 1)]
    assert EmbeddedIndex.open(folder).write([an_article()]) == []
    assert [each.name for each in tmp_path.iterdir()] == ["index"]


def test_searches_find_what_was_there_until_the_replacement_is_adopted(tmp_path: Path) -> None:
    reader = EmbeddedIndex.open(tmp_path / "index")
    reader.write([an_article()])
    replacement = EmbeddedReplacement(tmp_path / "index")
    replacement.write([an_article(id="a2"), an_article(id="a3")])

    before = reader.search(EVERYTHING).total
    replacement.adopt()
    replacement.close()

    assert before == 1
    assert reader.search(EVERYTHING).total == 2


def test_a_replacement_that_is_not_adopted_leaves_everything_as_it_was(tmp_path: Path) -> None:
    index = EmbeddedIndex.open(tmp_path / "index")
    index.write([an_article()])
    replacement = EmbeddedReplacement(tmp_path / "index")
    replacement.write([an_article(id="a2")])

    replacement.close()

    assert list(index.ids()) == [("a1", 1)]
    assert index.write([an_article(id="a3")]) == []
    assert [each.name for each in tmp_path.iterdir()] == ["index"]


def test_nobody_writes_what_a_replacement_would_miss(tmp_path: Path) -> None:
    index = EmbeddedIndex.open(tmp_path / "index", patience=0.1)
    replacement = EmbeddedReplacement(tmp_path / "index")

    with pytest.raises(SearchUnavailable) as caught:
        index.write([an_article()])
    replacement.adopt()
    replacement.close()

    assert "another Wirewatch process" in (caught.value.hint or "")
    assert index.write([an_article()]) == []
    assert list(EmbeddedIndex.open(tmp_path / "index").ids()) == [("a1", 1)]


@pytest.mark.parametrize("sound", [True, False])
def test_only_one_replaces_an_index_at_a_time(tmp_path: Path, sound: bool) -> None:  # noqa: FBT001 - pytest calls it so
    EmbeddedIndex.open(tmp_path / "index")
    if not sound:
        (tmp_path / "index" / "meta.json").write_text("{")
    first = EmbeddedReplacement(tmp_path / "index")

    with pytest.raises(SearchUnavailable) as caught:
        EmbeddedReplacement(tmp_path / "index", patience=0.1)
    first.close()

    assert "another Wirewatch process" in (caught.value.hint or "")
    EmbeddedReplacement(tmp_path / "index", patience=0.1).close()


def test_what_a_killed_replacement_left_is_removed_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_REPLACEMENT, str(tmp_path / "index")]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    left = [each.name for each in tmp_path.iterdir() if each.name != "index"]

    replace(tmp_path / "index", an_article(id="new"))

    assert len(left) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["index"]


KILLED_REPLACEMENT = """
import os
import signal
import sys
from pathlib import Path
from pipeline.search import EmbeddedIndex, EmbeddedReplacement
from tests.factories import an_article

EmbeddedIndex.open(Path(sys.argv[1])).write([an_article()])
replacement = EmbeddedReplacement(Path(sys.argv[1]))
replacement.write([an_article(id="a2")])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_handle_from_before_a_replacement_reads_and_writes_the_new_index(tmp_path: Path) -> None:
    handle = EmbeddedIndex.open(tmp_path / "index")
    handle.write(CORPUS)

    replace(tmp_path / "index")

    assert list(handle.ids()) == []
    handle.write([an_article()])
    assert list(EmbeddedIndex.open(tmp_path / "index").ids()) == [("a1", 1)]


def test_a_replacement_waits_a_bounded_time_for_a_writer(tmp_path: Path) -> None:
    index = EmbeddedIndex.open(tmp_path / "index")

    with writing(index._index, 1), pytest.raises(SearchUnavailable):
        EmbeddedReplacement(tmp_path / "index", patience=0.1)


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(SearchUnavailable) as caught:
        EmbeddedIndex.open(tmp_path / "file" / "index")

    assert "folder" in (caught.value.hint or "")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(SearchUnavailable) as caught:
        EmbeddedIndex.open(tmp_path)

    assert not isinstance(caught.value, IndexDamaged)
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_an_index_can_be_moved(tmp_path: Path) -> None:
    EmbeddedIndex.open(tmp_path / "index").write([an_article()])

    shutil.move(tmp_path / "index", tmp_path / "elsewhere")

    assert EmbeddedIndex.open(tmp_path / "elsewhere").search(EVERYTHING).total == 1


FULL_DISK = """
import resource
import sys
from pathlib import Path
from pipeline.errors import SearchUnavailable
from pipeline.search import EmbeddedIndex
from tests.factories import an_article

index = EmbeddedIndex.open(Path(sys.argv[1]), patience=0.2)
index.write([an_article()])
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, most))
try:
    index.write([an_article(id=f"a{number}", body=f"{number} " * 500) for number in range(200)])
except SearchUnavailable as error:
    kept = error
    print(error.hint)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
print(len(list(index.ids())))
print(index.write([an_article(id="a2")]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of file size is a POSIX one")
def test_a_full_disk_loses_nothing_and_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "index")]

    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)

    assert done.stdout.splitlines() == [
        "check that the folder can be written, and that the disk is not full",
        "1",
        "[]",
    ], done.stderr
