"""How good are the rules of the topics? What they give articles that a person has marked, against the marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.article import Article, TopicEvidence
from pipeline.config.models import Topic

_ANY_SCORE = 1e-6


@dataclass(frozen=True)
class Marked:
    """An article with the topics that it must have and those that do no harm; `place` is where a person finds it."""

    article: Article
    expected: frozenset[str]
    allowed: frozenset[str] = frozenset()
    place: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the rules said of one article about one topic; without evidence, that nothing speaks for it."""

    marked: Marked
    evidence: TopicEvidence | None


@dataclass
class Trial:
    """One topic on trial: the articles that were rightly given it, wrongly given it, and those where it is missing."""

    right: list[Verdict] = field(default_factory=list)
    wrong: list[Verdict] = field(default_factory=list)
    missed: list[Verdict] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of the articles given the topic that are about it; 1 if none were given it."""
        return len(self.right) / found if (found := len(self.right) + len(self.wrong)) else 1.0

    @property
    def recall(self) -> float:
        """The share of the articles about the topic that were given it; 1 if none are about it."""
        return len(self.right) / expected if (expected := len(self.right) + len(self.missed)) else 1.0

    def add(self, other: Trial) -> None:
        """Take over the verdicts of another trial."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed


def lenient(topics: Iterable[Topic]) -> list[Topic]:
    """Return the topics such that any evidence is told: an enricher that has them tells also what fell short."""
    return [topic.model_copy(update={"threshold": _ANY_SCORE}) for topic in topics]


def judge(enriched: Iterable[Marked], topics: Sequence[Topic]) -> dict[str, Trial]:
    """Return a trial for each of the topics.

    The articles must come from an enricher with these topics, made `lenient` so that misses have their score.
    """
    trials = {topic.id: Trial() for topic in topics}
    for marked in enriched:
        for topic in topics:
            evidence = marked.article.topic_evidence.get(topic.id)
            found = evidence is not None and evidence.score >= topic.threshold
            trial, verdict = trials[topic.id], Verdict(marked, evidence)
            if topic.id in marked.expected:
                (trial.right if found else trial.missed).append(verdict)
            elif found and topic.id not in marked.allowed:
                trial.wrong.append(verdict)
    return trials


def together(trials: Iterable[Trial]) -> Trial:
    """Return all trials as one, for figures over all topics (micro-average)."""
    whole = Trial()
    for trial in trials:
        whole.add(trial)
    return whole
