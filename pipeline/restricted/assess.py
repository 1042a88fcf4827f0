"""May it be public? The one place where verdict, review, law and events meet."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec

from pipeline import timetable
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.fields import dictionary
from pipeline.model import Entry, Publication, Withdrawal
from pipeline.policy import Policy
from pipeline.restricted.ledger import Approval, Kept
from pipeline.restricted.raw import RawDecision
from pipeline.restricted.redact import Redacted
from pipeline.restricted.review import word_on
from pipeline.timetable import Facts, Standing


class State(StrEnum):
    """Where a decision stands, from the operator's point of view."""

    PUBLIC = "public"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    HELD = "held"
    WITHHELD = "withheld"
    REFUSED = "refused"
    NOT_YET = "not_yet"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The state in Chinese, for reports."""
        return _LABELS[self]


_LABELS = {
    State.PUBLIC: "公开",
    State.WITHDRAWN: "已撤回，仅留公告",
    State.WAITING: "待审查",
    State.HELD: "暂缓，待人工判断",
    State.WITHHELD: "不予公开",
    State.REFUSED: "审查未通过",
    State.NOT_YET: "尚未到公开日",
    State.EXPIRED: "公示期满",
}


class Assessment(NamedTuple):
    """A decision with its state on the day and the rule that put it there."""

    kept: Kept
    redacted: Redacted
    state: State
    publication: Publication

    @property
    def entry(self) -> Entry | None:
        """What the public store gets: the decision, its withdrawal notice, or nothing."""
        if self.state is State.PUBLIC:
            return Entry(decision=self.redacted.decision, publication=self.publication)
        if self.state is State.WITHDRAWN:
            bare = msgspec.structs.replace(self.redacted.decision, party="", details={})
            notice = withdrawal(self.kept)
            return Entry(decision=bare, publication=self.publication, withdrawal=notice)
        return None


def assess(
    kept: Kept,
    redacted: Redacted,
    approval: Approval | None,
    *,
    agency: Agency,
    policy: Policy,
    calendar: Calendar,
    today: date,
) -> Assessment:
    """The state of one decision on ``today`` (Asia/Shanghai)."""
    publication = timetable.publication(
        facts(kept), policy, calendar, site_start=agency.site_start, today=today
    )
    state = _state(kept, redacted, approval, publication, today)
    return Assessment(kept, redacted, state, publication)


def facts(kept: Kept) -> Facts:
    """What the timetable needs of a ledger row."""
    raw = kept.raw
    return Facts(
        kind=raw.kind,
        party_type=raw.party_type,
        decided_on=raw.decided_on,
        formed_on=_date(raw, "formed_on"),
        published_on=_date(raw, "published_on"),
        recorded_first_day=kept.first_day,
    )


def _state(
    kept: Kept,
    redacted: Redacted,
    approval: Approval | None,
    publication: Publication,
    today: date,
) -> State:
    if redacted.verdict == "withheld":
        return State.WITHHELD
    word = word_on(redacted, approval)
    if withdrawal(kept) and (kept.first_day or word == "approved"):
        # A withdrawal does not wait for a reviewer: the notice shows no text of the row.
        return _by_day(publication, kept.raw.decided_on, today, State.WITHDRAWN)
    if word == "refused":
        return State.REFUSED
    if word == "waiting":
        return State.HELD if redacted.verdict == "held" else State.WAITING
    return _by_day(publication, kept.raw.decided_on, today, State.PUBLIC)


def _by_day(publication: Publication, decided_on: date, today: date, else_: State) -> State:
    match timetable.standing(publication, decided_on, today):
        case Standing.NOT_YET:
            return State.NOT_YET
        case Standing.EXPIRED:
            return State.EXPIRED
        case _:
            return else_


def withdrawal(kept: Kept) -> Withdrawal | None:
    """The withdrawal a person recorded, else the one its export brought, if any.

    The reason of an export's is the kind of event alone: the row's own words stay private.
    """
    raw, event = kept.raw, kept.raw.text("event")
    if kept.withdrawal or not event:
        return kept.withdrawal
    label = dictionary()["event"].choices[event][0]
    return Withdrawal(
        on=_date(raw, "event_on") or raw.decided_on, reason=f"原决定{_BE[event]}{label}"
    )


_BE = {"revoked": "被", "unlawful": "被", "void": "被", "changed": "被", "redone": "被责令"}


def _date(raw: RawDecision, key: str) -> date | None:
    text = raw.text(key)
    return date.fromisoformat(text) if text else None
