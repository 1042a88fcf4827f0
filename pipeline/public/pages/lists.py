"""Lists of decisions: all, by kind, by year, by agency.

Pages are counted from the oldest decision, so that a new one changes the newest page only. They
end at decisions that are picked by their addresses, the *corners*: what enters or leaves in the
middle moves the ends near it, and no others. (Pages of a fixed number would all shift, a page a
night for every decision whose term is over.) The list's own address shows the newest page; the
others stand at ``page/<name of the newest on it>/`` and keep their content.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from pipeline.model import Kind
from pipeline.public.content import Content
from pipeline.public.decisions import Line
from pipeline.public.page import Crumb, Page, under
from pipeline.public.show import day


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


class Cut(NamedTuple):
    """Where a list is cut into pages, from the oldest decision on.

    ``ends``: how many decisions the list has up to the end of each page but the newest;
    ``names`` of these pages. The newest page has none, and takes what follows.
    """

    ends: list[int]
    names: list[str]


def spread(size: int) -> int:
    """One decision in so many is a corner, for pages of about ``size``."""
    return max(2, size * 3 // 10)


def is_corner(slug: str, one_in: int) -> bool:
    """Whether a page may end at this decision, one in ``one_in``."""
    return zlib.crc32(slug.encode()) % one_in == 0


def named(slug: str) -> str:
    """What the page that ends at this decision is called."""
    return slug.rpartition("-")[2]


def cut(corners: Sequence[int], names: Sequence[str], total: int, size: int) -> Cut:
    """Pages of ``size`` in the mean: each ends at the first corner that leaves it not too short.

    ``corners`` are counted from the oldest, from 1 on; ``names`` are theirs. The newest page
    has half of ``size`` at least, where the list has as many.
    """
    least, found, last = max(1, size - spread(size) + 1), Cut([], []), 0
    for end, name in zip(corners, names, strict=True):
        if end - last >= least and total - end >= (size + 1) // 2:
            found.ends.append(end)
            found.names.append(name)
            last = end
    return found


def split(lines: Sequence[Line], size: int) -> tuple[list[Sequence[Line]], Cut]:
    """The decisions of each page, the newest page last, and how they were cut."""
    one_in = spread(size)
    corners = {n: one for n, one in enumerate(lines, 1) if is_corner(one.slug, one_in)}
    found = cut([*corners], [named(one.slug) for one in corners.values()], len(lines), size)
    starts = [0, *found.ends]
    return [lines[a:b] for a, b in zip(starts, [*found.ends, None], strict=True)], found


def pages(content: Content, lines: Sequence[Line], size: int) -> Iterator[Page]:
    """All pages of all lists, rendered from the decisions' lines, and what was withdrawn."""
    shown = [line for line in lines if not line.withdrawn_on]
    gone = [line for line in lines if line.withdrawn_on]
    found = years(shown)
    for listing in listings(content, found):
        own = [line for line in shown if listing.holds(line)]
        chunks, (_, names) = split(own, size)
        for at, chunk in enumerate(chunks):
            if at < len(names):
                dates = span(chunk[0].decided_on, chunk[-1].decided_on)
                page = inner(listing, content, names[at], dates, *beside(listing, names, at))
            else:
                older = beside(listing, names, at)[0]
                page = front(listing, content, older, len(own), found, withdrawn=bool(gone))
            yield page._replace(values={**page.values, "lines": list(reversed(chunk))})
    yield withdrawn_list(gone)


def span(first: date | str, last: date | str) -> str:
    """The days from ``first`` to ``last``, for the title of a page."""
    return day(first) if first == last else f"{day(first)}至{day(last)}"


def front(
    listing: Listing,
    content: Content,
    older: str,
    total: int,
    years: Sequence[int],
    *,
    withdrawn: bool,
) -> Page:
    """The page of a list's newest decisions, without them; ``older`` leads on from it."""
    values = {
        **_values(listing, content),
        "lines": bool(total),
        "front": True,
        "older": older,
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


def inner(
    listing: Listing, content: Content, name: str, dates: str, older: str, newer: str
) -> Page:
    """A page within a list, without its decisions; ``older`` and ``newer`` lead on from it."""
    title = Markup("{}（{}）").format(listing.title, dates)
    more = {"lines": True, "dates": dates, "front": False, "older": older, "newer": newer}
    return Page(
        url=address(listing, name),
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


def beside(listing: Listing, names: Sequence[str], at: int) -> tuple[str, str]:
    """The addresses of the pages with older and newer decisions than page ``at``, "" for none."""
    older = address(listing, names[at - 1]) if at else ""
    if at == len(names):
        return older, ""
    return older, address(listing, names[at + 1] if at + 1 < len(names) else "")


def address(listing: Listing, name: str) -> str:
    """The address of the page of this name; without one, that of the newest page."""
    return f"{listing.url}page/{name}/" if name else listing.url


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
