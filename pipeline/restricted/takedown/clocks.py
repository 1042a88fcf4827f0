"""Withdrawals that a person recorded, and the clock of three working days they start.

行政处罚法第四十八条第二款 with 第八十五条: a published decision that is changed, revoked, found
unlawful or void is taken back within three working days, and the reason is said in public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.restricted.assess import Assessment, State, withdrawal
from pipeline.restricted.ledger import Ledger


class Clock(NamedTuple):
    """The time limit of one take-down. ``done`` is the day of the run that took it down.

    ``started`` is the day on which the decision fell, as told; ``due`` the last lawful day.
    """

    slug: str
    number: str
    started: date
    due: date
    provisional: bool
    source: str
    done: date | None

    def late_on(self, today: date) -> bool:
        """Whether it was taken down too late, or is still there after its last lawful day."""
        return (self.done or today) > self.due


def clocks(
    ledger: Ledger,
    assessments: Iterable[Assessment],
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> list[Clock]:
    """Of every decision that was public when it fell and is a notice now, by slug.

    One whose withdrawal the next run has yet to release is ``done`` None.
    """
    last = {found: (act, day) for day, act, found, _ in ledger.lines("take_down", "put_back")}
    down = {found: day for found, (act, day) in last.items() if act == "take_down"}
    published = {found: day for day, _, found, _ in ledger.lines("publish")}
    return [
        _clock(one, agencies[one.kept.raw.agency], calendar, down.get(one.kept.slug))
        for one in assessments
        if one.state is State.WITHDRAWN
        and one.kept.slug in published
        and not _born_a_notice(one, published[one.kept.slug])
    ]


def _born_a_notice(one: Assessment, published: date) -> bool:
    """Already withdrawn when this site first showed it: there was nothing to take down."""
    return not one.kept.withdrawal and (one.kept.learned_on or published) <= published


def _clock(one: Assessment, agency: Agency, calendar: Calendar, done: date | None) -> Clock:
    rules = policy.load(agency.policy).withdrawal
    notice = withdrawal(one.kept)
    started = one.kept.fell_on or (notice.on if notice else one.kept.raw.decided_on)
    due = calendar.after(started, rules)
    number = one.redacted.decision.number
    return Clock(one.kept.slug, number, started, due.date, due.provisional, rules.source, done)
