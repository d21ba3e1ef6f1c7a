"""Mail addresses as the wire wants them: ASCII, one address, nothing that could smuggle in another header.

A domain may be written in any script (`küste.example`) and is turned into its ASCII form.
"""

from __future__ import annotations

import re
from email.headerregistry import Address

from pipeline.alert.plain import one_line
from pipeline.errors import MailRefused

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"(?:(?P<name>[^<>@\x00-\x1f]*)<)?(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>[^\s@<>]+?)(?P<end>>?)"
)
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.ASCII)


def address(text: str) -> Address:
    """Return `name@domain` or `Some Name <name@domain>` as an address; raises a permanent MailRefused if it is none."""
    match = _ADDRESS.fullmatch(text.strip())
    domain = match and _ascii_domain(match["domain"])
    if not match or not domain or (match["name"] is None) == bool(match["end"]) or len(match["local"]) > 64:
        raise MailRefused(
            f"`{one_line(text, 120)}` is no mail address",
            hint="write it as `name@domain.example`, in ASCII letters before the `@`",
            permanent=True,
        )
    name = one_line((match["name"] or "").strip().strip('"'), 80).replace("=?", "= ?")
    return Address(display_name=name, username=match["local"], domain=domain)


def domain_of(sender: str) -> str:
    """Return the domain of a sender's address, under which the ids of its messages stand."""
    return address(sender).domain


def _ascii_domain(domain: str) -> str | None:
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return name if _DOMAIN.fullmatch(name) else None
