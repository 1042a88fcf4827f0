"""Pages of the public side rendered in this process, without Pelican: fast, for one kind a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.model import Entry
from pipeline.public import content
from pipeline.public.content import Folder
from pipeline.public.downloads import double
from pipeline.public.downloads.lines import Bodies, lines
from pipeline.public.page import Page
from pipeline.public.theme import environment

ROOT = Path(__file__).resolve().parents[1]
CONTENT = ROOT / "content"
TODAY = date(2026, 11, 20)
BASE = "https://example.invalid"


@cache
def demo() -> content.Content:
    """The demonstration content."""
    return content.load(CONTENT)


def rendered(pages: Iterable[Page], whole: content.Content | None = None) -> dict[str, str]:
    """The HTML of each page by its address."""
    whole = whole or demo()
    theme = environment(ROOT / "theme")
    theme.globals.update(site=whole.site, documents=whole.documents, today=TODAY)
    return {
        page.url: theme.get_template(f"{page.template}.html").render(
            page.values,
            title=page.title,
            crumbs=page.crumbs,
            section=page.section,
            indexable=page.indexable,
            url=page.url,
            root=page.root,
        )
        for page in pages
    }


def decided(entries: Iterable[Entry], folders: Mapping[str, Folder]) -> Bodies:
    """The lines of these decisions in the downloads, in the order given."""
    written = [(one.decision.kind, lines(one, folders)) for one in entries]

    def told(name: str) -> tuple[bytes, bytes]:
        kind = double.kind_of(name)
        own = [one for of, one in written if kind in (None, of)]
        if kind is None:
            return b"".join(one.csv for one in own), b"".join(one.json for one in own)
        return b"".join(one.layout_csv for one in own), b"".join(one.layout_json for one in own)

    return told
