"""The agencies of a site: one folder each under ``content/agencies/``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from pipeline import by_schema, policy
from pipeline.errors import ConfigurationError
from pipeline.misfit import misfit

Filled = Annotated[str, msgspec.Meta(min_length=1)]
#: What a folder of an agency may be called: it stands in addresses and in the gone list.
SLUG = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}")
SLUG_TOLD = "应以小写字母开头，只用小写字母、数字和连字符，例如 yingji-ju。"
Postcode = Annotated[str, msgspec.Meta(pattern=r"^\d{6}$")]


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The supervision block the public needs (R025, R128): where and when to complain."""

    hotline: Filled
    address: Filled
    postcode: Postcode
    hours: Filled
    unit: Filled
    email: str = ""
    enforcement_report_line: str = ""


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law the agency enforces by, and what for."""

    title: Filled
    articles: str = ""
    matter: str = ""


class Power(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One class of power (许可, 处罚, 强制, 检查 …) with its matters."""

    kind: Filled
    matters: tuple[Filled, ...]


class InnerBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An inner body and its share of the work."""

    name: Filled
    duty: Filled
    phone: str = ""


class Carrier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place where the agency publishes (公示载体, R037), and what."""

    kind: Filled
    what: Filled
    place: str = ""


class Agency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One enforcing body (执法主体). ``site_start`` is the day its site went public;
    decisions older than that and without 公示日期 are backlog."""

    slug: str
    name: Filled
    short_name: Filled
    aliases: tuple[str, ...] = ()
    credit_code: Filled
    policy: Filled
    region: Filled
    site_start: date
    order: int = 100
    summary: Filled
    qualification: Filled
    power_source: str = ""
    jurisdiction: str = ""
    duties: tuple[Filled, ...]
    inner_bodies: tuple[InnerBody, ...] = ()
    basis: tuple[Basis, ...]
    powers: tuple[Power, ...]
    carriers: tuple[Carrier, ...] = ()
    contact: Contact

    @property
    def own_values(self) -> tuple[str, ...]:
        """Contact strings of its own that redaction and audit must leave standing."""
        contact = self.contact
        lines = (contact.hotline, contact.enforcement_report_line, contact.address)
        phones = (body.phone for body in self.inner_bodies)
        return tuple(v for v in (*lines, contact.postcode, contact.email, *phones) if v)


def load_agencies(content: Path) -> Mapping[str, Agency]:
    """All agencies by slug, in site order; raises with every problem of every file."""
    found: dict[str, Agency] = {}
    problems: list[str] = []
    for path in sorted(content.glob("agencies/*/agency.toml")):
        place = f"{path.parent.name}/{path.name}"
        if not SLUG.fullmatch(path.parent.name):
            problems.append(f"{place}：机关文件夹名{SLUG_TOLD}请改名。")
            continue
        try:
            table = by_schema.read(path, "agency", place, "policy")
            agency = msgspec.convert({**table, "slug": path.parent.name}, Agency)
        except ConfigurationError as error:
            problems += error.problems
            continue
        except msgspec.ValidationError as error:
            problems.append(f"{place}：{misfit(error)}")
            continue
        try:
            policy.load(agency.policy)
            found[agency.slug] = agency
        except ConfigurationError as error:
            problems += [f"{place}：{problem}" for problem in error.problems]
    if not found and not problems:
        problems.append(f"{content} 下没有任何机关（应有 agencies/<名称>/agency.toml）。")
    if problems:
        raise ConfigurationError(problems)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))
