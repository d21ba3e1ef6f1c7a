"""One hop: a request to one host, and what its answer means: the end, or a hop to somewhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import cast

import httpcore
import httpx

from pipeline.errors import FetchFailed, RefusedAddress, TooLarge, WirewatchError
from pipeline.fetch.connect import Meter
from pipeline.fetch.connections import Connections
from pipeline.fetch.exchange import Limits, Request, Response
from pipeline.fetch.guard import check_url
from pipeline.fetch.inflate import Body

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_DRAIN_BYTES = 65536
_MAX_VALIDATOR = 1024
_SENDABLE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a request stands: the URL to ask now, those already asked, the seconds already spent."""

    request: Request
    url: httpx.URL
    asked: tuple[str, ...] = ()
    permanent: bool = True
    spent: float = 0.0

    @classmethod
    def first(cls, request: Request) -> Hop:
        """Return the first hop of `request`; raises `RefusedAddress`."""
        return cls(request, check_url(request.url, local=request.local))

    @property
    def host(self) -> str:
        """The host that is asked: what politeness counts by."""
        return self.url.host.rstrip(".")

    @property
    def shown(self) -> str:
        """The URL for a message, without user name and password."""
        return str(self.url.copy_with(userinfo=b"")) if self.url.userinfo else str(self.url)

    def onward(self, status: int, location: str, limits: Limits) -> Hop:
        """Return the hop that a redirect asks for; raises `TooLarge` or `RefusedAddress`."""
        asked = (*self.asked, str(self.url))
        if len(asked) > limits.redirects:
            raise TooLarge(
                f"`{self.request.url}` redirects more than {limits.redirects} times", subject=self.request.url
            )
        target = self._target(location)
        if str(target) in asked:
            hint = "the site may insist on cookies, or be set up wrongly"
            raise TooLarge(f"`{self.request.url}` redirects in a circle", hint=hint, subject=self.request.url)
        downgraded = self.url.scheme == "https" and target.scheme == "http"
        permanent = self.permanent and status in _PERMANENT and not downgraded
        return replace(self, url=target, asked=asked, permanent=permanent)

    def _target(self, location: str) -> httpx.URL:
        try:
            return check_url(str(self.url.join(location)), local=self.request.local)
        except (httpx.InvalidURL, UnicodeError) as error:
            message = f"`{self.request.url}` redirects to something that is not a URL: `{location[:200]}`"
            raise RefusedAddress(message, subject=self.request.url) from error


class Sender:
    """Makes hops. The public connections carry everything but the requests marked `local`."""

    def __init__(
        self, *, user_agent: str, limits: Limits, meter: Meter, public: Connections, local: Connections
    ) -> None:
        self._user_agent = user_agent.encode("ascii")
        self._limits = limits
        self._meter = meter
        self._public = public
        self._local = local

    def make(self, hop: Hop) -> Hop | Response:
        """Ask once. Raises `FetchFailed`, `RefusedAddress` or `TooLarge` with the request's URL as subject."""
        connections = self._local if hop.request.local else self._public
        started = monotonic()
        timeout = min(self._limits.timeout, hop.request.timeout or self._limits.timeout)
        self._meter.start(timeout - hop.spent, self._limits.wire_bytes)
        try:
            with connections.answer(self._outgoing(hop)) as answer:
                outcome = self._read(hop, answer)
        except httpcore.TimeoutException as error:
            message = f"`{hop.shown}` did not answer in full within {timeout:g} s"
            raise FetchFailed(message, subject=hop.request.url) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise _failure(hop, error) from error
        except WirewatchError as error:
            error.subject = hop.request.url
            raise
        elapsed = hop.spent + monotonic() - started
        return replace(outcome, spent=elapsed) if isinstance(outcome, Hop) else replace(outcome, elapsed=elapsed)

    def _outgoing(self, hop: Hop) -> httpcore.Request:
        headers = [
            (b"Host", hop.url.netloc),
            (b"User-Agent", self._user_agent),
            (b"Accept", hop.request.accept.encode("ascii")),
            (b"Accept-Encoding", b"gzip, deflate"),
        ]
        if hop.url.userinfo:
            credentials = f"{hop.url.username}:{hop.url.password}".encode()
            headers.append((b"Authorization", b"Basic " + base64.b64encode(credentials)))
        for name, value in ((b"If-None-Match", hop.request.etag), (b"If-Modified-Since", hop.request.last_modified)):
            if value and len(value) <= _MAX_VALIDATOR and _SENDABLE.fullmatch(value):
                headers.append((name, value.encode("latin-1")))
        url = hop.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        return httpcore.Request(b"GET", target, headers=headers)

    def _read(self, hop: Hop, answer: httpcore.Response) -> Hop | Response:
        headers = _headers(answer.headers)
        stream = cast("Iterable[bytes]", answer.stream)
        status = answer.status
        good = 200 <= status < 300
        body = b""
        if good:
            body = self._body(hop, headers, stream)
        else:
            _drain(stream)
            if status in _REDIRECTS and headers.get("location"):
                return hop.onward(status, headers["location"], self._limits)
        moved = bool(hop.asked) and hop.permanent and (good or status == 304)
        url = str(hop.url)
        return Response(url, status, body, headers, moved_to=url if moved else None, elapsed=0.0)

    def _body(self, hop: Hop, headers: Mapping[str, str], stream: Iterable[bytes]) -> bytes:
        body = Body(headers.get("content-encoding", ""), self._limits.decompressed_bytes, hop.shown)
        for part in stream:
            body.add(part)
        return body.finish()


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("ascii").lower()
        value = _location(raw_value) if name == "location" else raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers and name != "location" else value
    return headers


def _location(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _drain(stream: Iterable[bytes]) -> None:
    """Read a short body that nobody needs, so that its connection can be kept."""
    left = _DRAIN_BYTES
    with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TooLarge):
        for part in stream:
            left -= len(part)
            if left < 0:
                return


def _failure(hop: Hop, error: Exception) -> FetchFailed:
    reason = str(error) or type(error).__name__
    hint = None
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        hint = "its certificate is expired, for another host, or from an authority that this machine does not know"
    elif isinstance(error, httpcore.ConnectError):
        hint = "check the address, and that this machine may reach it"
    return FetchFailed(f"`{hop.shown}` could not be fetched: {reason}", hint=hint, subject=hop.request.url)
