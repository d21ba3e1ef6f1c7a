"""What the indices are called that lie beside that of the articles."""

from __future__ import annotations

from typing import Literal

Kind = Literal["polls", "alerts"]
KINDS: tuple[Kind, ...] = ("polls", "alerts")
ARTICLES = "wirewatch-articles"
_SUFFIX = "-articles"


def beside(articles: str, kind: Kind) -> str:
    """Return under which name `kind` is found where the articles are found as `articles`.

    >>> beside("wirewatch-articles", "polls"), beside("newsroom", "alerts")
    ('wirewatch-polls', 'newsroom-alerts')
    """
    return f"{articles.removesuffix(_SUFFIX) or articles}-{kind}"
