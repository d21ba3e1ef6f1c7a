"""The search port on Elasticsearch: `ElasticIndex` in use, `ElasticReplacement` while it is built anew.

`connect` makes the client, the only thing here that knows addresses and credentials.
"""

from elasticsearch import Elasticsearch

from pipeline.search.elastic.connection import connect
from pipeline.search.elastic.index import NAME, ElasticIndex
from pipeline.search.elastic.rebuilding import ElasticReplacement

__all__ = ["NAME", "ElasticIndex", "ElasticReplacement", "Elasticsearch", "connect"]
