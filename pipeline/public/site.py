"""The Pelican plugin: turns the public store and ``content/`` into the whole site.

Pelican reads settings, loads the theme and copies its static files; articles and
pages of its own are switched off. The day everything is judged on comes from the store.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Template
from pelican import signals
from pelican.generators import Generator
from pelican.utils import clean_output_dir

from pipeline.errors import ConfigurationError
from pipeline.model import Kind, Timeliness
from pipeline.public import content, feeds, links, show, store
from pipeline.public.downloads import datasets
from pipeline.public.downloads.dataset import Dataset
from pipeline.public.library import checklist, library
from pipeline.public.page import File, Page
from pipeline.public.pages import (
    agency_pages,
    complaint,
    lists,
    roster_pages,
    site_map,
    statistics,
    timeliness,
)
from pipeline.public.press import proof
from pipeline.public.press.aside import aside
from pipeline.public.press.compiled import Compiled
from pipeline.public.press.frame import Frames, given
from pipeline.public.press.overview import kind_years, members, overview
from pipeline.public.press.paper import Paper
from pipeline.public.press.parts import Setter
from pipeline.public.press.proof import Proof
from pipeline.public.press.runs import Runs, divided
from pipeline.public.press.sheets import Sheets
from pipeline.public.press.shelf import bodies, ready
from pipeline.public.released import gone
from pipeline.public.search_client import script
from pipeline.public.theme import environment

_LOG = logging.getLogger(__name__)
_RUN_FIRST = "请先运行 python -m pipeline publish。"
_ERRORS = {"404.html": "没有找到这个页面", "410.html": "这条信息已经撤下"}
_NEWEST = 6  # decisions on the home page


class SiteGenerator(Generator):  # type: ignore[misc]  # Pelican has no types
    """Writes every page and file of the site but the theme's static ones."""

    def generate_context(self) -> None:
        """Read and check everything before the first byte is written."""
        self.content = content.load(Path(self.path))
        self.store = _store(self.settings)
        self.gone = store.gone(self.store) if self.store else []
        no_store = date.fromisoformat(self.settings["GONGSHI_TODAY"])
        self.today = store.day(self.store) if self.store else no_store
        self.base = self.settings["SITEURL"] or f"https://{self.content.site.domain}"
        setter = Setter(environment(Path(self.theme)), self.content.folders)
        self.shelf = self._open.enter_context(ready(self.store, setter, self.today))
        folders, known = self.content.folders, {one.slug for one in self.gone}
        found = links.resolved(Path(self.path), folders, self.shelf, known) if self.store else None
        self.links = found or links.Links()
        self.held = members(self.shelf, self.settings["GONGSHI_PAGE_SIZE"])
        size = self.settings["GONGSHI_FEED_SIZE"]
        self.overview = overview(
            self.shelf, self.held, self.content.folders, newest=size, today=self.today
        )

    def generate_output(self, writer: object) -> None:
        """Render and write; only pages that may be indexed enter the sitemap."""
        self.env.filters.update(show.FILTERS)
        self.env.globals.update(
            site=self.content.site,
            documents=self.content.documents,
            today=self.today,
            base=self.base,
        )
        with self._open:
            self._print()

    @cached_property
    def _open(self) -> ExitStack:
        return ExitStack()

    def _print(self) -> None:
        """Write what changed since the proof of the last build; leave a proof of this one."""
        output, size = Path(self.output_path), self.settings["GONGSHI_PAGE_SIZE"]
        named = self.settings["GONGSHI_PROOF"]
        kept = Path(named) if named else None
        compiled = self.env.bytecode_cache = Compiled(kept)
        before = proof.take(kept, self.shelf, size)
        if before:
            shutil.rmtree(output / "theme", ignore_errors=True)  # Pelican copies it anew
        elif kept:
            clean_output_dir(output, [])
        paper = Paper(output, fresh=not before)
        frames = Frames(self.env)
        sheets = Sheets(frames, self.content.folders)
        runs = Runs(self.content, self.overview, self.held, frames, size)
        plans = runs.plan(before.runs if before else {})
        changed = sheets.pages(self.shelf, before)
        here, there = divided(plans.values(), changed)

        def work(shelf: sqlite3.Connection) -> None:
            sheets.put(shelf, before, paper)
            runs.put(shelf, there, paper)

        printed = {url: plan.run for url, plan in plans.items()}
        with aside(work, self.shelf, changed + sum(len(plan.changed) for plan in there)):
            runs.put(self.shelf, here, paper)
            runs.clear(before.runs if before else {}, plans, paper)
            listed = [*runs.addresses(printed), *sheets.addresses(self.shelf)]
            ordinary = self._ordinary(paper, listed)
        for path in set(before.files if before else ()) - set(ordinary):
            paper.drop(path)
        press = store.press(self.shelf)
        compiled.keep()
        proof.leave(kept, Proof(press.mark, press.chain, sheets.key, size, printed, ordinary))

    def _ordinary(self, paper: Paper, listed: list[str]) -> list[str]:
        """Write every page and file that is not made of decisions' parts; their paths.

        ``listed``: the addresses of other pages that search engines may list.
        """
        templates: dict[str, Template] = {}
        written, pages = [], []
        for page in self._pages():
            template = templates.get(page.template)
            if template is None:
                template = templates[page.template] = self.get_template(page.template)
            html = self._render(template, page)
            paper.keep(page.path, html)
            written.append(page.path)
            if page.indexable:
                listed.append(page.url)
            pages.append((page, html))
        with aside(lambda shelf: self._index(pages, shelf), self.shelf, self.overview.total):
            for file in self._files(listed):
                paper.keep(file.path, file.body)
                written.append(file.path)
        return written

    def _index(self, pages: list[tuple[Page, bytes]], shelf: sqlite3.Connection) -> None:
        """The search index, of decisions and of ``pages``."""
        if self.settings["GONGSHI_BARE"]:
            return
        # numpy, which nothing else here needs, takes longer to load than a small site to write
        from pipeline.public.search import catalogue_of, decisions, write_index
        from pipeline.public.search.pages import document_of_page

        previous, folders = self.settings["GONGSHI_PREVIOUS"], self.content.folders
        names = {slug: folder.agency.short_name for slug, folder in folders.items()}
        found = (document_of_page(page, html.decode(), folders) for page, html in pages)
        write_index(
            decisions(shelf, names) + catalogue_of(filter(None, found)),
            Path(self.output_path) / "search",
            Path(previous) if previous else None,
            self.today,
        )

    def _counts(self) -> list[Timeliness]:
        return store.timeliness(self.store) if self.store else []

    @cached_property
    def _reports(self) -> list[statistics.Scope]:
        tallies = store.tallies(self.store) if self.store else []
        totals = store.totals(self.store) if self.store else []
        return statistics.scopes(self.content.folders, tallies, totals)

    @cached_property
    def _datasets(self) -> list[Dataset]:
        return datasets.described(
            self.content, self._counts(), self._reports, self.overview.withdrawn, self.today
        )

    def _data(self) -> Iterator[File]:
        """The downloads; workbooks of the last release are kept where nothing changed."""
        previous = self.settings["GONGSHI_PREVIOUS"]
        kept = Path(previous) if previous else None
        yield from datasets.files(self.content, self._datasets, bodies(self.shelf), kept)

    def _pages(self) -> Iterator[Page]:
        folders = self.content.folders
        yield self._home()
        yield lists.withdrawn_list(self.overview.withdrawn)
        if self.settings["GONGSHI_BARE"]:
            return
        yield from agency_pages.pages(self.content, self.overview, self.today)
        yield from roster_pages.pages(self.content, self.today, self.base)
        yield checklist.portal(self.content)
        yield from complaint.pages(self.content, self.today)
        yield from library.pages(self.content, self.overview.lines(), self.today)
        yield from statistics.pages(self._reports, folders, self.today)
        years = kind_years(self.shelf)
        yield from datasets.pages(self.content, self._datasets, years, self.today)
        yield from timeliness.pages(self.content.folders, self._counts(), self.today)
        yield self._search()
        for document in self.content.documents:
            yield Page(
                url=f"pages/{document.name}/",
                template="page",
                title=document.title,
                values={"body": document.body},
            )
        yield site_map.page(self.content, self.overview)
        for url, title in _ERRORS.items():
            yield Page(url, url.removesuffix(".html"), title, values={}, indexable=False)

    def _home(self) -> Page:
        newest = self.overview.lines()[-_NEWEST:]
        return Page(
            url="",
            template="index",
            title=self.content.site.name,
            values={
                "newest": list(reversed(newest)),
                "counts": {kind: self.overview.of(kind) for kind in Kind},
                "by_agency": {slug: self.overview.by(slug) for slug in self.content.folders},
                "folders": self.content.folders,
                "agencies": {s: f.agency for s, f in self.content.folders.items()},
                "total": self.overview.total,
                "report": self._this_year(),
            },
        )

    def _this_year(self) -> statistics.Report | None:
        """The whole site's figures of the year, once there are any."""
        found = (one for one in self._reports[0].reports if one.year == self.today.year)
        return next((one for one in found if one.total), None)

    def _search(self) -> Page:
        return Page(
            url="search/",
            template="search",
            title="信息检索",
            values={
                "agencies": [folder.agency for folder in self.content.folders.values()],
                "kinds": list(Kind),
                "years": self.overview.years,
            },
            section="search/",
        )

    def _files(self, listed: list[str]) -> Iterator[File]:
        size = self.settings["GONGSHI_FEED_SIZE"]
        latest = self.overview.latest
        yield from feeds.atom(self.content, latest, self.base, self.today, size, self.gone)
        yield gone.gone_map(self.gone)
        yield from feeds.sitemap(listed, self.base)
        yield feeds.robots(self.base)
        if self.settings["GONGSHI_BARE"]:
            return
        yield File("search/search.js", script(Path(self.theme) / "static" / "search").encode())
        for folder in self.content.folders.values():
            yield from checklist.files(folder)
        yield from roster_pages.files(self.content, self.today)
        yield from complaint.files(self.content, self.today)
        yield from statistics.files(self._reports)
        yield from self._data()

    def _render(self, template: Template, page: Page) -> bytes:
        # The server shows these at any depth: only there the way home is absolute.
        root = urlsplit(self.base).path + "/" if page.url in _ERRORS else page.root
        html: str = template.render({**given(page), "root": root})
        return self.links.put(html, root).encode()


def _store(settings: dict[str, Any]) -> Path | None:
    """The public store to build from, or None (with a warning) where it may be missing."""
    path = Path(settings["GONGSHI_STORE"])
    if path.is_file():
        return path
    if settings["GONGSHI_STORE_REQUIRED"]:
        raise ConfigurationError([f"找不到公开库 {path.name}：{_RUN_FIRST}"])
    _LOG.warning("还没有公开库，生成的网站不含任何执法决定；%s", _RUN_FIRST)
    return None


def _generators(pelican: object) -> type[SiteGenerator]:
    return SiteGenerator


def register() -> None:
    """Pelican calls this for every plugin of its settings."""
    signals.get_generators.connect(_generators)
