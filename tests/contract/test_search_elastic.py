"""What the index on Elasticsearch promises beyond the port: months, versions, generations, upkeep."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from elasticsearch import Elasticsearch

from pipeline.article import Article, Location
from pipeline.errors import QueryError, SearchUnavailable
from pipeline.search import parse_query
from pipeline.search.elastic import ElasticIndex, ElasticReplacement, connect
from pipeline.search.elastic.mapping import VERSION, mappings
from tests.contract.queries import CASES, CORPUS, NOW
from tests.elasticsearch.indices import a_name
from tests.factories import NOON, REPORT, an_article

EVERYTHING = parse_query("*", now=NOW)
SUMMER = datetime(2026, 7, 5, tzinfo=UTC)


@pytest.fixture
def name(elasticsearch_url: str) -> Iterator[str]:
    with a_name(elasticsearch_url) as name:
        yield name


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with connect([elasticsearch_url]) as client:
        yield client


@pytest.fixture
def index(client: Elasticsearch, name: str) -> ElasticIndex:
    return ElasticIndex(client, name=name, refresh=True, patience=1).prepare()


def found(index: ElasticIndex, query: str = "*") -> set[str]:
    return {hit.id for hit in index.search(parse_query(query, now=NOW), limit=100, fold_copies=False).hits}


def indices(client: Elasticsearch, name: str) -> list[str]:
    return sorted(each.removeprefix(name) for each in client.indices.get_alias(index=f"{name}-*"))


def test_an_article_lies_in_the_month_in_which_it_was_first_seen(
    index: ElasticIndex, client: Elasticsearch, name: str
) -> None:
    index.write([an_article(id="old", first_seen=SUMMER), an_article(id="new")])

    assert indices(client, name) == ["-000001", "-000001-2026.07", "-000001-2026.11"]
    assert found(index) == {"old", "new"}


def test_a_correction_of_the_date_of_publication_moves_no_article(index: ElasticIndex) -> None:
    index.write([an_article(first_seen=SUMMER, published=SUMMER)])

    index.write([an_article(first_seen=SUMMER, published=NOON, version=2)])

    assert list(index.ids()) == [("a1", 2)]
    assert index.search(EVERYTHING).total == 1


def test_a_field_that_the_mapping_does_not_know_is_refused(
    index: ElasticIndex, client: Elasticsearch, name: str
) -> None:
    index.write([an_article()])

    with pytest.raises(Exception, match="strict_dynamic_mapping_exception"):
        client.index(index=f"{name}-000001-2026.11", id="x", document={"headlines": "x"})


def test_no_index_comes_into_being_by_being_written_to(index: ElasticIndex, client: Elasticsearch, name: str) -> None:
    with pytest.raises(Exception, match="index_not_found_exception"):
        client.index(index=f"{name}-000001-2026.01", id="x", document={"headline": "x"})

    assert found(index) == set()


# Chinese is left out: in Kibana its characters are found in any order, unless they stand in quotes
@pytest.mark.parametrize("query", [query for query, _ in CASES if query.isalpha() and query[0] < "\u4e00"])
def test_a_bare_word_in_kibana_finds_what_wirewatch_search_finds(
    elasticsearch_url: str, corpus_name: str, query: str
) -> None:
    with connect([elasticsearch_url]) as client:
        ours = found(ElasticIndex(client, name=corpus_name), query)

        answer = client.search(index=corpus_name, query={"query_string": {"query": query}}, size=100)

    assert {hit["_id"] for hit in answer["hits"]["hits"]} - {"killed"} == ours


@pytest.fixture(scope="module")
def corpus_name(elasticsearch_url: str) -> Iterator[str]:
    with a_name(elasticsearch_url) as name:
        index = ElasticIndex(connect([elasticsearch_url]), name=name).prepare()
        index.write(CORPUS)
        index.close()
        yield name


def test_what_was_written_is_found_after_close(elasticsearch_url: str, corpus_name: str) -> None:
    with connect([elasticsearch_url]) as client:
        assert found(ElasticIndex(client, name=corpus_name)) == {each.id for each in CORPUS} - {"killed"}


def test_every_field_of_the_mapping_and_no_other_is_sent() -> None:
    properties = mappings()["properties"]
    article = CORPUS[0].document()

    assert set(article) <= set(properties)


def test_a_word_is_stemmed_in_the_language_of_its_article(index: ElasticIndex) -> None:
    texts = {
        "fr": "Les députés examinaient les propositions européennes.",
        "es": "Los diputados examinaban las propuestas europeas.",
        "it": "I deputati esaminavano le proposte europee.",
        "nl": "De afgevaardigden spraken in vergaderingen.",
        "pt": "Os deputados examinavam as propostas europeias.",
        "ru": "Депутаты рассматривали предложения.",
    }
    index.write([an_article(id=code, language=code, headline="", body=text) for code, text in texts.items()])

    assert found(index, "proposition") == {"fr"}
    assert found(index, "propuesta") == {"es"}
    assert "it" in found(index, "proposta")
    assert found(index, "vergadering") == {"nl"}
    assert "pt" in found(index, "proposta")
    assert found(index, "предложение") == {"ru"}


def test_a_german_word_is_not_stemmed_as_a_french_one(index: ElasticIndex) -> None:
    index.write([an_article(language="fr", headline="", body="Satelliten")])

    assert found(index, "Satellit") == set()
    assert found(index, "Satelliten") == {"a1"}


def test_places_are_points_on_a_map(index: ElasticIndex, client: Elasticsearch, name: str) -> None:
    index.write([an_article(locations=(Location(lat=54.3, lon=10.1), Location(lat=51.8, lon=10.6)))])

    near = {"geo_distance": {"distance": "20km", "locations": {"lat": 54.3, "lon": 10.2}}}

    assert client.count(index=name, query=near)["count"] == 1


# upkeep


def test_months_that_are_too_old_are_deleted_whole(index: ElasticIndex, client: Elasticsearch, name: str) -> None:
    index.write([an_article(id="old", first_seen=SUMMER), an_article(id="new")])

    gone = index.tidy(now=NOW, keep=timedelta(days=60))

    assert gone == 1
    assert indices(client, name) == ["-000001", "-000001-2026.11"]
    assert found(index) == {"new"}


def test_tidying_keeps_everything_unless_told_otherwise(index: ElasticIndex) -> None:
    index.write([an_article(id="old", first_seen=SUMMER)])

    assert index.tidy(now=NOW, keep=None) == 0

    assert found(index) == {"old"}


def test_describing_counts_articles_and_months(index: ElasticIndex) -> None:
    index.write([an_article(id="old", first_seen=SUMMER), an_article(id="new")])

    assert index.describe().startswith("2 articles of 2 months in Elasticsearch 9.")


# building anew


def test_a_new_generation_takes_the_place_of_the_old_one(
    index: ElasticIndex, client: Elasticsearch, name: str, elasticsearch_url: str
) -> None:
    index.write([an_article(id="stray"), an_article(id="kept")])
    built = ElasticReplacement(connect([elasticsearch_url]), name=name)

    built.write([an_article(id="kept"), an_article(id="new", first_seen=SUMMER)])
    before = found(index)
    built.adopt()
    built.close()

    assert before == {"stray", "kept"}
    assert found(index) == {"kept", "new"}
    assert indices(client, name) == ["-000002", "-000002-2026.07", "-000002-2026.11"]


def test_what_is_written_while_the_indices_are_built_anew_is_in_both(
    index: ElasticIndex, name: str, elasticsearch_url: str
) -> None:
    index.write([an_article(topics=("old",))])
    built = ElasticReplacement(connect([elasticsearch_url]), name=name)

    index.write([an_article(topics=("new",)), an_article(id="a2", first_seen=SUMMER)])
    built.write([an_article(topics=("old",))])
    between = found(index)
    built.adopt()
    built.close()

    assert between == {"a1", "a2"}
    assert found(index) == {"a1", "a2"}
    assert found(index, "topics:new") == {"a1"}


def test_what_is_removed_while_the_indices_are_built_anew_is_in_neither(
    index: ElasticIndex, name: str, elasticsearch_url: str
) -> None:
    index.write([an_article(), an_article(id="a2")])
    built = ElasticReplacement(connect([elasticsearch_url]), name=name)
    built.write([an_article(), an_article(id="a2")])

    index.write([], remove=["a1"])
    built.adopt()
    built.close()

    assert found(index) == {"a2"}


def test_building_anew_that_is_broken_off_leaves_all_as_it_was(
    index: ElasticIndex, client: Elasticsearch, name: str, elasticsearch_url: str
) -> None:
    index.write([an_article()])
    built = ElasticReplacement(connect([elasticsearch_url]), name=name)
    built.write([an_article(id="half")])

    built.close()

    assert found(index) == {"a1"}
    assert indices(client, name) == ["-000001", "-000001-2026.11"]


def test_building_anew_that_was_killed_is_told_and_the_next_one_cleans_up(
    index: ElasticIndex, client: Elasticsearch, name: str, elasticsearch_url: str
) -> None:
    index.write([an_article()])
    killed = connect([elasticsearch_url])
    ElasticReplacement(killed, name=name).write([an_article(id="half")])
    killed.close()

    with pytest.raises(SearchUnavailable, match="second set of indices") as caught:
        index.describe()
    built = ElasticReplacement(connect([elasticsearch_url]), name=name)
    built.adopt()
    built.close()

    assert "run it again" in (caught.value.hint or "")
    assert indices(client, name) == ["-000003"]


def test_two_that_build_anew_at_once_do_not_mix(name: str, index: ElasticIndex, elasticsearch_url: str) -> None:
    first = ElasticReplacement(connect([elasticsearch_url]), name=name)
    second = ElasticReplacement(connect([elasticsearch_url]), name=name)

    with pytest.raises(SearchUnavailable, match="took over"):
        first.write([an_article()])
    second.adopt()
    first.close()
    second.close()

    assert found(index) == set()


def test_nothing_is_lost_while_a_writer_goes_on_and_the_indices_are_built_anew_again_and_again(
    name: str, index: ElasticIndex, elasticsearch_url: str
) -> None:
    store: dict[str, Article] = {}
    enough = Event()

    def write() -> None:
        writer = ElasticIndex(connect([elasticsearch_url]), name=name)
        number = 0
        while not enough.is_set():
            number += 1
            seen = NOON - timedelta(days=40 * (number % 3))
            article = an_article(id=f"a{number % 12}", version=number, first_seen=seen)
            store[article.id] = article
            assert writer.write([article]) == []
        writer.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        rebuilt = 0
        while not writing.done() and (rebuilt < 2 or len(store) < 6):
            built = ElasticReplacement(connect([elasticsearch_url]), name=name)
            built.write(list(store.values()))
            built.adopt()
            built.close()
            rebuilt += 1
        enough.set()
        writing.result()

    assert dict(index.ids()) == {each.id: each.version for each in store.values()}


def test_many_can_set_up_and_write_at_once(name: str, elasticsearch_url: str) -> None:
    def write(number: int) -> None:
        own = ElasticIndex(connect([elasticsearch_url]), name=name).prepare()
        assert own.write([an_article(id=f"a{number}", first_seen=NOON - timedelta(days=40 * (number % 3)))]) == []
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))

    with connect([elasticsearch_url]) as client:
        assert len(list(ElasticIndex(client, name=name).ids())) == 12


def test_an_index_of_the_present_generation_without_its_alias_gets_it_back(
    index: ElasticIndex, client: Elasticsearch, name: str
) -> None:
    index.write([an_article()])
    client.indices.delete_alias(index=f"{name}-000001-2026.11", name=name)

    index.write([an_article(id="a2")])

    assert found(index) == {"a1", "a2"}


def test_writing_goes_on_where_a_month_was_deleted_meanwhile(
    index: ElasticIndex, client: Elasticsearch, name: str
) -> None:
    index.write([an_article()])
    client.indices.delete(index=f"{name}-000001-2026.11")

    assert index.write([an_article(id="a2")]) == []

    assert found(index) == {"a2"}


# what is not as it should be


def test_a_missing_alias_says_what_to_do(index: ElasticIndex, client: Elasticsearch, name: str) -> None:
    client.indices.delete_alias(index="*", name=name)

    for action in (lambda: index.write([an_article()]), lambda: index.search(EVERYTHING), index.describe):
        with pytest.raises(SearchUnavailable) as caught:
            action()

        assert "wirewatch reindex" in (caught.value.hint or "")


@pytest.mark.parametrize(("version", "message"), [(VERSION - 1, "older"), (VERSION + 1, "newer")])
@pytest.mark.usefixtures("index")
def test_a_template_of_another_version_is_not_used(
    client: Elasticsearch, name: str, version: int, message: str
) -> None:
    template = client.indices.get_index_template(name=name)["index_templates"][0]["index_template"]
    client.indices.put_index_template(
        name=name, index_patterns=template["index_patterns"], composed_of=template["composed_of"],
        priority=template["priority"], meta={"version": version},
    )  # fmt: skip

    with pytest.raises(SearchUnavailable, match=message) as caught:
        ElasticIndex(client, name=name).prepare()

    assert "wirewatch reindex" in (caught.value.hint or "")


def test_a_read_only_index_says_to_free_disk_space(index: ElasticIndex, client: Elasticsearch, name: str) -> None:
    index.write([an_article()])
    block = "index.blocks.read_only_allow_delete"
    client.indices.put_settings(index=f"{name}-*", settings={block: True})

    with pytest.raises(SearchUnavailable, match="read-only") as caught:
        index.write([an_article(id="a2")])

    client.indices.put_settings(index=f"{name}-*", settings={block: None})
    assert "disk space" in (caught.value.hint or "")
    assert index.write([an_article(id="a2")]) == []


# bad input


def test_an_article_that_the_mapping_rejects_is_named_with_the_reason_and_its_neighbours_go_in(
    index: ElasticIndex,
) -> None:
    nowhere = an_article(id="nowhere", locations=(Location(lat=123.0, lon=0.0),))

    rejected = index.write([an_article(id="a1"), nowhere, an_article(id="a2")])

    assert [each.id for each in rejected] == ["nowhere"]
    assert "latitude" in rejected[0].reason
    assert not rejected[0].outdated
    assert found(index) == {"a1", "a2"}


def test_a_query_that_the_server_cannot_run_is_the_querys_fault(index: ElasticIndex) -> None:
    index.write([an_article(body=REPORT)])
    query = parse_query(" AND ".join(f"wort{number}" for number in range(900)), now=NOW)

    with pytest.raises(QueryError) as caught:
        index.search(query)

    assert "split it" in (caught.value.hint or "")


def nested(depth: int) -> str:
    query = f"wort{depth}"
    for number in range(depth):
        query = f"(wort{number} {'AND' if number % 2 else 'OR'} {query})"
    return query


def test_brackets_deeper_than_the_server_allows_are_refused_with_a_hint(index: ElasticIndex) -> None:
    index.write([an_article(body=" ".join(f"wort{number}" for number in range(50)))])

    assert found(index, nested(20)) == {"a1"}
    with pytest.raises(QueryError) as caught:
        found(index, nested(45))

    assert "split it" in (caught.value.hint or "")


def test_a_pattern_in_a_phrase_with_too_many_words_behind_it_is_refused(index: ElasticIndex) -> None:
    index.write([an_article(body=" ".join(f"re-x{number}" for number in range(40_000)))])

    assert found(index, "x*") == {"a1"}
    assert found(index, "re-x12*") == {"a1"}
    with pytest.raises(QueryError) as caught:
        found(index, "re-x*")

    assert "more letters" in (caught.value.hint or "")
