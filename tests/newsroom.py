"""A newsroom of its own for a test: real services over a real store, with the feeds that the test states."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import runtime
from pipeline.article import Article
from pipeline.config import Configuration, Feed, Settings
from pipeline.feed_state import FeedState
from pipeline.stages import Services
from pipeline.store import Problem, Store


@contextmanager
def a_newsroom(data: Path, *feeds: Feed, store: Store | None = None, **settings: str) -> Iterator[Services]:
    """Services for `feeds`; `settings` are environment variables without their prefix, in lower case.

    With `store` they work on that one, which may be another newsroom's too, instead of SQLite in `data`.
    """
    environment = {"WIREWATCH_DATA": str(data)} | {f"WIREWATCH_{name.upper()}": text for name, text in settings.items()}
    services = runtime.open_services(Settings.load(environment), Configuration(feeds, (), (), ()))
    if store:
        services.store.close()
        services.store = store
    try:
        yield services
    finally:
        services.close()


def a_feed(url: str, **changes: Any) -> Feed:
    """A German newspaper's feed on this machine."""
    return Feed(**{"id": "kuestenblatt", "name": "Küstenblatt", "url": url, "local": True, "language": "de"} | changes)


def rss(*items: str, head: str = "") -> bytes:
    """An RSS document with these items."""
    return f'<rss version="2.0"><channel><title>Küstenblatt</title>{head}{"".join(items)}</channel></rss>'.encode()


def item(
    number: int, *, headline: str | None = None, date: str = "Tue, 03 Nov 2026 11:00:00 GMT", more: str = ""
) -> str:
    """An item of an RSS document."""
    return (
        f"<item><guid>tag:{number}</guid><link>https://kuestenblatt.example/{number}</link>"
        f"<title>{headline or f'Meldung Nummer {number}'}</title><pubDate>{date}</pubDate>{more}</item>"
    )


def articles(services: Services) -> list[Article]:
    """All articles in the store, ordered by guid."""
    with services.store.reading() as transaction:
        return sorted(transaction.articles.all(), key=lambda article: article.guid or "")


def problems(services: Services) -> dict[str, list[Problem]]:
    """The open problems by subject."""
    found: dict[str, list[Problem]] = {}
    with services.store.reading() as transaction:
        for problem in transaction.problems.latest():
            found.setdefault(problem.subject, []).append(problem)
    return found


def state(services: Services, feed_id: str = "kuestenblatt") -> FeedState:
    """What is remembered of a feed."""
    with services.store.reading() as transaction:
        return transaction.feeds.states()[feed_id]


def make_due(services: Services, now: datetime, feed_id: str = "kuestenblatt") -> None:
    """Let a feed be due, as if its time had come."""
    with services.store.transaction() as transaction:
        transaction.feeds.revive(state(services, feed_id).changed(next_poll=now))
