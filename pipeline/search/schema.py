"""The embedded index's own fields, and an article as a document of it.

A text field `f` is indexed folded as `f`, and stemmed as `f_de` or `f_en`. Names are indexed by word, and
as written in `f_facet`. `exists` lists the fields that are not empty. Dates are milliseconds. The
article document itself is stored as JSON in one piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter

import tantivy

from pipeline.article import Article
from pipeline.search.analysis import FOLDED, KEYWORD, NAMES, STEMMED, unaccented, without_digraphs
from pipeline.search.fields import FIELDS, Field, FieldType
from pipeline.search.moments import milliseconds

VERSION = 1
"""Goes up with every change of this module or `analysis.py` that an index on disk must be rebuilt for."""
ID, KEY, GROUP, COPY, EXISTS, STORED = "exact_id", "key", "group", "copy", "exists", "stored"
TIME = "timestamp"
_LONGEST_ID = 512  # bytes, as in Elasticsearch
_VALUES: dict[str, Callable[[Article], object]] = {field.name: attrgetter(field.name.lstrip("@")) for field in FIELDS}
_PREPARED = {"de": without_digraphs, "en": unaccented}


_COLUMNS = {field.name: field.name.lstrip("@").replace(".", "_") for field in FIELDS}


def column(field: Field) -> str:
    """Return the name of `field` in the index."""
    return _COLUMNS[field.name]


def facet_column(field: Field) -> str:
    """Return where values of `field` stand as they were written."""
    return column(field) + "_facet" if field.type is FieldType.NAMES else column(field)


def schema(fields: Iterable[Field] = FIELDS) -> tantivy.Schema:
    """Return the schema of the embedded index, or of one that knows only some of the fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(EXISTS, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(KEY, indexed=True, fast=True)
    builder.add_unsigned_field(GROUP, indexed=True, fast=True)
    builder.add_boolean_field(COPY, indexed=True, fast=True)
    builder.add_bytes_field(STORED, stored=True)
    for field in fields:
        _add_columns(builder, field)
    return builder.build()


def key(article_id: str) -> int:
    """Return a 64-bit stand-in for an id, which fast columns can hold."""
    return int.from_bytes(blake2b(article_id.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def to_document(article: Article) -> tantivy.Document:
    """Return `article` as a document; `ValueError` or `OverflowError` where it cannot be one."""
    if len(article.id.encode()) > _LONGEST_ID:
        raise ValueError(f"its id is longer than {_LONGEST_ID} bytes")
    document = to_question(article, FIELDS)
    document.add_text(ID, article.id)
    document.add_unsigned(GROUP, key(article.duplicate_of or article.id))
    document.add_boolean(COPY, article.duplicate_of is not None)
    document.add_bytes(STORED, stored(article))
    return document


def to_question(article: Article, fields: Iterable[Field]) -> tantivy.Document:
    """Return a document of which can only be asked, by its key, what stands in `fields`; errors as from `to_document`."""
    document = tantivy.Document()
    document.add_unsigned(KEY, key(article.id))
    stem = language if (language := (article.language or "").partition("-")[0].lower()) in STEMMED else None
    for field in fields:
        if (value := _value(article, field.name)) not in (None, "", ()):
            document.add_text(EXISTS, field.name)
            _add_value(document, field, value, stem)
    return document


def stored(article: Article) -> bytes:
    """Return the article document as JSON, made in one go for speed."""
    fields = article.model_dump_json(exclude={"complete"})
    timestamp = article.timestamp.isoformat().replace("+00:00", "Z")
    return f'{{"@timestamp":"{timestamp}","words":{article.words},{fields[1:]}'.encode()


def _add_columns(builder: tantivy.SchemaBuilder, field: Field) -> None:
    name = column(field)
    match field.type:
        case FieldType.TEXT:
            builder.add_text_field(name, tokenizer_name=FOLDED)
            for language in STEMMED:
                builder.add_text_field(f"{name}_{language}", tokenizer_name=language)
        case FieldType.NAMES:
            builder.add_text_field(name, tokenizer_name=NAMES)
            if field.facet:
                builder.add_text_field(facet_column(field), tokenizer_name="raw", index_option="basic", fast=True)
        case FieldType.KEYWORD:
            builder.add_text_field(name, tokenizer_name=KEYWORD, index_option="basic", fast=field.facet)
        case FieldType.NUMBER | FieldType.DATE:
            builder.add_integer_field(name, indexed=True, fast=True)


def _value(article: Article, name: str) -> object:
    if name == "dateline.place":
        return article.dateline and article.dateline.place
    return _VALUES[name](article)


def _add_value(document: tantivy.Document, field: Field, value: object, stem: str | None) -> None:
    name = column(field)
    match value:
        case datetime():
            document.add_integer(name, milliseconds(value))
        case int():
            document.add_integer(name, value)
        case str():
            _add_text(document, field, (value,), stem)
        case tuple():
            _add_text(document, field, value, stem)


def _add_text(document: tantivy.Document, field: Field, values: Iterable[str], stem: str | None) -> None:
    name = column(field)
    for value in values:
        match field.type:
            case FieldType.TEXT:
                folded = unaccented(value)
                document.add_text(name, folded)
                if stem:
                    document.add_text(f"{name}_{stem}", _PREPARED[stem](folded))
            case FieldType.NAMES:
                document.add_text(name, without_digraphs(value))
                if field.facet:
                    document.add_text(facet_column(field), value)
            case _:
                document.add_text(name, value)
