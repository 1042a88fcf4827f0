"""The directory of what every agency publishes beforehand (事前公开): one row a matter, one
column an agency, each cell a link to where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.public.content import Folder
from pipeline.public.library.roster import shown


class Place(NamedTuple):
    """A cell: what it says (a number with its unit, or 查看), and where that leads."""

    text: str
    url: str


class Matter(NamedTuple):
    """A row: what is published, and per agency where (None: nothing of the kind)."""

    label: str
    places: Mapping[str, Place | None]


def directory(folders: Mapping[str, Folder]) -> list[Matter]:
    """The whole table, in the order of the agencies."""
    return [
        Matter(label, {slug: _place(folder, find(folder)) for slug, folder in folders.items()})
        for label, find in _MATTERS.items()
    ]


def _place(folder: Folder, found: tuple[str, str] | None) -> Place | None:
    return Place(found[0], f"agencies/{folder.agency.slug}/{found[1]}") if found else None


Find = Callable[[Folder], tuple[str, str] | None]


def _counted(count: int, unit: str, address: str) -> tuple[str, str] | None:
    return (f"{count} {unit}", address) if count else None


def _there(exists: object, address: str) -> tuple[str, str] | None:
    return ("查看", address) if exists else None


_MATTERS: dict[str, Find] = {
    "执法主体": lambda _: ("查看", "#subject"),
    "职责": lambda f: _counted(len(f.agency.duties), "项", "#duties"),
    "内设机构与分工": lambda f: _counted(len(f.agency.inner_bodies), "个", "#bodies"),
    "执法权限": lambda f: _counted(sum(len(p.matters) for p in f.agency.powers), "项", "#powers"),
    "执法依据": lambda f: _counted(len(f.agency.basis), "部", "#basis"),
    "公示载体": lambda f: _there(f.agency.carriers, "#carriers"),
    "执法人员": lambda f: _counted(
        len(shown(f.officers, f.policy.roster.fields)), "人", "officers/"
    ),
    "事项清单": lambda f: _counted(len(f.checklists), "张", "#checklists"),
    "执法流程图": lambda f: _counted(len(f.flowcharts), "张", "#flowcharts"),
    "服务指南": lambda f: _counted(len(f.library.guides), "份", "guides/"),
    "岗位责任": lambda f: _there(f.library.posts, "posts/"),
    "岗位信息公示牌": lambda f: _there(f.library.boards, "boards/"),
    "禁令和行为准则": lambda f: _there(f.library.conduct, "conduct/"),
    "执法制度": lambda f: _counted(len(f.library.regulations), "件", "regulations/"),
    "指导性案例": lambda f: _counted(len(f.library.cases), "件", "cases/"),
    "权利与救济": lambda f: _there(f.rights, "rights/"),
    "监督与投诉": lambda f: (f.agency.contact.hotline, "complaint/"),
    "执法决定": lambda _: ("查看", "decisions/"),
    "年度执法数据": lambda _: ("查看", "statistics/"),
    "公开时效": lambda _: ("查看", "timeliness/"),
}
