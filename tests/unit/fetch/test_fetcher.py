"""What does the fetcher send, and what does it hand back?"""

import gzip
import pickle
import re
import threading
import time
import zlib
from collections.abc import Mapping

import pytest

from pipeline.errors import ConfigError, FetchFailed, RefusedAddress, TooLarge
from pipeline.fetch import PAGE_ACCEPT, Request, Response
from tests.unit.fetch.loopback import AGENT, Answer, a_fetcher, a_site, local, redirect


def test_an_answer_comes_back_with_its_body_and_validators() -> None:
    headers = {"ETag": 'W/"x1"', "Last-Modified": "Tue, 03 Nov 2026 12:00:00 GMT", "Content-Type": "text/xml"}
    with a_site({"/feed": Answer(200, b"<rss/>", headers)}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/feed#top"))

    assert (response.status, response.body, response.url) == (200, b"<rss/>", f"{site.url}/feed")
    assert (response.etag, response.last_modified) == ('W/"x1"', "Tue, 03 Nov 2026 12:00:00 GMT")
    assert response.content_type == "text/xml"
    assert response.moved_to is None
    assert 0 < response.elapsed < 5


def test_a_request_says_who_asks_and_what_is_understood_and_nothing_else() -> None:
    with a_site({"/": Answer()}) as site, a_fetcher() as fetcher:
        fetcher.get(local(f"{site.url}/", accept=PAGE_ACCEPT))

    assert site.asked[0][1] == {
        "host": site.url.removeprefix("http://"),
        "user-agent": AGENT,
        "accept": PAGE_ACCEPT,
        "accept-encoding": "gzip, deflate",
    }


def test_validators_are_sent_back_verbatim() -> None:
    with a_site({"/": Answer(304)}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/", etag='W/"ü 1"', last_modified="yesterday, I think"))

    assert response.status == 304
    assert site.asked[0][1]["if-none-match"] == 'W/"ü 1"'
    assert site.asked[0][1]["if-modified-since"] == "yesterday, I think"


@pytest.mark.parametrize("etag", ["a\r\nX-Evil: 1", "a\0b", " ", "x" * 2000, "\u20ac"])
def test_a_validator_that_cannot_be_a_header_is_left_out(etag: str) -> None:
    with a_site({"/": Answer()}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/", etag=etag))

    assert response.status == 200
    assert not {"if-none-match", "x-evil"} & site.asked[0][1].keys()


@pytest.mark.parametrize("status", [204, 304, 400, 401, 404, 410, 429, 500, 503])
def test_every_status_comes_back_as_a_response(status: int) -> None:
    with a_site({"/": Answer(status, b"", {"Retry-After": "7"})}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/"))

    assert (response.status, response.body, response.headers["retry-after"]) == (status, b"", "7")


def test_cookies_are_not_kept() -> None:
    with a_site({"/": Answer(headers={"Set-Cookie": "id=1"})}) as site, a_fetcher() as fetcher:
        for _ in range(2):
            fetcher.get(local(f"{site.url}/"))

    assert all("cookie" not in headers for _, headers in site.asked)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with a_site({"/": Answer()}) as site, a_fetcher() as fetcher:
        assert fetcher.get(local(f"{site.url}/")).status == 200


def test_a_connection_is_used_again() -> None:
    peers = set()

    def note(_: Mapping[str, str]) -> Answer:
        peers.add(threading.get_ident())
        return Answer()

    with a_site({"/": note}) as site, a_fetcher() as fetcher:
        for _ in range(5):
            fetcher.get(local(f"{site.url}/"))

    assert len(peers) == 1


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw deflate", "identity", "GZIP"])
def test_compressed_bodies_are_unpacked(encoding: str) -> None:
    text = b"Eilmeldung " * 5000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "identity": text,
    }.get(encoding, gzip.compress(text[:10]) + gzip.compress(text[10:]))
    answer = Answer(200, packed, {"Content-Encoding": encoding.removeprefix("raw ")})

    with a_site({"/": answer}) as site, a_fetcher() as fetcher:
        assert fetcher.get(local(f"{site.url}/")).body == text


def test_a_body_that_only_claims_to_be_compressed_is_taken_as_it_is() -> None:
    with a_site({"/": Answer(200, b"<rss/>", {"Content-Encoding": "gzip"})}) as site, a_fetcher() as fetcher:
        assert fetcher.get(local(f"{site.url}/")).body == b"<rss/>"


@pytest.mark.parametrize(
    "body", [gzip.compress(b"x" * 9000, mtime=0)[:-12], gzip.compress(b"x" * 9000, mtime=0)[:30] + b"zzzz" * 30]
)
def test_a_damaged_compressed_body_fails(body: bytes) -> None:
    with (
        a_site({"/": Answer(200, body, {"Content-Encoding": "gzip"})}) as site,
        a_fetcher() as fetcher,
        pytest.raises(FetchFailed, match=r"breaks off|damaged"),
    ):
        fetcher.get(local(f"{site.url}/"))


def test_an_encoding_that_nobody_asked_for_fails() -> None:
    with (
        a_site({"/": Answer(200, b"?", {"Content-Encoding": "br"})}) as site,
        a_fetcher() as fetcher,
        pytest.raises(FetchFailed, match="`br`"),
    ):
        fetcher.get(local(f"{site.url}/"))


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
def test_only_a_permanent_redirect_counts_as_a_move(status: int, *, moves: bool) -> None:
    with a_site({"/old": redirect(status, "/new"), "/new": Answer()}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/old"))

    assert response.url == f"{site.url}/new"
    assert response.moved_to == (f"{site.url}/new" if moves else None)


def test_one_temporary_hop_makes_the_whole_way_temporary() -> None:
    answers = {"/a": redirect(301, "/b"), "/b": redirect(302, "/c"), "/c": redirect(301, "/d"), "/d": Answer()}
    with a_site(answers) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/a"))

    assert response.url == f"{site.url}/d"
    assert response.moved_to is None


def test_a_permanent_redirect_to_an_error_is_no_move() -> None:
    with a_site({"/old": redirect(301, "/nowhere")}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/old"))

    assert (response.status, response.moved_to) == (404, None)


def test_a_redirect_may_lead_to_another_host() -> None:
    with (
        a_site({"/": Answer(200, b"there")}, host="127.0.0.2") as other,
        a_site({"/": redirect(302, f"{other.url}/")}) as site,
        a_fetcher() as fetcher,
    ):
        response = fetcher.get(local(f"{site.url}/"))

    assert (response.url, response.body) == (f"{other.url}/", b"there")


def test_a_redirect_keeps_the_validators() -> None:
    with a_site({"/old": redirect(302, "/new"), "/new": Answer(304)}) as site, a_fetcher() as fetcher:
        response = fetcher.get(local(f"{site.url}/old", etag='"1"'))

    assert response.status == 304
    assert site.asked[1][1]["if-none-match"] == '"1"'


def test_redirects_in_a_circle_are_cut_short() -> None:
    with (
        a_site({"/a": redirect(302, "/b"), "/b": redirect(302, "/a")}) as site,
        a_fetcher() as fetcher,
        pytest.raises(TooLarge, match="circle") as caught,
    ):
        fetcher.get(local(f"{site.url}/a"))

    assert caught.value.subject == f"{site.url}/a"
    assert len(site.asked) == 2


def test_too_many_redirects_are_refused() -> None:
    answers = {f"/{n}": redirect(302, f"/{n + 1}") for n in range(20)}
    with a_site(answers) as site, a_fetcher() as fetcher, pytest.raises(TooLarge, match="more than 5 times"):
        fetcher.get(local(f"{site.url}/0"))

    assert len(site.asked) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://h/", "gopher://h/", "http://[::", "data:,x"])
def test_a_redirect_to_anything_but_http_is_refused(target: str) -> None:
    with (
        a_site({"/": redirect(302, target)}) as site,
        a_fetcher() as fetcher,
        pytest.raises(RefusedAddress) as caught,
    ):
        fetcher.get(local(f"{site.url}/"))

    assert caught.value.subject == f"{site.url}/"


def test_a_redirect_without_a_target_comes_back_as_it_is() -> None:
    with a_site({"/": Answer(302, b"")}) as site, a_fetcher() as fetcher:
        assert fetcher.get(local(f"{site.url}/")).status == 302


def test_a_location_in_raw_utf8_is_followed() -> None:
    target = "/männer".encode().decode("latin-1")
    with a_site({"/": redirect(302, target), "/m%C3%A4nner": Answer()}) as site, a_fetcher() as fetcher:
        assert fetcher.get(local(f"{site.url}/")).status == 200


def test_a_password_in_a_local_url_is_sent_and_never_shown() -> None:
    with (
        a_site({"/": Answer(200, b"?", {"Content-Encoding": "br"})}) as site,
        a_fetcher() as fetcher,
        pytest.raises(FetchFailed) as caught,
    ):
        fetcher.get(local(site.url.replace("http://", "http://me:secret@")))

    assert site.asked[0][1]["authorization"] == "Basic bWU6c2VjcmV0"
    assert "secret" not in str(caught.value)


def test_nobody_listening_is_a_failure_that_names_the_url() -> None:
    with a_site() as site:
        pass
    with a_fetcher() as fetcher, pytest.raises(FetchFailed) as caught:
        fetcher.get(local(f"{site.url}/"))

    assert caught.value.subject == f"{site.url}/"
    assert caught.value.hint
    assert pickle.loads(pickle.dumps(caught.value)).subject == f"{site.url}/"


@pytest.mark.parametrize("agent", ["", "Wire\r\nX: 1", "Wärme/1", " x"])
def test_a_user_agent_that_cannot_be_sent_is_refused(agent: str) -> None:
    with pytest.raises(ConfigError):
        a_fetcher(user_agent=agent)


def test_many_answers_every_key_once_and_a_bad_url_harms_no_neighbour() -> None:
    answers = {f"/{n}": Answer(200, str(n).encode()) for n in range(50)}
    with a_site(answers) as site, a_fetcher() as fetcher:
        requests = {str(n): local(f"{site.url}/{n}") for n in range(50)}
        outcomes = dict(fetcher.many(requests | {"bad": local("gopher://x/"), "closed": local("http://127.0.0.1:1/")}))

    assert isinstance(outcomes.pop("bad"), RefusedAddress)
    assert isinstance(outcomes.pop("closed"), FetchFailed)
    bodies = {key: outcome.body for key, outcome in outcomes.items() if isinstance(outcome, Response)}
    assert bodies == {str(n): str(n).encode() for n in range(50)}


def test_a_slow_reader_holds_back_new_requests() -> None:
    answers = {f"/{n}": Answer() for n in range(60)}
    with a_site(answers) as site, a_fetcher(workers=2) as fetcher:
        results = fetcher.many({n: local(f"{site.url}/{n}") for n in range(60)})
        next(results)
        time.sleep(0.3)
        asked_while_waiting = len(site.asked)
        rest = list(results)

    assert asked_while_waiting <= 5
    assert len(rest) == 59


def test_a_reader_that_stops_early_stops_the_requests() -> None:
    answers = {f"/{n}": Answer() for n in range(60)}
    with a_site(answers) as site, a_fetcher(workers=2) as fetcher:
        results = fetcher.many({n: local(f"{site.url}/{n}") for n in range(60)})
        next(results)
        results.close()  # type: ignore[attr-defined]  # a generator
        again = fetcher.get(local(f"{site.url}/0"))

    assert again.status == 200
    assert len(site.asked) < 10


def test_a_request_may_be_made_while_others_are_read() -> None:
    answers = {f"/{n}": Answer() for n in range(20)}
    with a_site(answers) as site, a_fetcher(workers=1) as fetcher:
        for _, outcome in fetcher.many({n: local(f"{site.url}/{n}") for n in range(20)}):
            assert isinstance(outcome, Response)
            assert fetcher.get(local(f"{site.url}/0")).status == 200


def test_a_closed_fetcher_says_so() -> None:
    fetcher = a_fetcher()
    fetcher.close()

    with pytest.raises(FetchFailed, match="closed"):
        fetcher.get(local("http://127.0.0.1:1/"))


def test_a_proxy_carries_public_requests_and_no_local_ones() -> None:
    with (
        a_site({"http://news.example/feed": Answer(200, b"by proxy")}) as proxy,
        a_site({"/": Answer()}) as site,
        a_fetcher(proxy=proxy.url.replace("http://", "http://me:secret@")) as fetcher,
    ):
        public = fetcher.get(Request("http://news.example/feed"))
        direct = fetcher.get(local(f"{site.url}/"))
        with pytest.raises(RefusedAddress):
            fetcher.get(Request("http://0x7f.1/"))
        with pytest.raises(RefusedAddress):
            fetcher.get(Request("http://localhost./"))

    assert public.body == b"by proxy"
    assert direct.body == b"hello"
    assert len(proxy.asked) == 1
    assert re.match("Basic ", proxy.asked[0][1]["proxy-authorization"])
