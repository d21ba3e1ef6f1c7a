"""Texts from files: whatever a line is, its neighbours come through, and it is named with its place."""

from pathlib import Path

import pytest

from pipeline.cli.lines import LONGEST, Fault, Given, read_json_lines, read_texts


def read(tmp_path: Path, content: bytes) -> list[Given | Fault]:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    return list(read_json_lines([file]))


def texts(found: list[Given | Fault]) -> list[str]:
    return [one.text if isinstance(one, Given) else one.problem for one in found]


@pytest.mark.parametrize(
    "content",
    [
        b'{"text": "a"}\n{"text": "b"}\n',
        b'{"text": "a"}\n{"text": "b"}',
        b'{"text": "a"}\r\n\r\n{"text": "b"}\r\n',
        b'\xef\xbb\xbf{"text": "a"}\n   \n{"text": "b"}\n\n',
    ],
)
def test_line_ends_blank_lines_and_a_byte_order_mark_make_no_difference(tmp_path: Path, content: bytes) -> None:
    assert texts(read(tmp_path, content)) == ["a", "b"]


def test_an_empty_file_has_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"") == []


def test_a_line_separator_of_unicode_ends_no_line(tmp_path: Path) -> None:
    assert texts(read(tmp_path, '{"text": "a\u2028b\u0085c"}'.encode())) == ["a\u2028b\u0085c"]


def test_known_fields_come_through_and_the_others_beside_them(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b'{"id": [1], "text": "t", "headline": "h", "language": null, "published": "p", "x": {}}')

    assert (found.id, found) == ([1], Given(found.file, 1, "t", [1], "h", None, "p"))
    assert isinstance(found, Given)
    assert found.fields["x"] == {}


def test_bytes_that_are_no_utf_8_become_replacement_characters(tmp_path: Path) -> None:
    assert texts(read(tmp_path, b'{"text": "caf\xe9"}')) == ["caf\ufffd"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"no json", "no JSON: expecting value at character 1"),
        (b'{"text": "a"', "no JSON: expecting ',' delimiter at character 13"),
        (b"[" * 100_000, "no JSON: nested too deeply"),
        (b'{"text": "a", "id": NaN}', "no JSON: `NaN` is no number in JSON"),
        (b'{"text": "a", "id": ' + b"9" * 5000 + b"}", "no JSON: "),
        (b'["a"]', "no JSON object; write one such as "),
        (b'{"id": 1}', "`text` is missing"),
        (b'{"id": 1, "text": 2}', "`text` is no text"),
        (b'{"id": 1, "text": "a", "headline": ["b"]}', "`headline` is no text"),
        (b'{"id": 1, "text": "a", "published": 1700000000}', "`published` is no text"),
    ],
)
def test_a_line_of_no_use_is_named_and_stops_no_other(tmp_path: Path, line: bytes, problem: str) -> None:
    before, fault, after = read(tmp_path, b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n')

    assert texts([before, after]) == ["a", "b"]
    assert isinstance(fault, Fault)
    assert fault.place == f"{tmp_path / 'lines.jsonl'}:2"
    assert fault.problem.startswith(problem)


def test_a_fault_gives_the_id_back_where_it_is_known(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, b'{"id": "x", "text": 2}')

    assert isinstance(fault, Fault)
    assert fault.document() == {"id": "x", "file": fault.file, "line": 1, "problem": "`text` is no text"}


def test_a_line_without_end_is_passed_over_and_not_kept(tmp_path: Path) -> None:
    endless = b'{"text": "' + b"x" * LONGEST + b'"}'

    found = read(tmp_path, b'{"text": "a"}\n' + endless + b'\n{"text": "b"}\n' + endless)

    assert texts(found) == ["a", "longer than 16 MB", "b", "longer than 16 MB"]
    assert [one.line for one in found] == [1, 2, 3, 4]


def test_a_file_that_cannot_be_read_is_named_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"a text\n")

    missing, folder, there = read_texts([tmp_path / "missing", tmp_path, tmp_path / "there"])

    assert isinstance(missing, Fault)
    assert isinstance(folder, Fault)
    assert missing.document() == {
        "file": f"{tmp_path}/missing",
        "problem": "cannot be read: no such file or directory",
    }
    assert folder.problem == "cannot be read: is a directory"
    assert there == Given(str(tmp_path / "there"), 0, "a text\n")
