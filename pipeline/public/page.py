"""What a module of the site hands to the plugin: pages to render, files to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.agencies import Agency


class Crumb(NamedTuple):
    """A step on the way from the home page: its name and its address."""

    label: str
    url: str


class Page(NamedTuple):
    """One HTML page. ``url`` is relative to the site's root: ``""``, ``a/b/`` or ``x.html``.

    ``section`` is the entry of the main navigation it belongs to; ``indexable`` says
    whether search engines may list it.
    """

    url: str
    template: str
    title: str
    values: Mapping[str, Any]
    crumbs: tuple[Crumb, ...] = ()
    section: str = ""
    indexable: bool = True

    @property
    def path(self) -> str:
        """The file that holds the page, relative to the site's root."""
        return f"{self.url}index.html" if not self.url or self.url.endswith("/") else self.url

    @property
    def root(self) -> str:
        """The way from the page back to the site's root, so that any prefix works."""
        return "../" * self.url.count("/") or "./"


def below(
    agency: Agency,
    place: str,
    template: str,
    title: str,
    values: Mapping[str, Any],
    *,
    after: Page | None = None,
    section: str = "agencies/",
    indexable: bool = True,
) -> Page:
    """A page of ``agency``, at ``place`` below its front page; ``after`` is the page above it."""
    return Page(
        url=f"agencies/{agency.slug}/{place}",
        template=template,
        title=title,
        values={"agency": agency, **values},
        crumbs=(*under(agency), *([Crumb(after.title, after.url)] if after else [])),
        section=section,
        indexable=indexable,
    )


class File(NamedTuple):
    """A file that is no page: ``path`` relative to the site's root, and its bytes."""

    path: str
    body: bytes


def under(agency: Agency) -> tuple[Crumb, ...]:
    """The way from the home page to the agency, for everything below its front page."""
    return Crumb("执法机关", "agencies/"), Crumb(agency.short_name, f"agencies/{agency.slug}/")
