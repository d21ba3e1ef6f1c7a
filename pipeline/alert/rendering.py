"""A letter as HTML and as plain text. Nothing is loaded from anywhere, at rendering or at reading time."""

from __future__ import annotations

from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipeline.alert.bulletin import Bulletin
from pipeline.alert.letter import Letter
from pipeline.alert.wrapping import wrap


def html(letter: Letter | Bulletin) -> str:
    """Return the HTML part, its style both inline and, for dark mode, in a style sheet."""
    page = _templates().get_template(f"{_name(letter)}.html.j2").render(letter=letter)
    inliner = css_inline.CSSInliner(
        keep_style_tags=True, keep_at_rules=True, remove_inlined_selectors=True, load_remote_stylesheets=False
    )
    return inliner.inline(page)


def text(letter: Letter | Bulletin) -> str:
    """Return the plain text part, in lines of at most 78 columns; only a link may be longer."""
    return _templates().get_template(f"{_name(letter)}.txt.j2").render(letter=letter)


def _name(letter: Letter | Bulletin) -> str:
    return "alert" if isinstance(letter, Letter) else "digest"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("pipeline.alert", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["wrap"] = wrap
    return templates


def page(template: str, **values: object) -> str:
    """Return a template of `templates/` filled in, as it is."""
    return _templates().get_template(template).render(**values)
