"""What happens when the other side wants to cost us time, memory or patience?"""

import itertools
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from pipeline.errors import FetchFailed, TooLarge
from pipeline.fetch import Limits, Response
from tests.unit.fetch.loopback import Answer, a_fetcher, a_raw_server, a_site, local, redirect

OK = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = 1_000_000


def drip(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in itertools.count():
            connection.sendall(drop)
            time.sleep(0.05)

    return speak


def flood(head: bytes, wave: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in itertools.count():
            connection.sendall(wave)

    return speak


@pytest.mark.parametrize(
    "speak",
    [
        drip(OK + b"Content-Length: 100000\r\n\r\n", b"."),
        drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
        drip(OK, b"X: 1\r\n"),
        drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        drip(b"", b""),
        drip(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 9999\r\n\r\n", b""),
    ],
    ids=["body", "chunks", "headers", "early hints", "silence", "redirect"],
)
def test_a_server_that_drips_is_left_when_the_time_is_up(speak: Callable[[socket.socket], None]) -> None:
    with a_raw_server(speak) as url, a_fetcher(limits=Limits(timeout=0.5)) as fetcher:
        started = time.monotonic()
        with pytest.raises((FetchFailed, TooLarge)) as caught:
            fetcher.get(local(url))
        seconds = time.monotonic() - started

    assert caught.value.subject == url
    assert seconds < 10


def test_the_time_limit_holds_for_all_hops_together() -> None:
    def slowly(target: str) -> Callable[[object], Answer]:
        def answer(_: object) -> Answer:
            time.sleep(0.2)
            return redirect(302, target)

        return answer

    limits = Limits(timeout=0.5, redirects=50)
    answers = {f"/{n}": slowly(f"/{n + 1}") for n in range(50)}
    with a_site(answers) as site, a_fetcher(limits=limits) as fetcher:
        with pytest.raises(FetchFailed, match=r"within 0\.5 s"):
            fetcher.get(local(f"{site.url}/0"))

        assert len(site.asked) <= 3


def test_a_resolver_that_hangs_is_left_when_the_time_is_up() -> None:
    tested = threading.Event()

    def resolve(*_: object) -> list[str]:
        tested.wait(60)
        return []

    with a_fetcher(limits=Limits(timeout=0.3), resolve=resolve) as fetcher:
        with pytest.raises(FetchFailed):
            fetcher.get(local("http://news.example/"))

        assert not tested.is_set()
        tested.set()


@pytest.mark.parametrize(
    "speak",
    [
        flood(OK + b"Connection: close\r\n\r\n", b"x" * 65536),
        flood(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n" * 5000),
        flood(OK + b"Transfer-Encoding: chunked\r\n\r\n1", b";x=" + b"y" * 65536),
        flood(OK, b"X-Flood: 1\r\n" * 5000),
        flood(OK + b"X-Flood: ", b"x" * 65536),
        flood(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000),
        flood(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", b"x" * 65536),
    ],
    ids=["body", "chunks", "chunk extension", "headers", "one header", "early hints", "error page"],
)
def test_a_server_that_floods_is_cut_off(speak: Callable[[socket.socket], None]) -> None:
    limits = Limits(timeout=20, wire_bytes=MEGABYTE, decompressed_bytes=5 * MEGABYTE)
    with a_raw_server(speak) as url, a_fetcher(limits=limits) as fetcher:
        tracemalloc.start()
        outcome = dict(fetcher.many({"flood": local(url)}))["flood"]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert isinstance(outcome, (TooLarge, FetchFailed)) or (isinstance(outcome, Response) and outcome.status == 404)
    assert peak < 6 * MEGABYTE


@pytest.mark.parametrize(("encoding", "bits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_hundred_megabytes_of_zeros_never_lie_in_memory(encoding: str, bits: int) -> None:
    packer = zlib.compressobj(9, wbits=bits)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(100)) + packer.flush()
    limits = Limits(timeout=20, wire_bytes=MEGABYTE, decompressed_bytes=2 * MEGABYTE)
    with (
        a_site({"/": Answer(200, bomb, {"Content-Encoding": encoding})}) as site,
        a_fetcher(limits=limits) as fetcher,
    ):
        tracemalloc.start()
        with pytest.raises(TooLarge, match="2,000,000 bytes"):
            fetcher.get(local(f"{site.url}/"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert peak < 3 * MEGABYTE


def test_a_body_of_just_the_allowed_size_is_taken() -> None:
    limits = Limits(decompressed_bytes=1000)
    answers = {"/1000": Answer(200, bytes(1000)), "/1001": Answer(200, bytes(1001))}
    with a_site(answers) as site, a_fetcher(limits=limits) as fetcher:
        assert len(fetcher.get(local(f"{site.url}/1000")).body) == 1000
        with pytest.raises(TooLarge):
            fetcher.get(local(f"{site.url}/1001"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0" * 1000,
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX\0: 1\r\n\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_a_failure(answer: bytes) -> None:
    with a_raw_server(lambda connection: connection.sendall(answer)) as url, a_fetcher() as fetcher:
        with pytest.raises(FetchFailed) as caught:
            fetcher.get(local(url))

        assert caught.value.subject == url


def test_a_kept_connection_that_the_server_closed_is_opened_again() -> None:
    def once(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 2\r\n\r\nok")
        connection.recv(65536)

    with a_raw_server(once) as url, a_fetcher() as fetcher:
        bodies = [fetcher.get(local(url)).body for _ in range(4)]

    assert bodies == [b"ok"] * 4
