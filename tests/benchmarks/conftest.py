from tests.elasticsearch.server import elasticsearch_url
from tests.postgres import postgres

__all__ = ["elasticsearch_url", "postgres"]
