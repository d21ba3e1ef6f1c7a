"""Settings from Airflow's connections and variables. Imported inside tasks only."""

from __future__ import annotations

import os
from typing import cast

from airflow.sdk import Connection, Variable
from airflow.sdk.exceptions import AirflowNotFoundException

from pipeline.config import Settings
from pipeline.errors import ConfigError
from wirewatch_dags import connections

_ALL = "wirewatch_settings"
_A_STORE = {"WIREWATCH_STORE_URL", "WIREWATCH_STORE_URL_FILE", "WIREWATCH_DATA"}


def settings() -> Settings:
    """Return the settings that the connections, the variable `wirewatch_settings` and the environment make, in this order.

    Raises `ConfigError`, which names the connection or variable. Without a word on where the store lies there is none:
    SQLite in the working folder of whatever process runs a task would be a different store each time.
    """
    used = {name: found for name in connections.NAMES if (found := _connection(name))}
    values = Variable.get(_ALL, default={}, deserialize_json=True)
    if not isinstance(values, dict):
        hint = 'write an object of settings by name, such as {"alert_max_age": "12h"}'
        raise ConfigError(f"variable `{_ALL}`: is no JSON object", hint=hint)
    variables = connections.environment(used, values, os.environ)
    if not any(variables.get(name) for name in _A_STORE):
        hint = "make the connection, or set `WIREWATCH_STORE_URL`, or `WIREWATCH_DATA` for SQLite in that folder"
        raise ConfigError("connection `wirewatch_store`: there is none, and nothing else names the store", hint=hint)
    try:
        return Settings.load(variables)
    except ConfigError as error:
        raise ConfigError(_named(str(error), {*used}, {*values}), hint=error.hint) from None


def number(variable: str, default: int, *, most: int) -> int:
    """Return the whole number from 1 to `most` in an Airflow variable, else in the environment; raises `ConfigError`."""
    text = str(Variable.get(variable, default=os.environ.get(variable.upper(), default))).strip()
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ConfigError(f"variable `{variable}`: `{text}` is not a whole number from 1 to {most}")
    return int(text)


def _connection(name: str) -> connections.Connection | None:
    try:
        return cast("connections.Connection", Connection.get(name))
    except AirflowNotFoundException:
        return None


def _named(message: str, used: set[str], values: set[str]) -> str:
    """Return the message with the connection or variable in front of each setting that comes from there."""
    return "\n".join(_origin(line, used, values) + line for line in message.splitlines())


def _origin(line: str, used: set[str], values: set[str]) -> str:
    if line.count("`") < 2:
        return ""
    name = line.split("`")[1]
    connection = connections.connection_of(name)
    if connection in used:
        return f"connection `{connection}`: "
    return f"variable `{_ALL}`: " if name.removeprefix("WIREWATCH_").lower() in values else ""
