"""Decides what bytes mean: a feed in any format becomes entries in clean plain text.

Never fetches, never reads a clock. Hostile and broken documents give what can be saved, or `Unreadable`.
"""

from pipeline.wires.feeds import parse
from pipeline.wires.identity import article_id, canonical_url
from pipeline.wires.parsed import Parsed

__all__ = ["Parsed", "article_id", "canonical_url", "parse"]
