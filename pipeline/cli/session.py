"""What one call of the command works with: settings, configuration and services, each made when first used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from pipeline import runtime
from pipeline.config import Configuration, Settings
from pipeline.store import Store

if TYPE_CHECKING:
    from pipeline.stages import Services


class Session:
    """One call of the command. `environment` is the process's, with the options of the call on top."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @staticmethod
    def of(context: typer.Context) -> Session:
        """Return the session of this call."""
        session = context.find_object(Session)
        assert session is not None
        return session

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises `ConfigError`."""
        settings = Settings.load(self._environment)
        runtime.set_up_logging(settings.log_level)
        return settings

    @cached_property
    def configuration(self) -> Configuration:
        """What the YAML files say; raises `ConfigError`."""
        return runtime.load_configuration(self.settings.config)

    @contextmanager
    def services(
        self, configuration: Configuration | None = None, *, progress: runtime.Progress | None = None
    ) -> Iterator[Services]:
        """Open the services and close them in the end."""
        opened = runtime.open_services(
            self.settings,
            configuration or self.configuration,
            progress=progress or (lambda _stage, _done, _known: None),
        )
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store alone, for commands that need nothing else."""
        opened = Store(self.settings.store)
        try:
            yield opened
        finally:
            opened.close()


def clock() -> datetime:
    """Return the present time, UTC; the one place outside tests where a clock is read."""
    return datetime.now(UTC)
