"""`parse`, `analyse` and `cluster`: files and pipes in, a line of JSON for each thing out, whatever comes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import ROOT, Ran, process, wirewatch

WIRES = ROOT / "tests" / "wires"
FIELDS = {
    "language", "agency", "dateline", "byline", "people", "organisations", "places", "products", "tickers",
    "entity_ids", "mentions", "topics", "topic_evidence", "locations", "words",
}  # fmt: skip
ENTITIES = """\
entities:
  - {id: anna-berg, name: Anna Berg, kind: person}
  - {id: zuerich-hafen, name: Zürich Hafen, kind: organisation}
"""
TOPICS = "topics:\n  - {id: harbour, name: Harbour, phrases: [{phrase: harbour}]}\n"
LINES = [
    b'\xef\xbb\xbf{"id": 7, "text": "KIEL, Nov 3 (Reuters) - Anna Berg opened the harbour.", "odd": [1]}\r\n',
    b"\r\n",
    b'{"id": "headed", "headline": "Visit", "text": "In Kiel\\r\\nmet \\u0000 Anna Berg the harbour master.", "language": "en"}\n',
    b"not json\n",
    b'{"id": "broken", "text": 7}\n',
    '{"id": "marks", "text": "Zu\u0308rich Hafen grew."}\n'.encode(),
    b'{"id": "\\ud800", "text": "half a pair \\ud800 and Anna Berg"}\n',
    b'{"id": null, "text": ""}\n',
    b'{"id": {"a": [1]}, "text": "caf\xe9 Anna Berg"}',
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration that loads in a moment."""
    folder = tmp_path_factory.mktemp("small")
    for name, text in {"feeds": "feeds: []", "watches": "watches: []", "topics": TOPICS, "entities": ENTITIES}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def analysed(small: Path) -> Ran:
    settings = {"LANGUAGES": "en", "CONFIG": str(small)}
    return process("analyse", "--jsonl", "-", given=b"".join(LINES), settings=settings)


def test_analyse_gives_one_line_for_each_line_in_their_order(analysed: Ran) -> None:
    assert [one.get("id") for one in analysed.documents] == [
        7, "headed", None, "broken", "marks", "\ud800", None, {"a": [1]}
    ]  # fmt: skip
    assert analysed.status == 1


def test_analyse_gives_what_the_text_alone_gives(analysed: Ran) -> None:
    first = analysed.documents[0]

    assert set(first) == {"id"} | FIELDS
    assert (first["agency"], first["people"], first["topics"]) == ("Reuters", ["Anna Berg"], ["harbour"])
    assert first["topic_evidence"]["harbour"]["phrases"] == ["harbour"]


def test_mentions_point_into_the_text_as_it_was_given(analysed: Ran) -> None:
    texts = {
        "headed": "Visit\nIn Kiel\r\nmet \x00 Anna Berg the harbour master.",
        "marks": "Zu\u0308rich Hafen grew.",
        "\ud800": "half a pair \ud800 and Anna Berg",
    }
    for document in analysed.documents:
        text = texts.get(str(document.get("id")))
        for mention in document["mentions"] if text else ():
            assert text is not None
            assert text[mention["start"] : mention["end"]] == mention["text"]
            assert mention["text"] in {"Anna Berg", "Kiel", "Zu\u0308rich Hafen"}


def test_evidence_points_into_the_text_as_it_was_given(analysed: Ran) -> None:
    text = "Visit\nIn Kiel\r\nmet \x00 Anna Berg the harbour master."

    ((start, end),) = analysed.documents[1]["topic_evidence"]["harbour"]["spans"]

    assert text[start:end] == "harbour"


def test_a_line_that_cannot_be_used_is_named_and_keeps_its_place(analysed: Ran) -> None:
    assert analysed.documents[2] == {"file": "-", "line": 4, "problem": "no JSON: expecting value at character 1"}
    assert analysed.documents[3] == {"id": "broken", "file": "-", "line": 5, "problem": "`text` is no text"}
    assert analysed.err.splitlines() == [
        "error: -:4: no JSON: expecting value at character 1",
        "error: -:5: `text` is no text",
    ]


def test_an_empty_text_is_a_text(analysed: Ran) -> None:
    assert (analysed.documents[6]["people"], analysed.documents[6]["words"]) == ([], 0)


