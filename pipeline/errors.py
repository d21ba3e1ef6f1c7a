"""The error tree. The class answers: can trying again help?

    WirewatchError
    ├── PermanentError          trying again will not help; a person must change something
    │   ├── ConfigError         a file or setting is wrong: names file, line, field
    │   ├── QueryError          a search query is wrong: names the position
    │   ├── RefusedAddress      the guard forbids this request
    │   ├── TooLarge            a limit of size, number or redirects was passed
    │   └── Unreadable          bytes that are no known format
    └── TemporaryError          trying again later can help
        ├── FetchFailed         no answer, or an answer that asks to come back
        ├── StoreUnavailable    the store cannot be reached or written
        ├── SearchUnavailable   the search index cannot be reached or written
        ├── MailUnavailable     the mail server cannot be reached, or lets nobody in: no message can go
        └── MailRefused         the mail server did not take this message; others may go

Messages start in lower case, put names in backticks and have no final full stop; `hint` says what to do next.
"""

from __future__ import annotations


class WirewatchError(Exception):
    """The root of all errors that Wirewatch raises on purpose."""

    def __init__(self, message: str, *, hint: str | None = None, subject: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.subject = subject

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return self.message


class PermanentError(WirewatchError):
    """Trying again will not help."""


class TemporaryError(WirewatchError):
    """Trying again later can help. `retry_after` is in seconds, where the other side named a time."""

    def __init__(
        self, message: str, *, hint: str | None = None, subject: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, hint=hint, subject=subject)
        self.retry_after = retry_after


class ConfigError(PermanentError):
    """A configuration file or setting is wrong. The message names file, line and field."""


class QueryError(PermanentError):
    """A query cannot be understood. `position` is the code point where it goes wrong, counted from 0."""

    def __init__(self, message: str, *, query: str, position: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.query = query
        self.position = position


class RefusedAddress(PermanentError):
    """The guard forbids the request: private address, wrong scheme, or robots.txt says no."""


class TooLarge(PermanentError):
    """An answer passed a limit (bytes on the wire, bytes decompressed, entries, redirects)."""


class Unreadable(PermanentError):
    """The bytes are in no format that can be read."""


class FetchFailed(TemporaryError):
    """No usable answer. `status` is the HTTP status, where there was one."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        subject: str | None = None,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, subject=subject, retry_after=retry_after)
        self.status = status


class StoreUnavailable(TemporaryError):
    """The store cannot be reached or written."""


class SearchUnavailable(TemporaryError):
    """The search index cannot be reached or written."""


class MailUnavailable(TemporaryError):
    """No message can go now: the mail server cannot be reached, breaks off, or refuses the login or the sender."""


class IndexDamaged(SearchUnavailable):
    """The search index cannot be read, or is of an older version of Wirewatch. Building it again from the store helps."""


class MailRefused(TemporaryError):
    """The mail server did not take this message; `permanent` says that it never will take it."""

    def __init__(self, message: str, *, hint: str | None = None, permanent: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.permanent = permanent


def _rebuild(kind: type[WirewatchError], args: tuple[object, ...], state: dict[str, object]) -> WirewatchError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
