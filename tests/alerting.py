"""What the tests of alerts and deliveries work with: services on a real store, with messages or articles that wait."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import runtime
from pipeline.alert import Mailer
from pipeline.article import Article
from pipeline.config import Configuration, Settings, Watch
from pipeline.enrich import Enricher
from pipeline.stages import Services
from pipeline.store import Outgoing, Recorded, Store
from tests.factories import NOON
from tests.mail_server import READER, a_message

Connect = Callable[[], Store]
"""Opens the test's database once more, as another worker does."""


def a_watch(**changes: Any) -> Watch:
    """A watch for Starlink, unless told otherwise."""
    return Watch(**{"id": "starlink", "name": "Starlink", "to": (READER,), "entities": ("starlink",)} | changes)


def no_enricher() -> Enricher:
    raise AssertionError("delivery needs no language pipeline")


@contextmanager
def a_worker(
    store: Store,
    mailer: Mailer,
    *,
    watches: Sequence[Watch] = (),
    enricher: Callable[[], Enricher] = no_enricher,
    **settings: object,
) -> Iterator[Services]:
    """Services on `store`, closed in the end; `settings` such as `lease="5min"`."""
    chosen = Settings.load({f"WIREWATCH_{name.upper()}": str(value) for name, value in settings.items()})
    services = Services(
        settings=chosen,
        configuration=Configuration((), (), (), tuple(watches)),
        store=store,
        limits=runtime.limits(chosen),
        fetcher=lambda: runtime.make_fetcher(chosen),
        enricher=enricher,
        index=lambda: runtime.make_index(chosen),
        mailer=lambda: mailer,
    )
    try:
        yield services
    finally:
        services.close()


def let_wait(store: Store, count: int, *, now: datetime = NOON) -> list[str]:
    """Put messages into the outbox, of as many alerts; returns their Message-IDs in the order of their turn."""
    identifiers = []
    for number in range(count):
        raw, identifier = a_message(story_id=f"s{number}", headline=f"Bericht {number}")
        name = f"alert-{number}"
        with store.transaction() as transaction:
            recorded = Recorded(name, "space", f"s{number}", f"a{number}", now, {}, None)
            transaction.ledger.record(recorded, [Outgoing(identifier, name, READER, raw, 0)])
        identifiers.append(identifier)
    return sorted(identifiers)


def let_alert(store: Store, *articles: Article, now: datetime = NOON) -> None:
    """Keep enriched articles, which wait for the alert stage now; a known one is a new version."""
    with store.transaction() as transaction:
        known = transaction.articles.received([one.id for one in articles])
        for one in articles:
            if one.id in known:
                transaction.articles.replace(one, now=now)
            else:
                transaction.articles.add(one)
            transaction.articles.save(one, enriched=True)
        originals = {one.id: one.duplicate_of or one.id for one in articles}
        transaction.copies.group(originals, {})
        transaction.copies.tell({one.id: one.story_id for one in articles if one.story_id}, {}, now=now)
        transaction.work.add([one.id for one in articles], "alert", now=now)


def outbox_of(folder: Path) -> list[bytes]:
    """The messages in an outbox folder."""
    return [file.read_bytes() for file in sorted(folder.glob("*.eml"))]