def test_plain_files_are_a_text_each_and_a_missing_one_stops_no_other(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_LANGUAGES", "en")
    (tmp_path / "one").write_text("\ufeffAnna Berg came.\r\n", encoding="utf-8")
    (tmp_path / "two").write_text("", encoding="utf-8")

    ran = wirewatch(
        capsys, "--config", small, "analyse", tmp_path / "one", tmp_path / "none", tmp_path, tmp_path / "two"
    )

    assert ran.status == 1
    one, none, folder, two = ran.documents
    assert (one["people"], one["mentions"][0]["start"], two["words"]) == (["Anna Berg"], 0, 0)
    assert none == {"file": f"{tmp_path}/none", "problem": "cannot be read: no such file or directory"}
    assert folder["problem"] == "cannot be read: is a directory"
    assert ran.err.count("error: ") == 2


def test_many_faults_are_told_briefly_and_stand_all_in_the_output(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_LANGUAGES", "en")
    (tmp_path / "lines").write_text("x\n" * 200)

    ran = wirewatch(capsys, "--config", small, "analyse", "--jsonl", tmp_path / "lines")

    assert (ran.status, len(ran.documents)) == (1, 200)
    assert len(ran.err.splitlines()) == 21
    assert ran.err.splitlines()[-1] == "error: and 180 more; each stands in the output with its `problem`"


REPORT = "the harbour of the town was opened on monday by the mayor after two years of work and many guests came"


def clustered(capsys: pytest.CaptureFixture[str], tmp_path: Path, *lines: object) -> Ran:
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines))
    return wirewatch(capsys, "cluster", "--jsonl", file)


def test_the_earliest_of_several_copies_is_the_original(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = clustered(
        capsys,
        tmp_path,
        {"id": "late", "text": REPORT, "published": "2026-11-03T12:00:00+02:00"},
        {"id": 1, "text": REPORT, "published": "2026-11-03T09:59:00"},
        {"id": "other", "text": "nothing in common with the rest of these lines at all"},
    )

    assert (ran.status, ran.err) == (0, "")
    assert ran.documents == [
        {"id": "late", "duplicate_of": 1, "story_id": "story-1"},
        {"id": 1, "duplicate_of": None, "story_id": "story-1"},
        {"id": "other", "duplicate_of": None, "story_id": "story-other"},
    ]


def test_without_times_the_first_in_the_file_is_the_original(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = clustered(capsys, tmp_path, {"id": "z", "text": REPORT}, {"id": "a", "text": REPORT, "published": None})

    assert [one["duplicate_of"] for one in ran.documents] == [None, "z"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"id": "b", "text": "x", "published": "gestern"}, "`published`: `gestern` is no time; write it as in `2026-"),
        ({"id": "b", "text": "x", "published": "0001-01-01T00:00:00+23:00"}, "`published`: "),
        ({"id": "b", "text": "x", "published": 5}, "`published` is no text"),
        ({"id": "a", "text": "x"}, "the same `id` stands in line 1"),
        ({"text": "x"}, "`id` is missing"),
        ("{", "no JSON: "),
    ],
)
def test_a_line_that_cannot_be_clustered_is_named_and_stops_no_other(
    line: Any, problem: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = clustered(capsys, tmp_path, {"id": "a", "text": REPORT}, line, {"id": "c", "text": REPORT})

    first, fault, last = ran.documents
    assert ran.status == 1
    assert (first["id"], last["duplicate_of"]) == ("a", "a")
    assert (fault["line"], fault["problem"][: len(problem)]) == (2, problem)
    assert ran.err.startswith(f"error: {tmp_path / 'lines.jsonl'}:2: {problem}")


def test_cluster_reads_standard_input() -> None:
    ran = process("cluster", "--jsonl", "-", given=json.dumps({"id": "a", "text": REPORT}).encode())

    assert (ran.status, ran.document) == (0, {"id": "a", "duplicate_of": None, "story_id": "story-a"})


def test_parse_names_file_and_item_and_says_what_was_odd(capsys: pytest.CaptureFixture[str]) -> None:
    file = WIRES / "rss-broken.xml"

    ran = wirewatch(capsys, "parse", file)

    assert ran.status == 0
    assert [(one["file"], one["item"]) for one in ran.documents] == [(str(file), 0), (str(file), 1)]
    assert {"guid", "url", "headline", "summary", "body", "published", "language"} <= set(ran.documents[0])
    assert ran.err == f"{file}: the document breaks off; 2 complete items were kept\n"


def test_parse_goes_on_over_a_directory_a_missing_file_and_one_of_no_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text("just words")
    (tmp_path / "empty").write_bytes(b"")
    files = [tmp_path / "none", tmp_path, tmp_path / "text.txt", tmp_path / "empty", WIRES / "jsonfeed.json"]

    ran = wirewatch(capsys, "parse", *files)

    *problems, first, _ = ran.documents
    assert ran.status == 1
    assert [one["file"] for one in problems] == list(map(str, files[:4]))
    assert problems[0]["problem"] == "cannot be read: no such file or directory"
    assert problems[1]["problem"] == "cannot be read: is a directory"
    assert all(one["problem"] and "item" not in one for one in problems)
    assert (first["item"], "problem" in first) == (0, False)


def test_parse_reads_standard_input() -> None:
    ran = process("parse", "-", "--json", given=(WIRES / "jsonfeed.json").read_bytes())

    assert (ran.status, {one["file"] for one in ran.documents}) == (0, {"-"})
