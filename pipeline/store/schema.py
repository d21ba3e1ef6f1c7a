"""The tables. A change here needs a migration beside it; a test compares the two.

Articles are kept as JSON documents; a column stands beside the document only where the store itself
searches, sorts or changes by it. `duplicate_of` and `story_id` live in columns alone, because dedup
changes them for many articles at once.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)

from pipeline.store.columns import Characters, LongCharacters, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


_BIG = BigInteger().with_variant(Integer, "sqlite")

feed = Table(
    "feed",
    metadata,
    Column("feed_id", Characters(200), primary_key=True),
    Column("state", LongCharacters, nullable=False),
    Column("next_poll", Moment, nullable=False),
    Column("owner", Characters(64)),
    Column("leased_until", Moment),
)

article = Table(
    "article",
    metadata,
    Column("id", Characters(64), primary_key=True),
    Column("source_id", Characters(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", Characters(16), nullable=False),
    Column("timestamp", Moment, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("url", LongCharacters),
    Column("document", LongCharacters, nullable=False),
    Column("enriched", Boolean, nullable=False),
    Column("duplicate_of", Characters(64)),
    Column("story_id", Characters(80)),
    Index("ix_article_timestamp_id", "timestamp", "id"),
    Index("ix_article_duplicate_of", "duplicate_of"),
    Index("ix_article_story_id", "story_id"),
)

superseded = Table(
    "superseded",
    metadata,
    Column("article_id", Characters(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", LongCharacters, nullable=False),
    Column("replaced", Moment, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    Column("article_id", Characters(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("feed_id", Characters(200), primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Column("content", Characters(64), nullable=False),
    Index("ix_sighting_feed_id", "feed_id"),
)

work = Table(
    "work",
    metadata,
    Column("article_id", Characters(64), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("stage", Characters(16), primary_key=True),
    Column("available", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", Characters(64)),
    Column("leased_until", Moment),
    Index("ix_work_stage_available_article_id", "stage", "available", "article_id"),
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("number", _BIG, primary_key=True, autoincrement=True),
    Column("article_id", Characters(64), ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
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
    Column("id", Characters(80), primary_key=True),
    Column("started", Moment, nullable=False),
    Column("joined", Characters(80)),
    Index("ix_story_joined", "joined"),
)

alert = Table(
    "alert",
    metadata,
    Column("id", Characters(64), primary_key=True),
    Column("watch_id", Characters(200), nullable=False),
    Column("story_id", Characters(80), nullable=False),
    Column("article_id", Characters(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("reasons", LongCharacters, nullable=False),
    Column("lag_seconds", Float),
    Column("late", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("watch_id", "story_id"),
    Index("ix_alert_article_id_watch_id", "article_id", "watch_id"),
    Index("ix_alert_created", "created"),
)

message = Table(
    "message",
    metadata,
    Column("id", Characters(200), primary_key=True),
    Column("alert_id", Characters(64), ForeignKey("alert.id", ondelete="CASCADE")),
    Column("digest_id", Characters(200)),
    Column("recipient", LongCharacters, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("state", Characters(16), nullable=False),
    Column("available", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", Characters(64)),
    Column("leased_until", Moment),
    Column("sent", Moment),
    Column("error", LongCharacters),
    Index("ix_message_state_available", "state", "available"),
    Index("ix_message_alert_id", "alert_id"),
)

watched = Table(
    "watched",
    metadata,
    Column("watch_id", Characters(200), primary_key=True),
    Column("since", Moment, nullable=False),
)

belated = Table(
    "belated",
    metadata,
    Column("number", _BIG, primary_key=True, autoincrement=True),
    Column("alert_id", Characters(64), ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("recipient", LongCharacters, nullable=False),
    Index("ix_belated_alert_id", "alert_id"),
)

digest = Table(
    "digest",
    metadata,
    Column("id", Characters(200), primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("ended", Moment, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("digest_id", Characters(200), primary_key=True),
    Column("alert_id", Characters(64), ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_told_alert_id", "alert_id"),
)

problem = Table(
    "problem",
    metadata,
    Column("id", Characters(32), primary_key=True),
    Column("stage", Characters(16), nullable=False),
    Column("subject", LongCharacters, nullable=False),
    Column("reason", LongCharacters, nullable=False),
    Column("detail", LongCharacters, nullable=False),
    Column("payload", LargeBinary),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_problem_open_last_seen", "open", "last_seen"),
    Index("ix_problem_subject", "subject", postgresql_using="hash"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Characters(240), primary_key=True),
    Column("kind", Characters(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", LongCharacters, nullable=False),
    Column("available", Moment),
    Column("owner", Characters(64)),
    Column("leased_until", Moment),
    Index("ix_journal_available_at_id", "available", "at", "id"),
    Index("ix_journal_at", "at"),
)
