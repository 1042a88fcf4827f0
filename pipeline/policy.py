"""Policies: one TOML file a regime, every number with the article it comes from.

A regime names only what its own documents fix; everything else comes from
``base.toml``. Tables are merged key by key, so a regime that overrides a number
must bring its own source along (a value without a source does not load).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.model import Kind, PartyType

DIRECTORY = Path(__file__).parent / "policies"

Positive = Annotated[int, msgspec.Meta(ge=1)]
Source = Annotated[str, msgspec.Meta(min_length=2)]


class Sourced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything a policy fixes: ``source`` names document and article, ``note`` a reservation."""

    source: Source
    note: str = ""


class Period(Sourced, frozen=True, kw_only=True):
    """A number of days; the day it is counted from is not counted itself (民法典第201条)."""

    days: Positive
    unit: Literal["working_day", "calendar_day"]


class Deadline(Period, frozen=True, kw_only=True):
    """Last lawful day of publication, counted from the decision or from its forming."""

    counted_from: Literal["decided_on", "formed_on"] = "decided_on"


class Window(Sourced, frozen=True, kw_only=True):
    """How long an entry stays public, in years from its first publication; None: no limit."""

    years: Positive | None
    rule: str


class Backlog(Sourced, frozen=True, kw_only=True):
    """What counts as first publication of a decision older than the site, without 公示日期."""

    first_publication: Literal["last_lawful_day", "site_start"]


class Choice(Sourced, frozen=True, kw_only=True):
    """A masking choice."""

    value: str


class Masking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How personal data is masked.

    ``name``: the sign after the surname (某某, * or ×). ``legal_representative`` and
    ``officers``: show or mask. ``address``: township (keep down to it) or remove.
    """

    name: Choice
    legal_representative: Choice
    officers: Choice
    address: Choice


class Withheld(Sourced, frozen=True, kw_only=True):
    """A ground on which a decision is not published as a whole.

    ``fields``: a filled-in field of these keys (flag: true) withholds; ``phrases``:
    words in the text that make a person look; ``lifted_by``: consent or public
    interest, when a recorded approval may lift it.
    """

    title: str
    fields: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    under_age: int | None = None
    lifted_by: tuple[Literal["consent", "public_interest"], ...] = ()


class LegalReview(Sourced, frozen=True, kw_only=True):
    """Time limit of the legal review (重大执法决定法制审核), with its extension."""

    days: Positive
    unit: Literal["working_day", "calendar_day"] = "working_day"
    extension_days: int
    extension_unit: Literal["working_day", "calendar_day"] = "working_day"


class Complaint(Sourced, frozen=True, kw_only=True):
    """Complaint limits: accept within working days, close within calendar days."""

    accept_working_days: Positive
    close_calendar_days: Positive
    extension_calendar_days: int
    extension_approved_by: str


class Roster(Sourced, frozen=True, kw_only=True):
    """Which columns of the officer roster the public sees, in this order."""

    fields: tuple[str, ...]


class AnnualReport(Sourced, frozen=True, kw_only=True):
    """By which day (MM-DD) last year's figures must be out, or handed in."""

    day: Annotated[str, msgspec.Meta(pattern=r"^\d{2}-\d{2}$")]
    act: Literal["publish", "hand_in"]


class Keep(Sourced, frozen=True, kw_only=True):
    """Exact strings that redaction must leave alone: the body's own contact data."""

    values: tuple[str, ...]


class Clash(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where sources disagree: what was chosen, against what, and why."""

    topic: str
    chosen: str
    instead_of: str
    why: str


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worked case that a lawyer can read; a test walks all of them.

    ``first_day`` is the recorded first publication; ``on`` the day asked about.
    """

    title: str
    kind: Kind
    party_type: PartyType
    decided_on: str
    due: str = ""
    first_day: str = ""
    on: str = ""
    public: bool | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One regime, complete: its own file laid over ``base``."""

    name: str
    title: str
    document: str
    deadlines: dict[Kind, Deadline]
    pre_disclosure: Deadline
    clean_spot_check: Deadline
    withdrawal: Period
    windows: dict[PartyType, Window]
    backlog: Backlog
    mask: Masking
    withheld: dict[str, Withheld]
    legal_review: LegalReview
    complaint: Complaint
    roster: Roster
    annual_report: AnnualReport
    keep: dict[str, Keep] = {}
    clashes: tuple[Clash, ...] = ()
    examples: tuple[Example, ...] = ()


def names() -> tuple[str, ...]:
    """The names of all policies that exist, sorted."""
    return tuple(sorted(path.stem for path in DIRECTORY.glob("*.toml")))


@cache
def load(name: str) -> Policy:
    """The policy called ``name``; raises :class:`ConfigurationError` listing the valid names."""
    if name not in names():
        raise ConfigurationError([f"没有名为“{name}”的政策；可用的有：{'、'.join(names())}。"])
    tables = _read("base")
    if name != "base":
        own = _read(name)
        tables = _overlay({**tables, "clashes": [], "examples": []}, own)
    try:
        return msgspec.convert({"name": name, **tables}, Policy)
    except msgspec.ValidationError as error:
        raise ConfigurationError([f"政策文件 {name}.toml：{error}"]) from None


def _read(name: str) -> dict[str, Any]:
    path = DIRECTORY / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"政策文件 {path.name} 不是有效的 TOML：{error}"]) from None


def _overlay(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """``own`` over ``base``. A table with a source of its own replaces base's whole."""
    merged = dict(base)
    for key, value in own.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and "source" not in value:
            if "source" in below:
                raise ConfigurationError([f"政策项“{key}”改了数值而没有写明依据（source）。"])
            merged[key] = _overlay(below, value)
        else:
            merged[key] = value
    return merged
