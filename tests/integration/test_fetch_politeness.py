"""How many requests does a host see at once, and does everyone get a turn?"""

import itertools
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.errors import FetchFailed
from pipeline.fetch import Response
from tests.unit.fetch.loopback import Answer, a_fetcher, a_site, local, redirect


class Crowd:
    """Counts who is inside at once, and when each came."""

    def __init__(self, seconds: float = 0.02) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._inside = 0
        self.most = 0
        self.moments: list[float] = []

    def __call__(self, _: Mapping[str, str]) -> Answer:
        with self._lock:
            self.moments.append(time.monotonic())
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(self._seconds)
        with self._lock:
            self._inside -= 1
        return Answer()


def all_good(outcomes: Mapping[Any, object]) -> bool:
    return all(isinstance(outcome, Response) and outcome.status == 200 for outcome in outcomes.values())


@pytest.mark.parametrize("per_host", [1, 2, 5])
def test_a_host_never_sees_more_requests_at_once_than_allowed(per_host: int) -> None:
    crowd = Crowd()
    with a_site({f"/{n}": crowd for n in range(40)}) as site, a_fetcher(workers=16, per_host=per_host) as fetcher:
        outcomes = dict(fetcher.many({n: local(f"{site.url}/{n}") for n in range(40)}))

    assert len(outcomes) == 40
    assert all_good(outcomes)
    assert crowd.most == per_host


def test_the_limit_holds_over_all_callers_of_a_fetcher() -> None:
    crowd = Crowd()
    with a_site({f"/{n}": crowd for n in range(10)}) as site, a_fetcher(workers=16) as fetcher:
        requests = {n: local(f"{site.url}/{n}") for n in range(10)}
        with ThreadPoolExecutor(6) as callers:
            batches = [callers.submit(lambda: dict(fetcher.many(requests))) for _ in range(3)]
            singles = [callers.submit(fetcher.get, local(f"{site.url}/{n}")) for n in range(10)]
            assert all(all_good(batch.result()) for batch in batches)
            assert all(single.result().status == 200 for single in singles)

    assert crowd.most == 2


def test_the_limit_holds_for_the_target_of_redirects() -> None:
    crowd = Crowd()
    with (
        a_site({"/": crowd}, host="127.0.0.99") as target,
        a_site({"/": redirect(302, f"{target.url}/")}) as first,
        a_fetcher(workers=16, per_host=2) as fetcher,
    ):
        outcomes = dict(fetcher.many({n: local(f"{first.url}/") for n in range(30)}))

    assert len(outcomes) == 30
    assert all_good(outcomes)
    assert crowd.most == 2


def test_ports_of_one_host_share_its_limit() -> None:
    crowd = Crowd()
    answers = {f"/{n}": crowd for n in range(10)}
    with a_site(answers) as one, a_site(answers) as two, a_fetcher(workers=8) as fetcher:
        outcomes = dict(fetcher.many({(s.url, n): local(f"{s.url}/{n}") for s in (one, two) for n in range(10)}))

    assert all_good(outcomes)
    assert crowd.most == 2


def test_a_host_with_many_feeds_does_not_keep_others_waiting() -> None:
    slow, quick = Crowd(0.1), Crowd(0)
    with (
        a_site({f"/{n}": slow for n in range(30)}) as large,
        a_site({"/": quick}, host="127.0.0.2") as small,
        a_fetcher(workers=4) as fetcher,
    ):
        requests = {f"large {n}": local(f"{large.url}/{n}") for n in range(30)}
        keys = [key for key, _ in fetcher.many(requests | {"small": local(f"{small.url}/")})]

    assert keys.index("small") <= 2
    assert slow.most == 2


def test_waiting_for_a_turn_is_not_counted_as_time() -> None:
    crowd = Crowd(0.1)
    with a_site({f"/{n}": crowd for n in range(12)}) as site, a_fetcher(workers=8, per_host=1) as fetcher:
        outcomes = dict(fetcher.many({n: local(f"{site.url}/{n}") for n in range(12)}))

    assert all_good(outcomes)
    assert all(isinstance(outcome, Response) and outcome.elapsed < 1.0 for outcome in outcomes.values())


def test_with_a_pause_a_host_is_asked_one_at_a_time_and_not_too_soon() -> None:
    moments: list[tuple[float, float]] = []

    def note(_: object) -> Answer:
        started = time.monotonic()
        time.sleep(0.05)
        moments.append((started, time.monotonic()))
        return Answer()

    with a_site({f"/{n}": note for n in range(4)}) as site, a_fetcher(workers=4, per_host=2) as fetcher:
        list(fetcher.many({n: local(f"{site.url}/{n}", pause=0.2) for n in range(4)}))

    assert len(moments) == 4
    assert all(later - ended >= 0.19 for (_, ended), (later, _) in itertools.pairwise(sorted(moments)))


def test_a_host_that_rests_holds_up_no_other() -> None:
    with (
        a_site({f"/{n}": Answer() for n in range(3)}) as resting,
        a_site({f"/{n}": Answer() for n in range(20)}, host="127.0.0.2") as quick,
        a_fetcher(workers=2) as fetcher,
    ):
        requests = {f"rest {n}": local(f"{resting.url}/{n}", pause=0.3) for n in range(3)}
        requests |= {f"quick {n}": local(f"{quick.url}/{n}") for n in range(20)}
        order = [key for key, _ in fetcher.many(requests)]

    assert [key for key in order[-2:] if key.startswith("rest")] == order[-2:]


def test_a_request_may_have_less_time_than_the_limits_allow() -> None:
    def slowly(_: object) -> Answer:
        time.sleep(1)
        return Answer()

    with a_site({"/": slowly}) as site, a_fetcher() as fetcher:
        with pytest.raises(FetchFailed, match=r"within 0\.2 s"):
            fetcher.get(local(f"{site.url}/", timeout=0.2))
        assert fetcher.get(local(f"{site.url}/")).status == 200
