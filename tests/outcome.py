"""What came of a run of the whole chain, in a form in which two runs can be compared."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.runtime import make_index
from pipeline.store import Store

STARTED = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""When the sample wire begins."""
PARTS = ("articles", "copies", "stories", "meaning", "watches", "alerts", "outbox", "waiting", "indexed")


def outcome(data: Path, store_url: str) -> dict[str, Any]:
    """Return what stands in the store and in the index."""
    store = Store(store_url)
    with store.reading() as transaction:
        articles = {one.id: one for one in transaction.articles.all()}
        alerts = transaction.ledger.alerts()
        waiting = transaction.work.waiting()
        outbox = transaction.ledger.outbox()
    store.close()
    index = make_index(Settings.load({"WIREWATCH_DATA": str(data)}))
    indexed = [name for name, _ in index.ids()]
    index.close()
    # A story is named after the article that founded it, which depends on who came first; its members do not.
    stories: dict[str | None, list[str]] = {}
    for one in articles.values():
        stories.setdefault(one.story_id, []).append(one.id)
    return {
        "articles": {one: (article.version, article.headline, article.body) for one, article in articles.items()},
        "copies": {one: article.duplicate_of for one, article in articles.items()},
        "stories": sorted(sorted(members) for members in stories.values()),
        "meaning": {one: (article.topics, article.entity_ids) for one, article in articles.items()},
        "watches": {one: article.watches for one, article in articles.items()},
        "alerts": sorted((one.watch_id, min(stories[articles[one.article_id].story_id])) for one in alerts),
        "outbox": outbox,
        "waiting": dict(waiting),
        "indexed": indexed,
    }
