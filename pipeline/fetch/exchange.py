"""What goes out and what comes back: limits, request, response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost. `timeout` is in seconds for the whole request, redirects included.

    `wire_bytes` counts all that arrives for one answer, headers included; `decompressed_bytes` counts the body as handed on.
    """

    timeout: float = 30.0
    wire_bytes: int = 10_000_000
    decompressed_bytes: int = 40_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `etag` and `last_modified` are sent back verbatim; `local` opens private networks too.

    `timeout` is in seconds, where the answer is worth less waiting than the limits allow. With a `pause`, in seconds,
    the host is asked nothing else at the same time, and nothing with a pause sooner than that after the last such answer.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    local: bool = False
    accept: str = FEED_ACCEPT
    timeout: float | None = None
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, of whatever status; `body` is decompressed, and empty unless the status is 2xx.

    `url` is where the answer came from. `headers` has lower-case names. `moved_to` equals `url` where the answer is
    good (2xx or 304), every hop to it was permanent (301 or 308) and none went from https down to http. `elapsed` is in
    seconds and leaves out the time spent waiting for a turn.
    """

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]
    moved_to: str | None
    elapsed: float

    @property
    def content_type(self) -> str | None:
        """The `Content-Type` header as it stands."""
        return self.headers.get("content-type")

    @property
    def etag(self) -> str | None:
        """The `ETag` header, verbatim with quotes and `W/`."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The `Last-Modified` header, verbatim."""
        return self.headers.get("last-modified")
