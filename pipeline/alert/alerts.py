"""An alert: one message about one story for one watch, and the ids that make sending it twice harmless."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from pydantic import Field

from pipeline.alert.watching import Reasons
from pipeline.article import Article, Value
from pipeline.config.models import Watch


class CopyInfo(Value):
    """Where else the report was published."""

    source_name: str
    url: str | None = None
    published: datetime | None = None


class Alert(Value):
    """All that a message tells: what fired, why, and how ids are called in plain words.

    `original` is given where `article` is itself a copy; `copies` are the others that carried it. An id that
    `entity_names` or `topic_names` lacks is shown as it is. `kibana_article` and `kibana_story` are links.
    """

    watch: Watch
    article: Article
    reasons: Reasons
    story_id: str
    original: CopyInfo | None = None
    copies: tuple[CopyInfo, ...] = ()
    entity_names: Mapping[str, str] = Field(default_factory=dict)
    topic_names: Mapping[str, str] = Field(default_factory=dict)
    kibana_article: str | None = None
    kibana_story: str | None = None


def alert_id(watch_id: str, story_id: str) -> str:
    """Return the id of the one alert that this watch gets about this story."""
    return digest_of("alert", watch_id, story_id)


def message_id(alert_id: str, recipient: str, domain: str) -> str:
    """Return the Message-ID, in angle brackets, of the message that tells `recipient` of this alert."""
    return f"<{digest_of('message', alert_id, recipient)}@{domain}>"


def thread_id(story_id: str, recipient: str, domain: str) -> str:
    """Return the id, in angle brackets, under which a mail program groups all messages about a story."""
    return f"<{digest_of('thread', story_id, recipient)}.story@{domain}>"


def digest_of(*parts: str) -> str:
    """Return a name that follows from `parts` alone."""
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
