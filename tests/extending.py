"""A component of one's own in the language pipeline, for tests of what happens while an article is enriched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrich import Enricher

_NUMBERS = count()


@contextmanager
def extended(enricher: Enricher, work: Callable[[Doc], None]) -> Iterator[None]:
    """Let the pipeline have a component of the user's own, as the documentation shows."""

    def component(doc: Doc) -> Doc:
        work(doc)
        return doc

    name = f"my_component_{next(_NUMBERS)}"
    Language.component(name, func=component)
    enricher.nlp.add_pipe(name)
    try:
        yield
    finally:
        enricher.nlp.remove_pipe(name)
