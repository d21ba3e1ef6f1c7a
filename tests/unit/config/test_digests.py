"""What is said about a digest that is wrong, and what a right one means."""

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
import yaml

from pipeline.config import load, load_digests, load_watches
from pipeline.errors import ConfigError
from tests.unit.config.conftest import WATCHES

Write = Callable[..., Path]
Complaint = Callable[..., ConfigError]

DIGEST = """\
digests:
  - id: morning
    name: Morning digest
    to: [desk@example.org]
    every: day
    at: "06:30"
    zone: Europe/Berlin
"""
SHIPPED = Path(__file__).parents[3] / "config" / "watches.yaml"


def test_digests_stand_beside_the_watches(write: Write) -> None:
    (digest,) = load(write(watches=WATCHES + DIGEST)).digests

    assert (digest.id, digest.every, digest.at, digest.zone) == ("morning", "day", time(6, 30), "Europe/Berlin")
    assert (digest.watches, digest.stories, digest.enabled) == ((), 50, True)


def test_their_order_in_the_file_does_not_matter(write: Write) -> None:
    path = write(watches=DIGEST + WATCHES) / "watches.yaml"

    assert [one.id for one in load_digests(path)] == ["morning"]
    assert [one.id for one in load_watches(path)] == ["berg"]


@pytest.mark.parametrize("watches", [WATCHES, WATCHES + "digests: []\n", WATCHES + "digests:\n"])
def test_there_may_be_none(watches: str, write: Write) -> None:
    assert load(write(watches=watches)).digests == ()


@pytest.mark.parametrize("written", ["6:30", '"6:30"', "06:30"])
def test_a_time_needs_neither_quotes_nor_a_zero(written: str, write: Write) -> None:
    (digest,) = load(write(watches=WATCHES + DIGEST.replace('"06:30"', written))).digests

    assert digest.at == time(6, 30)


@pytest.mark.parametrize(
    ("line", "wrong", "expected"),
    [
        (10, "every: daily", "`digests[0].every`: did you mean `day`? write `day`, `monday`, "),
        (10, "every: Monday", "`digests[0].every`: did you mean `monday`? write `day`, "),
        (10, "every: 7", "`digests[0].every`: write `day`, "),
        (11, "at: 24:00", "`digests[0].at`: write hour and minute, from `00:00` to `23:59`, such as `06:30`"),
        (11, "at: 6", "`digests[0].at`: write hour and minute"),
        (11, "at: 6.30", "`digests[0].at`: write hour and minute"),
        (11, "at: 06:30:15", "`digests[0].at`: write hour and minute"),
        (12, "zone: Berlin", "`digests[0].zone`: no time zone is called `Berlin`; did you mean `Europe/Berlin`?"),
        (12, "zone: MEZ", "`digests[0].zone`: no time zone is called `MEZ`; write continent and city, such as"),
        (12, "zone: ../../etc/passwd", "`digests[0].zone`: no time zone is called"),
        (12, "zone: +1", "`digests[0].zone`: `+1` is a number; to have it as a text"),
        (13, "watches: [bergs]", "`digests[0].watches[0]`: `bergs` is not known; did you mean `berg`?"),
        (13, "stories: 0", "`digests[0].stories`: write a number greater than or equal to 1"),
        (13, "hour: 6", "`digests[0].hour`: unknown field; known are `id`, `name`, `to`, `every`, `at`"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_what_would_be_right(
    line: int, wrong: str, expected: str, complaint: Complaint
) -> None:
    lines = (WATCHES + DIGEST).splitlines()
    field = wrong.split(":", maxsplit=1)[0]
    lines = [
        f"    {wrong}" if one.strip().startswith(f"{field}:") and number > 6 else one
        for number, one in enumerate(lines)
    ]
    text = "\n".join(lines if f"    {wrong}" in lines else [*lines, f"    {wrong}"]) + "\n"

    error = complaint(watches=text)

    place, _, message = error.message.partition(": ")
    assert place.endswith(f"watches.yaml:{line}")
    assert message.startswith(expected)


@pytest.mark.parametrize(
    ("field", "example"),
    [
        ("every", "`every: day`, or a day of the week such as `every: monday`"),
        ("at", '`at: "06:30"`'),
        ("zone", "`zone: Europe/Berlin`"),
    ],
)
def test_a_missing_field_is_shown_by_example(field: str, example: str, complaint: Complaint) -> None:
    lines = [one for one in (WATCHES + DIGEST).splitlines() if not one.strip().startswith(f"{field}:")]

    error = complaint(watches="\n".join(lines) + "\n")

    assert error.message.endswith(f"watches.yaml:7: `digests[0].{field}`: is missing; write {example}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("digests: []\n", "watches.yaml:1: `watches` is missing; write `watches:` and a list below it"),
        ("watches: []\ndigest: []\n", "watches.yaml:2: unknown field `digest`; did you mean `digests`?"),
        ("watches: []\nshade: []\n", "watches.yaml:2: unknown field `shade`; known are `watches` or `digests`"),
        ("", "watches.yaml:1: the file is empty; write `watches:`"),
        ("watches: [\n", "watches.yaml:2"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_once(text: str, expected: str, complaint: Complaint) -> None:
    error = complaint(watches=text)

    assert error.message.count("\n") == 0
    assert expected in error.message


def test_two_digests_have_two_names(complaint: Complaint) -> None:
    error = complaint(watches=WATCHES + DIGEST + DIGEST.removeprefix("digests:\n"))

    assert "`digests[1].id`: `morning` stands in line 7 already" in error.message


def test_the_examples_in_the_shipped_file_work_once_the_marks_are_gone(write: Write) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    shown = text[text.index("# digests:\n") : text.index("\nwatches:\n")]
    example = "\n".join(line[2:] for line in shown.splitlines()) + "\n"
    watches = "watches:\n  - {id: starlink, name: Starlink, entities: [anna-berg], to: [desk@example.org]}\n"

    digests = load(write(watches=f"{watches}{example}")).digests

    assert [one.id for one in digests] == [one["id"] for one in yaml.safe_load(example)["digests"]]
    assert {one.every for one in digests} == {"day", "friday"}
