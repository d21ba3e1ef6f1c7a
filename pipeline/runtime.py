"""From settings to services: the one place that chooses an adapter.

Heavy libraries (spaCy, tantivy, SQLAlchemy, pydantic) are imported where a service is made, so that a command which needs none of them
starts at once.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.alert import Mailer
    from pipeline.config import Configuration, Settings
    from pipeline.enrich import Enricher
    from pipeline.errors import ConfigError
    from pipeline.fetch import Fetcher, Limits
    from pipeline.search import Replacement, SearchIndex
    from pipeline.search.elastic import ElasticJournal, Elasticsearch
    from pipeline.search.kibana import KibanaServer
    from pipeline.stages import Services

Progress = Callable[[str, int, int], None]
_M_ARENA_MAX = -8  # <malloc.h> of glibc


def open_services(
    settings: Settings,
    configuration: Configuration | None = None,
    *,
    progress: Progress = lambda _stage, _done, _known: None,
) -> Services:
    """Return the services for `settings`; `configuration` replaces what the files in the `config` folder say.

    Network, language pipeline, index and mail are made when first used. Raises `ConfigError` and `StoreUnavailable`.
    """
    from pipeline.stages import Services
    from pipeline.store import Store

    _keep_memory_together()
    chosen = configuration or load_configuration(settings.config)
    return Services(
        settings=settings,
        configuration=chosen,
        store=Store(settings.store),
        limits=limits(settings),
        fetcher=lambda: make_fetcher(settings),
        enricher=lambda: make_enricher(settings, chosen),
        index=lambda: make_index(settings),
        replacement=lambda: rebuild_index(settings),
        journal_index=(lambda: make_journal_index(settings)) if settings.has_elasticsearch else None,
        mailer=lambda: make_mailer(settings),
        progress=progress,
    )


@contextmanager
def working(
    settings: Settings,
    configuration: Configuration | None = None,
    *,
    progress: Progress = lambda _stage, _done, _known: None,
    too_long: tuple[type[BaseException], ...] = (),
) -> Iterator[Services]:
    """Open the services and close them in the end; whatever ends the work, claims that are left are given back.

    An error that nobody foresaw, and one of `too_long`, may be the fault of an article: the attempt counts against those
    that were claimed, so that none can end the work again and again for ever.
    """
    from pipeline.errors import StoreUnavailable, WirewatchError

    opened = open_services(settings, configuration, progress=progress)
    try:
        yield opened
    except BaseException as error:
        # A statement that a signal broke off holds the database as long as a frame holds its cursor.
        clear_frames(error.__traceback__)
        unforeseen = isinstance(error, Exception) and not isinstance(error, WirewatchError)
        with suppress(StoreUnavailable):
            opened.release(tried=unforeseen or isinstance(error, too_long))
        raise
    finally:
        opened.close()


def _keep_memory_together() -> None:
    """Let glibc have one heap: with one for each thread, those that write the index leave hundreds of megabytes behind."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def load_configuration(folder: Path) -> Configuration:
    """Return what the files in `folder` say; watches may name countries and cities too. Raises `ConfigError`."""
    from pipeline import config
    from pipeline.enrich import place_names
    from pipeline.search import parse_query

    def check_query(text: str) -> None:
        parse_query(text, now=datetime.now(UTC))

    return config.load(folder, place_names(), shipped=config.shipped_entities(), check_query=check_query)


def standing_configuration(settings: Settings) -> tuple[Configuration, ConfigError | None]:
    """Return the configuration for work that nobody watches, and what is wrong with the files now, if anything is.

    If something is, it is what they said before, as the data folder remembers it. Raises `ConfigError` if that is nothing.
    """
    from pipeline.config import load_standing

    return load_standing(settings.config, settings.data / "last-configuration.json", load_configuration)


def limits(settings: Settings) -> Limits:
    """Return what one answer may cost."""
    from pipeline.fetch import Limits

    return Limits(
        timeout=settings.fetch_timeout.total_seconds(),
        wire_bytes=settings.fetch_max_bytes,
        decompressed_bytes=settings.fetch_max_decompressed,
        redirects=settings.fetch_max_redirects,
    )


