"""The pages of one agency: front page, complaints, rights; and the list of agencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.model import Kind, PartyType
from pipeline.policy import Period
from pipeline.public import checklist, flowchart, roster
from pipeline.public.content import Content, Folder
from pipeline.public.decisions import Line
from pipeline.public.page import Crumb, Page, under


def pages(content: Content, lines: Sequence[Line], today: date) -> Iterator[Page]:
    """Every page of every agency, but its decisions."""
    shown: dict[str, int] = {}
    for line in lines:
        if not line.withdrawn_on:
            shown[line.agency] = shown.get(line.agency, 0) + 1
    yield Page(
        url="agencies/",
        template="agencies",
        title="执法机关",
        values={"folders": content.folders, "counts": shown},
        section="agencies/",
    )
    for folder in content.folders.values():
        newest = [line for line in lines if _shown(line, folder)][-5:]
        yield _front(folder, list(reversed(newest)), shown.get(folder.agency.slug, 0))
        yield from roster.pages(folder, today)
        yield from checklist.pages(folder)
        yield from flowchart.pages(folder)
        yield _complaint(folder)
        if folder.rights:
            yield _rights(folder)


def _shown(line: Line, folder: Folder) -> bool:
    return line.agency == folder.agency.slug and not line.withdrawn_on


def period(value: Period) -> str:
    """A policy's number of days in words: 7个工作日, 20日."""
    return f"{value.days}个工作日" if value.unit == "working_day" else f"{value.days}日"


def _front(folder: Folder, newest: list[Line], total: int) -> Page:
    agency, policy = folder.agency, folder.policy
    starts = {"decided_on": "自作出决定之日起", "formed_on": "自信息形成之日起"}
    deadlines = [
        (kind.label, starts[policy.deadlines[kind].counted_from], policy.deadlines[kind])
        for kind in Kind
    ]
    return Page(
        url=f"agencies/{agency.slug}/",
        template="agency",
        title=agency.name,
        values={
            "agency": agency,
            "folder": folder,
            "policy": policy,
            "deadlines": [(kind, start, period(d), d.source) for kind, start, d in deadlines],
            "windows": [(kind.label, policy.windows[kind]) for kind in PartyType],
            "withdrawal": period(policy.withdrawal),
            "newest": newest,
            "total": total,
        },
        crumbs=(Crumb("执法机关", "agencies/"),),
        section="agencies/",
    )


def _complaint(folder: Folder) -> Page:
    return Page(
        url=f"agencies/{folder.agency.slug}/complaint/",
        template="complaint",
        title="监督与投诉",
        values={
            "agency": folder.agency,
            "limits": folder.policy.complaint,
            "document": folder.complaint,
        },
        crumbs=under(folder.agency),
        section="agencies/",
    )


def _rights(folder: Folder) -> Page:
    document = folder.rights
    return Page(
        url=f"agencies/{folder.agency.slug}/rights/",
        template="page",
        title=document.title if document else "",
        values={"body": document.body if document else ""},
        crumbs=under(folder.agency),
        section="agencies/",
    )
