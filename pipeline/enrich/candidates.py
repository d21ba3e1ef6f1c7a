"""Which names are often in the news and not in the catalogue?

A name is one that a language model saw: its mention has no entity, or one made from the name alone (`name-…`). Copies
count for the sources that carried them, not as articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.article import Article, Kind, Mention
from pipeline.enrich.directory import plain
from pipeline.enrich.identity import PREFIX

_SHORTEST = 3


@dataclass
class Candidate:
    """A name that the catalogue lacks: in how many articles and sources, and the newest headline with it."""

    names: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    example: str = ""
    seen: datetime | None = None

    @property
    def name(self) -> str:
        """The commonest spelling."""
        return self.names.most_common(1)[0][0][0]

    @property
    def kind(self) -> Kind:
        """What it is most often taken for."""
        return self.names.most_common(1)[0][0][1]

    def add(self, mention: Mention, article: Article) -> None:
        """Count a mention in `article`."""
        self.names[mention.name or mention.text, mention.kind] += 1
        self.sources.add(article.source.id)
        if article.duplicate_of is None:
            self.articles.add(article.id)
        if self.seen is None or article.timestamp >= self.seen:
            self.seen, self.example = article.timestamp, article.headline or ""

    def absorb(self, other: Candidate) -> None:
        """Take over what was counted for another spelling."""
        self.names += other.names
        self.articles |= other.articles
        self.sources |= other.sources


def candidates(articles: Iterable[Article], known: Collection[str], *, least: int) -> list[Candidate]:
    """Return the names that stand in at least `least` articles, the commonest first.

    `known` are the names of the catalogue as `directory.plain` writes them; none of them is a candidate.
    """
    found: dict[str, Candidate] = {}
    for article in articles:
        for mention in article.mentions:
            key = _key(mention)
            if key not in known and _is_unknown(mention):
                found.setdefault(key, Candidate()).add(mention, article)
    frequent = [one for one in _without_genitives(found, known) if len(one.articles) >= least]
    return sorted(frequent, key=lambda one: (-len(one.articles), -len(one.sources), one.name))


def _key(mention: Mention) -> str:
    return plain(mention.name or mention.text)


def _is_unknown(mention: Mention) -> bool:
    made = mention.entity_id is None or mention.entity_id.startswith(PREFIX)
    return made and len(mention.text) >= _SHORTEST and not mention.text.isdigit()


def _without_genitives(found: Mapping[str, Candidate], known: Collection[str]) -> Iterable[Candidate]:
    """Count "Anna Bergs" as "Anna Berg" where both are there, and leave it out where "Anna Berg" is known."""
    kept = dict(found)
    for key in found:
        bare = key.removesuffix("'s").removesuffix("s")
        if bare == key:
            continue
        if bare in kept:
            kept[bare].absorb(kept.pop(key))
        elif bare in known:
            del kept[key]
    return kept.values()