def make_fetcher(settings: Settings) -> Fetcher:
    """Return the network side."""
    from pipeline.fetch import Fetcher

    return Fetcher(
        user_agent=settings.user_agent,
        limits=limits(settings),
        workers=settings.fetch_workers,
        per_host=settings.per_host,
        proxy=settings.fetch_proxy.get_secret_value() if settings.fetch_proxy else None,
    )


def make_enricher(settings: Settings, configuration: Configuration) -> Enricher:
    """Return the language pipeline."""
    from pipeline import enrich
    from pipeline.read import read_conventions

    return enrich.build(
        entities=configuration.entities,
        topics=configuration.topics,
        languages=settings.languages,
        conventions=read_conventions,
        models=settings.name_models,
        threads=settings.nlp_threads,
    )


def make_index(settings: Settings) -> SearchIndex:
    """Return the index on Elasticsearch if that is configured, else the embedded one in the data folder."""
    if settings.has_elasticsearch:
        from pipeline.search.elastic import ElasticIndex

        index = ElasticIndex(_elasticsearch(settings), name=settings.elasticsearch_index, keep=settings.index_retention)
        return index.prepare()
    from pipeline.search import EmbeddedIndex

    return EmbeddedIndex.open(index_folder(settings))


def index_folder(settings: Settings) -> Path:
    """Return where the embedded index lies."""
    return settings.data / "index"


def rebuild_index(settings: Settings) -> Replacement:
    """Return a fresh, empty index, to take the place of the one that is there."""
    if settings.has_elasticsearch:
        from pipeline.search.elastic import ElasticReplacement

        name, keep = settings.elasticsearch_index, settings.index_retention
        return ElasticReplacement(_elasticsearch(settings), name=name, keep=keep)
    from pipeline.search import EmbeddedReplacement

    return EmbeddedReplacement(index_folder(settings))


def make_journal_index(settings: Settings) -> ElasticJournal:
    """Return the indices of polls and alerts beside that of the articles on Elasticsearch."""
    from pipeline.search.elastic import ElasticJournal

    name, keep = settings.elasticsearch_index, settings.journal_retention
    return ElasticJournal(_elasticsearch(settings), articles=name, keep=keep)


def _elasticsearch(settings: Settings) -> Elasticsearch:
    from pipeline.search.elastic import connect

    key, password = settings.elasticsearch_api_key, settings.elasticsearch_password
    return connect(
        settings.elasticsearch_url,
        cloud_id=settings.elasticsearch_cloud_id,
        api_key=key.get_secret_value() if key else None,
        user=settings.elasticsearch_user,
        password=password.get_secret_value() if password else None,
        authority=settings.elasticsearch_ca,
    )


def open_kibana(settings: Settings) -> KibanaServer:
    """Return the Kibana that is set, with the credentials of Elasticsearch."""
    from pipeline.search.kibana import KibanaServer

    key, password = settings.elasticsearch_api_key, settings.elasticsearch_password
    authorization = None
    if key:
        authorization = f"ApiKey {key.get_secret_value()}"
    elif settings.elasticsearch_user and password:
        pair = f"{settings.elasticsearch_user}:{password.get_secret_value()}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
    authority = str(settings.elasticsearch_ca) if settings.elasticsearch_ca else None
    return KibanaServer(
        str(settings.kibana_url), authorization=authorization, ca=authority, space=settings.kibana_space
    )


def make_mailer(settings: Settings) -> Mailer:
    """Return SMTP if it is configured, else the outbox folder."""
    from pipeline.alert import FolderMailer, SmtpMailer

    if settings.smtp_url:
        # A message is claimed for the length of the lease: nobody else may send it while its delivery drags on.
        longest = min(120.0, settings.lease.total_seconds() / 2)
        return SmtpMailer(settings.smtp_url.get_secret_value(), longest=longest)
    return FolderMailer(settings.outbox)


def set_up_logging(level: str) -> None:
    """Log to standard error, readable on a terminal and as JSON lines elsewhere."""
    import structlog

    # a page that cannot be read is a problem record; the library would say it a second time
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
