"""The tables. A change here needs a migration beside it; a test compares the two.

Articles are kept as JSON documents; a column stands beside the document only where the store itself
searches, sorts or changes by it. `duplicate_of` and `story_id` live in columns alone, because dedup
changes them for many articles at once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


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


_BIG = BigInteger().with_variant(Integer, "sqlite")

feed = Table(
    "feed",
    metadata,
    Column("feed_id", String(200), primary_key=True),
    Column("state", Text, nullable=False),
    Column("next_poll", Moment, nullable=False),
    Column("owner", String(64)),
    Column("leased_until", Moment),
)

article = Table(
    "article",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("source_id", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("timestamp", Moment, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("url", Text),
    Column("document", Text, nullable=False),
    Column("enriched", Boolean, nullable=False),
    Column("duplicate_of", String(64)),
    Column("story_id", String(80)),
    Index("ix_article_timestamp", "timestamp"),
    Index("ix_article_duplicate_of", "duplicate_of"),
    Index("ix_article_story_id", "story_id"),
)

superseded = Table(
    "superseded",
    metadata,
    Column("article_id", String(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("replaced", Moment, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    Column("article_id", String(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("feed_id", String(200), primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Column("content", String(64), nullable=False),
    Index("ix_sighting_feed_id", "feed_id"),
)

work = Table(
    "work",
    metadata,
    Column("article_id", String(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("available", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(64)),
    Column("leased_until", Moment),
    Index("ix_work_stage_available", "stage", "available"),
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("number", _BIG, primary_key=True, autoincrement=True),
    Column("article_id", String(64), ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("agency", Boolean, nullable=False),
    Column("words", Integer, nullable=False),
    Column("exact", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    UniqueConstraint("article_id"),
    Index("ix_fingerprint_exact", "exact"),
    Index("ix_fingerprint_at", "at"),
)

band = Table(
    "band",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("number", _BIG, ForeignKey("fingerprint.number", ondelete="CASCADE"), primary_key=True),
    Index("ix_band_number", "number"),
    sqlite_with_rowid=False,
)

story = Table(
    "story",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("started", Moment, nullable=False),
    Column("joined", String(80)),
)

alert = Table(
    "alert",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("watch_id", String(200), nullable=False),
    Column("story_id", String(80), nullable=False),
    Column("article_id", String(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("lag_seconds", Float),
    UniqueConstraint("watch_id", "story_id"),
    Index("ix_alert_article_id", "article_id"),
)

message = Table(
    "message",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("alert_id", String(64), ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("available", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(64)),
    Column("leased_until", Moment),
    Column("sent", Moment),
    Column("error", Text),
    Index("ix_message_state_available", "state", "available"),
    Index("ix_message_alert_id", "alert_id"),
)

problem = Table(
    "problem",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("payload", LargeBinary),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_problem_open_last_seen", "open", "last_seen"),
)
