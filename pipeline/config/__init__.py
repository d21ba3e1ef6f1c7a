"""Decides whether what a user wrote makes sense, in the YAML files and the environment, and says what would be right."""

from pipeline.config.edit import append_feed, append_feeds
from pipeline.config.files import (
    Configuration,
    load,
    load_digests,
    load_entities,
    load_feeds,
    load_topics,
    load_watches,
)
from pipeline.config.models import Alias, Digest, Entity, Feed, Phrase, Together, Topic, Watch
from pipeline.config.opml import Outlines, parse_opml, read_opml, write_opml
from pipeline.config.settings import Settings
from pipeline.config.shipped import name_of, shipped_entities
from pipeline.config.standing import load_standing, marks

__all__ = [
    "Alias",
    "Configuration",
    "Digest",
    "Entity",
    "Feed",
    "Outlines",
    "Phrase",
    "Settings",
    "Together",
    "Topic",
    "Watch",
    "append_feed",
    "append_feeds",
    "load",
    "load_digests",
    "load_entities",
    "load_feeds",
    "load_standing",
    "load_topics",
    "load_watches",
    "marks",
    "name_of",
    "parse_opml",
    "read_opml",
    "shipped_entities",
    "write_opml",
]
