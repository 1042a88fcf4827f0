"""The pages of one agency: front page, complaints, rights; and the list of agencies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.agencies import Basis
from pipeline.model import Kind, PartyType
from pipeline.policy import Period
from pipeline.public.content import Content, Folder
from pipeline.public.decisions import Line
from pipeline.public.flowcharts import flowchart
from pipeline.public.library import checklist, laws
from pipeline.public.library.roster import shown as shown_officers
from pipeline.public.page import Crumb, Page, below
from pipeline.public.pages.directory import directory
from pipeline.public.press.overview import Overview


def pages(content: Content, overview: Overview, today: date) -> Iterator[Page]:
    """Every page of every agency, but its decisions."""
    shown = {slug: overview.by(slug) for slug in content.folders if overview.by(slug)}
    yield Page(
        url="agencies/",
        template="agencies",
        title="执法机关",
        values={
            "folders": content.folders,
            "counts": shown,
            "directory": directory(content.folders),
        },
        section="agencies/",
    )
    for folder in content.folders.values():
        slug = folder.agency.slug
        newest = overview.newest.get(slug, [])[-5:]
        front = _front(folder, list(reversed(newest)), shown.get(slug, 0))
        more = {
            "month": {kind.label: overview.month[slug][kind] for kind in Kind},
            "basis": _basis(folder, content),
            "officers": len(shown_officers(folder.officers, folder.policy.roster.fields)),
            "today": today,
        }
        yield front._replace(values={**front.values, **more})
        yield from checklist.pages(folder, content, today)
        yield from flowchart.pages(folder)
        if folder.rights:
            yield _rights(folder)


def _basis(folder: Folder, content: Content) -> list[tuple[Basis, list[laws.Flag]]]:
    """The agency's laws, each with its repeal if it was repealed."""
    latest = date.max.isoformat()  # a change that is no repeal concerns the lists, not this

    def flags(title: str) -> list[laws.Flag]:
        period = folder.policy.pre_disclosure
        return laws.flags(f"《{laws.bare(title)}》", latest, content.laws, period, content.calendar)

    return [(one, flags(one.title)) for one in folder.agency.basis]


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


def _rights(folder: Folder) -> Page:
    document = folder.rights
    title, body = (document.title, document.body) if document else ("", "")
    return below(folder.agency, "rights/", "page", title, {"body": body})
