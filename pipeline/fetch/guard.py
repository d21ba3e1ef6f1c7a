"""Where may a request go? To public addresses over http and https, and nowhere else.

A feed marked `local` may also lie on this machine or in a private network, but never at a link-local address, where
clouds answer anybody on the machine with its credentials. An address is judged after it was resolved, so that decimal, octal and other odd spellings make no difference.
Whatever the lists below do not know as public is refused. Pure: no socket is opened here.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from pipeline.errors import RefusedAddress

# https://www.iana.org/assignments/iana-ipv4-special-registry and, last, the address of Azure's host agent
_CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry: only 2000::/3 is handed out, with these exceptions
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = IPv6Network("64:ff9b::/96")
_LINK_LOCAL_V4 = IPv4Network("169.254.0.0/16")
_LINK_LOCAL_V6 = IPv6Network("fe80::/10")
# where clouds serve credentials outside the link-local range: Azure, Alibaba, Oracle, AWS, Google
_METADATA = frozenset(
    map(ip_address, ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
_HINT = "mark the feed `local: true` if it is meant to lie in your own network"
_MAX_URL = 4096


def is_public(address: str) -> bool:
    """Tell whether `address`, an IP address as text, is a public one; an unreadable one is not.

    An IPv6 address of the well-known NAT64 prefix counts as the IPv4 address that it stands for.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return False
        if parsed not in _NAT64:
            return parsed in _OPEN_V6 and not any(parsed in network for network in _CLOSED_V6)
        parsed = IPv4Address(int(parsed) & 0xFFFF_FFFF)
    return not any(parsed in network for network in _CLOSED_V4)


def is_link_local(address: str) -> bool:
    """Tell whether `address`, an IP address as text, is link-local or serves the metadata of a cloud, however it is wrapped."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed in _LINK_LOCAL_V6 or parsed in _METADATA:
            return True
        in_nat64 = IPv4Address(int(parsed) & 0xFFFF_FFFF) if parsed in _NAT64 else None
        wrapped = parsed.ipv4_mapped or parsed.sixtofour or in_nat64
        if wrapped is None:
            return False
        parsed = wrapped
    return parsed in _LINK_LOCAL_V4 or parsed in _METADATA


def check_address(address: str, host: str) -> None:
    """Raise `RefusedAddress` if `address`, the answer for `host`, is not public."""
    check_local_address(address, host)
    if not is_public(address):
        raise RefusedAddress(f"`{host}` is at `{address}`, which is not a public address", hint=_HINT)


def check_local_address(address: str, host: str) -> None:
    """Raise `RefusedAddress` if `address`, the answer for `host`, is closed even to feeds marked `local`."""
    if is_link_local(address):
        hint = "cloud machines serve their credentials there; no feed may lie at such an address"
        raise RefusedAddress(f"`{host}` is at `{address}`, which is a link-local address", hint=hint)


def check_url(url: str, *, local: bool) -> httpx.URL:
    """Return `url` parsed, without its fragment; raise `RefusedAddress` if nothing may be sent there at all.

    Only http and https pass; a user name or password in the URL passes only with `local`.
    """
    try:
        if len(url) > _MAX_URL:
            raise RefusedAddress(f"a URL of {len(url)} characters is too long", subject=url[:_MAX_URL])
        parsed = httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise RefusedAddress(f"`{url}` is not a URL: {error}", subject=url) from error
    if parsed.scheme not in ("http", "https"):
        raise RefusedAddress(f"`{url}` is neither http nor https", subject=url)
    if not _has_host(parsed):
        raise RefusedAddress(f"`{url}` names no host and port that could be asked", subject=url)
    if parsed.userinfo and not local:
        raise RefusedAddress(
            f"`{parsed.host}` must not get a user name or password from a URL", hint=_HINT, subject=url
        )
    return parsed


def _has_host(url: httpx.URL) -> bool:
    labels = url.raw_host.decode("ascii").removesuffix(".").split(".")
    return 0 < (80 if url.port is None else url.port) < 65536 and (
        ":" in url.host or all(0 < len(label) < 64 for label in labels)
    )


def check_literal(host: str) -> None:
    """Raise `RefusedAddress` if `host` itself spells a closed address: all that can be told when a proxy resolves."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        raise RefusedAddress(f"`{host}` is a name of a private network", hint=_HINT)
    if ":" in name:
        check_address(name, host)
        return
    try:
        check_address(socket.inet_ntoa(socket.inet_aton(name)), host)
    except OSError:
        return
