"""Is a broken configuration told of once, and over when it is mended?"""

from datetime import timedelta

from pipeline.errors import ConfigError
from pipeline.stages.soundness import note
from pipeline.store import Problem, Store
from tests.factories import NOON

FAULT = ConfigError("`feeds.yaml`, line 3: `name` is missing", hint="write a name")


def open_problems(store: Store) -> list[Problem]:
    with store.reading() as transaction:
        return transaction.problems.latest()


def test_a_fault_is_news_once_and_stands_among_the_problems(store: Store) -> None:
    assert [note(store, FAULT, now=NOON + timedelta(minutes=one)) for one in range(3)] == [True, False, False]

    (problem,) = open_problems(store)
    assert (problem.subject, problem.reason, problem.times) == ("configuration", FAULT.message, 1)
    assert problem.detail == "what the files said before stays in force until they are mended; write a name"


def test_another_fault_takes_its_place(store: Store) -> None:
    note(store, FAULT, now=NOON)

    assert note(store, ConfigError("`watches.yaml`: cannot be read"), now=NOON)
    assert [problem.reason for problem in open_problems(store)] == ["`watches.yaml`: cannot be read"]


def test_a_sound_configuration_closes_it_and_is_news_once(store: Store) -> None:
    note(store, FAULT, now=NOON)

    assert [note(store, None, now=NOON) for _ in range(2)] == [True, False]
    assert open_problems(store) == []


def test_the_same_fault_again_is_news_again(store: Store) -> None:
    for fault in (FAULT, None):
        note(store, fault, now=NOON)

    assert note(store, FAULT, now=NOON)
