"""How much slower than bare httpx is a polite poll? 2,000 feeds on 40 hosts, all unchanged (304).

Both sides use the same number of threads, the same server process and the same run; the ratio is printed, not asserted.
"""

import multiprocessing
import socketserver
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import httpx
import pytest

from pipeline.fetch import Fetcher, Limits, Request, Response

FEEDS, HOSTS, WORKERS = 2000, 40, 32
AGENT = "Wirewatch/0.1 (+https://wirewatch.example)"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n'


class _Feeds(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while True:
            line = self.rfile.readline()
            if not line:
                return
            if line == b"\r\n":
                self.wfile.write(NOT_MODIFIED)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


def _serve(port: Connection) -> None:
    with _Server(("0.0.0.0", 0), _Feeds) as server:
        port.send(server.server_address[1])
        server.serve_forever()


@pytest.fixture
def urls() -> Iterator[list[str]]:
    """Feeds on 127.0.0.1 to 127.0.0.40, served by a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    port = ours.recv()
    try:
        yield [f"http://127.0.0.{1 + n % HOSTS}:{port}/feed/{n}" for n in range(FEEDS)]
    finally:
        process.terminate()
        process.join()
        ours.close()
        theirs.close()


def _with_httpx(urls: list[str]) -> float:
    limits = httpx.Limits(max_connections=2 * HOSTS, max_keepalive_connections=2 * HOSTS)
    with httpx.Client(trust_env=False, limits=limits, timeout=30) as client, ThreadPoolExecutor(WORKERS) as pool:
        started = time.perf_counter()
        statuses = list(pool.map(lambda url: client.get(url, headers={"If-None-Match": '"1"'}).status_code, urls))
        seconds = time.perf_counter() - started
    assert statuses == [304] * FEEDS
    return seconds


def _with_fetcher(urls: list[str]) -> float:
    with Fetcher(user_agent=AGENT, limits=Limits(), workers=WORKERS) as fetcher:
        started = time.perf_counter()
        outcomes = dict(fetcher.many({url: Request(url, etag='"1"', local=True) for url in urls}))
        seconds = time.perf_counter() - started
    assert len(outcomes) == FEEDS
    assert all(isinstance(outcome, Response) and outcome.status == 304 for outcome in outcomes.values())
    return seconds


def test_polling_unchanged_feeds_against_bare_httpx(urls: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _with_fetcher(urls)  # the server and the imports get warm

    bare = min(_with_httpx(urls) for _ in range(2))
    polite = min(_with_fetcher(urls) for _ in range(2))

    with capsys.disabled():
        rates = f"fetcher {FEEDS / polite:,.0f}/s, bare httpx {FEEDS / bare:,.0f}/s"
        print(f"\npolling {FEEDS} unchanged feeds on {HOSTS} hosts: {rates}; ratio {bare / polite:.2f}")  # noqa: T201
