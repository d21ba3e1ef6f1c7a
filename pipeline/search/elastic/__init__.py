"""The search port on Elasticsearch: `ElasticIndex` in use, `ElasticReplacement` while it is built anew.

Beside it `ElasticJournal`: polls and alerts, for Kibana.

`connect` makes the client, the only thing here that knows addresses and credentials.
"""

from elasticsearch import Elasticsearch

from pipeline.search.elastic.connection import connect
from pipeline.search.elastic.index import NAME, ElasticIndex
from pipeline.search.elastic.journal import ElasticJournal
from pipeline.search.elastic.rebuilding import ElasticReplacement

__all__ = ["NAME", "ElasticIndex", "ElasticJournal", "ElasticReplacement", "Elasticsearch", "connect"]
