"""Which files of a folder are read, and when?"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import FetchFailed, RefusedAddress, TooLarge
from pipeline.fetch import FolderReading, Limits, folder_path, read_folder
from tests.factories import NOON

LIMITS = Limits(wire_bytes=100)


def deliver(folder: Path, name: str, data: bytes = b"text", *, at: datetime = NOON) -> Path:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def reading(folder: Path, since: str | None = None, max_files: int = 100) -> FolderReading:
    return read_folder(folder, since=since, limits=LIMITS, max_files=max_files)


def names(files: FolderReading) -> list[str]:
    return [file.name for file in files]


def test_files_come_with_their_bytes_the_oldest_first(tmp_path: Path) -> None:
    deliver(tmp_path, "b.xml", b"second", at=NOON + timedelta(minutes=1))
    deliver(tmp_path, "c.xml", b"first")

    files = list(reading(tmp_path))

    assert [(file.name, file.data, file.problem) for file in files] == [
        ("c.xml", b"first", None),
        ("b.xml", b"second", None),
    ]
    assert files[0].modified == NOON


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")
    first = reading(tmp_path)
    assert names(first) == ["a.xml"]
    deliver(tmp_path, "b.xml")

    second = reading(tmp_path, first.cursor)

    assert names(second) == ["b.xml"]
    assert names(reading(tmp_path, second.cursor)) == []
    assert reading(tmp_path, second.cursor).cursor == second.cursor


def test_a_file_that_arrives_with_an_old_date_is_not_missed(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")
    first = reading(tmp_path)
    list(first)
    deliver(tmp_path, "late.xml", at=NOON - timedelta(days=30))

    assert names(reading(tmp_path, first.cursor)) == ["late.xml"]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")
    first = reading(tmp_path)
    list(first)
    deliver(tmp_path, "a.xml", b"new text")

    assert [file.data for file in reading(tmp_path, first.cursor)] == [b"new text"]


def test_a_reading_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    for number in range(5):
        deliver(tmp_path, f"{number}.xml")
    first = reading(tmp_path)
    next(first)
    next(first)

    assert names(reading(tmp_path, first.cursor)) == ["2.xml", "3.xml", "4.xml"]


def test_more_files_than_allowed_come_the_next_time(tmp_path: Path) -> None:
    for number in range(5):
        deliver(tmp_path, f"{number}.xml")

    first = reading(tmp_path, max_files=3)

    assert names(first) == ["0.xml", "1.xml", "2.xml"]
    assert names(reading(tmp_path, first.cursor, max_files=3)) == ["3.xml", "4.xml"]


def test_files_taken_away_leave_the_cursor(tmp_path: Path) -> None:
    gone = deliver(tmp_path, "a.xml")
    first = reading(tmp_path)
    list(first)
    gone.unlink()

    assert reading(tmp_path, first.cursor).cursor == ""


@pytest.mark.parametrize("cursor", ["not base64!", "YWJj", "€", ""])
def test_a_damaged_cursor_misses_nothing(tmp_path: Path, cursor: str) -> None:
    deliver(tmp_path, "a.xml")

    assert names(reading(tmp_path, cursor)) == ["a.xml"]


def test_only_regular_files_in_the_folder_itself_are_read(tmp_path: Path) -> None:
    outside = deliver(tmp_path, "outside.xml")
    folder = tmp_path / "wire"
    (folder / "sub").mkdir(parents=True)
    deliver(folder / "sub", "deep.xml")
    deliver(folder, "a.xml")
    (folder / "link.xml").symlink_to(outside)
    (folder / "folder.xml").symlink_to(folder / "sub")
    os.mkfifo(folder / "pipe.xml")

    assert names(reading(folder)) == ["a.xml"]


@pytest.mark.parametrize("name", [".hidden", "a.xml.tmp", "a.PART", "a.xml.filepart", "a.xml~"])
def test_hidden_and_unfinished_files_are_left_alone(tmp_path: Path, name: str) -> None:
    deliver(tmp_path, name)

    assert names(reading(tmp_path)) == []


def test_a_file_written_just_now_waits_for_the_next_time(tmp_path: Path) -> None:
    deliver(tmp_path, "old.xml", at=NOON - timedelta(seconds=3))
    deliver(tmp_path, "young.xml", at=NOON - timedelta(seconds=1))
    deliver(tmp_path, "future.xml", at=NOON + timedelta(days=1))

    files = read_folder(tmp_path, since=None, limits=LIMITS, max_files=9, now=NOON)

    assert names(files) == ["old.xml", "future.xml"]


def test_a_file_that_changes_before_it_is_read_waits_for_the_next_time(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")
    deliver(tmp_path, "b.xml")
    files = reading(tmp_path)
    deliver(tmp_path, "a.xml", b"longer than before")

    assert names(files) == ["b.xml"]
    assert names(reading(tmp_path, files.cursor)) == ["a.xml"]


def test_a_file_that_vanishes_before_it_is_read_is_no_problem(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")
    files = reading(tmp_path)
    (tmp_path / "a.xml").unlink()

    assert names(files) == []


def test_a_large_file_is_a_problem_once_and_harms_no_neighbour(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml", b"x" * 101)
    deliver(tmp_path, "b.xml", b"x" * 100)
    first = reading(tmp_path)

    large, good = list(first)

    assert isinstance(large.problem, TooLarge)
    assert large.data == b""
    assert good.problem is None
    assert names(reading(tmp_path, first.cursor)) == []


def test_a_name_in_no_encoding_is_readable(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.xml")).write_bytes(b"text")

    assert [(file.name, file.data) for file in reading(tmp_path)] == [("a\ufffd.xml", b"text")]


def test_a_missing_folder_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed) as caught:
        reading(tmp_path / "nowhere")

    assert caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_tried_again(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml").chmod(0)
    first = reading(tmp_path)

    assert [type(file.problem) for file in first] == [FetchFailed]
    assert names(reading(tmp_path, first.cursor)) == ["a.xml"]


def test_a_folder_url_names_a_path() -> None:
    assert folder_path("file:///var/dpa%20wire") == Path("/var/dpa wire")
    assert folder_path("file://localhost/var/wire") == Path("/var/wire")


@pytest.mark.parametrize("url", ["http://h/x", "file://server/share", "file:relative", "/var", "file:///a%00b", ""])
def test_a_url_that_names_no_folder_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        folder_path(url)


def test_moments_are_utc(tmp_path: Path) -> None:
    deliver(tmp_path, "a.xml")

    assert next(reading(tmp_path)).modified.tzinfo is UTC
