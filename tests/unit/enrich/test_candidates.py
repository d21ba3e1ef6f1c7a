"""Which names of the news are worth adding to the catalogue?"""

from datetime import timedelta

from pipeline.article import Article, Kind, Mention
from pipeline.enrich.candidates import candidates
from tests.factories import NOON, a_source, an_article


def about(*names: str, kind: Kind = Kind.PERSON, entity_id: str | None = None, **changes: object) -> Article:
    mentions = tuple(
        Mention(text=name, start=0, end=len(name), kind=kind, entity_id=entity_id, name=name) for name in names
    )
    return an_article(mentions=mentions, **changes)


def test_a_name_counts_once_an_article() -> None:
    (found,) = candidates([about("Olena Haj", "Olena Haj"), about("Olena Haj", id="a2")], (), least=1)

    assert (found.name, found.kind, len(found.articles), len(found.sources)) == ("Olena Haj", Kind.PERSON, 2, 1)


def test_copies_count_for_their_sources_and_not_as_articles() -> None:
    copy = about("Olena Haj", id="a2", source=a_source(id="nachbar"), duplicate_of="a1")

    (found,) = candidates([about("Olena Haj"), copy], (), least=1)

    assert (len(found.articles), found.sources) == (1, {"kuestenblatt", "nachbar"})


def test_an_entity_of_the_catalogue_is_no_candidate() -> None:
    assert candidates([about("Olena Haj", entity_id="olena-haj")], (), least=1) == []


def test_an_identity_made_from_the_name_alone_is_a_candidate() -> None:
    (found,) = candidates([about("Olena Haj", entity_id="name-olena-haj")], (), least=1)

    assert found.name == "Olena Haj"


def test_a_name_of_the_catalogue_whose_context_was_missing_is_no_candidate() -> None:
    assert candidates([about("Łysek")], {"lysek"}, least=1) == []


def test_rare_names_are_left_out() -> None:
    news = [about("Olena Haj", id="a1"), about("Olena Haj", "Jan Sol", id="a2")]

    assert [found.name for found in candidates(news, (), least=2)] == ["Olena Haj"]


def test_the_commonest_come_first() -> None:
    news = [about("Jan Sol", "Olena Haj", id="a1"), about("Olena Haj", id="a2")]

    assert [found.name for found in candidates(news, (), least=1)] == ["Olena Haj", "Jan Sol"]


def test_spellings_that_differ_in_case_and_diacritics_are_one_name() -> None:
    news = [about("Jan Sól", id="a1"), about("Jan Sól", id="a2"), about("JAN SOL", id="a3")]

    (found,) = candidates(news, (), least=3)

    assert found.name == "Jan Sól"


def test_a_genitive_counts_for_its_name() -> None:
    news = [about("Olena Haj", "Olena Haj", id="a1"), about("Olena Hajs", id="a2"), about("Olena Haj's", id="a3")]

    (found,) = candidates(news, (), least=3)

    assert found.name == "Olena Haj"


def test_the_genitive_of_a_known_name_is_no_candidate() -> None:
    assert candidates([about("Olena Hajs")], {"olena haj"}, least=1) == []


def test_a_name_that_ends_in_s_is_left_as_it_is() -> None:
    (found,) = candidates([about("Jonas Kass")], (), least=1)

    assert found.name == "Jonas Kass"


def test_the_example_is_the_newest_headline() -> None:
    later = NOON + timedelta(hours=1)
    news = [about("Jan Sol", id="a2", headline="Später", published=later), about("Jan Sol", id="a1", headline="Früher")]

    (found,) = candidates(news, (), least=1)

    assert found.example == "Später"


def test_numbers_and_single_letters_are_no_names() -> None:
    assert candidates([about("7", "42", "123", "X")], (), least=1) == []


def test_nothing_comes_of_nothing() -> None:
    assert candidates([], (), least=1) == []
