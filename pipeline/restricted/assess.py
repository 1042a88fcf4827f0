"""May it be public? The one place where verdict, review, law and events meet."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

from pipeline import timetable
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.events import Act, Event, State, stand
from pipeline.fields import dictionary
from pipeline.model import Entry, Publication, Withdrawal
from pipeline.policy import Policy
from pipeline.restricted.identity import slug
from pipeline.restricted.ledger import Approval, Kept
from pipeline.restricted.raw import RawDecision
from pipeline.restricted.read.number import is_number, normalise_number
from pipeline.restricted.redact import Redacted
from pipeline.restricted.review import Word, needs_two, word_on
from pipeline.timetable import Facts

__all__ = ["Assessment", "State", "assess", "facts", "reason", "withdrawal"]


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
    """The state of one decision in a run of ``today`` (Asia/Shanghai)."""
    given, start = facts(kept, policy), agency.site_start
    begin = timetable.first_day(given, policy, calendar, site_start=start, today=today)
    word = word_on(redacted, approval, two=needs_two(redacted, policy))
    happened = _events(kept, word, begin, today)
    found = stand(given, redacted.verdict, happened, policy, calendar, site_start=start, day=today)
    return Assessment(kept, redacted, found.state, found.publication)


def _events(kept: Kept, word: Word, begin: date, today: date) -> list[Event]:
    """What a run of ``today`` knows. All of it counts, also what was recorded later.

    A run for an earlier day must not bring back what has been taken down since. A decision
    that was never released is released by this run, if nothing stands against it.
    """
    found = [Event(today, _WORDS[word])] if word != "waiting" else []
    if withdrawal(kept):
        found.append(Event(today, Act.WITHDRAW))
    if kept.first_day or word == "approved":
        found.append(Event(today, Act.PUBLISH, kept.first_day or begin))
    if kept.purged_on:
        found.append(Event(today, Act.PURGE))
    return found


_WORDS = {"approved": Act.APPROVE, "refused": Act.REFUSE}


def facts(kept: Kept, policy: Policy) -> Facts:
    """What the timetable needs of a ledger row."""
    raw = kept.raw
    name, result = raw.text("case_name"), raw.text("inspection_result")
    return Facts(
        kind=raw.kind,
        party_type=raw.party_type,
        decided_on=raw.decided_on,
        formed_on=_date(raw, "formed_on"),
        published_on=_date(raw, "published_on"),
        recorded_first_day=kept.first_day,
        clean_spot_check=policy.spot_check.is_clean(name, result),
    )


def withdrawal(kept: Kept) -> Withdrawal | None:
    """The withdrawal a person recorded, else the one its export brought, if any.

    The reason of an export's is the kind of event alone: the row's own words stay private.
    Without a 变动日期 its day is the one on which the export came.
    """
    raw, event = kept.raw, kept.raw.text("event")
    if kept.withdrawal or not event:
        return kept.withdrawal
    return Withdrawal(
        on=_date(raw, "event_on") or kept.learned_on or raw.decided_on,
        reason=reason(event),
        successor=_successor(raw),
    )


def _successor(raw: RawDecision) -> str:
    """The address of the new decision, which the export names by its number."""
    number = normalise_number(raw.text("new_number"))
    return slug(raw.agency, raw.kind, number) if is_number(number) else ""


def reason(event: str) -> str:
    """What a notice says of a kind of event, e.g. 原决定被撤销."""
    return f"原决定{_BE[event]}{dictionary()['event'].choices[event][0]}"


_BE = {"revoked": "被", "unlawful": "被", "void": "被", "changed": "被", "redone": "被责令"}


def _date(raw: RawDecision, key: str) -> date | None:
    text = raw.text(key)
    return date.fromisoformat(text) if text else None
