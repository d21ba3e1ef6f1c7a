"""What is said, and what is lost, where the server or the way to it is at fault: nothing."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, SearchUnavailable
from pipeline.search.elastic import ElasticIndex, connect
from tests.elasticsearch.gateway import Gateway, a_gateway
from tests.elasticsearch.indices import a_name
from tests.factories import an_article

BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "the queue is full"}}


@pytest.fixture
def gateway(elasticsearch_url: str) -> Iterator[Gateway]:
    with a_gateway(elasticsearch_url) as gateway:
        yield gateway


@pytest.fixture
def index(gateway: Gateway, elasticsearch_url: str) -> Iterator[ElasticIndex]:
    with a_name(elasticsearch_url) as name:
        index = ElasticIndex(connect([gateway.url]), name=name, patience=3, refresh=True).prepare()
        yield index
        index.close()


def ids(index: ElasticIndex) -> list[str]:
    return [article_id for article_id, _ in index.ids()]


def complaint(gateway: Gateway, status: int, body: dict[str, Any]) -> SearchUnavailable:
    gateway.always = (status, body)
    client = connect([gateway.url])
    with pytest.raises(SearchUnavailable) as caught:
        ElasticIndex(client, patience=0).prepare()
    client.close()
    return caught.value


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again(index: ElasticIndex, gateway: Gateway, status: int) -> None:
    gateway.refusals.extend([(status, BUSY), (status, BUSY)])

    assert index.write([an_article()]) == []

    assert ids(index) == ["a1"]


def test_only_what_was_refused_is_sent_again(index: ElasticIndex, gateway: Gateway) -> None:
    items: list[dict[str, Any]] = [{"index": {"status": 201}}, {"index": {"status": 429} | BUSY}]
    gateway.refusals.append((200, {"errors": True, "items": items}))

    assert index.write([an_article(id="taken elsewhere"), an_article(id="sent again")]) == []

    assert ids(index) == ["sent again"]


def test_an_article_whose_index_was_deleted_on_the_way_is_sent_again(index: ElasticIndex, gateway: Gateway) -> None:
    gone = {"type": "index_not_found_exception", "reason": "no such index"}
    gateway.refusals.append((200, {"errors": True, "items": [{"index": {"status": 404, "error": gone}}]}))

    assert index.write([an_article()]) == []

    assert ids(index) == ["a1"]


def test_a_server_that_stays_busy_is_left_alone_after_a_while(index: ElasticIndex, gateway: Gateway) -> None:
    gateway.refusals.extend([(429, BUSY)] * 100)

    with pytest.raises(SearchUnavailable, match="the queue is full") as caught:
        index.write([an_article()])

    assert "tries again" in (caught.value.hint or "")
    gateway.refusals.clear()
    assert index.write([an_article()]) == []


def test_what_is_too_large_for_a_proxy_is_sent_in_halves(index: ElasticIndex, gateway: Gateway) -> None:
    gateway.largest = 5_000
    articles = [an_article(id=f"a{number}") for number in range(20)]

    rejected = index.write([*articles, an_article(id="giant", body="Wort " * 2_000)])

    assert [each.id for each in rejected] == ["giant"]
    assert "larger than the server takes" in rejected[0].reason
    assert len(ids(index)) == 20


def test_many_articles_are_sent_in_portions(index: ElasticIndex, gateway: Gateway) -> None:
    articles = [an_article(id=f"a{number:04}") for number in range(1_200)]
    gateway.asked.clear()

    assert index.write(articles) == []

    assert ids(index) == [each.id for each in articles]
    assert sum("_bulk" in each for each in gateway.asked) == 10


def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = connect([f"http://127.0.0.1:{port}"])

    with pytest.raises(SearchUnavailable, match="cannot be reached") as caught:
        ElasticIndex(client).prepare()

    client.close()
    assert "WIREWATCH_ELASTICSEARCH_URL" in (caught.value.hint or "")


def test_another_node_is_asked_where_one_does_not_answer(gateway: Gateway, elasticsearch_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = connect([f"http://127.0.0.1:{port}", gateway.url])

    with a_name(elasticsearch_url) as name:
        index = ElasticIndex(client, name=name, refresh=True).prepare()
        index.write([an_article()])

        assert ids(index) == ["a1"]
    client.close()


@pytest.mark.parametrize(
    ("status", "body", "message", "hint"),
    [
        (401, {"error": {"type": "security_exception", "reason": "unable to authenticate"}}, "does not know", "API_KEY"),
        (403, {"error": {"type": "security_exception", "reason": "not authorised"}}, "forbids this", "rights"),
        (503, {"error": {"type": "master_not_discovered_exception", "reason": "no master"}}, "no master", "tries again"),
        (400, {"error": {"type": "media_type_header_exception", "reason": "too new"}}, "too old", "Elasticsearch 9"),
        (500, {"error": "something broke"}, "something broke", "log"),
    ],
)  # fmt: skip
def test_what_a_server_refuses_says_what_to_do(status: int, body: dict[str, Any], message: str, hint: str) -> None:
    with a_gateway() as gateway:
        error = complaint(gateway, status, body)

    assert message in error.message
    assert hint in (error.hint or "")


def test_credentials_that_lack_a_right_stop_all_articles_and_reject_none(index: ElasticIndex, gateway: Gateway) -> None:
    denied = {"type": "security_exception", "reason": "not authorised"}
    gateway.refusals.append((200, {"errors": True, "items": [{"index": {"status": 403, "error": denied}}]}))

    with pytest.raises(SearchUnavailable, match="forbids this"):
        index.write([an_article()])


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files: list[str | Path] = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return folder


def encrypted(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@needs_openssl
def test_a_certificate_that_nobody_vouches_for_says_which_setting_to_set(certificate: Path) -> None:
    with a_gateway(tls=encrypted(certificate)) as gateway:
        client = connect([gateway.url])
        with pytest.raises(SearchUnavailable, match="certificate is not trusted") as caught:
            ElasticIndex(client).prepare()
        client.close()

    assert "WIREWATCH_ELASTICSEARCH_CA" in (caught.value.hint or "")


@needs_openssl
def test_a_server_whose_authority_is_named_is_trusted(certificate: Path, elasticsearch_url: str) -> None:
    with a_gateway(elasticsearch_url, tls=encrypted(certificate)) as gateway, a_name(elasticsearch_url) as name:
        client = connect([gateway.url], authority=certificate / "certificate.pem", api_key="a2V5OnNlY3JldA==")

        assert ElasticIndex(client, name=name).prepare().describe().startswith("0 articles")

        client.close()


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_certificate_that_cannot_be_read_is_a_wrong_setting(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)

    with pytest.raises(ConfigError, match=r"ca\.pem` cannot be read") as caught:
        connect(["https://127.0.0.1:9200"], authority=tmp_path / "ca.pem")

    assert "WIREWATCH_ELASTICSEARCH_CA" in (caught.value.hint or "")
