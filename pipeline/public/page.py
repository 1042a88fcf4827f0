"""What a module of the site hands to the plugin: pages to render, files to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Crumb(NamedTuple):
    """A step on the way from the home page: its name and its address."""

    label: str
    url: str


class Page(NamedTuple):
    """One HTML page. ``url`` is relative to the site's root: ``""``, ``a/b/`` or ``x.html``.

    ``section`` is the entry of the main navigation it belongs to; ``index`` says
    whether search engines may list it.
    """

    url: str
    template: str
    title: str
    values: Mapping[str, Any]
    crumbs: tuple[Crumb, ...] = ()
    section: str = ""
    index: bool = True

    @property
    def path(self) -> str:
        """The file that holds the page, relative to the site's root."""
        return f"{self.url}index.html" if not self.url or self.url.endswith("/") else self.url

    @property
    def root(self) -> str:
        """The way from the page back to the site's root, so that any prefix works."""
        return "../" * self.url.count("/") or "./"


class File(NamedTuple):
    """A file that is no page: ``path`` relative to the site's root, and its bytes."""

    path: str
    body: bytes
