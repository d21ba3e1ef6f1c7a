"""The mail server that a URL names, and what of it must never be told."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pipeline.errors import ConfigError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and how to get in. Printed, it is host and port; the login is shown nowhere."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_this_machine(self) -> bool:
        """Whether nobody can listen on the way."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def must_be_known(self) -> bool:
        """Whether the certificate must be valid.

        Without a login, and where plain text would do, a home-made certificate is still better than none (RFC 7435).
        """
        return self.scheme != "smtp" or bool(self.user and not self.is_this_machine)

    def secrets(self) -> tuple[str, ...]:
        """Return the login in the forms in which a server might repeat it."""
        plain = [word.encode() for word in (self.user, self.password) if word]
        both = f"\0{self.user}\0{self.password}".encode()
        return tuple(word.decode() for word in plain) + tuple(b64encode(word).decode() for word in [*plain, both])


def server_at(url: str) -> Server:
    """Return the server that `url` names; raises a ConfigError that repeats nothing of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in _PORTS or not host or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(
            "the mail server's URL cannot be understood",
            hint="write `smtp://host:25`, `smtp+starttls://user:password@host:587` or `smtps://user:password@host:465`; "
            "`@`, `:` and `/` in user or password as `%40`, `%3A`, `%2F`",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, host, port or _PORTS[parts.scheme], user, password)
