"""What the server or the way to it refuses, in words that say what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from pipeline.errors import QueryError, SearchUnavailable

REINDEX = "`wirewatch reindex` builds the indices again from the store"
_CREDENTIALS = "set `WIREWATCH_ELASTICSEARCH_API_KEY`, or `…_USER` and `…_PASSWORD`"
_RIGHTS = "give the user or the API key the rights that `docs/search.md` lists"
_DISK = "free disk space on the server; it takes the block off by itself once there is room again"
_BUSY = frozenset({429, 502, 503, 504})


@contextmanager
def asking(query: str | None = None) -> Iterator[None]:
    """Say of what goes wrong what to do. With `query`, what the server cannot run of it becomes a `QueryError`."""
    try:
        yield
    except TransportError as error:
        raise _unreachable(error) from error
    except UnsupportedProductError as error:
        hint = "check `WIREWATCH_ELASTICSEARCH_URL`; what answers there is not Elasticsearch 9"
        raise SearchUnavailable(f"the search server is not Elasticsearch: {error}", hint=hint) from error
    except ApiError as error:
        first = cause(error.body)
        if query is not None and (error.status_code == 400 or "too many terms" in str(first.get("reason"))):
            raise _too_much(query, first) from error
        raise refusal(error.status_code, first) from error


def refusal(status: int, cause: Mapping[str, Any]) -> SearchUnavailable:
    """Return what an answer with an error means for everything that would be asked."""
    kind, reason = str(cause.get("type", "")), str(cause.get("reason", "") or f"HTTP status {status}")
    match status, kind:
        case _, "cluster_block_exception":
            told = f"the search index is read-only: {reason}"
            hint = _DISK if "read-only-allow-delete" in reason else "take the block off the indices"
        case 401, _:
            told, hint = "the search server does not know these credentials", _CREDENTIALS
        case 403, _:
            told, hint = f"the search server forbids this: {reason}", _RIGHTS
        case 404, "index_not_found_exception":
            told, hint = f"the search index is not there: {reason}", REINDEX
        case _, "strict_dynamic_mapping_exception":
            told, hint = f"the search index is older than Wirewatch: {reason}", REINDEX
        case _, "media_type_header_exception":
            told, hint = "the search server is too old", "Wirewatch needs Elasticsearch 9"
        case _:
            told = f"the search server refuses: {reason}"
            hint = "it is busy or starting; Wirewatch tries again" if status in _BUSY else "see the server's log"
    return SearchUnavailable(told, hint=hint)


def cause(body: object) -> Mapping[str, Any]:
    """Return type and reason of the first cause that an error's body names."""
    error = body.get("error", {}) if isinstance(body, Mapping) else {}
    if not isinstance(error, Mapping):
        return {"reason": str(error)}
    roots = error.get("root_cause") or [error]
    return roots[0] if isinstance(roots[0], Mapping) else error


def reason(error: Mapping[str, Any]) -> str:
    """Return the reasons of an error and of what caused it, the outermost first."""
    found: list[str] = []
    step: object = error
    while isinstance(step, Mapping) and len(found) < 4:
        found.append(str(step.get("reason") or step.get("type")))
        step = step.get("caused_by")
    return ": ".join(dict.fromkeys(found))


def is_busy(status: int, kind: str) -> bool:
    """Return whether the server may take the same thing a little later. A block stays for longer."""
    return status in _BUSY and kind != "cluster_block_exception"


def _unreachable(error: TransportError) -> SearchUnavailable:
    match error:
        case TlsError():
            hint = "name the certificate of the authority that signed the server's in `WIREWATCH_ELASTICSEARCH_CA`"
            return SearchUnavailable(f"the search server's certificate is not trusted: {_short(error)}", hint=hint)
        case ConnectionTimeout():
            return SearchUnavailable("the search server does not answer in time", hint="is it overloaded, or starting?")
        case Unreachable():
            hint = "is Elasticsearch running, and is `WIREWATCH_ELASTICSEARCH_URL` right?"
            return SearchUnavailable(f"the search server cannot be reached: {_short(error)}", hint=hint)
    hint = "check `WIREWATCH_ELASTICSEARCH_URL`: what answers there does not speak like Elasticsearch"
    return SearchUnavailable(f"the search server's answer cannot be read: {_short(error)}", hint=hint)


def _short(error: TransportError) -> str:
    return str(error.message).split("\n", 1)[0][:300]


def _too_much(query: str, cause: Mapping[str, Any]) -> QueryError:
    hint = "split it into several, or write more letters before a `*`"
    return QueryError(f"the search server cannot run this query: {reason(cause)}", query=query, hint=hint)
