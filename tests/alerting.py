"""What the tests of alerts and deliveries work with: services on a real store, with messages or articles that wait."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from pipeline import runtime
from pipeline.alert import FolderMailer, Mailer, SmtpMailer
from pipeline.article import Article
from pipeline.config import Configuration, Digest, Settings, Watch
from pipeline.enrich import Enricher
from pipeline.feed_state import FeedState
from pipeline.stages import STAGES, Services, StageReport, digest
from pipeline.stages.delivery import deliver
from pipeline.store import Outgoing, Recorded, Store
from tests.factories import NOON, a_source, an_article
from tests.mail_server import READER, Post, a_message, content_of
from tests.stores import Connect, keep_versions


def a_watch(**changes: Any) -> Watch:
    """A watch for Starlink, unless told otherwise."""
    return Watch(**{"id": "starlink", "name": "Starlink", "to": (READER,), "entities": ("starlink",)} | changes)


def a_digest(**changes: Any) -> Digest:
    """A daily digest at half past six in Berlin, unless told otherwise."""
    fields = {"id": "morning", "name": "Morning", "to": (READER,), "every": "day", "at": "06:30"}
    return Digest(**fields | {"zone": "Europe/Berlin"} | changes)


def no_enricher() -> Enricher:
    raise AssertionError("delivery needs no language pipeline")


@contextmanager
def a_worker(
    store: Store,
    mailer: Mailer,
    *,
    watches: Sequence[Watch] = (),
    digests: Sequence[Digest] = (),
    enricher: Callable[[], Enricher] = no_enricher,
    **settings: object,
) -> Iterator[Services]:
    """Services on `store`, closed in the end; `settings` such as `lease="5min"`."""
    chosen = Settings.load({f"WIREWATCH_{name.upper()}": str(value) for name, value in settings.items()})
    services = Services(
        settings=chosen,
        configuration=Configuration((), (), (), tuple(watches), tuple(digests)),
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
        keep_versions(transaction, articles, now=now, enriched=True)
        originals = {one.id: one.duplicate_of or one.id for one in articles}
        transaction.copies.group(originals, {})
        transaction.copies.tell({one.id: one.story_id for one in articles if one.story_id}, {}, now=now)
        transaction.work.add([one.id for one in articles], "alert", now=now)


def on_starlink(name: str = "a1", **changes: Any) -> Article:
    """An article that names Starlink, of a story of its own."""
    fields = {
        "id": name,
        "guid": name,
        "url": f"https://kuestenblatt.example/{name}",
        "headline": f"Bericht {name}",
        "entity_ids": ("starlink",),
        "story_id": f"story-{name}",
    }
    return an_article(**fields | changes)


def let_come_through(store: Store, *article_ids: str, feed_id: str = "wire", since: datetime = NOON) -> None:
    """Let the articles stand in a feed that answers since then."""
    state = FeedState(feed_id=feed_id, url="https://wire.example/", interval_s=60, next_poll=NOON, first_success=since)
    with store.transaction() as transaction:
        transaction.feeds.claim([feed_id], "poller", now=NOON, lease=timedelta(minutes=5))
        transaction.feeds.save(state, "poller")
        transaction.articles.seen(dict.fromkeys(article_ids, "content"), feed_id, now=NOON)


def a_copy(name: str, of: str = "a1", **changes: Any) -> Article:
    source = a_source(id=name, name=f"Blatt {name}")
    return on_starlink(name, source=source, duplicate_of=of, story_id=f"story-{of}", **changes)


class Desk:
    """A store, an outbox, and workers that watch."""

    def __init__(self, connect: Connect, outbox: Path, enricher: Enricher) -> None:
        self._connect, self._outbox, self._enricher = connect, outbox, enricher
        self._opened = ExitStack()
        self.store = connect()

    def worker(self, *watches: Watch, digests: Sequence[Digest] = (), **settings: object) -> Services:
        made = a_worker(
            self._connect(),
            FolderMailer(self._outbox),
            watches=watches,
            digests=digests,
            enricher=lambda: self._enricher,
            **{"lease": "5min"} | settings,
        )
        return self._opened.enter_context(made)

    def publish(self, *digests: Digest, watches: Sequence[Watch] = (), now: datetime = NOON) -> StageReport:
        """Send the digests that are due, and late news; with the watch for Starlink unless others are given."""
        return digest.run(self.worker(*(watches or (a_watch(),)), digests=digests), limit=100, now=now)

    def run(self, *watches: Watch, now: datetime = NOON) -> StageReport:
        """Run the stage once, with the watch for Starlink unless others are given."""
        return STAGES["alert"](self.worker(*(watches or (a_watch(),))), limit=100, now=now)

    def receive(self, *articles: Article, now: datetime = NOON) -> None:
        let_alert(self.store, *articles, now=now)

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, EmailMessage, policy=SMTP) for raw in self._files()]

    def _files(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self._outbox.glob("*.eml"))]

    @property
    def subjects(self) -> list[str]:
        return sorted(str(mail["Subject"]) for mail in self.mails)

    def text(self) -> str:
        """The plain text of the only mail."""
        (mail,) = self.mails
        part = mail.get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")

    def empty(self) -> None:
        """Take all mails out of the outbox."""
        for file in self._outbox.glob("*.eml"):
            file.unlink()

    def close(self) -> None:
        self._opened.close()
        self.store.close()


def mailer_at(port: int) -> SmtpMailer:
    return SmtpMailer(f"smtp://127.0.0.1:{port}", 5)


def deliver_all(services: Services, *, now: datetime = NOON, limit: int = 1000) -> StageReport:
    report = StageReport("alert", now)
    deliver(services, report, limit=limit)
    return report


def ids_of(post: Post) -> Counter[str]:
    return Counter(str(message_from_bytes(content_of(envelope))["Message-ID"]) for envelope in post.taken)


def outbox(services: Services) -> dict[str, int]:
    with services.store.reading() as transaction:
        return transaction.ledger.outbox()


def store_url(store: Store) -> str:
    return str(store._engine.url)
