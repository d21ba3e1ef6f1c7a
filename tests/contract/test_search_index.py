"""What every search index promises, whatever engine is behind it."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import Article, Kind, Mention, Status, TopicEvidence
from pipeline.errors import QueryError
from pipeline.search import EmbeddedIndex, Results, SearchIndex, matching, matching_each, parse_query
from tests.contract.queries import CASES, CORPUS, DIFFERENCES, NOW
from tests.elasticsearch.indices import an_index
from tests.factories import NOON, REPORT, a_source, an_article


@pytest.fixture(scope="module")
def on_server(elasticsearch_url: str) -> Iterator[SearchIndex]:
    with an_index(elasticsearch_url) as made:
        yield made


@pytest.fixture(params=["folder", "memory", "elasticsearch"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    match request.param:
        case "folder":
            return EmbeddedIndex.open(tmp_path / "index")
        case "memory":
            return EmbeddedIndex.in_memory()
    made: SearchIndex = request.getfixturevalue("on_server")
    made.clear()
    return made


@pytest.fixture(scope="module", params=["memory", "elasticsearch"])
def corpus(request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    if request.param == "memory":
        made = EmbeddedIndex.in_memory()
        assert made.write(CORPUS) == []
        yield made
        return
    with an_index(request.getfixturevalue("elasticsearch_url")) as on_server:
        assert on_server.write(CORPUS) == []
        yield on_server


def found(index: SearchIndex, query: str, **options: object) -> list[str]:
    return [hit.id for hit in search(index, query, **options).hits]


def search(index: SearchIndex, query: str, **options: object) -> Results:
    return index.search(parse_query(query, now=NOW), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_a_query_finds_what_the_table_says(corpus: SearchIndex, query: str, expected: set[str]) -> None:
    results = search(corpus, query, fold_copies=False, limit=100)

    assert {hit.id for hit in results.hits} == expected
    assert results.total == len(expected)


@pytest.fixture(scope="module")
def both(elasticsearch_url: str) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    articles = [
        an_article(id=query, headline="", body=text, language=language) for language, text, query, _, _ in DIFFERENCES
    ]
    with an_index(elasticsearch_url) as on_server:
        embedded = EmbeddedIndex.in_memory()
        assert embedded.write(articles) == on_server.write(articles) == []
        yield embedded, on_server


@pytest.mark.parametrize(("query", "expected"), [(query, [*expected]) for _, _, query, *expected in DIFFERENCES])
def test_what_the_engines_disagree_on_is_known(
    both: tuple[SearchIndex, SearchIndex], query: str, expected: list[bool]
) -> None:
    on_each = [query in found(each, query, limit=100, fold_copies=False) for each in both]

    assert on_each == expected


@pytest.mark.parametrize(("query", "expected"), CASES[::7])
def test_matching_without_an_index_finds_the_same_and_killed_ones(query: str, expected: set[str]) -> None:
    ids = matching(parse_query(query, now=NOW), CORPUS)

    assert ids - {"killed"} == expected


def test_several_queries_are_matched_at_once() -> None:
    queries = {"a": parse_query("ferry", now=NOW), "b": parse_query("topics:russia", now=NOW)}

    assert matching_each(queries, CORPUS) == {"a": {"en-port"}, "b": {"ru-visit", "zh-visit"}}


def test_a_document_comes_back_as_it_went_in(index: SearchIndex) -> None:
    evidence = TopicEvidence(score=1.5, phrases=("Starlink",), spans=((0, 8),))
    article = CORPUS[0].changed(topic_evidence={"starlink": evidence})

    index.write([article])

    assert search(index, "*").hits[0].document == article.document()


def test_an_article_is_updated_in_place(index: SearchIndex) -> None:
    index.write([an_article(headline="Alt")])

    index.write([an_article(headline="Neu", version=2)])

    assert found(index, "headline:alt") == []
    assert found(index, "headline:neu") == ["a1"]
    assert list(index.ids()) == [("a1", 2)]


def test_writing_twice_changes_nothing(index: SearchIndex) -> None:
    index.write(CORPUS)
    before = search(index, "*", hidden=True, fold_copies=False)

    rejected = index.write(CORPUS)

    assert rejected == []
    assert search(index, "*", hidden=True, fold_copies=False).hits == before.hits


def test_an_older_version_never_replaces_a_newer_one(index: SearchIndex) -> None:
    index.write([an_article(version=3, headline="Neu")])

    rejected = index.write([an_article(version=2, headline="Alt"), an_article(id="a2")])

    assert [(each.id, each.outdated) for each in rejected] == [("a1", True)]
    assert found(index, "headline:neu") == ["a1"]
    assert list(index.ids()) == [("a1", 3), ("a2", 1)]


def test_the_same_version_is_replaced_because_enrichment_came_later(index: SearchIndex) -> None:
    index.write([an_article()])

    index.write([an_article(topics=("space",))])

    assert found(index, "topics:space") == ["a1"]


def test_of_one_article_twice_in_a_batch_the_newest_counts(index: SearchIndex) -> None:
    index.write([an_article(version=2, headline="Neu"), an_article(version=1, headline="Alt")])

    assert list(index.ids()) == [("a1", 2)]
    assert found(index, "neu") == ["a1"]


def test_what_is_removed_is_gone(index: SearchIndex) -> None:
    index.write([an_article(), an_article(id="a2")])

    index.write([], remove=["a1", "never-there"])

    assert found(index, "*") == ["a2"]


def test_what_is_removed_and_written_at_once_is_gone(index: SearchIndex) -> None:
    index.write([an_article()])

    index.write([an_article(version=2)], remove=["a1"])

    assert list(index.ids()) == []


def test_nothing_is_left_after_clear(index: SearchIndex) -> None:
    index.write(CORPUS)

    index.clear()

    assert list(index.ids()) == []
    assert search(index, "*", hidden=True).total == 0
    index.write([an_article()])
    assert found(index, "*") == ["a1"]


def test_ids_come_in_order_with_their_versions(index: SearchIndex) -> None:
    index.write([an_article(id=f"a{number:04}", version=number + 1) for number in range(1_200)])
    index.write([], remove=["a0003"])

    ids = list(index.ids())

    assert ids == [(f"a{number:04}", number + 1) for number in range(1_200) if number != 3]


@pytest.mark.parametrize("article_id", ["x" * 2_000, "a\ud800"])
def test_an_article_that_cannot_be_indexed_is_rejected_and_its_neighbour_written(
    index: SearchIndex, article_id: str
) -> None:
    rejected = index.write([an_article(id=article_id), an_article(id="fine")])

    assert [(each.id, each.outdated) for each in rejected] == [(article_id, False)]
    assert list(index.ids()) == [("fine", 1)]


def test_odd_values_are_indexed(index: SearchIndex) -> None:
    odd = an_article(
        url="https://long.example/" + "x" * 100_000,
        people=("", "P" * 70_000),
        headline="",
        body="w" * 200_000,
        published=NOON.replace(year=9999),
        urgency=-3,
        language="x-klingon",
        topics=("\U0001f680",),
    )

    assert index.write([odd]) == []

    assert found(index, "urgency:[-5 TO 0]") == ["a1"]
    assert found(index, "topics:\U0001f680") == ["a1"]
    assert found(index, "published:>9000") == ["a1"]


def test_an_article_of_five_megabytes_is_indexed_and_found_by_its_last_word(index: SearchIndex) -> None:
    text = "Die Verhandlung wurde vertagt. " * 165_000

    assert index.write([an_article(body=text + "Schlusswort"), an_article(id="a2")]) == []

    assert found(index, "Schlusswort") == ["a1"]
    assert found(index, "vertagt") == ["a1"]


def test_control_characters_do_no_harm(index: SearchIndex) -> None:
    odd = an_article(
        headline="Eins\x00zwei\x1b[31m", guid="tag:\x00\x07", url="https://a.example/\x7f", topics=("a\tb",)
    )

    assert index.write([odd]) == []

    assert found(index, "Einszwei") == ["a1"]
    assert search(index, "*").hits[0].document == odd.document()


@pytest.mark.parametrize("field", ["url", "topics", "story_id"])
def test_a_lone_surrogate_is_rejected_with_its_article_alone(index: SearchIndex, field: str) -> None:
    value = ("\ud800",) if field == "topics" else "\ud800"

    rejected = index.write([an_article(**{field: value}), an_article(id="fine")])

    assert [each.id for each in rejected] == ["a1"]
    assert "cannot take it" in rejected[0].reason
    assert list(index.ids()) == [("fine", 1)]


def test_ten_thousand_mentions_come_back(index: SearchIndex) -> None:
    mentions = tuple(Mention(text="Kiel", start=n, end=n + 4, kind=Kind.PLACE) for n in range(10_000))

    assert index.write([an_article(mentions=mentions)]) == []

    assert len(search(index, "*").hits[0].document["mentions"]) == 10_000


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_dates_at_the_ends_of_the_calendar_are_found(index: SearchIndex, year: int) -> None:
    index.write([an_article(published=datetime(year, 6, 15, 12, tzinfo=UTC))])

    assert found(index, f"published:{year:04}-06-15") == ["a1"]
    assert found(index, f"published:[{year:04}-06-15T12:00 TO {year:04}-06]") == ["a1"]
    assert found(index, f"published:<{year:04}-06-15") == []
    assert found(index, "@timestamp:[* TO *]") == ["a1"]


def test_numbers_of_any_size_are_compared(index: SearchIndex) -> None:
    index.write([an_article(urgency=10**14)])

    assert found(index, "urgency:>99999999999999") == ["a1"]
    assert found(index, "urgency:[* TO -999999999999999]") == []


def test_articles_of_months_that_are_too_old_go(index: SearchIndex) -> None:
    last_of_july, first_of_august = datetime(2026, 7, 31, 23, 59, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    index.write([an_article(id="a1", first_seen=last_of_july), an_article(id="a2", first_seen=first_of_august)])

    kept = index.tidy(now=datetime(2026, 11, 20, tzinfo=UTC), keep=timedelta(days=365))
    gone = index.tidy(now=datetime(2026, 11, 20, tzinfo=UTC), keep=timedelta(days=100))

    assert (kept, gone) == (0, 1)
    assert found(index, "*") == ["a2"]


def test_an_index_describes_itself(index: SearchIndex) -> None:
    index.write([an_article()])

    assert index.describe().startswith("1 articles")


def test_hits_are_sorted_by_time_or_by_relevance(corpus: SearchIndex) -> None:
    by_time = found(corpus, "Rakete Wien Starlink", fold_copies=False)
    by_relevance = search(corpus, "Rakete^0.1 Wien^5", fold_copies=False, sort="relevance").hits

    assert by_time == ["de-copy-2", "de-copy", "de-sat"]
    assert by_relevance[0].id == "de-copy-2"
    assert by_relevance[0].score > by_relevance[1].score > 0


def test_a_word_in_the_headline_weighs_more_than_in_the_body(index: SearchIndex) -> None:
    index.write(
        [an_article(id="body", headline="Wetter", body="Hafen am Meer"), an_article(id="head", headline="Hafen")]
    )

    assert found(index, "Hafen", sort="relevance") == ["head", "body"]


def test_since_leaves_out_what_is_older(corpus: SearchIndex) -> None:
    assert found(corpus, "*", since=NOW - timedelta(hours=7)) == ["undated", "en-port"]


def test_limit_cuts_the_hits_but_not_the_total(corpus: SearchIndex) -> None:
    results = search(corpus, "*", limit=2)

    assert len(results.hits) == 2
    assert results.total == 9
    assert search(corpus, "*", limit=0).hits == ()


def test_copies_are_folded_into_the_original(corpus: SearchIndex) -> None:
    results = search(corpus, "Rakete")

    assert [hit.id for hit in results.hits] == ["de-sat"]
    assert results.hits[0].document["copies"] == 2
    assert results.total == 1


def test_a_copy_is_listed_where_only_copies_match(corpus: SearchIndex) -> None:
    assert found(corpus, "duplicate_of:de-sat") == ["de-copy-2"]
    assert found(corpus, "Agentur") == ["de-copy"]
    assert search(corpus, "duplicate_of:de-sat").total == 1


def test_folding_fills_the_page_whatever_the_number_of_copies(index: SearchIndex) -> None:
    copies = [
        an_article(id=f"c{n}", duplicate_of=f"o{n % 30}", published=NOON + timedelta(minutes=n)) for n in range(900)
    ]
    originals = [an_article(id=f"o{n}", published=NOON - timedelta(minutes=n)) for n in range(30)]
    index.write([*copies, *originals])

    results = search(index, "*", limit=20)

    assert [hit.id for hit in results.hits] == [f"o{n}" for n in range(20)]
    assert results.total == 30


def test_killed_articles_are_hidden_unless_asked_for(corpus: SearchIndex) -> None:
    assert "killed" not in found(corpus, "*", limit=100)
    assert found(corpus, "status:killed", hidden=True) == ["killed"]


def test_facets_count_values_as_they_are_written(corpus: SearchIndex) -> None:
    results = search(corpus, "*", facets=["people", "topics", "source", "tickers", "agency", "language"], limit=0)

    assert results.facets["people"] == (
        ("Elon Musk", 2), ("Vladimir Putin", 2), ("Thomas Müller", 1), ("Wolodymyr Selenskyj", 1),
    )  # fmt: skip
    assert results.facets["topics"][:3] == (("russia", 2), ("starlink", 2), ("ukraine", 2))
    assert ("NASDAQ:TSLA", 1) in results.facets["tickers"]
    assert ("dpa-AFX", 1) in results.facets["agency"]
    assert ("harbour-news", 2) in results.facets["source"]
    assert ("de-AT", 1) in results.facets["language"]


def test_facets_count_a_report_and_its_copies_once_when_folded(corpus: SearchIndex) -> None:
    folded = search(corpus, "story_id:s-start", facets=["story_id"])
    unfolded = search(corpus, "story_id:s-start", facets=["story_id"], fold_copies=False)

    assert folded.facets == {"story_id": (("s-start", 2),)}
    assert unfolded.facets == {"story_id": (("s-start", 4),)}


def test_facets_of_an_empty_index_are_empty(index: SearchIndex) -> None:
    assert search(index, "*", facets=["topics"]).facets == {"topics": ()}


def test_a_field_without_facets_is_refused_with_the_nearest(corpus: SearchIndex) -> None:
    with pytest.raises(QueryError) as caught:
        search(corpus, "*", facets=["topcs"])

    assert caught.value.hint == "did you mean `topics`?"


def marked(index: SearchIndex, query: str, article_id: str) -> dict[str, list[str]]:
    hits = search(index, query, fold_copies=False, limit=100).hits
    snippets = next(hit.snippets for hit in hits if hit.id == article_id)
    return {each.field: [each.text[start:end] for start, end in each.marks] for each in snippets}


@pytest.mark.parametrize(
    ("query", "article_id", "expected"),
    [
        ("Satellit", "de-sat", {"headline": ["Satelliten"]}),
        ("Mueller", "de-sat", {"body": ["Müller"]}),
        ('"neue Geräte"', "de-sat", {"body": ["neue Geräte"]}),
        ('"Rakete Geräte"~2', "de-sat", {"body": ["Rakete", "Geräte"]}),
        ("connected", "en-sat", {"body": ["connecting"]}),
        ("fer?y", "en-port", {"headline": ["Ferry"]}),
        ("ferri~", "en-port", {"headline": ["Ferry"]}),
        ("卫星", "zh-visit", {"body": ["卫星"]}),
        ("самолет", "ru-visit", {"body": ["Самолёт"]}),
        ("Rakete -Wien", "de-sat", {"body": ["Rakete"]}),
        ("wächst", "de-sat", {"summary": ["wächst"]}),
        ("topics:starlink", "de-sat", {}),
    ],
)
def test_snippets_mark_the_words_found(
    corpus: SearchIndex, query: str, article_id: str, expected: dict[str, list[str]]
) -> None:
    assert marked(corpus, query, article_id) == expected


def test_snippets_of_a_long_body_are_short_and_hold_their_marks(index: SearchIndex) -> None:
    index.write([an_article(body=(REPORT + "\n\n") * 30 + "Zuletzt sprach Frau Zander. " + REPORT * 10)])

    snippets = [each for each in search(index, "Zander Harz").hits[0].snippets if each.field == "body"]

    assert len(snippets) == 2
    assert all(len(each.text) < 300 and each.marks for each in snippets)


_WORDS = st.sampled_from(
    ["Satellit", "Satelliten", "星链", "naïve", "Straße", "ferries", "об’єкт", "Mueller", "\u0301", "."]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(_WORDS, min_size=1, max_size=12).map(" ".join),
    word=_WORDS,
    language=st.sampled_from(["de", "en", "ru"]),
)
def test_a_body_is_found_by_each_of_its_words_and_the_word_is_marked(text: str, word: str, language: str) -> None:
    article = an_article(headline="", body=f"{text} {word}", language=language)
    query = parse_query(f'body:"{word}"', now=NOW)
    index = EmbeddedIndex.in_memory()
    index.write([article])

    hits = index.search(query).hits

    assert bool(hits) == any(character.isalnum() for character in word)
    assert all(snippet.marks for hit in hits for snippet in hit.snippets)
    assert all(0 <= a < b <= len(s.text) for hit in hits for s in hit.snippets for a, b in s.marks)


_PIECES = st.sampled_from(
    [text for text, _ in CASES]
    + ["AND", "OR", "NOT", "-", "+", "(", ")", "~", "^", ":", "*", "?", "\\", "普", "é", "#", "&"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=30), st.lists(_PIECES, max_size=8).map(" ".join), st.lists(_PIECES, max_size=8).map("".join)
    )
)
def test_whatever_parses_can_be_searched_for(corpus: SearchIndex, text: str) -> None:
    with suppress(QueryError):
        query = parse_query(text, now=NOW)

        results = corpus.search(query, sort="relevance", facets=["people"])

        assert len(results.hits) == min(results.total, 20)


def test_the_order_of_writing_changes_no_result(index: SearchIndex) -> None:
    shuffled: list[Article] = random.Random(7).sample(CORPUS, len(CORPUS))
    for article in shuffled:
        index.write([article])
    index.write([], remove=["killed"])

    assert set(found(index, "*", fold_copies=False, limit=100)) == {each.id for each in CORPUS} - {"killed"}


def test_a_thousand_clauses_are_answered(corpus: SearchIndex) -> None:
    results = search(corpus, " OR ".join(f"word{number}" for number in range(999)) + " OR ferry")

    assert [hit.id for hit in results.hits] == ["en-port"]


def test_a_stub_of_a_killed_article_takes_its_text_out_of_the_index(index: SearchIndex) -> None:
    index.write([an_article(source=a_source(id="x"))])

    index.write([an_article(version=2, status=Status.KILLED, body="", headline="Zurückgezogen")])

    assert found(index, "Bodenstationen", hidden=True) == []
    assert found(index, "*", hidden=True) == ["a1"]
