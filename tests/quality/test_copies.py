"""How many edited copies are found, and how much is folded that should not be?

The articles of the sample wire are edited as sites edit agency reports, and lie among other articles on the same
subjects, the next day's follow-ups and forms with other figures. Counted are pairs: precision is the part of the
found pairs that is right, recall the part of the right ones that is found.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import NamedTuple

import pytest

from pipeline.dedup import Folding, Member, fingerprints, fold, meetings, words_of
from pipeline.demo import load_wire
from tests.factories import NOON
from tests.quality.edits import COMBINATIONS, edited, follow_up
from tests.quality.forms import FORMS

SEED = 20261124
LONG = 80


class Text(NamedTuple):
    """A text of the corpus; texts with the same `report` are copies, with the same `event` one story."""

    name: str
    text: str
    report: str
    event: str
    kind: str


class Score(NamedTuple):
    precision: float
    recall: float


def _member(name: str, text: str) -> Member:
    return Member.of(name, fingerprints([text])[0], agency=False, at=NOON)


@pytest.fixture(scope="module")
def corpus() -> list[Text]:
    forms = [(f"{form.name} {number}", text) for form in FORMS for number, text in enumerate(form.filled())]
    return [*_reports(), *(Text(name, text, name, name, "form") for name, text in forms)]


def _reports() -> Iterable[Text]:
    for feed in load_wire():
        for article in feed.at(1):
            report = article.copy_of or article.guid
            yield Text(article.guid, article.body, report, report, "wire")
            if article.copy_of or len(words_of(article.body)) < LONG:
                continue
            random = Random(f"{SEED} {article.guid}")
            for edits in COMBINATIONS:
                body = edited(article.body, article.headline, article.language, edits, random)
                yield Text(f"{article.guid} {edits}", body, report, report, " + ".join(edits))
            yield Text(
                f"{article.guid} follow-up",
                follow_up(article.body, article.language, random),
                f"{report} follow-up",
                report,
                "follow-up",
            )


@pytest.fixture(scope="module")
def folding(corpus: list[Text]) -> Folding:
    made = fingerprints([one.text for one in corpus])
    members = [
        Member.of(one.name, fingerprint, agency=False, at=NOON + timedelta(seconds=one.name != one.report))
        for one, fingerprint in zip(corpus, made, strict=True)
    ]
    return fold(members, [], meetings(members))


def _pairs(groups: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    members: dict[str, list[str]] = {}
    for name, group in groups:
        members.setdefault(group, []).append(name)
    return {pair for names in members.values() for pair in combinations(sorted(names), 2)}


def _score(found: set[tuple[str, str]], right: set[tuple[str, str]]) -> Score:
    return Score(len(found & right) / len(found), len(found & right) / len(right))


def _report(line: str) -> None:
    print(f"\n{line}", end="")  # noqa: T201 - a measurement is read by people


def test_edited_copies_are_found_and_little_else(corpus: list[Text], folding: Folding) -> None:
    score = _score(_pairs(folding.originals.items()), _pairs((one.name, one.report) for one in corpus))

    _report(f"copies among {len(corpus)} texts: precision {score.precision:.3f}, recall {score.recall:.3f}")
    assert score.precision >= 0.96
    assert score.recall >= 0.9


def test_nearly_every_way_of_editing_is_seen_through_with_nothing_but_the_original_at_hand(corpus: list[Text]) -> None:
    texts = {one.name: one for one in corpus}
    kinds = {" + ".join(edits) for edits in COMBINATIONS}
    found, total = Counter[str](), Counter[str]()

    for one in corpus:
        if one.kind in kinds:
            pair = [_member(name, texts[name].text) for name in (one.report, one.name)]
            total[one.kind] += 1
            found[one.kind] += len(set(fold(pair, [], meetings(pair)).originals.values())) == 1

    recalls = {kind: found[kind] / total[kind] for kind in total}
    for kind, recall in recalls.items():
        _report(f"{recall:.3f} of {total[kind]}: {kind}")
    assert recalls.pop("merged sentences + new lead + house style + dateline + typography") >= 0.5
    assert min(recalls.values()) >= 0.8
    assert sum(recalls.values()) / len(recalls) >= 0.95


def test_forms_with_other_figures_are_neither_copies_nor_a_story(folding: Folding) -> None:
    issues = {form.name: [f"{form.name} {number}" for number in range(len(form.issues))] for form in FORMS}

    copies = {name for name, texts in issues.items() if len({folding.originals[one] for one in texts}) == 1}
    stories = {name for name, texts in issues.items() if len({folding.stories[one] for one in texts}) == 1}

    _report(f"of {len(FORMS)} forms taken for copies: {sorted(copies)}, for a story: {sorted(stories)}")
    assert copies <= {"horoscope, de", "obituary notice, en"}  # they differ in words, not in figures
    assert stories <= copies | {"currency, pl"}


def test_what_joins_a_story_belongs_there(corpus: list[Text], folding: Folding) -> None:
    score = _score(_pairs(folding.stories.items()), _pairs((one.name, one.event) for one in corpus))

    _report(f"stories: precision {score.precision:.4f}, recall {score.recall:.3f}")
    assert score.precision >= 0.99
    assert score.recall >= 0.82


def test_few_follow_ups_are_taken_for_copies(corpus: list[Text], folding: Folding) -> None:
    follow_ups = [one.name for one in corpus if one.kind == "follow-up"]

    copies = sum(folding.originals[one] != one for one in follow_ups)

    _report(f"of {len(follow_ups)} follow-ups {copies} were taken for copies")
    assert copies <= 14


def test_different_articles_on_the_same_subject_stay_apart_and_the_wires_own_copies_are_found(
    corpus: list[Text], folding: Folding
) -> None:
    wire = [one for one in corpus if one.kind == "wire"]

    assert {one.name: folding.originals[one.name] for one in wire} == {one.name: one.report for one in wire}
