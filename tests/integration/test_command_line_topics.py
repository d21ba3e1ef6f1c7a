"""Topics on trial: how well rules do on articles marked by hand, and what they lack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import Ran, wirewatch

FILES = {
    "feeds": "feeds: []\n",
    "entities": "entities: [{id: anna-berg, name: Anna Berg, kind: person}]\n",
    "watches": "watches: [{id: harbours, name: Harbours, topics: [harbours], to: [desk@example.org]}]\n",
    "topics": """\
topics:
  - {id: harbours, name: Harbours, threshold: 2, phrases: [{phrase: harbour, weight: 1.5}, {phrase: quay}]}
  - {id: council, name: Council, phrases: [{phrase: council}]}
""",
}
LINES: list[dict[str, Any]] = [
    {"id": "h1", "headline": "Harbour grows", "text": "A crane came.", "expected_topics": ["harbours"]},
    {"id": "h2", "text": "The harbour has a crane and a new quay.", "expected_topics": ["harbours"]},
    {"id": "h3", "text": "A crane for the harbour.", "expected_topics": ["harbours"]},
    {"id": "c1", "headline": "Harbour street", "text": "The council met.", "expected_topics": ["council"]},
    {"id": "c2", "text": "Rain.", "expected_topics": [], "may_topics": ["council"]},
    {"id": "c3", "text": "The council slept.", "expected_topics": [], "may_topics": ["council"]},
]
Ask = Callable[..., Ran]


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    file = tmp_path / "marked.jsonl"
    file.write_text("".join(json.dumps(line | {"language": "en"}) + "\n" for line in LINES))
    return file


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Calls `wirewatch topics` on a configuration with topics of its own."""
    monkeypatch.setenv("WIREWATCH_LANGUAGES", "en")
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return lambda *arguments: wirewatch(capsys, "--config", tmp_path, "--data", tmp_path, "topics", *arguments)


def test_the_configured_topics_are_listed(ask: Ask) -> None:
    assert [one["id"] for one in ask("list", "--json").documents] == ["harbours", "council"]
    assert "Harbours" in ask("list").out


def test_rules_are_measured_with_examples_of_what_went_wrong(ask: Ask, marked: Path) -> None:
    ran = ask("test", "--on", marked)

    lines = [line.split() for line in ran.out.splitlines()]
    assert ["council", "1.00", "1.00", "1", "0", "0"] in lines
    assert ["harbours", "0.67", "0.67", "2", "1", "1"] in lines
    assert ["all", "0.75", "0.75", "3", "1", "1"] in lines
    assert "wrong harbours: c1 'Harbour street': 3 of 2, from harbour" in ran.out
    assert "missed harbours: h3 'A crane for the harbour.': 1.5 of 2, from harbour" in ran.out
    assert ran.status == 0


def test_figures_come_as_json_with_the_evidence_of_each_mistake(ask: Ask, marked: Path) -> None:
    (harbours,) = ask("test", "--on", marked, "--topic", "harbours", "--json").documents

    assert (harbours["topic"], harbours["precision"], harbours["recall"]) == ("harbours", 0.6667, 0.6667)
    assert [one["article"] for one in harbours["wrong"]] == ["c1"]
    assert harbours["missed"][0]["evidence"]["phrases"] == ["harbour"]


def test_rules_in_another_file_are_tried_without_touching_the_configured_ones(
    ask: Ask, marked: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("topics: [{id: harbours, name: Harbours, phrases: [{phrase: crane}]}]\n")
    marked.write_text("".join(json.dumps(line) + "\n" for line in LINES if "council" not in line["expected_topics"]))

    (harbours,) = ask("test", mine, "--on", marked, "--json").documents

    assert (harbours["precision"], harbours["recall"]) == (1, 1)


def test_a_mistake_in_the_file_to_try_is_told_by_line_and_field(ask: Ask, marked: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("topics:\n  - {id: harbours, name: Harbours, entities: {ana-berg: 1}}\n")

    ran = ask("test", mine, "--on", marked)

    assert ran.status == 2
    assert "mine.yaml:2: `topics[0].entities.ana-berg`: no entity has this id; did you mean `anna-berg`?" in ran.err
    assert "comments at the top of the `topics.yaml`" in ran.err


def test_lines_that_cannot_be_used_are_told_and_the_others_go_on(ask: Ask, marked: Path) -> None:
    bad = [
        {"text": "No marks."},
        {"text": "Odd.", "expected_topics": "harbours"},
        {"text": "New.", "expected_topics": ["x"]},
    ]
    with marked.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in bad)
        file.write("no json\n")

    ran = ask("test", "--on", marked)

    assert ran.status == 1
    assert "marked.jsonl:7: `expected_topics` is missing" in ran.err
    assert "marked.jsonl:8: `expected_topics` is no list of topics" in ran.err
    assert "marked.jsonl:9: no topic is called `x`" in ran.err
    assert "marked.jsonl:10: no JSON" in ran.err
    assert "6 marked articles" in ran.err


def test_a_file_without_a_marked_article_says_how_to_mark_one(ask: Ask, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")

    ran = ask("test", "--on", empty)

    assert ran.status == 2
    assert "expected_topics" in ran.err


def test_phrases_are_proposed_as_lines_that_the_file_can_take(ask: Ask, marked: Path) -> None:
    ran = ask("suggest", "--on", marked, "--topic", "harbours")

    proposed = yaml.safe_load(ran.out)
    assert [one["phrase"] for one in proposed["phrases"]] == ["crane"]
    assert "in 3 articles of the topic, 0 others" in ran.out


def test_with_what_was_proposed_the_rules_do_better(ask: Ask, marked: Path, tmp_path: Path) -> None:
    (proposed,) = ask("suggest", "--on", marked, "--topic", "harbours", "--json").documents
    text = FILES["topics"].replace("{phrase: quay}]", "{phrase: quay}, PROPOSED]")
    (tmp_path / "topics.yaml").write_text(text.replace("PROPOSED", proposed["yaml"].strip().removeprefix("- ")))

    (harbours,) = ask("test", "--on", marked, "--topic", "harbours", "--json").documents

    assert harbours["recall"] == 1


def test_a_topic_that_is_not_there_or_not_marked_is_told(ask: Ask, marked: Path) -> None:
    assert "no topic has the id `ports`" in ask("suggest", "--on", marked, "--topic", "ports").err
    marked.write_text(json.dumps({"text": "Rain.", "expected_topics": []}) + "\n")
    assert "has `harbours` among its `expected_topics`" in ask("suggest", "--on", marked, "--topic", "harbours").err
