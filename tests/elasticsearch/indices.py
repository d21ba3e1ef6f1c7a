"""Indices of their own for tests on a server that several tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from os import getpid

from elasticsearch import Elasticsearch

from pipeline.search.elastic import ElasticIndex, connect
from pipeline.search.names import KINDS, beside

_NUMBERS = count(1)


@contextmanager
def a_name(url: str) -> Iterator[str]:
    """Yield an alias that no other test uses; all that is called so is gone afterwards."""
    name = f"wirewatch-test-{getpid()}-{next(_NUMBERS)}"
    yield name
    with connect([url]) as client:
        _remove(client, name)


@contextmanager
def an_index(url: str) -> Iterator[ElasticIndex]:
    """Yield an empty index in which everything is found as soon as it is written."""
    with a_name(url) as name:
        index = ElasticIndex(connect([url]), name=name, refresh=True, patience=1).prepare()
        yield index
        index.close()


def _remove(client: Elasticsearch, name: str) -> None:
    indices = list(client.indices.get(index=f"{name}-*", expand_wildcards="all"))
    for index in indices:
        client.indices.delete(index=index)
    for one in (name, *(beside(name, kind) for kind in KINDS)):
        client.options(ignore_status=404).indices.delete_index_template(name=one)
        for part in ("settings", "mappings", "lifecycle"):
            client.options(ignore_status=404).cluster.delete_component_template(name=f"{one}-{part}")
