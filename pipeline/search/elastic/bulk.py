"""Writing many articles at once: in portions by size, with patience for a busy server, and answers one by one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import uniform
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from pydantic_core import to_json

from pipeline.search.elastic import failures

MOST_BYTES = 5_000_000
MOST_OPERATIONS = 125
PATIENCE = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_AT_ONCE = 4
_FOR_ALL = frozenset({"cluster_block_exception", "strict_dynamic_mapping_exception", "index_closed_exception"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one index. Without `document` the article is deleted. An older `version` gives way to a newer one.

    `overwrite` says whether a document of the same version may be replaced.
    """

    index: str
    id: str
    document: bytes | None = None
    version: int = 0
    overwrite: bool = True

    def lines(self) -> tuple[bytes, ...]:
        """Return what stands for it in a bulk request."""
        target: dict[str, Any] = {"_index": self.index, "_id": self.id}
        if self.document is None:
            return (to_json({"delete": target}),)
        kind = "external_gte" if self.overwrite else "external"
        return to_json({"index": target | {"version": self.version, "version_type": kind}}), self.document


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that the server did not carry out, with its status and the error it gave."""

    operation: Operation
    status: int
    error: dict[str, Any]


class Bulk:
    """Writes to one server. `patience`: seconds for which a busy server is asked again; `refresh`: be searchable at once."""

    def __init__(self, client: Elasticsearch, *, patience: float = PATIENCE, refresh: bool = False) -> None:
        self._client = client
        self._patience = patience
        self._refresh = refresh

    def write(self, operations: Sequence[Operation]) -> list[Refusal]:
        """Carry out `operations`, and return those that were refused for reasons of their own.

        Raises `SearchUnavailable` where the server is at fault; some may be carried out then, and all can be repeated.
        """
        portions = list(_portions(operations))
        if len(portions) < 2:
            return [refusal for portion in portions for refusal in self._portion(portion)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [refusal for refusals in pool.map(self._portion, portions) for refusal in refusals]

    def _portion(self, operations: list[Operation]) -> list[Refusal]:
        refused: list[Refusal] = []
        for last in _attempts(self._patience):
            answers = self._answers(operations, last=last)
            busy = [one for one in answers if failures.is_busy(one.status, one.error.get("type", ""))]
            refused += [one for one in answers if one not in busy]
            if not busy:
                break
            if last:
                raise failures.refusal(busy[0].status, busy[0].error)
            operations = [one.operation for one in busy]
        return refused

    def _answers(self, operations: list[Operation], *, last: bool) -> list[Refusal]:
        lines: Any = [line for operation in operations for line in operation.lines()]
        try:
            answer = self._client.bulk(operations=lines, refresh=self._refresh)
        except ApiError as error:
            if error.status_code == 413:
                return self._smaller(operations, last=last)
            cause = dict(failures.cause(error.body))
            if last or not failures.is_busy(error.status_code, cause.get("type", "")):
                raise
            return [Refusal(operation, error.status_code, cause) for operation in operations]
        if not answer["errors"]:
            return []
        outcomes = [next(iter(item.values())) for item in answer["items"]]
        return [
            Refusal(operation, outcome["status"], outcome["error"])
            for operation, outcome in zip(operations, outcomes, strict=True)
            if "error" in outcome
        ]

    def _smaller(self, operations: list[Operation], *, last: bool) -> list[Refusal]:
        """Send in halves what is too large for the server, or something on the way to it."""
        if len(operations) == 1:
            error = {"type": "too_large", "reason": "it is larger than the server takes"}
            return [Refusal(operations[0], 413, error)]
        middle = len(operations) // 2
        return self._answers(operations[:middle], last=last) + self._answers(operations[middle:], last=last)


def check(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Return `refusals`, unless one of them says that the server takes nothing: then `SearchUnavailable` is raised."""
    found = list(refusals)
    for one in found:
        if one.status in (401, 403) or one.status >= 500 or one.error.get("type") in _FOR_ALL:
            raise failures.refusal(one.status, one.error)
    return found


def _portions(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    portion: list[Operation] = []
    size = 0
    for operation in operations:
        length = len(operation.document or b"") + 200
        if portion and (size + length > MOST_BYTES or len(portion) >= MOST_OPERATIONS):
            yield portion
            portion, size = [], 0
        portion.append(operation)
        size += length
    if portion:
        yield portion


def _attempts(patience: float) -> Iterator[bool]:
    """Yield once an attempt, with longer pauses between them; the value says whether it is the last."""
    pause, waited = _FIRST_PAUSE, 0.0
    while waited + pause < patience:
        yield False
        chosen = uniform(pause / 2, pause)  # noqa: S311 - so that workers do not come back all at once
        time.sleep(chosen)
        waited, pause = waited + chosen, min(pause * 2, _LONGEST_PAUSE)
    yield True
