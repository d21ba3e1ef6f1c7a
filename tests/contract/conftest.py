from tests.elasticsearch.server import elasticsearch_url
from tests.postgres import _template, new_postgres_store, postgres, postgres_url
from tests.stores import _emptied_url, emptied_url, store, store_url

__all__ = [
    "_emptied_url",
    "_template",
    "elasticsearch_url",
    "emptied_url",
    "new_postgres_store",
    "postgres",
    "postgres_url",
    "store",
    "store_url",
]
