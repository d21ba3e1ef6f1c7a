"""What one call of the command works with: settings, configuration and services, each made when first used.

Heavy libraries are imported where they are needed, so that `--help` and mistakes in typing are answered at once.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from pipeline import runtime
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config import Configuration, Digest, Feed, Settings
    from pipeline.runtime import Progress
    from pipeline.stages import Services
    from pipeline.store import Store


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
        from pipeline.config import Settings

        settings = Settings.load(self._environment)
        runtime.set_up_logging(settings.log_level)
        return settings

    @cached_property
    def configuration(self) -> Configuration:
        """What the YAML files say; raises `ConfigError`."""
        return runtime.load_configuration(self.settings.config)

    @property
    def feeds_file(self) -> Path:
        """The file that lists the feeds."""
        return self.settings.config / "feeds.yaml"

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The configured feeds, whatever the other files say; raises `ConfigError`."""
        from pipeline.config import load_feeds

        return load_feeds(self.feeds_file)

    @property
    def digests(self) -> tuple[Digest, ...]:
        """The configured digests, whatever the other files say; raises `ConfigError`."""
        from pipeline.config import load_digests

        return load_digests(self.settings.config / "watches.yaml")

    @contextmanager
    def services(
        self, configuration: Configuration | None = None, *, progress: Progress | None = None
    ) -> Iterator[Services]:
        """Open the services and close them in the end; whatever ends the work, claims that are left are given back."""
        told = progress or (lambda _stage, _done, _known: None)
        with runtime.working(self.settings, configuration or self.configuration, progress=told) as opened:
            yield opened

    def store(self) -> AbstractContextManager[Store]:
        """Open the store alone, for commands that need nothing else; the end of the block closes it."""
        from pipeline.store import Store

        return closing(Store(self.settings.store))


def clock() -> datetime:
    """Return the present time, UTC; the one place outside tests where a clock is read."""
    return datetime.now(UTC)


def since(text: str | None, now: datetime) -> datetime | None:
    """Return the moment that `24h`, `7d`, `2026-11-03` or `2026-11-03T09:30` names; without a zone it is UTC."""
    from pipeline.config.models import parse_duration

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        return now - parse_duration(text)
    except ConfigError as error:
        hint = "such as `24h`, `7d`, `2026-11-03` or `2026-11-03T09:30Z`"
        raise ConfigError(f"`{text}` is no time", hint=hint) from error
