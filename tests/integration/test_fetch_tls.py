"""Whom do we believe, and what does a way from https down to http mean?"""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import FetchFailed
from pipeline.fetch import Limits
from tests.unit.fetch.loopback import Answer, a_fetcher, a_site, local, redirect

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for 127.0.0.1 with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command.split(), *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


@pytest.fixture
def server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def client(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_a_certificate_that_nobody_vouches_for_is_refused_with_a_hint(server: ssl.SSLContext) -> None:
    with a_site({"/": Answer()}, tls=server) as site, a_fetcher() as fetcher:
        with pytest.raises(FetchFailed) as caught:
            fetcher.get(local(f"{site.url}/"))

        assert "certificate" in (caught.value.hint or "")
        assert site.asked == []


def test_a_certificate_for_another_host_is_refused(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    with a_site({"/": Answer()}, tls=server) as site, a_fetcher(ssl_context=client) as fetcher:
        with pytest.raises(FetchFailed):
            fetcher.get(local(site.url.replace("127.0.0.1", "127.0.0.2")))

        assert site.asked == []


def test_a_trusted_site_is_read_over_tls(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    with (
        a_site({"/": Answer(200, b"x" * 300_000)}, tls=server) as site,
        a_fetcher(ssl_context=client, limits=Limits()) as fetcher,
    ):
        bodies = [fetcher.get(local(f"{site.url}/")).body for _ in range(3)]

    assert bodies == [b"x" * 300_000] * 3


def test_a_move_from_https_down_to_http_is_followed_but_not_remembered(
    server: ssl.SSLContext, client: ssl.SSLContext
) -> None:
    with (
        a_site({"/": Answer()}) as plain,
        a_site({"/": redirect(301, f"{plain.url}/")}, tls=server) as site,
        a_fetcher(ssl_context=client) as fetcher,
    ):
        response = fetcher.get(local(f"{site.url}/"))

    assert response.url == f"{plain.url}/"
    assert response.moved_to is None


def test_a_move_from_http_up_to_https_is_remembered(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    with (
        a_site({"/": Answer()}, tls=server) as site,
        a_site({"/": redirect(301, f"{site.url}/")}) as plain,
        a_fetcher(ssl_context=client) as fetcher,
    ):
        response = fetcher.get(local(f"{plain.url}/"))

    assert response.moved_to == f"{site.url}/"
