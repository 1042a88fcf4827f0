"""All that the office writes under ``content/``, read and checked in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec

from pipeline import by_schema, policy
from pipeline.agencies import Agency, load_agencies
from pipeline.calendar import Calendar, load_calendar
from pipeline.errors import ConfigurationError
from pipeline.misfit import misfit
from pipeline.policy import Policy
from pipeline.public.flowcharts.flowchart import Flowchart, read_flowchart, with_shared
from pipeline.public.library.checklist import Checklist, in_order, read_checklist
from pipeline.public.library.laws import Law, read_laws
from pipeline.public.library.library import Library, read_library
from pipeline.public.library.roster import Officer, read_officers, repeated
from pipeline.public.read.documents import Document, read_document
from pipeline.public.read.problems import Problems

Filled = Annotated[str, msgspec.Meta(min_length=1)]
T = TypeVar("T")


class Footer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the foot of every page of a government site must say."""

    organiser: Filled
    icp: str = ""
    police: str = ""
    contact: str = ""
    corrections: str = ""
    organ_mark: Annotated[str, msgspec.Meta(pattern=r"^(https://\S+)?$")] = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's identity (``site.toml``). ``id_code`` is its 10-digit 网站标识码.

    ``compressed``: files stand beside their compressed twins
    (:mod:`pipeline.public.released.twins`).
    """

    name: Filled
    slogan: str = ""
    description: str = ""
    domain: Filled
    id_code: Annotated[str, msgspec.Meta(pattern=r"^\d{10}$")]
    language: str = "zh-CN"
    demo: bool = False
    banner: str = ""
    compressed: bool = False
    footer: Footer


class Folder(NamedTuple):
    """One agency with everything in its folder."""

    agency: Agency
    policy: Policy
    officers: tuple[Officer, ...]
    checklists: tuple[Checklist, ...]
    flowcharts: tuple[Flowchart, ...]
    complaint: Document | None
    rights: Document | None
    library: Library = Library()


class Content(NamedTuple):
    """The whole of ``content/``: the site, its agencies in site order, its own pages."""

    site: Identity
    folders: Mapping[str, Folder]
    documents: tuple[Document, ...]
    laws: tuple[Law, ...]
    calendar: Calendar


def load(content: Path) -> Content:
    """Everything under ``content``; raises with all problems of all files at once."""
    problems = Problems()
    agencies: Mapping[str, Agency] = {}
    with problems.collecting():
        agencies = load_agencies(content)
    with problems.collecting():
        calendar = load_calendar(content)
    with problems.collecting():
        site = _identity(content / "site.toml")
    documents = _each(content, "pages/*.md", read_document, problems)
    laws = [law for found in _each(content, "laws.csv", read_laws, problems) for law in found]
    beside = {
        path.parent.name: _read_beside(path.parent, agencies.get(path.parent.name), problems)
        for path in sorted(content.glob("agencies/*/agency.toml"))
    }
    repeated({slug: own.officers for slug, own in beside.items()}, problems)
    folders: dict[str, Folder] = {}
    for slug, agency in agencies.items():
        with problems.collecting():
            folders[slug] = _folder(content, agency, beside[slug])
    problems.stop()
    return Content(
        site=site,
        folders=folders,
        documents=tuple(sorted(documents, key=lambda page: (page.order, page.name))),
        laws=tuple(laws),
        calendar=calendar,
    )


def _folder(content: Path, agency: Agency, beside: _Beside) -> Folder:
    folder = Folder(agency, policy.load(agency.policy), *beside)
    charts = with_shared(content, agency, folder.policy, folder.flowcharts)
    return folder._replace(flowcharts=charts)


def _identity(path: Path) -> Identity:
    try:
        return msgspec.convert(by_schema.read(path, "site", path.name), Identity)
    except FileNotFoundError:
        raise ConfigurationError([f"缺少 {path.name}：请在内容目录下写明站点信息。"]) from None
    except msgspec.ValidationError as error:
        raise ConfigurationError([f"{path.name}：{misfit(error)}"]) from None


class _Beside(NamedTuple):
    """What stands beside an ``agency.toml``, in the order of :class:`Folder`."""

    officers: tuple[Officer, ...]
    checklists: tuple[Checklist, ...]
    flowcharts: tuple[Flowchart, ...]
    complaint: Document | None
    rights: Document | None
    library: Library


def _read_beside(folder: Path, agency: Agency | None, problems: Problems) -> _Beside:
    """``agency``: None where its own file is wrong; the others are checked all the same."""
    rules = policy.load(agency.policy if agency else "base")
    name = agency.policy if agency else ""
    read_roster = partial(read_officers, suspension=rules.suspension)
    officers = _each(folder, "officers.csv", read_roster, problems)
    checklists = partial(read_checklist, policy=name)
    return _Beside(
        officers=officers[0] if officers else (),
        checklists=in_order(_each(folder, "checklists/*.csv", checklists, problems)),
        flowcharts=_each(folder, "flowcharts/*.toml", read_flowchart, problems),
        complaint=next(iter(_each(folder, "complaint.md", read_document, problems)), None),
        rights=next(iter(_each(folder, "rights.md", read_document, problems)), None),
        library=read_library(folder, problems),
    )


def _each(
    folder: Path, pattern: str, read: Callable[[Path], T], problems: Problems
) -> tuple[T, ...]:
    found = []
    for path in sorted(folder.glob(pattern)):
        with problems.collecting():
            found.append(read(path))
    return tuple(found)
