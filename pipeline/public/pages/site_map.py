"""The site map (网站地图): every column of the site on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import Kind
from pipeline.public.content import Content, Folder
from pipeline.public.page import Page
from pipeline.public.press.overview import Overview


class Part(NamedTuple):
    """A heading, where it leads ("": nowhere), and the links below it: label and address."""

    heading: str
    url: str
    links: tuple[tuple[str, str], ...]


def page(content: Content, overview: Overview) -> Page:
    """The site map; lists and pages that do not exist are not in it."""
    decided = (
        *((kind.label, f"decisions/kind/{kind.value}/") for kind in Kind),
        *((f"{year}年", f"decisions/year/{year}/") for year in overview.years),
        ("撤下说明", "decisions/withdrawn/"),
    )
    services = (
        ("信息检索", "search/"),
        ("公示清单", "checklists/"),
        ("核对执法人员", "officers/"),
        ("监督与投诉", "complaint/"),
        ("年度执法数据", "statistics/"),
        ("公开时效", "timeliness/"),
        ("开放数据", "data/"),
        *((one.title, f"pages/{one.name}/") for one in content.documents),
    )
    parts = [
        Part("执法决定", "decisions/", decided),
        Part("查询和服务", "", services),
        *(
            Part(folder.agency.name, f"agencies/{slug}/", tuple(_of(folder)))
            for slug, folder in content.folders.items()
        ),
    ]
    return Page(url="sitemap/", template="site_map", title="网站地图", values={"parts": parts})


def _of(folder: Folder) -> Iterator[tuple[str, str]]:
    """What an agency has, in the order of its front page."""
    here, library = f"agencies/{folder.agency.slug}/", folder.library
    yield "执法决定", f"{here}decisions/"
    yield "执法人员名册", f"{here}officers/"
    for checklist in folder.checklists:
        yield checklist.title, f"{here}checklists/{checklist.name}/"
    for chart in folder.flowcharts:
        yield chart.title, f"{here}flowcharts/{chart.name}/"
    beside = {
        "guides": ("服务指南", library.guides),
        "boards": ("岗位信息公示牌", library.boards),
        "regulations": ("制度文件", library.regulations),
        "cases": ("指导性案例", library.cases),
        "posts": ("岗位责任", library.posts),
        "conduct": ("禁令和行为准则", library.conduct),
    }
    for name, (label, held) in beside.items():
        if held:
            yield label, f"{here}{name}/"
    if folder.rights:
        yield folder.rights.title, f"{here}rights/"
    yield "监督与投诉", f"{here}complaint/"
    yield "年度执法数据", f"{here}statistics/"
    yield "公开时效", f"{here}timeliness/"
