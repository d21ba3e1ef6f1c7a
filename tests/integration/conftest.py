from tests.postgres import _template, new_postgres_store, postgres, postgres_url
from tests.stores import store, store_url

__all__ = ["_template", "new_postgres_store", "postgres", "postgres_url", "store", "store_url"]
