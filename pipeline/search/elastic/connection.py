"""The way to the cluster."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.errors import ConfigError

_TIMEOUT = 60.0


def connect(  # noqa: PLR0913 - a connection is these things
    addresses: Sequence[str],
    *,
    cloud_id: str | None = None,
    api_key: str | None = None,
    user: str | None = None,
    password: str | None = None,
    authority: Path | None = None,
    timeout: float = _TIMEOUT,
) -> Elasticsearch:
    """Return a client of the cluster at `addresses` or, without, of the hosted one that `cloud_id` names.

    Nothing is sent yet. `authority` is the certificate that the server's must be signed by. Raises `ConfigError`.
    """
    place: dict[str, Any] = {"hosts": list(addresses)} if addresses else {"cloud_id": cloud_id}
    if api_key:
        place["api_key"] = api_key
    elif user:
        place["basic_auth"] = (user, password or "")
    if authority and any(address.startswith("https:") for address in addresses):
        place["ssl_context"] = _trusting(authority)
    try:
        # another node is asked where one does not answer; a busy one is left to `Bulk`
        return Elasticsearch(
            **place, request_timeout=timeout, max_retries=max(0, len(addresses) - 1), retry_on_status=(),
            http_compress=any(address.startswith("https:") for address in addresses) or not addresses,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        hint = "check the variables `WIREWATCH_ELASTICSEARCH_…`"
        raise ConfigError(f"the way to Elasticsearch is set up wrongly: {error}", hint=hint) from error


def _trusting(authority: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(authority))
    except OSError as error:
        hint = "`WIREWATCH_ELASTICSEARCH_CA` names a file with a certificate in PEM form"
        raise ConfigError(f"`{authority}` cannot be read as a certificate: {error}", hint=hint) from error
