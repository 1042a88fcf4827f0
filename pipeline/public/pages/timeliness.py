"""The public timeliness pages: of a month's decisions, how many were published in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.agencies import Agency
from pipeline.model import Kind, Timeliness
from pipeline.public.content import Folder
from pipeline.public.page import Page, under


class Counts(NamedTuple):
    """The counts of a row, and its share of decisions published in time."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    provisional: int = 0

    @property
    def total(self) -> int:
        """All decisions counted."""
        return sum(self)

    @property
    def share(self) -> str:
        """Published in time, of those whose deadline is certain; "—" when there are none."""
        certain = self.total - self.provisional
        # Rounded down: only a full 100% may read as one.
        return f"{self.on_time * 100 // certain}%" if certain else "—"


class Row(NamedTuple):
    """A line of a table: what it is about, where that leads, its counts."""

    label: str
    url: str
    counts: Counts


class Section(NamedTuple):
    """The months of one kind, the newest first."""

    kind: Kind
    total: Counts
    months: list[Row]


def pages(
    folders: Mapping[str, Folder], found: Sequence[Timeliness], today: date
) -> Iterator[Page]:
    """The page of the whole site, and one for each agency."""
    yield _page("timeliness/", found, folders=folders, today=today)
    for slug, folder in folders.items():
        own = [one for one in found if one.agency == slug]
        yield _page(f"agencies/{slug}/timeliness/", own, agency=folder.agency, today=today)


def _page(
    url: str,
    found: Sequence[Timeliness],
    *,
    today: date,
    folders: Mapping[str, Folder] | None = None,
    agency: Agency | None = None,
) -> Page:
    return Page(
        url=url,
        template="timeliness",
        title="公开时效",
        values={
            "agency": agency,
            "total": _sum(found),
            "by_agency": _by_agency(folders or {}, found),
            "sections": _sections(found),
            "day": today,
        },
        crumbs=under(agency) if agency else (),
        section="agencies/" if agency else "",
    )


def _by_agency(folders: Mapping[str, Folder], found: Sequence[Timeliness]) -> list[Row]:
    return [
        Row(
            folder.agency.short_name,
            f"agencies/{slug}/timeliness/",
            _sum(one for one in found if one.agency == slug),
        )
        for slug, folder in folders.items()
    ]


def _sections(found: Sequence[Timeliness]) -> list[Section]:
    sections = []
    for kind in Kind:
        own = [one for one in found if one.kind is kind]
        months = sorted({one.month for one in own}, reverse=True)
        rows = [
            Row(_label(month), "", _sum(one for one in own if one.month == month))
            for month in months
        ]
        if rows:
            sections.append(Section(kind, _sum(own), rows))
    return sections


def _label(month: str) -> str:
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def _sum(found: Iterable[Timeliness]) -> Counts:
    columns = [(one.on_time, one.late, one.missing, one.provisional) for one in found]
    return Counts(*map(sum, zip(*columns, strict=True))) if columns else Counts()
