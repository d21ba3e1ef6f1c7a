"""The spaCy pipeline: language → conventions → names → catalogue → tickers → linker → topics.

`names` asks statistical models (`models.py`): what they see becomes a match with a `Known` whose id is None, and the
linker weighs it with the others. Texts are split at white space only; each model brings a tokenizer of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import spacy
from spacy.language import Language

from pipeline.article import WireConventions
from pipeline.config.models import Topic
from pipeline.enrich import folding
from pipeline.enrich.catalogue import Catalogue
from pipeline.enrich.findings import Component, Findings
from pipeline.enrich.language import Detector
from pipeline.enrich.linking import View, dateline_span, link, places_of
from pipeline.enrich.models import NameModels, NamesComponent
from pipeline.enrich.names import Match, Terms
from pipeline.enrich.tickers import equivalents, tickers
from pipeline.enrich.tokens import WhiteSpaceTokenizer
from pipeline.enrich.topics import Topics

STEPS = ("language", "conventions", "names", "catalogue", "tickers", "linker", "topics")


@Language.factory("wirewatch_names")
def _names_component(nlp: Language, name: str) -> NamesComponent:  # noqa: ARG001 - spaCy's signature
    """Return a component that waits for its models."""
    return NamesComponent(name)


for _step in set(STEPS) - {"names"}:

    @Language.factory(f"wirewatch_{_step}")
    def _component(nlp: Language, name: str) -> Component:  # noqa: ARG001 - spaCy's signature
        """Return a component that waits for its work."""
        return Component(name)


def make_pipeline(
    catalogue: Catalogue,
    topics: Sequence[Topic],
    languages: Collection[str],
    conventions: Callable[[str], WireConventions],
    models: NameModels,
) -> Language:
    """Return the pipeline with everything attached. Its `Doc`s keep what was found in `findings(doc)`."""
    detector = Detector(languages)
    subjects = Topics(topics, languages=languages, known=catalogue.get)
    nlp = spacy.blank("xx")
    nlp.tokenizer = WhiteSpaceTokenizer(nlp.vocab)
    nlp.max_length = 10**9
    work: dict[str, Callable[[Findings], None]] = {
        "language": lambda found: _language(found, detector),
        "conventions": lambda found: _conventions(found, conventions),
        "catalogue": lambda found: _catalogue(found, catalogue),
        "tickers": lambda found: _tickers(found, catalogue),
        "linker": lambda found: _link(found, catalogue),
        "topics": lambda found: _topics(found, subjects),
    }
    for step in STEPS:
        component = nlp.add_pipe(f"wirewatch_{step}")
        if isinstance(component, NamesComponent):
            component.ask(models)
        else:
            assert isinstance(component, Component)
            component.attach(work[step])
    return nlp


def _language(found: Findings, detector: Detector) -> None:
    found.language = detector.detect(found.text, found.hint)


def _conventions(found: Findings, conventions: Callable[[str], WireConventions]) -> None:
    found.conventions = conventions(found.text[found.body :])
    if found.conventions.apparatus:
        found.folded = folding.read(_report(found))


def _report(found: Findings) -> str:
    """Return the text with line feeds for what is written to editors: no name and no topic is found there, and no letter moves."""
    parts, position = [], 0
    for start, end in found.conventions.apparatus:
        parts += [found.text[position : found.body + start], "\n" * (end - start)]
        position = found.body + end
    return "".join([*parts, found.text[position:]])


def _catalogue(found: Findings, catalogue: Catalogue) -> None:
    found.matches.extend(catalogue.find(found.folded, found.language))


def _tickers(found: Findings, catalogue: Catalogue) -> None:
    symbols = []
    for ticker in tickers(found.folded.raw):
        written = equivalents(ticker.symbol)
        symbol = next(
            (one for one in written if one in catalogue.tickers), written[-1] if len(written) > 1 else written[0]
        )
        symbols.append(symbol)
        if known := catalogue.tickers.get(symbol):
            found.matches.append(Match(ticker.start, ticker.end, known, Terms()))
    found.tickers = tuple(dict.fromkeys(symbols))


def _link(found: Findings, catalogue: Catalogue) -> None:
    span = dateline_span(found.folded, found.body, found.dateline)
    view = View(found.folded, found.body, found.language, span)
    found.linked = link(found.matches, catalogue, view)
    if found.dateline and span[0] == span[1]:
        found.filed_from = places_of(found.dateline, catalogue, found.language)


def _topics(found: Findings, topics: Topics) -> None:
    found.topics = topics.find(found.folded, body=found.body, language=found.language, linked=found.linked)
