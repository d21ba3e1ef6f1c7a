"""Where may a request go?"""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FetchFailed, RefusedAddress, WirewatchError
from pipeline.fetch import Limits, Request, Response
from pipeline.fetch.connect import CheckedBackend, Meter, Resolve
from pipeline.fetch.connections import DirectConnections
from pipeline.fetch.guard import check_literal, check_url, is_link_local, is_public
from pipeline.fetch.hop import Hop, Sender
from tests.unit.fetch.loopback import AGENT, Answer, a_fetcher, a_site, local, redirect

CLOSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.9.9.9",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.170",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "fe80::1",
    "fe80::1%eth0",
    "2a00:1450:4001::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "100::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_public_is_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "64:ff9b::808:808"])
def test_a_public_address_is_open(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_open(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert not is_public(str(address)) or str(address).startswith("64:ff9b::")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example/",
        "//news.example/",
        "news.example/feed",
        "http://",
        "http:///x",
        "https://.news.example/",
        "http://a..b/",
        f"http://{'a' * 64}.example/",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://me:secret@news.example/",
        "http://me@news.example/",
        "http://news.example/\r\nX: 1",
        "http://news.example/" + "a" * 5000,
        "http://0177.0.0.1/",
        "\ud800",
        "",
    ],
)
def test_a_url_that_nothing_may_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        check_url(url, local=False)


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}/.{0,20}", fullmatch=True))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    try:
        url = check_url(text, local=False)
    except RefusedAddress:
        return

    assert url.scheme in ("http", "https")
    assert url.host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "017700000001", "::1", "LOCALHOST"])
def test_odd_spellings_of_a_closed_address_are_refused_before_a_proxy_sees_them(host: str) -> None:
    with pytest.raises(RefusedAddress):
        check_literal(host.lower())


@pytest.mark.parametrize("spelling", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost"])
def test_the_fetcher_refuses_loopback_however_it_is_spelled(spelling: str) -> None:
    with a_site({"/": Answer()}) as site, a_fetcher() as fetcher:
        url = site.url.replace("127.0.0.1", spelling) + "/"
        with pytest.raises(RefusedAddress, match="not a public address") as caught:
            fetcher.get(Request(url))

    assert caught.value.subject == url
    assert site.asked == []


def test_one_closed_address_among_open_ones_closes_the_host() -> None:
    with (
        a_fetcher(resolve=lambda *_: ["8.8.8.8", "10.0.0.1"]) as fetcher,
        pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"),
    ):
        fetcher.get(Request("http://news.example/"))


def test_a_connection_opened_by_a_local_request_carries_no_other() -> None:
    with a_site({"/": Answer()}) as site, a_fetcher() as fetcher:
        fetcher.get(local(f"{site.url}/"))
        with pytest.raises(RefusedAddress):
            fetcher.get(Request(f"{site.url}/"))

    assert len(site.asked) == 1


LINK_LOCAL = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%lo",
    "febf::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
]


