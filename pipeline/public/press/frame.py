"""A page's template, rendered once, with its parts left open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment
from markupsafe import Markup

from pipeline.public.page import Page

# Stands for a part while the frame around it is rendered.
_SLOT = re.compile("\0([a-z_]+)\0")
#: The templates whose place is left open: the part of the same name goes there.
_OPEN = {
    "decision_meta.html": "meta",
    "decision_body.html": "body",
    "decision_beside.html": "beside",
    "decision_earlier.html": "earlier",
    "decision_later.html": "later",
    "withdrawn_body.html": "body",
    "list_items.html": "items",
}
_BESIDE = "decision_beside.html"


def slot(name: str) -> Markup:
    """What a template is given in the place of a part."""
    return Markup(f"\0{name}\0")  # noqa: S704 - a name of ours


class Frame:
    """A rendered template with slots; ``key`` changes when anything around them does."""

    def __init__(self, html: str) -> None:
        pieces = _SLOT.split(html)
        self.key = html.encode()
        self._pieces = [piece.encode() for piece in pieces]
        self._slots = list(zip(range(1, len(pieces), 2), pieces[1::2], strict=True))

    def fill(self, parts: Mapping[str, bytes]) -> bytes:
        """The page with these parts in its slots."""
        pieces = self._pieces.copy()
        for at, name in self._slots:
            pieces[at] = parts[name]
        return b"".join(pieces)


class Frames:
    """Makes frames from the theme that ``environment`` reads."""

    def __init__(self, environment: Environment) -> None:
        assert environment.loader  # noqa: S101 - Pelican's has one
        opened = {name: str(slot(part)) for name, part in _OPEN.items()}
        links = {name: text for name, text in opened.items() if name != _BESIDE}
        self._pages, self._beside = (
            environment.overlay(loader=ChoiceLoader([DictLoader(names), environment.loader]))
            for names in (opened, links)
        )

    def page(self, page: Page) -> Frame:
        """The frame of ``page``, whose values may hold slots."""
        template = self._pages.get_template(f"{page.template}.html")
        return Frame(template.render(given(page)))

    def beside(self, *, earlier: bool, later: bool) -> Frame:
        """The frame around the links to a decision's neighbours."""
        template = self._beside.get_template(_BESIDE)
        return Frame(template.render(earlier=earlier, later=later))


def given(page: Page) -> dict[str, Any]:
    """What the templates of pages are given."""
    return {
        **page.values,
        "title": page.title,
        "crumbs": page.crumbs,
        "section": page.section,
        "indexable": page.indexable,
        "url": page.url,
        "root": page.root,
    }
