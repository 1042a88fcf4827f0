"""What happened to a decision, and where that leaves it on a day: pure functions.

The answer for a day depends on what had happened by then and on nothing later, so that
any past day can be replayed and any future day asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from pipeline import timetable
from pipeline.calendar import Calendar
from pipeline.model import Publication
from pipeline.policy import Policy
from pipeline.timetable import Facts, Standing

Verdict = Literal["clear", "held", "withheld"]


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


class Act(StrEnum):
    """What can happen to a decision. CHANGE: its text changed, earlier words are void."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CHANGE = "change"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    PURGE = "purge"


class Event(NamedTuple):
    """An act and its day; ``counted_from`` (PUBLISH only) is where its window begins."""

    day: date
    act: Act
    counted_from: date | None = None


class Stand(NamedTuple):
    """The state on a day, with the rule and the days that put it there."""

    state: State
    publication: Publication


def stand(
    facts: Facts,
    verdict: Verdict,
    events: Iterable[Event],
    policy: Policy,
    calendar: Calendar,
    *,
    site_start: date,
    day: date,
) -> Stand:
    """Where a decision stands on ``day``, by what had happened to it until then.

    ``events`` in the order in which they happened. A decision is public once a run has
    published it; what is approved and not published yet is NOT_YET.
    """
    known = [event for event in events if event.day <= day]
    first = next((event for event in known if event.act is Act.PUBLISH), None)
    begun = facts._replace(recorded_first_day=first.counted_from or first.day) if first else facts
    publication = timetable.publication(begun, policy, calendar, site_start=site_start, today=day)
    by_day = timetable.standing(publication, facts.decided_on, day)
    return Stand(_state(verdict, known, by_day), publication)


def _state(verdict: Verdict, known: list[Event], by_day: Standing) -> State:
    acts = {event.act for event in known}
    if Act.PURGE in acts:
        # Its row is gone: nothing but the notice can be shown any more, whatever is exported.
        notice = {Act.WITHDRAW, Act.PUBLISH} <= acts and by_day is Standing.PUBLIC
        return State.WITHDRAWN if notice else State.EXPIRED
    if verdict == "withheld":
        return State.WITHHELD
    word = _word(known)
    if Act.WITHDRAW in acts and (Act.PUBLISH in acts or word is Act.APPROVE):
        # A withdrawal does not wait for a reviewer: the notice shows no text of the row.
        return _in_window(by_day, State.WITHDRAWN)
    if word is Act.REFUSE:
        return State.REFUSED
    if word is not Act.APPROVE:
        return State.HELD if verdict == "held" else State.WAITING
    return _in_window(by_day, State.PUBLIC if Act.PUBLISH in acts else State.NOT_YET)


def _word(known: list[Event]) -> Act | None:
    """The reviewer's last word that no change of the text has voided."""
    words = [e.act for e in known if e.act in (Act.APPROVE, Act.REFUSE, Act.CHANGE)]
    return words[-1] if words and words[-1] is not Act.CHANGE else None


def _in_window(by_day: Standing, inside: State) -> State:
    outside = {Standing.NOT_YET: State.NOT_YET, Standing.EXPIRED: State.EXPIRED}
    return outside.get(by_day, inside)
