"""Looking up who and what is known, and which names of the news are not."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from pipeline.article import Kind, Mention
from pipeline.config import Settings
from pipeline.store import Store
from tests.command_line import Ran, wirewatch
from tests.factories import an_article

ENTITIES = """\
entities:
  - {id: anna-berg, name: Anna Berg, kind: person, aliases: [{name: Berg, context: [Hafen]}]}
  - {id: starlink, name: Starlink, kind: product, aliases: [Sternenkette]}
  - {id: kai-sol, name: Kai Sol, kind: person, aliases: [{name: Sol, context: [Kai]}]}
  - {id: ida-sol, name: Ida Sol, kind: person, aliases: [{name: Sol, context: [Ida]}]}
"""
FILES = {
    "feeds": "feeds: []\n",
    "topics": "topics: [{id: harbour, name: Harbour, entities: {anna-berg: 1}}]\n",
    "entities": ENTITIES,
    "watches": "watches: [{id: berg, name: Berg, entities: [Anna Berg], to: [desk@example.org]}]\n",
}
Ask = Callable[..., Ran]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Calls `wirewatch entities` on a configuration with entities of its own."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return lambda *arguments: wirewatch(capsys, "--config", tmp_path, "--data", tmp_path, "entities", *arguments)


@pytest.fixture
def news(tmp_path: Path) -> None:
    """Three articles of today that name somebody whom no list has, and one of last month that names another."""
    today = datetime.now(UTC)
    haj = Mention(text="Olena Haj", start=0, end=9, kind=Kind.PERSON, name="Olena Haj")
    sol = Mention(text="Jan: Sol", start=0, end=8, kind=Kind.PERSON, name="Jan: Sol")
    articles = [
        an_article(id=f"a{number}", guid=f"g{number}", mentions=(haj,), published=today, first_seen=today)
        for number in range(3)
    ]
    before = today - timedelta(days=20)
    articles.append(an_article(id="a9", guid="g9", mentions=(sol,), published=before, first_seen=before))
    with (
        closing(Store(Settings.load({"WIREWATCH_DATA": str(tmp_path)}).store)) as store,
        store.transaction() as transaction,
    ):
        transaction.articles.add(*articles)
        transaction.articles.save(*articles, enriched=True)


def test_search_finds_by_any_name_and_forgives(ask: Ask) -> None:
    ran = ask("search", "SELENSKYJ", "--json")

    assert (ran.status, ran.documents[0]["id"]) == (0, "volodymyr-zelenskyy")


def test_search_shows_id_kind_country_and_aliases(ask: Ask) -> None:
    ran = ask("search", "Ukraine", "--limit", 1)

    assert ran.out.splitlines()[0].split() == ["id", "name", "kind", "country", "aliases"]
    assert "country-UA  Ukraine  place  UA" in ran.out
    assert "`--limit` shows more" in ran.err


def test_search_says_when_there_is_nothing(ask: Ask) -> None:
    ran = ask("search", "Niemand Nirgends")

    assert (ran.status, ran.out) == (0, "")
    assert "0 found; add it to `entities.yaml`" in ran.err


def test_show_tells_what_uses_an_entity_and_when_its_names_count(ask: Ask) -> None:
    told = ask("show", "anna berg", "--json").document

    assert (told["topics"], told["watches"], told["origin"]) == (["harbour"], ["berg"], "your files")
    assert told["aliases"] == [{"name": "Berg", "context": ["Hafen"]}]


def test_show_tells_it_to_people_too(ask: Ask) -> None:
    ran = ask("show", "anna-berg")

    assert ran.out.splitlines()[0] == "Anna Berg"
    assert "Berg   context: Hafen" in ran.out


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("spacex", "comes with Wirewatch"),
        ("country-UA", "comes with Wirewatch"),
        ("starlink", "comes with Wirewatch, changed in your files"),
    ],
)
def test_show_tells_where_an_entity_comes_from(ask: Ask, name: str, origin: str) -> None:
    told = ask("show", name, "--json").document

    assert told["origin"] == origin
    assert told["source"]


def test_show_asks_back_where_a_name_has_several_meanings(ask: Ask) -> None:
    ran = ask("show", "Sol")

    assert ran.status == 2
    assert "`Sol` can mean several: `kai-sol`, `ida-sol`\nhint: name one by its id" in ran.err


def test_show_says_what_to_do_about_an_unknown_name(ask: Ask) -> None:
    ran = ask("show", "Niemand")

    assert ran.status == 2
    assert "error: no entity is called `Niemand`\nhint: `wirewatch entities search Niemand`" in ran.err


def test_show_tells_by_which_id_somebody_in_no_list_can_be_watched(ask: Ask) -> None:
    assert "can be watched as `name-person-olen-tkasenk`" in " ".join(ask("show", "Олена Ткаченко").err.split())


@pytest.mark.usefixtures("news")
def test_candidates_lists_frequent_names_of_the_last_week_with_the_lines_that_add_one(ask: Ask) -> None:
    ran = ask("candidates")

    assert ran.status == 0
    assert "Olena Haj  person  3" in ran.out
    assert "Jan" not in ran.out
    assert ran.out.splitlines()[2:] == [
        "  - id: olena-haj",
        "    name: Olena Haj",
        "    kind: person",
        "    country: # such as DE, or leave the line out",
        "    aliases: []",
    ]


@pytest.mark.usefixtures("news")
def test_the_lines_of_a_candidate_are_an_entry_that_loads(ask: Ask, tmp_path: Path) -> None:
    first = ask("candidates", "--since", "30d", "--least", 1, "--json").documents

    entries = "entities:\n" + "".join(f"{one['yaml']}\n" for one in first)
    (tmp_path / "entities.yaml").write_text(ENTITIES + entries.removeprefix("entities:\n"))

    assert [entry["name"] for entry in yaml.safe_load(entries)["entities"]] == ["Olena Haj", "Jan: Sol"]
    assert ask("show", "jan-sol", "--json").document["origin"] == "your files"
    assert ask("candidates", "--since", "30d", "--least", 1, "--json").out == ""


def test_candidates_of_an_empty_store_are_none(ask: Ask) -> None:
    ran = ask("candidates")

    assert (ran.status, ran.out) == (0, "")
    assert "0 names in at least 3 articles" in ran.err
