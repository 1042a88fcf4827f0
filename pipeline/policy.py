"""Policies: one TOML file a regime, every number with the article it comes from.

A regime names only what its own documents fix; everything else comes from
``base.toml``. Tables are merged key by key, so a regime that overrides a number
must bring its own source along (a value without a source does not load).
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.misfit import misfit, misplaced
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


class SpotCheck(Sourced, frozen=True, kw_only=True):
    """How a clean spot check (双随机抽查未发现问题) is known: a word in the name of the case,
    and a result that says nothing but this. Any other inspection has the deadline of its kind.
    """

    named: tuple[str, ...]
    clean: tuple[str, ...]

    def is_clean(self, name: str, result: str) -> bool:
        """Whether a case of this name with this result is one."""
        return result.strip(" 。.；;") in self.clean and any(word in name for word in self.named)


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


class SecondSignature(Sourced, frozen=True, kw_only=True):
    """Which approvals need a second reviewer's signature, different from the first's.

    ``numbers``: a number that was masked and that a reviewer let stand; ``grounds``: a
    decision held because its text speaks of a ground for not publishing.
    """

    numbers: bool
    grounds: bool


class Retention(Sourced, frozen=True, kw_only=True):
    """How many days after a decision came down for good its raw row is kept."""

    days: Positive


class Objection(Sourced, frozen=True, kw_only=True):
    """When an objection is to be answered (None: 及时, no number of days), and whether the
    page says that one is open (``noted``)."""

    days: Positive | None = None
    unit: Literal["working_day", "calendar_day"] = "working_day"
    noted: bool = False


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


class Statistics(Sourced, frozen=True, kw_only=True):
    """What of the internal report the public statistics tell, as numbers by year.

    ``comply_totals``: ids of checks, or rows of the requirements (R106) for all checks that
    answer for one; nothing unless a regime says so. ``least``: no count of cases or persons
    below it is told.
    """

    comply_totals: tuple[str, ...] = ()
    least: Annotated[int, msgspec.Meta(ge=3)] = 10


class AnnualReport(Sourced, frozen=True, kw_only=True):
    """By which day (MM-DD) last year's figures must be out, or handed in."""

    day: Annotated[str, msgspec.Meta(pattern=r"^\d{2}-\d{2}$")]
    act: Literal["publish", "hand_in"]


class Term(Sourced, frozen=True, kw_only=True):
    """How long a channel shows what is of this gravity, in months; ``most`` 0: not at all."""

    gravity: str
    means: str
    least: int = 0
    most: int = 0

    def until(self, start: date) -> str:
        """Between which days (inclusive) the channel stops showing it, in words."""
        if not self.most:
            return "原则上不公示"
        return f"{months_after(start, self.least)}至{months_after(start, self.most)}"


class Channel(Sourced, frozen=True, kw_only=True):
    """Another place that shows the same penalties for a term of its own.

    The site takes nothing down by it: the operator is told, who must see to it there.
    """

    name: str
    counted_from: Literal["decided_on"]
    terms: tuple[Term, ...]

    @property
    def rule(self) -> str:
        """The terms in words."""
        terms = "；".join(f"{one.gravity}（{one.means}）{_months(one)}" for one in self.terms)
        return f"{terms}；自决定书日期起算"

    def __str__(self) -> str:
        return f"{self.name}：{self.rule}（{self.source}）"


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
    spot_check: SpotCheck
    withdrawal: Period
    retention: Retention
    objection: Objection
    windows: dict[PartyType, Window]
    backlog: Backlog
    mask: Masking
    withheld: dict[str, Withheld]
    second_signature: SecondSignature
    legal_review: LegalReview
    complaint: Complaint
    roster: Roster
    suspension: Period
    annual_report: AnnualReport
    statistics: Statistics
    other_channels: dict[str, Channel] = {}
    keep: dict[str, Keep] = {}
    clashes: tuple[Clash, ...] = ()
    examples: tuple[Example, ...] = ()


def months_after(day: date, months: int) -> date:
    """The corresponding day ``months`` later, clamped to the month's end (民法典第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(term: Term) -> str:
    if not term.most:
        return "原则上不公示"
    least, most = (f"{n // 12}年" if n % 12 == 0 else f"{n}个月" for n in (term.least, term.most))
    return f"公示{least}至{most}"


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
        raise ConfigurationError([f"政策文件 {name}.toml：{misfit(error)}"]) from None


def _read(name: str) -> dict[str, Any]:
    path = DIRECTORY / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"政策文件 {path.name}：{misplaced(error)}"]) from None


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
