from tests.elasticsearch.server import elasticsearch_url

__all__ = ["elasticsearch_url"]
