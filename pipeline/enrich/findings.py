"""What the components know about one text so far; it travels on spaCy's `Doc`.

A component adds to it and takes nothing away. `findings(doc)` is there for components of your own, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pipeline.article import Article, Dateline, TopicEvidence, WireConventions
from pipeline.enrich import folding
from pipeline.enrich.folding import Folded
from pipeline.enrich.names import Known, Match
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_KEY = "wirewatch"


@dataclass(slots=True)
class Findings:
    """The text, what its format gave away, and what was found in it, component by component.

    `folded` is the text in which names and topics are looked for: behind the component `conventions`, that is the text with
    what was written to editors blanked out.
    """

    text: str
    folded: Folded
    body: int = 0
    hint: str | None = None
    given: Dateline | None = None
    language: str | None = None
    conventions: WireConventions = field(default_factory=WireConventions)
    matches: list[Match] = field(default_factory=list)
    tickers: tuple[str, ...] = ()
    linked: tuple[Match, ...] = ()
    filed_from: tuple[Known, ...] = ()
    topics: dict[str, TopicEvidence] = field(default_factory=dict)

    @property
    def dateline(self) -> Dateline | None:
        """The dateline that the format gave, else the one read from the text."""
        return self.given or self.conventions.dateline


def findings(doc: Doc) -> Findings:
    """Return what is known about `doc`; for a text without an article, that is the text."""
    found = doc.user_data.get(_KEY)
    if found is None:
        found = doc.user_data[_KEY] = Findings(doc.text, folding.read(doc.text))
    return cast("Findings", found)


def document(nlp: Language, article: Article) -> Doc:
    """Return a `Doc` of the article's text that knows what the feed and the format gave away."""
    text = article.text
    doc = nlp.make_doc(text)
    folded = folding.read(text)
    headline = len(article.headline) + 1 if article.headline else 0
    doc.user_data[_KEY] = Findings(text, folded, headline, article.language, article.dateline)
    return doc


class Component:
    """A step of the spaCy pipeline: work on a text's findings. `attach` gives it its work after `add_pipe`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: Callable[[Findings], None] | None = None

    def attach(self, work: Callable[[Findings], None]) -> None:
        """Say what this component does."""
        self._work = work

    def __call__(self, doc: Doc) -> Doc:
        """Do the work on `doc`."""
        if self._work is None:
            hint = "build the pipeline with `pipeline.enrich.build`"
            raise ConfigError(f"the component `{self._name}` has no catalogue", hint=hint)
        self._work(findings(doc))
        return doc
