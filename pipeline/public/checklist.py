"""Checklists (事项清单): any table with a header row becomes a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.public.page import Page, under
from pipeline.public.tables import Table, read_table

if TYPE_CHECKING:
    from pipeline.public.content import Folder

#: What a checklist is called, by the name of its file.
TITLES = {
    "inspection-items": "随机抽查事项清单",
    "matters": "行政执法事项清单",
    "supervision": "监管事项目录清单",
    "powers": "权责清单",
    "recording": "音像记录事项清单",
    "legal-review": "重大执法决定法制审核目录清单",
    "inspections": "行政检查事项清单",
}


class Checklist(NamedTuple):
    """One checklist; ``name`` is its file's name and its address."""

    name: str
    title: str
    table: Table


def read_checklist(path: Path) -> Checklist:
    """The checklist at ``path``; its title is the office's own when the name is not known."""
    return Checklist(path.stem, TITLES.get(path.stem, path.stem), read_table(path))


def pages(folder: Folder) -> Iterator[Page]:
    """One page a checklist of the agency."""
    agency = folder.agency
    for checklist in folder.checklists:
        yield Page(
            url=f"agencies/{agency.slug}/checklists/{checklist.name}/",
            template="checklist",
            title=checklist.title,
            values={"agency": agency, "table": checklist.table},
            crumbs=under(agency),
            section="agencies/",
        )
