"""Digests and late news: up to when each digest has told, of which alerts, and what waits to be told in a summary.

A message belongs to an alert or to a digest. Watches that raised an alert before are known since their first one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply this step."""
    op.add_column("alert", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column("alert_id", existing_type=sa.String(length=64), nullable=True)
        batch_op.add_column(sa.Column("digest_id", sa.String(length=200), nullable=True))
    op.create_table(
        "watched",
        sa.Column("watch_id", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("watch_id", name=op.f("pk_watched")),
    )
    op.execute("INSERT INTO watched (watch_id, since) SELECT watch_id, MIN(created) FROM alert GROUP BY watch_id")
    op.create_table(
        "belated",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_belated_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_belated")),
    )
    op.create_index("ix_belated_alert_id", "belated", ["alert_id"])
    op.create_table(
        "digest",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
    )
    op.create_table(
        "told",
        sa.Column("digest_id", sa.String(length=200), nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_told_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest_id", "alert_id", name=op.f("pk_told")),
    )
    op.create_index("ix_told_alert_id", "told", ["alert_id"])
