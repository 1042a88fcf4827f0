"""The sweep itself: plan, copy, write the manifest, change places.

It works on a copy (files that stay are links to the same bytes) and changes places with
the site in one step, as a release does: a crash leaves the old site or the new one,
whole, and the next sweep begins anew. Swept twice on a day, a site does not change.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigurationError
from pipeline.public.released import gone, release, twins
from pipeline.public.released.alone import alone
from pipeline.public.released.reading import read
from pipeline.public.search import tombstones
from pipeline.public.sweep import downloads, records
from pipeline.public.sweep.pages import cut, list_of, recounted
from pipeline.public.sweep.plan import Plan

_INDEX = "search/index"
_PAGE = re.compile(r"decisions/([^/]+)/index\.html")
_ARTICLE = re.compile(rb'<article\b[^<>]* data-last-day="(\d{4}-\d\d-\d\d)"')


class Swept(NamedTuple):
    """What a sweep did: slugs taken down, files touched, files that still name one of them."""

    decisions: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def sweep(webroot: Path, today: date) -> Swept:
    """Take from the released site in ``webroot`` all that is past its last day on ``today``.

    Raises :class:`ConfigurationError` for a folder that is not a release.
    """
    site = webroot.resolve()
    if release.read_manifest(site) is None:
        raise ConfigurationError(
            [f"{webroot} 不是发布的网站（没有可读的 {release.MANIFEST}），没有改动；请核对路径。"]
        )
    with alone(site):
        plan = Plan(site)
        due = _plan(plan, today)
        if not plan:
            return Swept()
        staging = release.staging_for(site)
        try:
            return _carry_out(plan, due, staging, today)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _plan(plan: Plan, today: date) -> dict[str, date]:
    """Fill the plan with everything but the search index; slug → last day of what is due."""
    due = dict(_due(plan, today))
    for slug in due:
        for name in [*plan.names(f"decisions/{slug}/**/*")]:
            plan.delete(name)
    _plan_pages(plan, today)
    for name in plan.names("feeds/*.xml"):
        plan.write(name, records.feed(plan.read(name).decode(), due, today).encode())
    for name in (*plan.names("sitemap.xml"), *plan.names("sitemaps/*.xml")):
        plan.write(name, records.sitemap(plan.read(name).decode(), due).encode())
    for name in plan.names("*.csv"):
        plan.write(name, records.table(plan.read(name), today.isoformat()))
    for name in plan.names("*.jsonl"):
        plan.write(name, records.lines(plan.read(name), today.isoformat()))
    downloads.follow(plan)
    for name in twins.orphans({*plan.names("*")}):
        plan.delete(name)
    if due:
        listed = gone.slugs_of(plan.read(gone.NAME)) | due.keys()
        plan.write(gone.NAME, gone.listed(listed).body)
    return due


def _due(plan: Plan, today: date) -> Iterator[tuple[str, date]]:
    for name in plan.names("decisions/*/index.html"):
        page, article = _PAGE.fullmatch(name), _ARTICLE.search(plan.read(name))
        if page and article and (last := date.fromisoformat(article[1].decode())) < today:
            yield page[1], last


def _plan_pages(plan: Plan, today: date) -> None:
    fewer: Counter[str] = Counter()
    counting = []
    for name in plan.names("*.html"):
        body = plan.read(name)
        if b" data-count=" in body:
            counting.append(name)
        if b" data-last-day=" in body or b" data-first-day=" in body:
            done = cut(body.decode(), today.isoformat())
            plan.write(name, done.page.encode())
            fewer[list_of(name)] += done.items
    for name in counting if fewer.total() else ():
        plan.write(name, recounted(plan.read(name).decode(), fewer).encode())


def _carry_out(plan: Plan, due: dict[str, date], staging: Path, today: date) -> Swept:
    _copy(plan, staging)
    searched = tombstones.drop(staging, today=today)
    changed = {*plan.written, *searched}
    files = _listed(plan, staging, changed)
    release.write_manifest(staging, files, plan.site, swept=today.isoformat())
    named = {*read(staging, names={slug: (slug,) for slug in due}).named}
    root = f"{_INDEX}/root.bin"
    if due and not searched and (staging / root).is_file():
        named.add(root)  # an index of another version: it was left as it is
    remembering = {gone.NAME, *(name for name in named if name.startswith("feeds/"))}
    release.swap(staging, plan.site)
    return Swept(
        tuple(sorted(due)),
        tuple(sorted(plan.deleted)),
        tuple(sorted(changed)),
        tuple(sorted(named - remembering)),
    )


def _copy(plan: Plan, staging: Path) -> None:
    """The site as planned. The index is copied, not linked: its files are rewritten in place."""
    for folder, folders, names in os.walk(plan.site):
        here = Path(folder).relative_to(plan.site)
        if links := [name for name in (*folders, *names) if Path(folder, name).is_symlink()]:
            raise ConfigurationError([f"发布目录中不应有链接：{(here / links[0]).as_posix()}。"])
        for name in names:
            own, path = (here / name).as_posix(), Path(folder, name)
            if own not in plan.deleted and own not in plan.written and own != release.MANIFEST:
                _place(path, staging / own, link=not own.startswith(f"{_INDEX}/"))
    for own, body in plan.written.items():
        (staging / own).parent.mkdir(parents=True, exist_ok=True)
        (staging / own).write_bytes(body)


def _place(path: Path, target: Path, *, link: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if link:
        try:
            target.hardlink_to(path)
        except OSError:  # another file system, or another owner's file
            pass
        else:
            return
    shutil.copyfile(path, target)


def _listed(plan: Plan, staging: Path, changed: set[str]) -> dict[str, str]:
    """The manifest's files after the sweep.

    A file that was not what the manifest said keeps the hash it should have had, so that
    ``verify`` still names it; one that was never listed stays unlisted.
    """
    manifest = release.read_manifest(plan.site)
    before = manifest.files if manifest else {}
    files = {name: digest for name, digest in before.items() if name not in plan.deleted}
    for name in changed:
        old = plan.site / name
        if not old.exists() or before.get(name) == _digest(old):
            files[name] = _digest(staging / name)
    return files


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
