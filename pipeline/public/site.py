"""The Pelican plugin: turns the public store and ``content/`` into the whole site.

Pelican reads settings, loads the theme and copies its static files; articles and
pages of its own are switched off. The day everything is judged on comes from the store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Template
from pelican import signals
from pelican.generators import Generator

from pipeline.errors import ConfigurationError
from pipeline.model import Entry, Kind, Timeliness
from pipeline.public import (
    agency_pages,
    content,
    decisions,
    feeds,
    gone,
    lists,
    open_data,
    show,
    store,
    timeliness,
)
from pipeline.public.page import File, Page
from pipeline.public.search import Document, document_of, write_index
from pipeline.public.search.pages import document_of_page

_LOG = logging.getLogger(__name__)
_RUN_FIRST = "请先运行 python -m pipeline publish。"
_NEWEST = 8  # decisions on the home page


class SiteGenerator(Generator):  # type: ignore[misc]  # Pelican has no types
    """Writes every page and file of the site but the theme's static ones."""

    def generate_context(self) -> None:
        """Read and check everything before the first byte is written."""
        self.content = content.load(Path(self.path))
        self.store = _store(self.settings)
        self.lines = [decisions.line(entry) for entry in self._entries()]
        unknown = {line.agency for line in self.lines} - set(self.content.folders)
        if unknown:
            named = "、".join(sorted(unknown))
            raise ConfigurationError([f"公开库中有 content/agencies 下没有的机关：{named}。"])
        self.gone = store.gone(self.store) if self.store else []
        no_store = date.fromisoformat(self.settings["GONGSHI_TODAY"])
        self.today = store.day(self.store) if self.store else no_store
        self.base = self.settings["SITEURL"] or f"https://{self.content.site.domain}"

    def generate_output(self, writer: object) -> None:
        """Render and write; only pages that may be indexed enter the sitemap."""
        self.env.filters.update(show.FILTERS)
        self.env.globals.update(
            site=self.content.site, documents=self.content.documents, today=self.today
        )
        output = Path(self.output_path)
        templates: dict[str, Template] = {}
        listed = []
        found: list[Document] = []
        for page in self._pages():
            template = templates.get(page.template)
            if template is None:
                template = templates[page.template] = self.get_template(page.template)
            html = self._render(template, page)
            _write(output, page.path, html)
            if page.indexable:
                listed.append(page.url)
            if document := document_of_page(page, html.decode(), self.content.folders):
                found.append(document)
        for file in self._files(listed):
            _write(output, file.path, file.body)
        previous = self.settings["GONGSHI_PREVIOUS"]
        write_index(
            [*self._documents(), *found],
            output / "search",
            Path(previous) if previous else None,
            self.today,
        )

    def _entries(self) -> Iterator[Entry]:
        return store.read(self.store) if self.store else iter(())

    def _counts(self) -> list[Timeliness]:
        return store.timeliness(self.store) if self.store else []

    def _pages(self) -> Iterator[Page]:
        folders = self.content.folders
        yield self._home()
        yield from agency_pages.pages(self.content, self.lines, self.today)
        yield from lists.pages(self.content, self.lines, self.settings["GONGSHI_PAGE_SIZE"])
        beside = decisions.neighbours(self.lines)
        yield from decisions.pages(self._entries(), folders, beside, self.lines)
        yield from timeliness.pages(self.content.folders, self._counts(), self.today)
        yield self._search()
        for document in self.content.documents:
            yield Page(
                url=f"pages/{document.name}/",
                template="page",
                title=document.title,
                values={"body": document.body},
            )
        yield Page(
            url="404.html", template="404", title="没有找到这个页面", values={}, indexable=False
        )

    def _home(self) -> Page:
        shown = [line for line in self.lines if not line.withdrawn_on]
        counts = {kind: sum(line.kind is kind for line in shown) for kind in Kind}
        by_agency = {
            slug: sum(line.agency == slug for line in shown) for slug in self.content.folders
        }
        return Page(
            url="",
            template="index",
            title=self.content.site.name,
            values={
                "newest": list(reversed(shown[-_NEWEST:])),
                "counts": counts,
                "by_agency": by_agency,
                "folders": self.content.folders,
                "agencies": {s: f.agency for s, f in self.content.folders.items()},
                "total": len(shown),
            },
        )

    def _search(self) -> Page:
        return Page(
            url="search/",
            template="search",
            title="信息检索",
            values={
                "agencies": [folder.agency for folder in self.content.folders.values()],
                "kinds": list(Kind),
                "years": lists.years(self.lines),
            },
            section="search/",
        )

    def _documents(self) -> Iterator[Document]:
        folders = self.content.folders
        for entry in self._entries():
            yield document_of(entry, folders[entry.decision.agency].agency.short_name)

    def _files(self, listed: list[str]) -> Iterator[File]:
        size = self.settings["GONGSHI_FEED_SIZE"]
        yield from feeds.atom(self.content, self.lines, self.base, self.today, size, self.gone)
        yield gone.gone_map(self.gone)
        yield from feeds.sitemap(listed, self.base)
        yield feeds.robots(self.base)
        yield from open_data.files(self._entries(), self.content.folders)

    def _render(self, template: Template, page: Page) -> bytes:
        # The server shows 404.html at any depth: only there the way home is absolute.
        root = urlsplit(self.base).path + "/" if page.url == "404.html" else page.root
        html: str = template.render(
            page.values,
            title=page.title,
            crumbs=page.crumbs,
            section=page.section,
            indexable=page.indexable,
            url=page.url,
            root=root,
        )
        return html.encode()


def _store(settings: dict[str, Any]) -> Path | None:
    """The public store to build from, or None (with a warning) where it may be missing."""
    path = Path(settings["GONGSHI_STORE"])
    if path.is_file():
        return path
    if settings["GONGSHI_STORE_REQUIRED"]:
        raise ConfigurationError([f"找不到公开库 {path.name}：{_RUN_FIRST}"])
    _LOG.warning("还没有公开库，生成的网站不含任何执法决定；%s", _RUN_FIRST)
    return None


def _write(output: Path, path: str, body: bytes) -> None:
    target = output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)


def _generators(pelican: object) -> type[SiteGenerator]:
    return SiteGenerator


def register() -> None:
    """Pelican calls this for every plugin of its settings."""
    signals.get_generators.connect(_generators)
