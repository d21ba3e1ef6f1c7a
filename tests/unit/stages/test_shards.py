"""Which shard does a feed belong to?"""

from collections import Counter

import pytest

from pipeline.stages.shards import shard_of


def test_all_addresses_of_a_host_are_in_one_shard() -> None:
    addresses = [
        f"{scheme}://Wire.example{port}/{path}"
        for scheme in ("http", "https")
        for port in ("", ":8080")
        for path in "ab"
    ]

    assert len({shard_of(address, 64) for address in addresses}) == 1


def test_hosts_are_spread_over_all_shards_and_stay_where_they_are() -> None:
    shards = [shard_of(f"https://paper-{number}.example/rss", 4) for number in range(400)]

    assert shards == [shard_of(f"https://paper-{number}.example/feed.xml", 4) for number in range(400)]
    assert all(60 < count < 140 for count in Counter(shards).values())
    assert len(set(shards)) == 4


def test_a_shard_does_not_depend_on_the_process() -> None:
    assert [shard_of(f"https://paper-{number}.example/", 8) for number in range(4)] == [2, 6, 0, 2]


@pytest.mark.parametrize("shards", [1, 3, 64])
def test_a_shard_lies_within_their_number(shards: int) -> None:
    assert {shard_of(f"file:///wires/{number}", shards) for number in range(500)} <= set(range(shards))


def test_folders_are_spread_too() -> None:
    assert len({shard_of(f"file:///wires/{number}", 4) for number in range(40)}) == 4
