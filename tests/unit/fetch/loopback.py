"""Servers on loopback that answer as a test says, and remember what they were asked."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.fetch import Fetcher, Limits, Request

AGENT = "Wirewatch/0.1 (+https://wirewatch.example; mailto:desk@wirewatch.example)"


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"hello"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    url: str
    answers: dict[str, Answer | Callable[[Mapping[str, str]], Answer]]
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


def redirect(status: int, target: str) -> Answer:
    return Answer(status, b"", {"Location": target})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.site.asked.append((self.path, headers))
        answer = self.server.site.answers.get(self.path, Answer(404, b"nothing here"))
        if callable(answer):
            answer = answer(headers)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.status != 304:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Tests read `asked`."""


@contextmanager
def a_site(
    answers: Mapping[str, Answer | Callable[[Mapping[str, str]], Answer]] | None = None,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> Iterator[Site]:
    server = _Server((host, 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.site = Site(f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}", dict(answers or {}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def a_raw_server(speak: Callable[[socket.socket], None], *, host: str = "127.0.0.1") -> Iterator[str]:
    """Each connection's request is read, then `speak` has the socket."""
    listener = socket.create_server((host, 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            speak(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def a_fetcher(**changes: Any) -> Fetcher:
    settings: dict[str, Any] = {
        "user_agent": AGENT,
        "limits": Limits(timeout=5.0, wire_bytes=200_000, decompressed_bytes=1_000_000, redirects=5),
        "workers": 4,
    }
    return Fetcher(**settings | changes)


def local(url: str, **changes: Any) -> Request:
    return Request(url, **{"local": True} | changes)
