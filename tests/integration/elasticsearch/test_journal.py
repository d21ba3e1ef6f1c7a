"""Polls and alerts on a real Elasticsearch: each once, in its newest state, whatever happens between."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline import runtime
from pipeline.article import Status
from pipeline.config import Configuration, Settings
from pipeline.search.elastic import ElasticJournal, connect
from pipeline.search.names import beside
from pipeline.stages import Services, alert, index, poll, upkeep
from pipeline.store import Record
from tests.alerting import a_watch, let_alert, on_starlink
from tests.elasticsearch.gateway import Gateway, a_gateway
from tests.elasticsearch.indices import a_name
from tests.factories import NOON, an_article
from tests.newsroom import a_feed, item, make_due, rss
from tests.unit.fetch.loopback import Answer, Site, a_site

MINUTE = timedelta(minutes=1)
AWAY = (503, {"error": {"type": "master_not_discovered_exception", "reason": "no master"}})


@pytest.fixture
def gateway(elasticsearch_url: str) -> Iterator[Gateway]:
    with a_gateway(elasticsearch_url) as gateway:
        yield gateway


@pytest.fixture
def name(elasticsearch_url: str) -> Iterator[str]:
    with a_name(elasticsearch_url) as name:
        yield name


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site({"/feed": Answer(200, rss(item(1)))}) as running:
        yield running


@pytest.fixture
def services(gateway: Gateway, site: Site, name: str, tmp_path: Path) -> Iterator[Services]:
    settings = Settings.load(
        {
            "WIREWATCH_DATA": str(tmp_path),
            "WIREWATCH_ELASTICSEARCH_URL": gateway.url,
            "WIREWATCH_ELASTICSEARCH_INDEX": name,
        }
    )
    configuration = Configuration((a_feed(f"{site.url}/feed"),), (), (), (a_watch(),))
    services = runtime.open_services(settings, configuration)
    yield services
    services.close()


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with connect([elasticsearch_url]) as client:
        yield client


def found(client: Elasticsearch, alias: str) -> dict[str, dict[str, Any]]:
    """All documents behind `alias`, by id."""
    client.indices.refresh(index=alias)
    hits = client.search(index=alias, size=1_000, sort=["@timestamp"], version=True)["hits"]["hits"]
    return {hit["_id"]: {**hit["_source"], "version": hit["_version"]} for hit in hits}


def polls(client: Elasticsearch, name: str) -> list[dict[str, Any]]:
    return list(found(client, beside(name, "polls")).values())


def alerts(client: Elasticsearch, name: str) -> dict[str, dict[str, Any]]:
    return found(client, beside(name, "alerts"))


def poll_at(services: Services, minutes: int) -> None:
    now = NOON + minutes * MINUTE
    if minutes:
        make_due(services, now)
    poll.run(services, limit=10, now=now)


def note(services: Services, *records: Record) -> None:
    with services.store.transaction() as transaction:
        for record in records:
            transaction.journal.write(record, now=record.at)


def a_poll(number: int, **changes: Any) -> Record:
    fields: dict[str, Any] = {"id": f"p{number}", "kind": "polls", "at": NOON, "document": {"new": number}}
    return Record(**fields | changes)


def test_polls_and_alerts_of_the_stages_arrive_with_nothing_that_the_mapping_lacks(
    services: Services, client: Elasticsearch, name: str, site: Site
) -> None:
    poll_at(services, 0)
    site.answers["/feed"] = Answer(200, rss(item(1, headline="Neu"), item(2), "<item>"))
    poll_at(services, 70)
    site.answers["/feed"] = Answer(500)
    poll_at(services, 140)
    let_alert(services.store, on_starlink(published=NOON, topics=("space",), agency="dpa"))
    alert.run(services, limit=10, now=NOON)

    report = index.run(services, limit=10, now=NOON + timedelta(hours=3))

    assert (report.stopped, report.counts["journal"], report.counts["problems"]) == (None, 4, 0)
    assert [one["outcome"] for one in polls(client, name)] == ["changed", "changed", "failed"]
    assert polls(client, name)[0]["@timestamp"] == "2026-11-03T12:00:00Z"
    (told,) = alerts(client, name).values()
    assert (told["state"], told["watch_name"], told["lag_seconds"]) == ("sent", "Starlink", 0.0)


def test_rows_go_in_after_the_articles_and_when_no_article_waits(
    services: Services, client: Elasticsearch, name: str
) -> None:
    note(services, a_poll(1))
    with services.store.transaction() as transaction:
        transaction.articles.add(an_article())
        transaction.articles.save(an_article(), enriched=True)
        transaction.work.add(["a1"], "index", now=NOON)

    with_an_article = index.run(services, limit=10, now=NOON)
    note(services, a_poll(2))
    alone = index.run(services, limit=10, now=NOON)

    assert (with_an_article.counts["indexed"], with_an_article.counts["journal"]) == (1, 1)
    assert (alone.claimed, alone.counts["journal"]) == (0, 1)
    assert [one["new"] for one in polls(client, name)] == [1, 2]


def test_an_alert_is_one_document_that_follows_its_mails(services: Services, client: Elasticsearch, name: str) -> None:
    record = Record("a1", "alerts", NOON, {"state": "waiting"})
    note(services, record)
    index.run(services, limit=10, now=NOON)
    before = alerts(client, name)

    note(services, Record("a1", "alerts", NOON, {"state": "sent"}))
    index.run(services, limit=10, now=NOON + MINUTE)

    assert before["a1"]["state"] == "waiting"
    assert list(alerts(client, name)) == ["a1"]
    assert alerts(client, name)["a1"]["state"] == "sent"


def test_a_projection_that_was_killed_is_done_again_to_the_same_effect(
    services: Services, client: Elasticsearch, name: str
) -> None:
    note(services, a_poll(1), a_poll(2))
    assert services.journal_index
    with services.store.transaction() as transaction:
        claimed = transaction.journal.claim("killed", limit=10, now=NOON, lease=services.settings.lease)
    services.journal_index.write(claimed)
    before = found(client, beside(name, "polls"))

    meanwhile = index.run(services, limit=10, now=NOON + MINUTE)
    report = index.run(services, limit=10, now=NOON + services.settings.lease)

    assert meanwhile.counts["journal"] == 0
    assert report.counts["journal"] == 2
    assert found(client, beside(name, "polls")) == before


def test_an_old_retry_never_overwrites_a_newer_state(services: Services, client: Elasticsearch, name: str) -> None:
    assert services.journal_index
    services.journal_index.write([Record("a1", "alerts", NOON, {"state": "sent"}, version=2)])

    (refused,) = services.journal_index.write([Record("a1", "alerts", NOON, {"state": "waiting"}, version=1)])

    assert refused.outdated
    assert alerts(client, name)["a1"]["state"] == "sent"


def test_while_the_server_is_away_the_stage_stops_politely_and_rows_are_kept(
    services: Services, gateway: Gateway, client: Elasticsearch, name: str
) -> None:
    note(services, a_poll(1))
    gateway.always = AWAY

    report = index.run(services, limit=10, now=NOON)
    asked = len(gateway.asked)
    note(services, a_poll(2))
    at_once = index.run(services, limit=10, now=NOON + timedelta(seconds=4))
    asked_again = len(gateway.asked)
    gateway.always = None
    later = index.run(services, limit=10, now=NOON + MINUTE)

    assert "no master" in (report.stopped or "")
    assert (at_once.stopped, asked_again) == (None, asked)
    assert later.counts["journal"] == 2
    assert [one["new"] for one in polls(client, name)] == [1, 2]


def test_a_row_that_the_server_refuses_is_a_problem_and_tried_again_when_a_person_says_so(
    services: Services, client: Elasticsearch, name: str
) -> None:
    note(services, a_poll(1), a_poll(2, document={"new": "many"}))

    report = index.run(services, limit=10, now=NOON)

    with services.store.reading() as transaction:
        (problem,) = transaction.problems.latest()
    assert (report.counts["journal"], report.counts["problems"], report.stopped) == (1, 1, None)
    assert problem.subject == "journal:p2"
    assert "new" in problem.reason
    assert index.run(services, limit=10, now=NOON).counts["problems"] == 0
    upkeep.retry(services.store, [problem.id], now=NOON)
    assert index.run(services, limit=10, now=NOON).counts["problems"] == 1
    assert [one["new"] for one in polls(client, name)] == [1]


def test_reindexing_writes_polls_and_alerts_anew(services: Services, client: Elasticsearch, name: str) -> None:
    assert services.journal_index
    note(services, a_poll(1), Record("a1", "alerts", NOON, {"state": "sent"}))
    services.journal_index.write([a_poll(1), a_poll(9)])

    upkeep.reindex(services, lambda: runtime.rebuild_index(services.settings), now=NOON)

    assert list(found(client, beside(name, "polls"))) == ["p1"]
    assert list(alerts(client, name)) == ["a1"]
    generations = client.indices.get_alias(index=f"{beside(name, 'polls')}-*")
    assert {one.removeprefix(f"{beside(name, 'polls')}-")[:6] for one in generations} == {"000002"}


def test_what_is_written_while_the_indices_are_built_anew_is_there_afterwards(
    services: Services, client: Elasticsearch, name: str
) -> None:
    assert services.journal_index
    note(services, a_poll(1), a_poll(2))
    index.run(services, limit=10, now=NOON)

    def rows() -> Iterator[Record]:
        yield a_poll(1)
        note(services, a_poll(2, document={"new": 22}), a_poll(3))
        index.run(services, limit=10, now=NOON)
        yield a_poll(2)

    services.journal_index.rebuild(rows())

    assert sorted(one["new"] for one in polls(client, name)) == [1, 3, 22]


def test_a_rebuild_that_breaks_off_leaves_everything_as_it_was(
    services: Services, client: Elasticsearch, name: str
) -> None:
    assert services.journal_index
    services.journal_index.write([a_poll(1)])
    before = set(client.indices.get_alias(index=f"{beside(name, 'polls')}-*"))

    def rows() -> Iterator[Record]:
        yield a_poll(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.journal_index.rebuild(rows())

    assert [one["new"] for one in polls(client, name)] == [1]
    assert set(client.indices.get_alias(index=f"{beside(name, 'polls')}-*")) == before


def test_housekeeping_deletes_months_that_are_not_kept(services: Services, client: Elasticsearch, name: str) -> None:
    note(services, a_poll(1), a_poll(2, at=NOON - timedelta(days=150)))
    index.run(services, limit=10, now=NOON)
    assert len(polls(client, name)) == 2

    counts = upkeep.housekeeping(services, now=NOON)

    assert counts["journal_rows_forgotten"] == 1
    assert [one["new"] for one in polls(client, name)] == [1]


def test_indices_of_another_version_stop_the_journal_and_no_article(
    services: Services, client: Elasticsearch, name: str
) -> None:
    polls_name = beside(name, "polls")
    ElasticJournal(client, articles=name).write([a_poll(1)])
    template = client.indices.get_index_template(name=polls_name)["index_templates"][0]["index_template"]
    client.indices.put_index_template(
        name=polls_name, index_patterns=template["index_patterns"], composed_of=template["composed_of"],
        priority=template["priority"], meta={"version": 999},
    )  # fmt: skip
    note(services, a_poll(2))
    with services.store.transaction() as transaction:
        killed = an_article(status=Status.KILLED)
        transaction.articles.add(killed)
        transaction.articles.save(killed, enriched=True)
        transaction.work.add(["a1"], "index", now=NOON)

    report = index.run(services, limit=10, now=NOON)

    assert report.counts["indexed"] == 1
    assert "made by a newer Wirewatch" in (report.stopped or "")
    upkeep.reindex(services, lambda: runtime.rebuild_index(services.settings), now=NOON)
    assert [one["new"] for one in polls(client, name)] == [2]


def test_the_doctor_counts_polls_and_alerts(services: Services) -> None:
    note(services, a_poll(1))
    index.run(services, limit=10, now=NOON)
    assert services.journal_index

    with_rows = services.journal_index.describe()

    assert with_rows.endswith(" polls and 0 alerts")
