"""Finds people, organisations and places in news, in German, English and some twenty other languages.

>>> import spacy
>>> nlp = spacy.load("xx_wirewatch_news")
"""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import get_model_meta, load_model_from_init_py

from xx_wirewatch_news import component as _component  # noqa: F401 - registers the parts of the pipeline with spaCy

__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides: Any) -> Language:  # noqa: ANN401 - as spaCy has it
    """Return the pipeline; `spacy.load("xx_wirewatch_news")` calls this. Raises `DamagedModel`."""
    return load_model_from_init_py(__file__, **overrides)
