"""Whose turn is it? Hosts in rotation, never more than so many requests in flight to one of them.

Where requests want a pause between them, their host is asked one at a time. Both hold over all batches. A batch hands out new requests only while few results wait to be taken,
so that a slow reader does not fill the memory.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic

from pipeline.errors import FetchFailed, WirewatchError
from pipeline.fetch.exchange import Response
from pipeline.fetch.hop import Hop

_ATTENTION_SECONDS = 0.5
Outcome = Response | WirewatchError
_Queues = OrderedDict[str, deque["Job"]]


@dataclass(slots=True, eq=False)
class Job:
    """A hop that waits for its turn; `number` is its place in the batch."""

    batch: Batch
    number: int
    hop: Hop


@dataclass(slots=True, eq=False)
class Batch:
    """Requests that belong together, and the results as they come."""

    window: int
    results: SimpleQueue[tuple[int, Outcome]] = field(default_factory=SimpleQueue)
    begun: _Queues = field(default_factory=OrderedDict)
    fresh: _Queues = field(default_factory=OrderedDict)
    unread: int = 0

    def put(self, job: Job) -> None:
        """Let a job wait; one that was redirected comes before those not yet begun."""
        queues = self.begun if job.hop.asked else self.fresh
        queues.setdefault(job.hop.host, deque()).append(job)

    def take(self, may_start: Callable[[Job], bool]) -> Job | None:
        """Return the next job that `may_start` lets pass, if there is one."""
        job = _take(self.begun, may_start)
        if job is None and self.unread < self.window:
            job = _take(self.fresh, may_start)
            self.unread += job is not None
        return job

    def clear(self) -> list[Job]:
        """Give up all jobs that wait, and return them."""
        jobs = [job for queues in (self.begun, self.fresh) for queue in queues.values() for job in queue]
        self.begun.clear()
        self.fresh.clear()
        return jobs


def _take(queues: _Queues, may_start: Callable[[Job], bool]) -> Job | None:
    for host, queue in queues.items():
        if may_start(queue[0]):
            job = queue.popleft()
            if queue:
                queues.move_to_end(host)
            else:
                del queues[host]
            return job
    return None


class Turns:
    """The queue between those who ask and the workers; all methods may be called from any thread."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._in_flight: Counter[str] = Counter()
        self._paused: dict[str, float] = {}
        self._batches: deque[Batch] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def open(self, hops: dict[int, Hop], window: int) -> Batch:
        """Let `hops` wait for their turn; raises `FetchFailed` after `close`."""
        batch = Batch(window)
        for number, hop in hops.items():
            batch.put(Job(batch, number, hop))
        with self._changed:
            if self._closed:
                raise FetchFailed("the fetcher was closed")
            self._batches.append(batch)
            self._changed.notify(min(len(hops), window))
        return batch

    def take(self) -> Job | None:
        """Wait for a job and return it; None after `close`. `finish` must follow."""
        with self._changed:
            while not self._closed:
                for _ in range(len(self._batches)):
                    self._batches.rotate(-1)
                    if job := self._batches[-1].take(self._may_start):
                        self._in_flight[job.hop.host] += 1
                        return job
                self._changed.wait(self._shortest_pause())
        return None

    def finish(self, job: Job, outcome: Hop | Outcome) -> None:
        """Free the host, and let the next hop wait for its turn or hand out the result."""
        with self._changed:
            host = job.hop.host
            self._in_flight[host] -= 1
            if not self._in_flight[host]:
                del self._in_flight[host]
            if job.hop.request.pause:
                self._paused[host] = monotonic() + job.hop.request.pause
            if not isinstance(outcome, Hop):
                job.batch.results.put((job.number, outcome))
            elif self._closed or job.batch not in self._batches:
                job.batch.results.put((job.number, FetchFailed("the fetcher was closed", subject=job.hop.request.url)))
            else:
                job.batch.put(Job(job.batch, job.number, outcome))
                self._changed.notify()
            self._changed.notify()

    def receive(self, batch: Batch) -> tuple[int, Outcome]:
        """Wait for the next result of `batch`."""
        while True:
            with suppress(Empty):  # a signal that came just before the wait is answered between two waits
                result = batch.results.get(timeout=_ATTENTION_SECONDS)
                break
        with self._changed:
            batch.unread -= 1
            self._changed.notify()
        return result

    def drop(self, batch: Batch) -> None:
        """Forget `batch`: what waits is not begun, what is in flight is not waited for."""
        with self._changed:
            batch.clear()
            self._batches = deque(other for other in self._batches if other is not batch)

    def close(self) -> None:
        """Send the workers home, and tell those who wait that nothing more will come."""
        with self._changed:
            self._closed = True
            for batch in self._batches:
                for job in batch.clear():
                    error = FetchFailed("the fetcher was closed", subject=job.hop.request.url)
                    batch.results.put((job.number, error))
            self._changed.notify_all()

    def _may_start(self, job: Job) -> bool:
        host = job.hop.host
        if job.hop.request.pause:
            return not self._in_flight[host] and self._paused.get(host, 0.0) <= monotonic()
        return self._in_flight[host] < self._per_host

    def _shortest_pause(self) -> float | None:
        """Return the seconds until a host's pause is over, None if there is no pause; forgets those that are over."""
        now = monotonic()
        self._paused = {host: end for host, end in self._paused.items() if end > now}
        return min(self._paused.values(), default=now) - now if self._paused else None
