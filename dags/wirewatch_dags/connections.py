"""Airflow's connections in the words of Wirewatch's settings. Imported inside tasks only.

A connection stands for address and credentials as a whole: what the environment says about these is left aside then.
Its extras may name every other setting of the same kind, such as `{"index": "newsroom"}` for `WIREWATCH_ELASTICSEARCH_INDEX`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode

_REPLACED = {
    "wirewatch_store": ("STORE_URL",),
    "wirewatch_elasticsearch": (
        "ELASTICSEARCH_URL",
        "ELASTICSEARCH_CLOUD_ID",
        "ELASTICSEARCH_API_KEY",
        "ELASTICSEARCH_USER",
        "ELASTICSEARCH_PASSWORD",
    ),
    "wirewatch_smtp": ("SMTP_URL",),
}
NAMES = tuple(_REPLACED)
_PREFIXES = {"wirewatch_store": "STORE_", "wirewatch_elasticsearch": "ELASTICSEARCH_", "wirewatch_smtp": "SMTP_"}
_SMTPS_PORT = 465
_FROM = ("mail_from", "from_email")


class Connection(Protocol):
    """What is used of an Airflow connection."""

    conn_type: str | None
    host: str | None
    schema: str | None
    login: str | None
    password: str | None
    port: int | None

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """The extras."""


def environment(
    connections: Mapping[str, Connection], values: Mapping[str, object], process: Mapping[str, str]
) -> dict[str, str]:
    """Return variables for `Settings.load`: those of `process`, then `values` by name of setting, then the connections."""
    found = {name: value for name, value in process.items() if name.startswith("WIREWATCH_")}
    for setting, value in values.items():
        _put(found, setting.upper(), value)
    for name, connection in connections.items():
        for setting in _REPLACED[name]:
            found.pop(f"WIREWATCH_{setting}", None)
            found.pop(f"WIREWATCH_{setting}_FILE", None)
        for setting, value in _READ[name](connection).items():
            _put(found, setting, value)
    return found


def connection_of(variable: str) -> str | None:
    """Return the connection that speaks for a variable such as `WIREWATCH_STORE_URL`."""
    setting = variable.removeprefix("WIREWATCH_")
    named = {"MAIL_FROM": "wirewatch_smtp"}
    return named.get(setting) or next((one for one, begin in _PREFIXES.items() if setting.startswith(begin)), None)


def _put(found: dict[str, str], setting: str, value: object) -> None:
    if value is None:
        return
    found.pop(f"WIREWATCH_{setting}_FILE", None)
    found[f"WIREWATCH_{setting}"] = ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _store(connection: Connection) -> dict[str, object]:
    extras = connection.extra_dejson
    if connection.conn_type == "sqlite":
        path = connection.host or connection.schema or ""
        return {"STORE_URL": f"sqlite:////{path.lstrip('/')}"}
    kind = connection.conn_type or "postgres"
    scheme = "postgresql" if kind == "postgres" else kind
    query = f"?{urlencode(extras)}" if extras else ""
    return {"STORE_URL": f"{scheme}://{_authority(connection)}/{quote(connection.schema or '', safe='')}{query}"}


def _elasticsearch(connection: Connection) -> dict[str, object]:
    extras = dict(connection.extra_dejson)
    found: dict[str, object] = {f"ELASTICSEARCH_{name.upper()}": value for name, value in extras.items()}
    found |= {"ELASTICSEARCH_USER": connection.login, "ELASTICSEARCH_PASSWORD": connection.password}
    if connection.host and "ELASTICSEARCH_URL" not in found:
        host = connection.host if "://" in connection.host else f"{_web_scheme(connection)}://{connection.host}"
        found["ELASTICSEARCH_URL"] = f"{host}:{connection.port}" if connection.port else host
    return found


def _smtp(connection: Connection) -> dict[str, object]:
    extras = connection.extra_dejson
    sender = next((extras[name] for name in _FROM if extras.get(name)), None)
    return {"SMTP_URL": f"{_mail_scheme(connection)}://{_authority(connection)}", "MAIL_FROM": sender}


_READ = {"wirewatch_store": _store, "wirewatch_elasticsearch": _elasticsearch, "wirewatch_smtp": _smtp}


def _web_scheme(connection: Connection) -> str:
    for one in (connection.schema, connection.conn_type):
        if one in {"http", "https"}:
            return one
    return "https"


def _mail_scheme(connection: Connection) -> str:
    """TLS from the first byte where the type, the port or Airflow's own `disable_ssl: false` says so; else STARTTLS."""
    plain = connection.extra_dejson.get("disable_ssl")
    wanted = connection.conn_type == "smtps" or connection.port == _SMTPS_PORT or str(plain).lower() == "false"
    return "smtps" if wanted and str(plain).lower() != "true" else "smtp"


def _authority(connection: Connection) -> str:
    user = quote(connection.login or "", safe="")
    password = f":{quote(connection.password, safe='')}" if connection.password else ""
    port = f":{connection.port}" if connection.port else ""
    at = "@" if user or password else ""
    return f"{user}{password}{at}{connection.host or ''}{port}"
