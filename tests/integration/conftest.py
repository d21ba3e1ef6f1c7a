from tests.mail_server import post
from tests.postgres import _template, new_postgres_store, postgres, postgres_url
from tests.stores import _emptied_url, connect, emptied_url, store, store_url

__all__ = [
    "_emptied_url",
    "_template",
    "connect",
    "emptied_url",
    "new_postgres_store",
    "post",
    "postgres",
    "postgres_url",
    "store",
    "store_url",
]
