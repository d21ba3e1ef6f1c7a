"""Indices for tables that have grown: the work queue in the order of claims, alerts and articles by time, problems by subject.

PostgreSQL gets a hash for the subjects, because its ordered indices refuse long texts.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply this step."""
    op.drop_index("ix_work_stage_available", table_name="work")
    op.create_index("ix_work_stage_available_article_id", "work", ["stage", "available", "article_id"])
    op.drop_index("ix_article_timestamp", table_name="article")
    op.create_index("ix_article_timestamp_id", "article", ["timestamp", "id"])
    op.drop_index("ix_alert_article_id", table_name="alert")
    op.create_index("ix_alert_article_id_watch_id", "alert", ["article_id", "watch_id"])
    op.create_index("ix_alert_created", "alert", ["created"])
    op.create_index("ix_story_joined", "story", ["joined"])
    op.create_index("ix_problem_subject", "problem", ["subject"], postgresql_using="hash")
