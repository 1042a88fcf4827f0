"""Checklists (事项清单): tables by one of the schemas, or of the office's own making."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import schema
from pipeline.public.downloads.spreadsheet import csv_file, xlsx_file
from pipeline.public.library import laws
from pipeline.public.page import Crumb, File, Page, under
from pipeline.public.read.tables import Row, Table, read_rows, read_table
from pipeline.schema import Column, Schema

if TYPE_CHECKING:
    from pipeline.public.content import Content, Folder

UPDATED = "更新日期"


class Checklist(NamedTuple):
    """One checklist; ``name`` is its file's name and its address, ``schema`` None for a list
    of the office's own making."""

    name: str
    title: str
    table: Table
    schema: Schema | None = None

    @property
    def columns(self) -> list[Column]:
        """Its columns in order, those without a schema as plain text."""
        if self.schema is None:
            return [Column(key=label, label=label) for label in self.table.columns]
        return [one for one in self.schema.columns if one.label in self.table.columns]

    @property
    def updated(self) -> str:
        """The day of the newest change of any row, ISO; empty when no row says it."""
        return max((row.cells.get(UPDATED, "") for row in self.table.rows), default="")


class Shown(NamedTuple):
    """A row as the page shows it: its cells, and the changes of law it has not followed."""

    row: Row
    flags: list[laws.Flag]


@cache
def kinds() -> Mapping[str, Schema]:
    """The schemas of all kinds of checklists by name, in the order they are shown."""
    found = {name: schema.load(f"checklists/{name}") for name in schema.names("checklists")}
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def read_checklist(path: Path, policy: str = "") -> Checklist:
    """The checklist at ``path`` of an agency under ``policy``.

    Raises :class:`ConfigurationError` with every problem. A file whose name is no kind's
    keeps its own columns, and its name for a title.
    """
    kind = kinds().get(path.stem)
    if kind is None:
        return Checklist(path.stem, path.stem, read_table(path))
    return Checklist(path.stem, kind.title, read_rows(path, kind, policy), kind)


def in_order(checklists: Sequence[Checklist]) -> tuple[Checklist, ...]:
    """By the order of their kinds, the office's own lists last."""
    last = max(kind.order for kind in kinds().values()) + 1
    return tuple(sorted(checklists, key=lambda c: (c.schema.order if c.schema else last, c.name)))


def shown(checklist: Checklist, folder: Folder, content: Content) -> list[Shown]:
    """The rows of a checklist with what has changed in the law they rest on."""
    named = [column.label for column in checklist.columns if column.basis]
    period = folder.policy.pre_disclosure

    def flags(row: Row) -> list[laws.Flag]:
        basis = "".join(row.cells[label] for label in named)
        updated = row.cells.get(UPDATED, "")
        return laws.flags(basis, updated, content.laws, period, content.calendar)

    return [Shown(row, flags(row)) for row in checklist.table.rows]


def address(folder: Folder, checklist: Checklist) -> str:
    """Where the checklist's page stands."""
    return f"agencies/{folder.agency.slug}/checklists/{checklist.name}/"


def pages(folder: Folder, content: Content, today: date) -> Iterator[Page]:
    """One page a checklist of the agency."""
    for checklist in folder.checklists:
        rows = shown(checklist, folder, content)
        yield Page(
            url=address(folder, checklist),
            template="checklist",
            title=checklist.title,
            values={
                "agency": folder.agency,
                "checklist": checklist,
                "columns": [column for column in checklist.columns if column.label != UPDATED],
                "rows": rows,
                "flagged": sum(bool(row.flags) for row in rows),
                "period": folder.policy.pre_disclosure,
                "today": today,
            },
            crumbs=(*under(folder.agency), Crumb("清单", "checklists/")),
            section="checklists/",
        )


def portal(content: Content) -> Page:
    """All kinds of checklists over all agencies: who has which, how long, since when."""
    have = {
        name: {
            slug: (checklist, address(folder, checklist))
            for slug, folder in content.folders.items()
            for checklist in folder.checklists
            if checklist.name == name
        }
        for name in kinds()
    }
    own = [
        (folder.agency, checklist, address(folder, checklist))
        for folder in content.folders.values()
        for checklist in folder.checklists
        if checklist.schema is None
    ]
    return Page(
        url="checklists/",
        template="checklists",
        title="公示清单",
        values={"kinds": kinds(), "have": have, "folders": content.folders, "own": own},
        section="checklists/",
    )


def files(folder: Folder) -> Iterator[File]:
    """Each checklist as CSV and XLSX, beside its page."""
    for checklist in folder.checklists:
        columns = checklist.table.columns
        rows = [[row.cells[column] for column in columns] for row in checklist.table.rows]
        place = f"{address(folder, checklist)}{checklist.name}"
        yield File(f"{place}.csv", csv_file(columns, rows))
        yield File(f"{place}.xlsx", xlsx_file(checklist.title, columns, rows))


class Following(NamedTuple):
    """A row that must follow a change of the law: where it stands, why, and by when."""

    agency: str
    checklist: str
    row: int
    law: str
    due: date
    provisional: bool


def following(content: Content) -> list[Following]:
    """Every row of every checklist that has a change of law to follow, the earliest due first."""
    found = [
        Following(
            folder.agency.short_name,
            checklist.title,
            one.row.number,
            f"《{flag.law.title}》自{flag.law.day}{flag.law.state.removeprefix('已')}",
            flag.due.date,
            flag.due.provisional,
        )
        for folder in content.folders.values()
        for checklist in folder.checklists
        for one in shown(checklist, folder, content)
        for flag in one.flags
    ]
    return sorted(found, key=lambda one: (one.due, one.agency, one.checklist, one.row))
