"""Lists of decisions: all, by kind, by year, by agency.

Pages are numbered from the oldest decision, so that a new one changes the newest
page only. The list's own address shows the newest page; the others stand at
``page/<number>/`` and keep their content for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from pipeline.model import Kind
from pipeline.public.content import Content
from pipeline.public.decisions import Line
from pipeline.public.page import Crumb, Page, under


class Listing(NamedTuple):
    """A list: its address, its title, and what its decisions have in common.

    ``of``: nothing at all ("", ""), or a "kind", a "year", an "agency" and which.
    """

    url: str
    title: str
    of: tuple[str, str] = ("", "")
    crumbs: tuple[Crumb, ...] = ()
    section: str = "decisions/"

    def holds(self, line: Line) -> bool:
        """Whether a decision that is shown belongs to it."""
        return self.of in groups(line.agency, line.kind.value, str(line.decided_on.year))


def groups(agency: str, kind: str, year: str) -> tuple[tuple[str, str], ...]:
    """What the lists of such a decision are ``of``."""
    return ("", ""), ("agency", agency), ("kind", kind), ("year", year)


def listings(content: Content, years: Iterable[int]) -> list[Listing]:
    """Every list of the site; kinds and agencies have theirs even while it is empty."""
    top = (Crumb("执法决定", "decisions/"),)
    return [
        Listing("decisions/", "执法决定"),
        *(
            Listing(f"decisions/kind/{kind}/", kind.label, ("kind", kind.value), top)
            for kind in Kind
        ),
        *(
            Listing(f"decisions/year/{year}/", f"{year}年执法决定", ("year", str(year)), top)
            for year in years
        ),
        *(
            Listing(
                f"agencies/{slug}/decisions/",
                f"{folder.agency.short_name}执法决定",
                ("agency", slug),
                under(folder.agency),
                "agencies/",
            )
            for slug, folder in content.folders.items()
        ),
    ]


def years(lines: Sequence[Line]) -> list[int]:
    """The years that have decisions, newest first."""
    return sorted({line.decided_on.year for line in lines if not line.withdrawn_on}, reverse=True)


def split(lines: Sequence[Line], size: int) -> list[Sequence[Line]]:
    """Pages of ``size`` from the oldest on; the newest also takes what fills no page."""
    count = pages_for(len(lines), size)
    cut = [lines[i * size : (i + 1) * size] for i in range(count - 1)]
    return [*cut, lines[(count - 1) * size :]]


def pages_for(total: int, size: int) -> int:
    """How many pages a list of ``total`` decisions has."""
    return max(1, total // size)


def pages(content: Content, lines: Sequence[Line], size: int) -> Iterator[Page]:
    """All pages of all lists, rendered from the decisions' lines, and what was withdrawn."""
    shown = [line for line in lines if not line.withdrawn_on]
    gone = [line for line in lines if line.withdrawn_on]
    found = years(shown)
    for listing in listings(content, found):
        own = [line for line in shown if listing.holds(line)]
        chunks = split(own, size)
        for number, chunk in enumerate(chunks, 1):
            if number < len(chunks):
                page = inner(listing, content, number, *beside(listing, number, len(chunks)))
            else:
                page = front(listing, content, number, len(own), found, withdrawn=bool(gone))
            yield page._replace(values={**page.values, "lines": list(reversed(chunk))})
    yield withdrawn_list(gone)


def front(
    listing: Listing,
    content: Content,
    number: int,
    total: int,
    years: Sequence[int],
    *,
    withdrawn: bool,
) -> Page:
    """The page of a list's newest decisions, without them; ``number`` of ``number``."""
    values = {
        **_values(listing, content),
        "lines": bool(total),
        "number": number,
        "front": True,
        "older": f"{listing.url}page/{number - 1}/" if number > 1 else "",
        "newer": "",
        "total": total,
    }
    if listing.section == "decisions/":
        values |= {"kinds": list(Kind), "years": list(years)}
        values |= {"withdrawn": withdrawn and not listing.of[0]}
    return Page(
        url=listing.url,
        template="list",
        title=listing.title,
        values=values,
        crumbs=listing.crumbs,
        section=listing.section,
    )


def inner(listing: Listing, content: Content, number: int | str, older: str, newer: str) -> Page:
    """A page within a list, without its decisions; ``older`` and ``newer`` lead on from it."""
    title = Markup("{}（第{}页）").format(listing.title, number)
    more = {"lines": True, "number": number, "front": False, "older": older, "newer": newer}
    return Page(
        url=f"{listing.url}page/{number}/",
        template="list",
        title=title,
        values={**_values(listing, content), **more},
        crumbs=(*listing.crumbs, Crumb(listing.title, listing.url)),
        section=listing.section,
    )


def _values(listing: Listing, content: Content) -> dict[str, object]:
    return {
        "heading": listing.title,
        "agencies": {slug: folder.agency for slug, folder in content.folders.items()},
        "newest": listing.url,
    }


def beside(listing: Listing, number: int, count: int) -> tuple[str, str]:
    """The addresses of the pages with older and newer decisions, "" for none."""
    older = address(listing, number - 1, count) if number > 1 else ""
    return older, address(listing, number + 1, count) if number < count else ""


def address(listing: Listing, number: int, count: int) -> str:
    """The address of page ``number`` of ``count``."""
    return listing.url if number == count else f"{listing.url}page/{number}/"


def withdrawn_list(lines: Iterable[Line]) -> Page:
    """The list of what was withdrawn, and why; ``lines`` are the withdrawn ones."""
    gone = sorted(lines, key=lambda line: (line.withdrawn_on, line.number, line.slug), reverse=True)
    return Page(
        url="decisions/withdrawn/",
        template="withdrawn_list",
        title="撤下说明",
        values={"lines": gone},
        crumbs=(Crumb("执法决定", "decisions/"),),
        section="decisions/",
        indexable=False,
    )
