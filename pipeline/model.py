"""The shapes that may cross the wall: what the public is allowed to read.

Raw shapes (rows, findings, secrets) live in :mod:`pipeline.restricted.raw`, so
that code outside ``restricted`` cannot even name them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """The five classes of enforcement decision (国办发〔2018〕118号)."""

    PENALTY = "penalty"
    LICENCE = "licence"
    COERCION = "coercion"
    INSPECTION = "inspection"
    LEVY = "levy"

    @property
    def label(self) -> str:
        """The Chinese name, as visitors and exports write it."""
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.PENALTY: "行政处罚",
    Kind.LICENCE: "行政许可",
    Kind.COERCION: "行政强制",
    Kind.INSPECTION: "行政检查",
    Kind.LEVY: "行政征收征用",
}


class PartyType(StrEnum):
    """行政相对人类别, the three codes of the 2018 双公示 layout."""

    ORGANISATION = "organisation"
    PERSON = "person"
    SOLE_TRADER = "sole_trader"

    @property
    def label(self) -> str:
        """The Chinese code value of the 双公示 layout."""
        return PARTY_LABELS[self]


PARTY_LABELS = {
    PartyType.ORGANISATION: "法人及非法人组织",
    PartyType.PERSON: "自然人",
    PartyType.SOLE_TRADER: "个体工商户",
}


class PublicDecision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision as the public reads it: every text has passed the redactor.

    ``details`` holds the remaining public fields of the dictionary (key of
    ``fields.toml`` → text), in dictionary order. Amounts are in 元, dates ISO.
    Nothing that the dictionary does not declare public can be in it.
    """

    slug: str
    agency: str
    kind: Kind
    number: str
    party: str
    party_type: PartyType
    decided_on: date
    details: dict[str, str]

    def text_of(self, key: str) -> str:
        """What it says in a field of the dictionary, "" where it says nothing."""
        match key:
            case "number":
                return self.number
            case "party":
                return self.party
            case "party_type":
                return self.party_type.label
            case "decided_on":
                return self.decided_on.isoformat()
        return self.details.get(key, "")


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """Since when, until when and by which rule a decision is public.

    ``last_day`` is the last day on which it may be read (inclusive, Asia/Shanghai);
    None means that no rule of its policy limits it. ``due`` is the last lawful
    day of first publication; ``due_provisional`` says that the working-day
    calendar of a year it crosses is not known yet.
    """

    first_day: date
    last_day: date | None
    window_rule: str
    window_source: str
    due: date
    due_provisional: bool
    due_rule: str
    due_source: str


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A decision withdrawn by event: the public sees number, kind, reason, date only.

    ``successor`` is the slug of the new decision that took its place, "" when there is
    none (in an :class:`Entry`: none that is public).
    """

    on: date
    reason: str
    successor: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the public store: a decision with the rule that shows it.

    When ``withdrawal`` is set the decision's ``party`` and ``details`` are empty.
    ``replaces`` are the slugs of the notices that name this decision as their successor;
    ``contested``: an objection to it is under examination (shown by policy only).
    """

    decision: PublicDecision
    publication: Publication
    withdrawal: Withdrawal | None = None
    replaces: tuple[str, ...] = ()
    contested: bool = False


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that was public once and is not any more. Holds nothing of what it said.

    ``on`` is the first day without it (Asia/Shanghai). ``notice``: a withdrawal notice
    stands at its address; without one the address is answered with 410.
    """

    slug: str
    agency: str
    on: date
    expired: bool
    notice: bool = False


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """How one internal check went at one agency in one year. Counts and fixed words only.

    ``title`` and ``article`` are the check's own words, never a row's. The counts are None
    where they are too small to be told (``pipeline.policy.Statistics.least``): all of them
    or none. ``not_assessable`` is what lacked a column or a table; it counts as neither.
    """

    agency: str
    check: str
    title: str
    article: str
    year: int
    assessed: int | None
    fulfilled: int | None
    not_assessable: int | None


class Timeliness(msgspec.Struct, frozen=True, kw_only=True):
    """How many decisions of a month were published by their last lawful day. Counts only.

    ``month`` (YYYY-MM) is that of the decision. Each decision is counted once:
    ``provisional`` when its deadline is not certain yet, ``missing`` when it is past its
    deadline and not public, else ``on_time`` or ``late``.
    """

    agency: str
    kind: Kind
    month: str
    on_time: int = 0
    late: int = 0
    missing: int = 0
    provisional: int = 0


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions of a month that were ever public, whether still shown or not.

    Counts and sums only, none of which names a decision. ``month`` (YYYY-MM) is that of
    the decision. ``shown`` are public today, ``ended`` came down after their term,
    ``revoked`` were withdrawn by event; ``sums`` are amounts in 分 (1/100 元) and numbers of
    penalties of a kind, of those that were not revoked.
    """

    agency: str
    kind: Kind
    month: str
    published: int = 0
    shown: int = 0
    ended: int = 0
    revoked: int = 0
    on_time: int = 0
    late: int = 0
    sums: dict[str, int] = {}
