"""One id for all spellings of a name that no list has, and different ids for different names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Kind
from pipeline.enrich.identity import PATTERN, identity_of, key_of


@pytest.mark.parametrize(
    "spellings",
    [
        ["Olena Tkachenko", "Olena Tkatschenko", "Olena Tkaczenko", "Ołena Tkaczenko", "Olena Tkatchenko",
         "Olena Tkatsjenko", "Олена Ткаченко", "Олени Ткаченко", "Олену Ткаченко", "Елена Ткаченко", "Еленой Ткаченко"],
        ["Wladimir Putin", "Vladimir Putin", "Vladimir Poutine", "Vladimir Poetin", "Владимир Путин",
         "Владимира Путина", "Владимиром Путиным", "Władimira Putina"],
        ["Wolodymyr Selenskyj", "Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodímir Zelenski", "Володимир Зеленський",
         "Володимира Зеленського", "Володимиром Зеленським", "Владимир Зеленский", "Владимиру Зеленскому"],
        ["Taras Schewtschenko", "Taras Shevchenko", "Taras Chevtchenko", "Тарас Шевченко", "Taras Szewczenko"],
        ["Nikita Chruschtschow", "Nikita Khrushchev", "Nikita Khrouchtchev", "Никита Хрущев", "Никиты Хрущева"],
        ["Oleksij Kutscherenko", "Oleksiy Kucherenko", "Oleksii Kucherenko", "Олексій Кучеренко", "Олексія Кучеренка"],
        ["Sergej Iwanow", "Sergei Ivanov", "Sergueï Ivanov", "Сергей Иванов", "Сергея Иванова", "Сергеем Ивановым"],
        ["Michail Gorbatschow", "Mikhail Gorbachev", "Mikhaïl Gorbatchev", "Михаил Горбачев", "Michaił Gorbaczow"],
        ["Ruslan Shcherbak", "Ruslan Schtscherbak", "Rouslan Chtcherbak", "Roeslan Sjtsjerbak", "Rusłana Szczerbaka",
         "Руслан Щербак", "Руслана Щербака"],
        ["Juri Schukow", "Yuri Zhukov", "Юрий Жуков", "Iouri Joukov"],
        ["Ivo Brandstätter", "Ivo Brandstatter", "IVO BRANDSTÄTTER", "Ivo Brandstaetter"],
        ["Jörg Müller", "Joerg Mueller", "Jorg Muller"],
    ],
    ids=lambda spellings: spellings[0],
)  # fmt: skip
def test_all_spellings_of_a_name_are_one_person(spellings: list[str]) -> None:
    assert len({identity_of(name, Kind.PERSON) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jan Meier", "Jan Mayer"), ("Olena Tkachenko", "Oleh Tkachenko"), ("Eva Braun", "Eva Brown"),
     ("Anna Berg", "Anna Burg"), ("Petro Symonenko", "Pavlo Symonenko"), ("Hans Maier", "Hanna Maier"), ("Ulrich Lang", "Ulrich Lange"), ("Heinrich Wagner", "Heinrich Wahner")],
)  # fmt: skip
def test_different_names_are_different_people(one: str, other: str) -> None:
    assert identity_of(one, Kind.PERSON) != identity_of(other, Kind.PERSON)


def test_a_person_is_not_the_company_of_the_same_name() -> None:
    assert identity_of("Rosa Falk", Kind.PERSON) != identity_of("Rosa Falk", Kind.ORGANISATION)


@given(st.text(max_size=40), st.sampled_from(Kind))
def test_any_text_has_one_id_that_is_recognised_as_such(name: str, kind: Kind) -> None:
    identifier = identity_of(name, kind)

    assert identity_of(name, kind) == identifier
    assert PATTERN.fullmatch(identifier) or not any(key_of(name))
