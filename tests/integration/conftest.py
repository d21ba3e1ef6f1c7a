from tests.postgres import _template, new_postgres_store, postgres, postgres_url

__all__ = ["_template", "new_postgres_store", "postgres", "postgres_url"]
