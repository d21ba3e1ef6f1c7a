"""How well do rules do on articles that a person has marked?"""

import pytest

from pipeline.article import TopicEvidence
from pipeline.config import Phrase, Topic
from pipeline.enrich.trials import Marked, judge, lenient, together
from tests.factories import an_article

HARBOURS = Topic(id="harbours", name="Harbours", threshold=2, phrases=(Phrase(phrase="harbour"),))


def marked(score: float | None, *, expected: bool = False, allowed: bool = False) -> Marked:
    evidence = {} if score is None else {"harbours": TopicEvidence(score=score, phrases=("harbour",))}
    names = frozenset({"harbours"})
    return Marked(
        an_article(topic_evidence=evidence), names if expected else frozenset(), names if allowed else frozenset()
    )


def test_precision_and_recall_count_what_was_given_against_what_is_right() -> None:
    articles = [marked(2, expected=True), marked(3, expected=True), marked(1.9, expected=True), marked(2), marked(None)]

    trial = judge(articles, [HARBOURS])["harbours"]

    assert (len(trial.right), len(trial.wrong), len(trial.missed)) == (2, 1, 1)
    assert trial.precision == pytest.approx(2 / 3)
    assert trial.recall == pytest.approx(2 / 3)


def test_a_topic_that_does_no_harm_is_neither_right_nor_wrong() -> None:
    trial = judge([marked(2, allowed=True)], [HARBOURS])["harbours"]

    assert (trial.right, trial.wrong, trial.missed) == ([], [], [])


def test_a_miss_says_how_far_it_got() -> None:
    missed = judge([marked(1.5, expected=True), marked(None, expected=True)], [HARBOURS])["harbours"].missed

    assert [verdict.evidence and verdict.evidence.score for verdict in missed] == [1.5, None]


def test_where_nothing_is_given_and_nothing_expected_nothing_is_wrong() -> None:
    trial = judge([marked(None)], [HARBOURS])["harbours"]

    assert (trial.precision, trial.recall) == (1, 1)


def test_figures_over_all_topics_count_every_tag_alike() -> None:
    cranes = HARBOURS.model_copy(update={"id": "cranes"})
    trials = judge([marked(2, expected=True), marked(2)], [HARBOURS, cranes])

    assert together(trials.values()).precision == pytest.approx(1 / 2)


def test_lenient_topics_differ_in_nothing_but_the_threshold() -> None:
    (lenient_one,) = lenient([HARBOURS])

    assert lenient_one.threshold < 0.01
    assert lenient_one.model_copy(update={"threshold": 2}) == HARBOURS
