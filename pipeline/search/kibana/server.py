"""Kibana's HTTP API, as far as Wirewatch needs it: make a space, import saved objects.

An import answers 200 also where objects were refused, so its answer is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

from elastic_transport import HttpHeaders, NodeConfig, TransportError, Urllib3HttpNode

from pipeline.errors import ConfigError, SearchUnavailable
from pipeline.search.kibana.objects import SavedObject, ndjson
from pipeline.search.links import DEFAULT_SPACE

_TIMEOUT = 60.0
_BOUNDARY = "wirewatch-saved-objects"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An object that Kibana did not take, and why."""

    type: str
    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Installed:
    """What an import did."""

    count: int
    refused: tuple[Refusal, ...] = ()


class KibanaServer:
    """One Kibana. `authorization` is a value for the header of that name; `ca` the file of a certificate authority.

    All methods raise `SearchUnavailable` where it cannot be reached or is not ready, and `ConfigError` where it refuses
    the credentials.
    """

    def __init__(
        self, url: str, *, authorization: str | None = None, ca: str | None = None, space: str = DEFAULT_SPACE
    ) -> None:
        self._url = url
        self._space = space
        self._headers = {"kbn-xsrf": "true"} | ({"authorization": authorization} if authorization else {})
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        node = NodeConfig(parts.scheme, parts.hostname or "", port, path_prefix=parts.path, ca_certs=ca)
        self._node = Urllib3HttpNode(node)

    def install(self, objects: Sequence[SavedObject]) -> Installed:
        """Put `objects` into the space, in place of those with the same ids; the space is made if there is none."""
        self._make_space()
        file = ndjson(objects)
        body = b"".join(
            (
                f"--{_BOUNDARY}\r\n".encode(),
                b'Content-Disposition: form-data; name="file"; filename="wirewatch.ndjson"\r\n',
                b"Content-Type: application/ndjson\r\n\r\n",
                file,
                f"\r\n--{_BOUNDARY}--\r\n".encode(),
            )
        )
        headers = {"content-type": f"multipart/form-data; boundary={_BOUNDARY}"}
        answer = self._ask("POST", f"{self._prefix}/api/saved_objects/_import?overwrite=true", body, headers)
        return Installed(int(answer.get("successCount", 0)), tuple(map(_refusal, answer.get("errors") or ())))

    def close(self) -> None:
        """Let go of the connection."""
        self._node.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _prefix(self) -> str:
        return "" if self._space == DEFAULT_SPACE else f"/s/{quote(self._space, safe='')}"

    def _make_space(self) -> None:
        if self._space == DEFAULT_SPACE:
            return
        name = quote(self._space, safe="")
        if self._ask("GET", f"/api/spaces/space/{name}", missing_is_fine=True):
            return
        space = json.dumps({"id": self._space, "name": self._space}).encode()
        self._ask("POST", "/api/spaces/space", space, {"content-type": "application/json"})

    def _ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        missing_is_fine: bool = False,
    ) -> dict[str, Any]:
        try:
            meta, raw = self._node.perform_request(
                method,
                target,
                body=body,
                headers=HttpHeaders(self._headers | dict(headers or {})),
                request_timeout=_TIMEOUT,
            )
        except TransportError as error:
            hint = "is it running, is `WIREWATCH_KIBANA_URL` right, and is its certificate signed by `WIREWATCH_ELASTICSEARCH_CA`?"
            raise SearchUnavailable(f"Kibana at `{self._url}` cannot be reached: {error}", hint=hint) from error
        if meta.status == 404 and missing_is_fine:
            return {}
        answer = _decoded(raw)
        self._check(meta.status, answer)
        if not isinstance(answer, dict):
            hint = "does `WIREWATCH_KIBANA_URL` lead to Kibana, with its base path if it has one?"
            raise SearchUnavailable(f"`{self._url}` does not answer as Kibana does", hint=hint)
        return answer

    def _check(self, status: int, answer: object) -> None:
        said = answer.get("message", "") if isinstance(answer, dict) else ""
        if status in (401, 403):
            hint = "give a user or an API key that may manage saved objects (and spaces): `WIREWATCH_ELASTICSEARCH_API_KEY`"
            raise ConfigError(f"Kibana at `{self._url}` refuses these credentials (HTTP {status}): {said}", hint=hint)
        if not 200 <= status < 300:
            starting = "it may still be starting; try again in a minute" if status in (502, 503) else None
            raise SearchUnavailable(f"Kibana at `{self._url}` answers HTTP {status}: {said}", hint=starting)


def _decoded(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _refusal(error: Mapping[str, Any]) -> Refusal:
    cause = error.get("error") or {}
    reason = str(cause.get("type", "unknown"))
    if missing := cause.get("references"):
        reason += ": " + ", ".join(f"{one.get('type')} {one.get('id')}" for one in missing)
    elif message := cause.get("message") or cause.get("reason"):
        reason += f": {message}"
    title = (error.get("meta") or {}).get("title") or error.get("title") or ""
    return Refusal(str(error.get("type", "")), str(error.get("id", "")), str(title), reason)