@pytest.mark.parametrize("address", LINK_LOCAL)
def test_an_address_where_clouds_keep_their_credentials_is_link_local(address: str) -> None:
    assert is_link_local(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fd00::1", "8.8.8.8", "", "x"])
def test_loopback_and_private_networks_are_not_link_local(address: str) -> None:
    assert not is_link_local(address)


@pytest.mark.parametrize("address", ["169.254.169.254", "169.254.1.1", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_even_a_local_request_never_goes_to_a_link_local_address(address: str) -> None:
    with a_fetcher() as fetcher, pytest.raises(RefusedAddress, match="link-local") as caught:
        fetcher.get(local(f"http://{address}/latest/meta-data/"))

    assert "local: true" not in str(caught.value.hint)


def test_a_name_that_leads_to_a_link_local_address_is_refused_to_local_requests_too() -> None:
    with (
        a_fetcher(resolve=lambda *_: ["127.0.0.1", "169.254.169.254"]) as fetcher,
        pytest.raises(RefusedAddress, match="link-local"),
    ):
        fetcher.get(local("http://metadata.example/"))


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166", "0xa9.254.169.254", "metadata.example"])
def test_a_redirect_of_a_local_request_to_a_link_local_address_is_refused(host: str) -> None:
    def resolve(name: str, _port: int) -> list[str]:
        if name == "metadata.example":
            return ["169.254.169.254"]
        return [socket.inet_ntoa(socket.inet_aton(name))]

    with (
        a_site({"/": redirect(302, f"http://{host}/latest/meta-data/")}) as site,
        a_fetcher(resolve=resolve) as fetcher,
        pytest.raises(RefusedAddress, match="link-local") as caught,
    ):
        fetcher.get(local(f"{site.url}/"))

    assert caught.value.subject == f"{site.url}/"


def test_a_name_without_address_is_a_failure() -> None:
    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with a_fetcher(resolve=resolve) as fetcher, pytest.raises(FetchFailed, match="cannot be resolved"):
        fetcher.get(Request("http://news.example/"))


def only_the_second(address: str, host: str) -> None:
    """A guard for loopback: 127.0.0.2 stands for the public net, all else for the private one."""
    if address != "127.0.0.2":
        raise RefusedAddress(f"`{host}` is at `{address}`")


def guarded(resolve: Resolve) -> Sender:
    meter = Meter()
    connections = DirectConnections(CheckedBackend(meter, resolve, only_the_second), httpx.create_ssl_context())
    limits = Limits(timeout=5.0)
    return Sender(user_agent=AGENT, limits=limits, meter=meter, public=connections, local=connections)


def outcome(sender: Sender, url: str) -> Response | WirewatchError:
    hop: Hop | Response = Hop.first(Request(url))
    try:
        while isinstance(hop, Hop):
            hop = sender.make(hop)
    except WirewatchError as error:
        return error
    finally:
        sender._public.close()
    return hop


def test_a_dns_answer_that_changes_after_the_check_is_of_no_use() -> None:
    answers: Iterator[list[str]] = iter([["127.0.0.2"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with a_site({"/": Answer(200, b"public")}, host="127.0.0.2") as site:
        sender = guarded(resolve)
        first = outcome(sender, site.url.replace("127.0.0.2", "news.example"))
        after_one_request = list(asked)
        second = outcome(sender, site.url.replace("127.0.0.2", "news.example"))

    assert isinstance(first, Response)
    assert first.body == b"public"
    assert after_one_request == ["news.example"]
    assert isinstance(second, RefusedAddress)


def test_a_redirect_to_a_private_address_is_refused() -> None:
    with (
        a_site({"/": Answer(200, b"secret")}) as private,
        a_site({"/": redirect(302, f"{private.url}/")}, host="127.0.0.2") as public,
    ):
        refused = outcome(guarded(lambda *_: []), f"{public.url}/")

    assert isinstance(refused, RefusedAddress)
    assert refused.subject == f"{public.url}/"
    assert private.asked == []


def test_a_redirect_to_a_name_with_a_private_address_is_refused() -> None:
    with a_site({"/": Answer(200, b"secret")}) as private:
        target = private.url.replace("127.0.0.1", "intern.example")
        with a_site({"/": redirect(301, target)}, host="127.0.0.2") as public:
            refused = outcome(guarded(lambda *_: ["127.0.0.1"]), f"{public.url}/")

    assert isinstance(refused, RefusedAddress)
    assert private.asked == []


def test_a_redirect_that_carries_a_password_is_refused() -> None:
    with a_site({}, host="127.0.0.2") as public:
        public.answers["/"] = redirect(302, public.url.replace("http://", "http://me:secret@"))
        refused = outcome(guarded(lambda *_: []), f"{public.url}/")

    assert isinstance(refused, RefusedAddress)
    assert len(public.asked) == 1


def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    with (
        a_site({"/": Answer(200, b"second")}, host="127.0.0.2") as site,
        a_fetcher(resolve=lambda *_: ["127.0.0.3", "127.0.0.2"]) as fetcher,
    ):
        response = fetcher.get(local(site.url.replace("127.0.0.2", "news.example")))

    assert response.body == b"second"
