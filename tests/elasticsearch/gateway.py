"""What stands between Wirewatch and its server: a proxy that passes everything on, or answers by itself as a test says."""

import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_KIND = "application/vnd.elasticsearch+json; compatible-with=9"


@dataclass
class Gateway:
    """`refusals`: what the next bulk requests are answered, (status, body); `always`: what every request is answered."""

    url: str
    server: str
    refusals: deque[tuple[int, dict[str, Any]]] = field(default_factory=deque)
    always: tuple[int, dict[str, Any]] | None = None
    largest: int | None = None
    asked: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gateway: Gateway

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust the certificate hangs up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_any(self) -> None:
        gateway = self.server.gateway
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gateway.asked.append(f"{self.command} {self.path}")
        gateway.bodies[urlsplit(self.path).path] = body
        bulk = urlsplit(self.path).path.endswith("/_bulk")
        if gateway.always:
            self._answer(gateway.always[0], json.dumps(gateway.always[1]).encode())
        elif bulk and gateway.refusals:
            status, told = gateway.refusals.popleft()
            self._answer(status, json.dumps(told).encode())
        elif bulk and gateway.largest and len(body) > gateway.largest:
            self._answer(413, b"{}")
        else:
            self._answer(*self._pass_on(body))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the base class looks for them

    def _pass_on(self, body: bytes) -> tuple[int, bytes, str | None]:
        parts = urlsplit(self.server.gateway.server)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        told = answer.status, answer.read(), answer.headers.get("Content-Encoding")
        connection.close()
        return told

    def _answer(self, status: int, body: bytes, encoding: str | None = None) -> None:
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", _KIND)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Tests read `asked`."""


@contextmanager
def a_gateway(server: str = "", *, tls: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    """Yield a gateway to `server`, which may be missing where nothing is passed on."""
    listener = _Server(("127.0.0.1", 0), _Handler)
    if tls:
        listener.socket = tls.wrap_socket(listener.socket, server_side=True)
    listener.gateway = Gateway(f"{'https' if tls else 'http'}://127.0.0.1:{listener.server_address[1]}", server)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listener.gateway
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
