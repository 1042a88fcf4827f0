"""All that the office writes under ``content/``, read and checked in one go."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec

from pipeline import policy
from pipeline.agencies import Agency, load_agencies
from pipeline.errors import ConfigurationError
from pipeline.policy import Policy
from pipeline.public.checklist import Checklist, read_checklist
from pipeline.public.documents import Document, read_document
from pipeline.public.flowchart import Flowchart, read_flowchart
from pipeline.public.roster import Officer, read_officers
from pipeline.public.tables import collecting, read_text

Filled = Annotated[str, msgspec.Meta(min_length=1)]
T = TypeVar("T")


class Footer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the foot of every page of a government site must say."""

    organiser: Filled
    icp: str = ""
    police: str = ""
    contact: str = ""
    corrections: str = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's identity (``site.toml``). ``id_code`` is its 10-digit 网站标识码."""

    name: Filled
    slogan: str = ""
    description: str = ""
    domain: Filled
    id_code: Annotated[str, msgspec.Meta(pattern=r"^\d{10}$")]
    language: str = "zh-CN"
    demo: bool = False
    banner: str = ""
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


class Content(NamedTuple):
    """The whole of ``content/``: the site, its agencies in site order, its own pages."""

    site: Identity
    folders: Mapping[str, Folder]
    documents: tuple[Document, ...]


def load(content: Path) -> Content:
    """Everything under ``content``; raises with all problems of all files at once."""
    problems: list[str] = []
    with collecting(problems):
        agencies = load_agencies(content)
    with collecting(problems):
        site = _identity(content / "site.toml")
    documents = _each(content, "pages/*.md", read_document, problems)
    folders = {
        path.parent.name: _read_beside(path.parent, problems)
        for path in sorted(content.glob("agencies/*/agency.toml"))
    }
    if problems:
        raise ConfigurationError(problems)
    return Content(
        site=site,
        folders={
            slug: Folder(agency, policy.load(agency.policy), *folders[slug])
            for slug, agency in agencies.items()
        },
        documents=tuple(sorted(documents, key=lambda page: (page.order, page.name))),
    )


def _identity(path: Path) -> Identity:
    try:
        return msgspec.convert(tomllib.loads(read_text(path)), Identity)
    except FileNotFoundError:
        raise ConfigurationError([f"缺少 {path.name}：请在内容目录下写明站点信息。"]) from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError([f"{path.name}：{error}。"]) from None


class _Beside(NamedTuple):
    """What stands beside an ``agency.toml``, in the order of :class:`Folder`."""

    officers: tuple[Officer, ...]
    checklists: tuple[Checklist, ...]
    flowcharts: tuple[Flowchart, ...]
    complaint: Document | None
    rights: Document | None


def _read_beside(folder: Path, problems: list[str]) -> _Beside:
    officers = _each(folder, "officers.csv", read_officers, problems)
    return _Beside(
        officers=officers[0] if officers else (),
        checklists=_each(folder, "checklists/*.csv", read_checklist, problems),
        flowcharts=_each(folder, "flowcharts/*.toml", read_flowchart, problems),
        complaint=next(iter(_each(folder, "complaint.md", read_document, problems)), None),
        rights=next(iter(_each(folder, "rights.md", read_document, problems)), None),
    )


def _each(
    folder: Path, pattern: str, read: Callable[[Path], T], problems: list[str]
) -> tuple[T, ...]:
    found = []
    for path in sorted(folder.glob(pattern)):
        with collecting(problems):
            found.append(read(path))
    return tuple(found)
