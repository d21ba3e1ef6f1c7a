"""Which connection carries a request: a kept one to the same host, a new one, or the proxy's.

httpcore's own pool looks at every connection of every host for every request (with a system call for each idle
one), which is what makes httpx slow with many hosts. Here a request sees the connections of its own host only.
"""

from __future__ import annotations

import ssl
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import httpcore
import httpx

from pipeline.fetch.guard import check_literal

_Host = tuple[bytes, bytes, int | None]

_KEPT_HOSTS = 64
_KEPT_SECONDS = 20.0


class Connections(Protocol):
    """Carries requests. The answer must be read within the context; its connection is kept if it was read to its end."""

    def answer(self, request: httpcore.Request) -> AbstractContextManager[httpcore.Response]:
        """Send `request` and return the head of the answer."""
        ...

    def close(self) -> None:
        """Close all that is kept."""
        ...


class DirectConnections:
    """Connections to the hosts themselves; the idle ones of the hosts used last are kept for a while."""

    def __init__(self, backend: httpcore.NetworkBackend, ssl_context: ssl.SSLContext) -> None:
        self._backend = backend
        self._ssl_context = ssl_context
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Host, list[httpcore.HTTPConnection]] = OrderedDict()
        self._closed = False

    @contextmanager
    def answer(self, request: httpcore.Request) -> Iterator[httpcore.Response]:
        """Send `request` and return the head of the answer."""
        host = (request.url.scheme, request.url.host, request.url.port)
        connection, response = self._ask(host, request)
        try:
            yield response
        finally:
            response.close()
            self._keep(host, connection)

    def close(self) -> None:
        """Close all that is kept."""
        with self._lock:
            kept, self._kept = self._kept, OrderedDict()
            self._closed = True
        _close_all(connection for connections in kept.values() for connection in connections)

    def _ask(self, host: _Host, request: httpcore.Request) -> tuple[httpcore.HTTPConnection, httpcore.Response]:
        connection = self._take(host)
        if connection is not None:
            try:
                return connection, connection.handle_request(request)
            except (httpcore.RemoteProtocolError, httpcore.ReadError):
                # the server closed the kept connection just now; a GET may be sent again
                connection.close()
        connection = httpcore.HTTPConnection(
            request.url.origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=self._backend,
        )
        return connection, connection.handle_request(request)

    def _take(self, host: _Host) -> httpcore.HTTPConnection | None:
        while True:
            with self._lock:
                connections = self._kept.get(host)
                if not connections:
                    return None
                connection = connections.pop()
            if not connection.has_expired():
                return connection
            connection.close()

    def _keep(self, host: _Host, connection: httpcore.HTTPConnection) -> None:
        if self._closed or not connection.is_idle():
            connection.close()
            return
        surplus: list[httpcore.HTTPConnection] = []
        with self._lock:
            self._kept.setdefault(host, []).append(connection)
            self._kept.move_to_end(host)
            if len(self._kept) > _KEPT_HOSTS:
                surplus = self._kept.popitem(last=False)[1]
        _close_all(surplus)


class ProxyConnections:
    """Connections through an HTTP proxy, which resolves the names; the guard can see literal addresses only."""

    def __init__(
        self, proxy: str, backend: httpcore.NetworkBackend, ssl_context: ssl.SSLContext, max_connections: int
    ) -> None:
        url = httpx.URL(proxy)
        self._pool = httpcore.HTTPProxy(
            str(url.copy_with(userinfo=b"")),
            proxy_auth=(url.username, url.password) if url.userinfo else None,
            ssl_context=ssl_context,
            max_connections=max_connections,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=backend,
        )

    @contextmanager
    def answer(self, request: httpcore.Request) -> Iterator[httpcore.Response]:
        """Send `request` and return the head of the answer."""
        check_literal(request.url.host.decode("ascii"))
        response = self._pool.handle_request(request)
        try:
            yield response
        finally:
            response.close()

    def close(self) -> None:
        """Close all that is kept."""
        self._pool.close()


def _close_all(connections: Iterator[httpcore.HTTPConnection] | list[httpcore.HTTPConnection]) -> None:
    for connection in connections:
        connection.close()
