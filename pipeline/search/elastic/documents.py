"""An article as a document of Elasticsearch, and back.

What is empty is left out and comes back as the article's own defaults; what is made for searching alone (`original`,
stemmed text) is not kept. Made as JSON in one go, for speed.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from pipeline.article import Article
from pipeline.search.elastic.analysis import LANGUAGES
from pipeline.search.elastic.mapping import ORIGINAL, stem_field
from pipeline.search.fields import FIELDS, FieldType

LONGEST_ID = 512
"""Bytes; Elasticsearch takes no longer one."""
_ALWAYS = {"complete", "source", "version", "status", "copies", "words"}
_TEXTS = tuple(field.name for field in FIELDS if field.type is FieldType.TEXT)
_MADE = ("@timestamp", "words")


def to_document(article: Article) -> bytes:
    """Return `article` as JSON; `ValueError` where it cannot be written."""
    if len(article.id.encode()) > LONGEST_ID:
        raise ValueError(f"its id is longer than {LONGEST_ID} bytes")
    always: dict[str, object] = {
        "@timestamp": article.timestamp,
        "words": article.words,
        "source": article.source,
        "version": article.version,
        "status": article.status,
        "copies": article.copies,
        ORIGINAL: article.duplicate_of or article.id,
    }
    language = (article.language or "").partition("-")[0].lower()
    if language in LANGUAGES:
        always |= {stem_field(name, language): text for name in _TEXTS if (text := getattr(article, name))}
    rest = article.model_dump_json(exclude=_ALWAYS, exclude_defaults=True).encode()
    return to_json(always, exclude_none=True)[:-1] + b"," + rest[1:]


def to_article(source: dict[str, Any]) -> dict[str, Any]:
    """Return the article document as it went in; `ValueError` where it was written by another version of Wirewatch."""
    try:
        return Article.model_validate({name: value for name, value in source.items() if name not in _MADE}).document()
    except ValidationError as error:
        raise ValueError(f"`{source.get('id')}` is no article of this version: {error.errors()[0]['msg']}") from error
