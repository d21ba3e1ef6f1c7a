"""Column types that both databases treat alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC, naive for SQLite."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - the driver's type
        """Return an aware UTC time."""
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
        return aware


class Characters(TypeDecorator[str]):
    """Text of bounded length, without what one of the databases refuses."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text as it is kept."""
        return None if value is None else storable(value)


class LongCharacters(Characters):
    """Text of any length, without what one of the databases refuses."""

    impl = Text
    cache_ok = True


def storable(text: str) -> str:
    """Return `text` without NUL, which PostgreSQL refuses, and with `?` for lone surrogates, which no database takes."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
