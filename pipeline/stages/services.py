"""What the stages work with. `runtime.py` decides which adapter stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from pipeline.config import Configuration, Settings
from pipeline.fetch import Fetcher, Limits, Robots
from pipeline.store import Store

if TYPE_CHECKING:
    from pipeline.alert import Mailer
    from pipeline.enrich import Enricher
    from pipeline.search import Replacement, SearchIndex
    from pipeline.search.elastic import ElasticJournal


class Services:
    """The store, the network, the language pipeline, the index and the mail; each made when first used.

    `worker` names this process in claims. `progress` is told, now and then, how far a stage is: name of the
    stage, done, known to be there. `replacement` makes a fresh index to put in the place of one that is damaged; None:
    that is left to a person. `journal_index` makes the indices of polls and alerts; None: the search index has no such.
    """

    def __init__(  # noqa: PLR0913 - one argument a service
        self,
        *,
        settings: Settings,
        configuration: Configuration,
        store: Store,
        limits: Limits,
        fetcher: Callable[[], Fetcher],
        enricher: Callable[[], Enricher],
        index: Callable[[], SearchIndex],
        mailer: Callable[[], Mailer],
        replacement: Callable[[], Replacement] | None = None,
        journal_index: Callable[[], ElasticJournal] | None = None,
        progress: Callable[[str, int, int], None] = lambda _stage, _done, _known: None,
    ) -> None:
        self.settings = settings
        self.configuration = configuration
        self.store = store
        self.limits = limits
        self.progress = progress
        self.replacement = replacement
        self.worker = uuid4().hex
        self._fetcher, self._enricher, self._index, self._mailer = fetcher, enricher, index, mailer
        self._journal_index = journal_index

    @cached_property
    def fetcher(self) -> Fetcher:
        """The network."""
        return self._fetcher()

    @cached_property
    def robots(self) -> Robots:
        """What sites ask robots to leave alone."""
        return Robots(self.fetcher, self.settings.user_agent)

    @cached_property
    def enricher(self) -> Enricher:
        """The language pipeline."""
        return self._enricher()

    @cached_property
    def entity_names(self) -> Mapping[str, str]:
        """The canonical name of every entity, country and city by its id."""
        from pipeline.enrich import entity_names

        return entity_names(self.configuration.entities)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index."""
        return self._index()

    def reopen_index(self) -> None:
        """Let go of the search index; the next use opens it anew."""
        index = self.__dict__.pop("index", None)
        if index is not None:
            index.close()

    @cached_property
    def journal_index(self) -> ElasticJournal | None:
        """The indices of polls and alerts, where there are any."""
        return self._journal_index() if self._journal_index else None

    @cached_property
    def mailer(self) -> Mailer:
        """What delivers alerts."""
        return self._mailer()

    def release(self, *, tried: bool = False) -> None:
        """Give back what a stage that was broken off has claimed; the next run need not wait for the leases to end.

        `tried`: what it was at work on may be why it was broken off, and the attempt counts.
        """
        with self.store.transaction(wide=True) as transaction:
            transaction.release(self.worker, tried=tried)

    def close(self) -> None:
        """Close what was opened."""
        opened: Sequence[str] = [
            name for name in ("fetcher", "index", "journal_index", "mailer") if name in self.__dict__
        ]
        for name in opened:
            close = getattr(self.__dict__[name], "close", None)
            if close:
                close()
        self.store.close()
