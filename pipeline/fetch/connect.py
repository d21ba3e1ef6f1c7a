"""Opening sockets: only to addresses that were checked, and only as long as the request may take.

A host is resolved once for each connection; all answers are checked, and the connection goes to a checked
address and not to the name, so that a DNS answer which changes in between is of no use to anyone.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import httpcore

from pipeline.errors import TooLarge

Resolve = Callable[[str, int], list[str]]
Check = Callable[[str, str], None]

_CONNECT_TIMEOUT = 10.0


def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the addresses of `host`, in the order in which they should be tried."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Meter(threading.local):
    """What the request that this thread works on may still spend: seconds, and bytes to be received."""

    deadline = 0.0
    wire_bytes = 0

    def start(self, seconds: float, wire_bytes: int) -> None:
        """Begin to measure a request."""
        self.deadline = monotonic() + seconds
        self.wire_bytes = wire_bytes

    def seconds_left(self) -> float:
        """Return the seconds left; raises `httpcore.ReadTimeout` when there are none."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left

    def receive(self, count: int) -> None:
        """Count bytes received; raises `TooLarge` when they are more than allowed."""
        self.wire_bytes -= count
        if self.wire_bytes < 0:
            raise TooLarge("the answer has more bytes than allowed")


class MeteredStream(httpcore.NetworkStream):
    """A socket whose every read and write is bounded by what is left on the meter."""

    def __init__(self, stream: httpcore.NetworkStream, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the meter knows
        """Read what has arrived."""
        data = self._stream.read(max_bytes, self._meter.seconds_left())
        self._meter.receive(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the meter knows
        """Write all of `buffer`."""
        self._stream.write(buffer, self._meter.seconds_left())

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the meter knows
    ) -> httpcore.NetworkStream:
        """Go on in TLS."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._meter.seconds_left())
        return MeteredStream(stream, self._meter)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as in httpcore
        """Return what the socket knows about itself."""
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the addresses of a host that `check(address, host)` lets pass: to all or to none."""

    def __init__(self, meter: Meter, resolve: Resolve, check: Check) -> None:
        self._meter = meter
        self._resolve = resolve
        self._check = check
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the meter knows
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers."""
        addresses = self._addresses(host, port)
        for address in addresses:
            self._check(address, host)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for tried, address in enumerate(addresses):
            share = min(_CONNECT_TIMEOUT, self._meter.seconds_left() / (len(addresses) - tried))
            try:
                stream = self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return MeteredStream(stream, self._meter)
        raise failure or httpcore.ConnectError("the host name has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return _within(self._meter.seconds_left(), self._resolve, host, port)


def _within(seconds: float, resolve: Resolve, host: str, port: int) -> list[str]:
    """Resolve in a thread of its own: the system's resolver knows no timeout."""
    answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name=f"resolve {host}").start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise httpcore.ConnectTimeout(f"the name `{host}` was not resolved in time") from error
    if isinstance(answer, (OSError, UnicodeError)):
        raise httpcore.ConnectError(f"the name `{host}` cannot be resolved") from answer
    return answer
