"""What is too old for an alert: was it missed, or was it never ours to tell?

Missed is what was published while Wirewatch should have been at work: after the feed that brought it first
answered, and after the watch was first seen. So neither a new installation nor a new watch mails old news, but a pipeline that was
paused for a week tells of that week.

Pure: what is known is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.article import Article
from pipeline.feed_state import FeedState


def public_since(article: Article) -> datetime:
    """Return since when the article may be told: its publication, or the end of its embargo."""
    return max(article.timestamp, article.embargo_until or article.timestamp)


def missed(article: Article, watched_since: datetime, feeds: Mapping[str, FeedState]) -> bool:
    """Return whether the article became public when both its feed and the watch were known already.

    Of several feeds the one that is known longest counts. An article of which no feed is known is not missed.
    """
    answered = [feeds[one].first_success or feeds[one].last_success for one in article.feeds if one in feeds]
    known = [moment for moment in answered if moment]
    return bool(known) and public_since(article) > max(watched_since, min(known))
