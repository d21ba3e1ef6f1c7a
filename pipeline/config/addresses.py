"""Which addresses a setting may hold: checks for pydantic, whose `ValueError` says what would be right."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

_SCHEMES = {
    "store_url": "`sqlite:////folder/wirewatch.db` or `postgresql://user:password@host/database`",
    "smtp_url": "`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host`",
}


def web(value: str) -> str:
    """Return the address of a web service without a slash at its end; `ValueError` if it is none."""
    if _parts(value)[0] not in {"http", "https"}:
        raise ValueError("write an address such as `https://search.example.org:9200`")
    if "@" in urlsplit(value).netloc:
        raise ValueError("leave user and password out of the address; there are settings for them")
    return value.rstrip("/")


def store(value: SecretStr) -> SecretStr:
    """Return the URL of a store; `ValueError` if it is none."""
    scheme, host = _parts(value.get_secret_value())
    socket = "host" in parse_qs(urlsplit(value.get_secret_value()).query) if scheme else False
    server = scheme.split("+")[0] in {"postgresql", "postgres"} and (host or socket)
    if not server and not value.get_secret_value().startswith("sqlite:///"):
        raise ValueError(f"write {_SCHEMES['store_url']}")
    return value


def smtp(value: SecretStr) -> SecretStr:
    """Return the URL of a mail server; `ValueError` if it is none."""
    scheme, host = _parts(value.get_secret_value())
    if scheme not in {"smtp", "smtps"} or not host:
        raise ValueError(f"write {_SCHEMES['smtp_url']}; `%40` stands for an `@` in the password")
    return value


def proxy(value: SecretStr) -> SecretStr:
    """Return the URL of an HTTP proxy; `ValueError` if it is none."""
    scheme, host = _parts(value.get_secret_value())
    if scheme != "http" or not host or urlsplit(value.get_secret_value()).path not in {"", "/"}:
        raise ValueError("write `http://host:3128` or `http://user:password@host:3128`; `%40` stands for an `@`")
    return value


def sender(value: str) -> str:
    """Return a mail address with or without a name; `ValueError` if it is none."""
    if not value.isprintable() or "@" not in parseaddr(value)[1].strip("@"):
        raise ValueError("write an address such as `Wirewatch <alerts@example.org>`")
    return value


def contact(value: str) -> str:
    """Return a mail address or page that a request header can carry; `ValueError` if it is none."""
    if not (value.isascii() and value.isprintable()) or set(value) & set("()\\ ") or not ("@" in value or ":" in value):
        raise ValueError("write a mail address or the address of a page, such as `newsdesk@example.org`")
    return value


def _parts(value: str) -> tuple[str, str | None]:
    try:
        parts = urlsplit(value)
        usable = parts.port != 0
    except ValueError:
        usable = False
    return (parts.scheme, parts.hostname) if usable else ("", None)
