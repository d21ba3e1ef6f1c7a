"""Many requests at once, politely; the caller sees plain functions."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Self, TypeVar

import httpx

from pipeline.errors import ConfigError, FetchFailed, WirewatchError
from pipeline.fetch.connect import CheckedBackend, Meter, Resolve, resolve_host
from pipeline.fetch.connections import Connections, DirectConnections, ProxyConnections
from pipeline.fetch.exchange import Limits, Request, Response
from pipeline.fetch.guard import check_address, check_local_address
from pipeline.fetch.hop import Hop, Sender
from pipeline.fetch.turns import Turns

K = TypeVar("K")

_FAREWELL_SECONDS = 1.0


class Fetcher:
    """Fetches URLs with at most `workers` requests in flight, and at most `per_host` to one host.

    Environment, cookies and stored passwords play no part. With `proxy` (an http URL) all but the requests marked
    `local` go through it, and the proxy resolves the names; then only addresses written as such are guarded against.
    `resolve` turns a host and port into addresses. Close it after use, or use it in a `with` statement.
    """

    def __init__(  # noqa: PLR0913 - all are settings of the one fetcher, by keyword
        self,
        *,
        user_agent: str,
        limits: Limits,
        workers: int,
        per_host: int = 2,
        proxy: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolve = resolve_host,
    ) -> None:
        if not (user_agent.isascii() and user_agent.isprintable() and user_agent.strip() == user_agent != ""):
            raise ConfigError(
                f"the user agent `{user_agent}` must be printable ASCII", hint="such as `Name/1.0 (+URL)`"
            )
        meter = Meter()
        context = ssl_context or httpx.create_ssl_context(trust_env=False)
        within = CheckedBackend(meter, resolve, check_local_address)
        # two sets of connections: one that a local request opened must never carry another's
        local: Connections = DirectConnections(within, context)
        public: Connections = (
            ProxyConnections(proxy, within, context, workers)
            if proxy
            else DirectConnections(CheckedBackend(meter, resolve, check_address), context)
        )
        self._connections = (public, local)
        self._sender = Sender(user_agent=user_agent, limits=limits, meter=meter, public=public, local=local)
        self._turns = Turns(per_host)
        self._window = 2 * workers
        self._workers = [threading.Thread(target=self._work, daemon=True, name=f"fetch {n}") for n in range(workers)]
        for worker in self._workers:
            worker.start()

    def get(self, request: Request) -> Response:
        """Return the answer to `request`, whatever its status.

        Raises `FetchFailed` if there is none, `RefusedAddress` if the guard forbids it, `TooLarge` if it passes a limit.
        """
        for _, outcome in self.many({None: request}):
            if isinstance(outcome, Response):
                return outcome
            raise outcome
        raise AssertionError("a batch of one has one result")

    def many(self, requests: Mapping[K, Request]) -> Iterator[tuple[K, Response | WirewatchError]]:
        """Yield each key with its answer or error, in the order in which they come. Hosts are served in rotation.

        Requests start when the first result is asked for, and go on only as long as results are taken.
        """
        keys = list(requests)
        hops: dict[int, Hop] = {}
        for number, key in enumerate(keys):
            try:
                hops[number] = Hop.first(requests[key])
            except WirewatchError as error:
                yield key, error
        batch = self._turns.open(hops, self._window)
        try:
            for _ in hops:
                number, outcome = self._turns.receive(batch)
                yield keys[number], outcome
        finally:
            self._turns.drop(batch)

    def close(self) -> None:
        """Give up what waits and close the connections; a request in flight ends by itself, within its time limit."""
        self._turns.close()
        for worker in self._workers:
            worker.join(_FAREWELL_SECONDS / len(self._workers))
        for connections in self._connections:
            connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self) -> None:
        while (job := self._turns.take()) is not None:
            self._turns.finish(job, self._outcome(job.hop))

    def _outcome(self, hop: Hop) -> Hop | Response | WirewatchError:
        try:
            return self._sender.make(hop)
        except WirewatchError as error:
            return error
        except Exception as error:  # noqa: BLE001 - one odd answer must stop no other; the cause goes along
            failed = FetchFailed(f"`{hop.shown}` could not be read: {error!r}", subject=hop.request.url)
            failed.__cause__ = error
            return failed
