"""The sample wire on loopback: `with SampleWire(started, folder) as wire:` and poll `wire.feeds`.

It answers on 127.0.0.1 only, over HTTP/1.1 with connections kept alive, and logs nothing. The feed that is a folder
is written into `folder`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from pipeline.config.models import Feed
from pipeline.demo.formats import render
from pipeline.demo.publisher import Publisher, poll_path
from pipeline.demo.texts import WireFeed, load_wire

_IDLE_SECONDS = 30


class SampleWire:
    """The running sample wire. Its content depends on `started` and the port alone; port 0 takes any that is free."""

    def __init__(self, started: datetime, folder: Path, *, port: int = 0) -> None:
        self._started = started
        self._folder = folder.resolve()
        self._wire = load_wire()
        self._server = _Server(port)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._server.publisher = Publisher(self._wire, started=started, base_url=self.base_url)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._write_folders(1)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def feeds(self) -> list[Feed]:
        """All feeds as a user would configure them, marked as lying on this machine."""
        return [self._configured(feed) for feed in self._wire]

    def publish_update(self) -> None:
        """Put the second issue out: an update, a correction and a flash; the feed they are in gets a new ETag."""
        self._server.publisher.publish(2)
        self._write_folders(2)

    def answered(self, path: str) -> Counter[int]:
        """How often a request for `path` was answered so far, by HTTP status."""
        with self._server.lock:
            return Counter({status: n for (asked, status), n in self._server.log.items() if asked == path})

    def _configured(self, feed: WireFeed) -> Feed:
        shared = feed.model_dump(
            include={"id", "name", "source", "source_name", "language", "country", "kind", "full_text"}
        )
        folder = self._folder / feed.id
        url = folder.as_uri() if feed.format == "folder" else self.base_url + poll_path(feed)
        return Feed.model_validate(shared | {"url": url, "local": True})

    def _write_folders(self, issue: int) -> None:
        for feed in self._wire:
            if feed.format == "folder":
                write_folder(feed, self._folder / feed.id, issue=issue, started=self._started, base_url=self.base_url)


def write_folder(feed: WireFeed, folder: Path, *, issue: int, started: datetime, base_url: str) -> None:
    """Write a file an article, RSS and JSON Feed in turn; a file whose content stays the same is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, article in enumerate(feed.at(issue)):
        delivered = feed if number % 2 == 0 else feed.changed(format="jsonfeed")
        path = folder / f"{article.guid.rpartition(':')[2]}{'.xml' if number % 2 == 0 else '.json'}"
        content = render(delivered, [article], started=started, base_url=base_url)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    publisher: Publisher

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.lock = Lock()
        self.log: Counter[tuple[str, int]] = Counter()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the terminal belongs to the command."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        answer = self.server.publisher.answer(path, {name.lower(): value for name, value in self.headers.items()})
        with self.server.lock:
            self.server.log[path, answer.status] += 1
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
