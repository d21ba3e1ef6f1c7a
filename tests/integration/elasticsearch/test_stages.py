"""The stages and the command on a real Elasticsearch: what the store has, the server has, whatever happens between."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import runtime
from pipeline.article import Article, Location, Status
from pipeline.cli.app import app
from pipeline.config import Configuration, Settings
from pipeline.search import parse_query
from pipeline.search.elastic import ElasticIndex, ElasticReplacement, connect
from pipeline.stages import Services, index, upkeep
from tests.elasticsearch.gateway import Gateway, a_gateway
from tests.elasticsearch.indices import a_name
from tests.factories import NOON, an_article

NOW = NOON + timedelta(hours=1)


@pytest.fixture
def gateway(elasticsearch_url: str) -> Iterator[Gateway]:
    with a_gateway(elasticsearch_url) as gateway:
        yield gateway


@pytest.fixture
def environment(gateway: Gateway, elasticsearch_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    with a_name(elasticsearch_url) as name:
        yield {
            "WIREWATCH_DATA": str(tmp_path),
            "WIREWATCH_ELASTICSEARCH_URL": gateway.url,
            "WIREWATCH_ELASTICSEARCH_INDEX": name,
            "WIREWATCH_INDEX_RETENTION": "400d",
        }


@pytest.fixture
def services(environment: dict[str, str]) -> Iterator[Services]:
    services = runtime.open_services(Settings.load(environment), Configuration((), (), (), ()))
    yield services
    services.close()


def keep(services: Services, *articles: Article) -> None:
    """Put articles into the store as if they had just been enriched."""
    with services.store.transaction() as transaction:
        for article in articles:
            transaction.articles.add(article)
            transaction.articles.save(article, enriched=True)
        transaction.work.add([article.id for article in articles], "index", now=NOW)


def indexed(services: Services) -> dict[str, int]:
    return dict(services.index.ids())


def test_the_stage_puts_articles_on_the_server(services: Services) -> None:
    keep(
        services, an_article(), an_article(id="held", status=Status.WITHHELD), an_article(id="k", status=Status.KILLED)
    )

    report = index.run(services, limit=10, now=NOW)

    assert report.counts["indexed"] == 2
    assert indexed(services) == {"a1": 1, "k": 1}
    hidden = services.index.search(parse_query("status:killed", now=NOW), hidden=True).hits
    assert [hit.document["body"] for hit in hidden] == [""]


def test_while_the_server_is_away_the_stage_stops_politely_and_nothing_is_lost(
    services: Services, gateway: Gateway
) -> None:
    keep(services, an_article())
    gateway.always = (503, {"error": {"type": "master_not_discovered_exception", "reason": "no master"}})

    report = index.run(services, limit=10, now=NOW)
    gateway.always = None
    again = index.run(services, limit=10, now=NOW + timedelta(minutes=1))

    assert "no master" in (report.stopped or "")
    assert again.counts["indexed"] == 1
    assert indexed(services) == {"a1": 1}


def test_an_article_that_the_server_rejects_is_a_problem_with_the_servers_reason(services: Services) -> None:
    keep(services, an_article(), an_article(id="nowhere", locations=(Location(lat=123.0, lon=0.0),)))

    report = index.run(services, limit=10, now=NOW)

    with services.store.reading() as transaction:
        problems = transaction.problems.latest()
    assert report.counts["indexed"] == 1
    assert [each.subject for each in problems] == ["article:nowhere"]
    assert "latitude" in problems[0].reason
    assert indexed(services) == {"a1": 1}


def test_housekeeping_repairs_what_differs(services: Services) -> None:
    keep(services, an_article(), an_article(id="a2"))
    services.index.write([an_article(id="stray")])

    counts = upkeep.housekeeping(services, now=NOW)
    index.run(services, limit=10, now=NOW)

    assert counts["articles_to_index_again"] == 2
    assert counts["strays_removed"] == 1
    assert indexed(services) == {"a1": 1, "a2": 1}


def test_articles_older_than_is_kept_go_and_are_not_put_back(services: Services) -> None:
    old = NOW - timedelta(days=500)
    keep(services, an_article(), an_article(id="old", first_seen=old))
    index.run(services, limit=10, now=NOW)

    first = upkeep.housekeeping(services, now=NOW)
    second = upkeep.housekeeping(services, now=NOW)

    assert first["articles_outlived"] == 1
    assert second["articles_to_index_again"] == 0
    assert indexed(services) == {"a1": 1}


def test_reindexing_brings_back_what_was_lost_and_leaves_out_what_is_too_old(services: Services) -> None:
    keep(services, an_article(), an_article(id="old", first_seen=NOW - timedelta(days=500)))
    services.index.write([an_article(id="stray")])

    count = upkeep.reindex(services, lambda: runtime.rebuild_index(services.settings), now=NOW)

    assert count == 1
    assert indexed(services) == {"a1": 1}


class Busy:
    """A replacement during whose making the news go on."""

    def __init__(self, services: Services, built: ElasticReplacement) -> None:
        self._services = services
        self._built = built
        self.write, self.adopt, self.close = built.write, built.adopt, built.close

    def ids(self) -> Iterator[tuple[str, int]]:
        with self._services.store.transaction() as transaction:
            transaction.articles.replace(an_article(version=2, headline="Neu"), now=NOW)
            transaction.articles.save(an_article(version=2, headline="Neu"), enriched=True)
            transaction.work.add(["a1"], "index", now=NOW)
        keep(self._services, an_article(id="late"))
        index.run(self._services, limit=10, now=NOW)
        return self._built.ids()


def test_what_changes_while_the_indices_are_built_anew_is_there_afterwards(services: Services) -> None:
    keep(services, an_article(), an_article(id="a2"))

    def fresh() -> Busy:
        built = runtime.rebuild_index(services.settings)
        assert isinstance(built, ElasticReplacement)
        return Busy(services, built)

    upkeep.reindex(services, fresh, now=NOW)

    assert indexed(services) == {"a1": 2, "a2": 1, "late": 1}


def test_the_command_works_with_a_server(
    services: Services, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(services, an_article())
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    command = CliRunner()

    outcomes = {
        line: command.invoke(app, line.split()) for line in ("index", "search Bodenstation", "doctor", "reindex --json")
    }

    assert {line: outcome.exit_code for line, outcome in outcomes.items()} == dict.fromkeys(outcomes, 0)
    assert "Nordlicht baut drei" in outcomes["search Bodenstation"].output
    assert "1 articles of 1 months in Elasticsearch 9" in outcomes["doctor"].output
    assert '"indexed": 1' in outcomes["reindex --json"].output


def test_the_doctor_says_what_is_wrong_with_the_server(
    environment: dict[str, str], gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.always = (401, {"error": {"type": "security_exception", "reason": "unable to authenticate"}})
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)

    outcome = CliRunner().invoke(app, ["doctor"])

    assert outcome.exit_code == 1
    assert "BAD search index: the search server does not know these credentials" in outcome.output


def test_an_index_of_a_later_version_stops_the_stage_and_not_the_alerts(services: Services) -> None:
    name, url = services.settings.elasticsearch_index, services.settings.elasticsearch_url
    with connect(url) as client:
        ElasticIndex(client, name=name).prepare()
        template = client.indices.get_index_template(name=name)["index_templates"][0]["index_template"]
        client.indices.put_index_template(
            name=name, index_patterns=template["index_patterns"], composed_of=template["composed_of"],
            priority=template["priority"], meta={"version": 999},
        )  # fmt: skip
    keep(services, an_article())

    report = index.run(services, limit=10, now=NOW)

    assert "made by a newer Wirewatch" in (report.stopped or "")
