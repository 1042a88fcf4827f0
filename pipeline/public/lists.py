"""Lists of decisions: all, by kind, by year, by agency.

Pages are numbered from the oldest decision, so that a new one changes the newest
page only. The list's own address shows the newest page; the others stand at
``page/<number>/`` and keep their content for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.model import Kind
from pipeline.public.content import Content
from pipeline.public.decisions import Line
from pipeline.public.page import Crumb, Page, under


class Listing(NamedTuple):
    """A list: its address, its title and what it holds, oldest first."""

    url: str
    title: str
    lines: Sequence[Line]
    crumbs: tuple[Crumb, ...] = ()
    section: str = "decisions/"


def listings(content: Content, lines: Sequence[Line]) -> list[Listing]:
    """Every list of the site; kinds and agencies have theirs even while it is empty."""
    top = (Crumb("执法决定", "decisions/"),)
    shown = [line for line in lines if not line.withdrawn_on]
    return [
        Listing("decisions/", "执法决定", shown),
        *(
            Listing(f"decisions/kind/{kind}/", kind.label, _of(shown, kind=kind), top)
            for kind in Kind
        ),
        *(
            Listing(f"decisions/year/{year}/", f"{year}年执法决定", _of(shown, year=year), top)
            for year in years(shown)
        ),
        *(
            Listing(
                f"agencies/{slug}/decisions/",
                f"{folder.agency.short_name}执法决定",
                _of(shown, agency=slug),
                under(folder.agency),
                "agencies/",
            )
            for slug, folder in content.folders.items()
        ),
    ]


def years(lines: Sequence[Line]) -> list[int]:
    """The years that have decisions, newest first."""
    return sorted({line.decided_on.year for line in lines if not line.withdrawn_on}, reverse=True)


def _of(
    lines: Sequence[Line], *, kind: Kind | None = None, year: int = 0, agency: str = ""
) -> list[Line]:
    return [
        line
        for line in lines
        if (kind is None or line.kind is kind)
        and (not year or line.decided_on.year == year)
        and (not agency or line.agency == agency)
    ]


def split(lines: Sequence[Line], size: int) -> list[Sequence[Line]]:
    """Pages of ``size`` from the oldest on; the newest also takes what fills no page."""
    count = max(1, len(lines) // size)
    cut = [lines[i * size : (i + 1) * size] for i in range(count - 1)]
    return [*cut, lines[(count - 1) * size :]]


def pages(content: Content, lines: Sequence[Line], size: int) -> Iterator[Page]:
    """All pages of all lists, and the list of what was withdrawn."""
    for listing in listings(content, lines):
        chunks = split(listing.lines, size)
        for number, chunk in enumerate(chunks, 1):
            yield _page(listing, chunk, number, len(chunks), content, lines)
    yield _withdrawn(lines)


def _page(
    listing: Listing,
    chunk: Sequence[Line],
    number: int,
    count: int,
    content: Content,
    lines: Sequence[Line],
) -> Page:
    front = number == count
    older = f"{listing.url}page/{number - 1}/" if number > 1 else ""
    newer = "" if front else _address(listing, number + 1, count)
    values = {
        "heading": listing.title,
        "lines": list(reversed(chunk)),
        "agencies": {slug: folder.agency for slug, folder in content.folders.items()},
        "older": older,
        "newer": newer,
        "newest": listing.url,
        "number": number,
        "front": front,
        "total": len(listing.lines),
    }
    if front and listing.url == "decisions/":
        withdrawn = any(line.withdrawn_on for line in lines)
        values |= {"kinds": list(Kind), "years": years(lines), "withdrawn": withdrawn}
    return Page(
        url=_address(listing, number, count),
        template="list",
        title=listing.title if front else f"{listing.title}（第{number}页）",
        values=values,
        crumbs=listing.crumbs if front else (*listing.crumbs, Crumb(listing.title, listing.url)),
        section=listing.section,
    )


def _address(listing: Listing, number: int, count: int) -> str:
    return listing.url if number == count else f"{listing.url}page/{number}/"


def _withdrawn(lines: Sequence[Line]) -> Page:
    gone = [line for line in lines if line.withdrawn_on]
    gone.sort(key=lambda line: (line.withdrawn_on, line.number, line.slug), reverse=True)
    return Page(
        url="decisions/withdrawn/",
        template="withdrawn_list",
        title="撤下说明",
        values={"lines": gone},
        crumbs=(Crumb("执法决定", "decisions/"),),
        section="decisions/",
        indexable=False,
    )
