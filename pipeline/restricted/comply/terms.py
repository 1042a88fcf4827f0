"""When something was due, and when it was done: the arithmetic behind ``within``.

Days are counted by the site's own calendar (:meth:`Calendar.after`), once for each
different day. A term in hours is only judged where both ends say a time of day, or where
the days alone leave no doubt.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from pipeline.calendar import Calendar
from pipeline.model import Kind
from pipeline.policy import Period, Policy
from pipeline.restricted.comply.checks import Check, Unit
from pipeline.restricted.comply.frame import MINUTES, NONE, Bools, Frame, Ints


@dataclass(frozen=True)
class Due:
    """By row: until when (``until``), done when (``end``), in days or, by hours, in minutes."""

    until: Ints
    end: Ints
    ended: Bools
    not_begun: Bools
    unknown: Bools
    by_hours: bool = False

    def now(self, today: date) -> int:
        """The beginning of ``today`` in the unit of the rows."""
        return today.toordinal() * (MINUTES if self.by_hours else 1)

    def tell(self, row: int) -> str:
        """Until when it was due, in words."""
        until = int(self.until[row])
        if until == NONE:
            return ""
        if not self.by_hours:
            return f"期限至 {date.fromordinal(until)}"
        day, minute = divmod(until, MINUTES)
        return f"期限至 {date.fromordinal(day)} {minute // 60:02}:{minute % 60:02}"


def due(check: Check, frame: Frame, policy: Policy, calendar: Calendar) -> Due:
    """When the second field was due, counted from the first."""
    if check.unit == "hour":
        return _hours(check, frame)
    start, end = (frame.days(key) for key in check.fields[:2])
    extended = frame.filled(check.extension_field) if check.extension_field else None
    match check.period:
        case "legal_review":
            review = policy.legal_review
            until = _after(start, review.days, review.unit, calendar)
            longer = _after(until, review.extension_days, review.extension_unit, calendar)
        case "complaint_accept":
            longer = until = _after(
                start, policy.complaint.accept_working_days, "working_day", calendar
            )
        case "complaint_close":
            days = policy.complaint.close_calendar_days
            until = _after(start, days, "calendar_day", calendar)
            days += policy.complaint.extension_calendar_days
            longer = _after(start, days, "calendar_day", calendar)
        case "publication":
            start = _published_from(start, frame, policy)
            longer = until = _by_kind(start, frame, policy, calendar)
        case _:
            longer = until = _after(start, int(check.limit or 0), check.unit, calendar)
    if extended is None:
        return _due(check, frame, until, end)
    found = _due(check, frame, np.where(extended, longer, until), end)
    # Without the column nobody knows whether it was extended: only what is late either way is.
    unclear = ~frame.there(check.extension_field) & (end > until) & (end <= longer)
    return replace(found, unknown=found.unknown | unclear)


def kept_until(check: Check, frame: Frame) -> Due:
    """Until when something must be kept, from the first field; the second ends it."""
    start, end = (frame.days(key) for key in check.fields)
    limit = int(check.limit or 0)
    unit = check.unit
    return _due(check, frame, _mapped(start, lambda day: _plain(day, limit, unit)), end)


def _due(check: Check, frame: Frame, until: Ints, end: Ints) -> Due:
    begin_key, end_key = check.fields[:2]
    begun, ended = frame.filled(begin_key), frame.filled(end_key)
    missing = ~frame.there(begin_key) | ~frame.there(end_key)
    unread = (begun & (until == NONE)) | (ended & (end == NONE))
    return Due(until, end, ended, frame.there(begin_key) & ~begun, missing | unread)


def _hours(check: Check, frame: Frame) -> Due:
    begin_key, end_key = check.fields[:2]
    start, end = (frame.minutes(key) for key in check.fields[:2])
    until = np.where(start == NONE, NONE, start + int((check.limit or 0) * 60))
    exact = frame.timed(begin_key) & frame.timed(end_key)
    # Without times of day only the next day but one is surely too late, the same day in time.
    apart = np.where((start == NONE) | (end == NONE), 0, end // MINUTES - start // MINUTES)
    unsure = frame.filled(end_key) & ~exact & (apart >= 1) & (apart <= -(-(check.limit or 0) // 24))
    found = _due(check, frame, until, end)
    return Due(until, end, found.ended, found.not_begun, found.unknown | unsure, by_hours=True)


def _after(starts: Ints, days: int, unit: Unit, calendar: Calendar) -> Ints:
    if days <= 0:
        return starts
    if unit == "month":
        return _mapped(starts, lambda day: _rolled(_plain(day, days, unit), calendar))
    period = Period(
        days=days,
        unit="working_day" if unit == "working_day" else "calendar_day",
        source="检查",
    )

    def last(day: int) -> int:
        return calendar.after(date.fromordinal(day), period).date.toordinal()

    return _mapped(starts, last)


def _mapped(days: Ints, change: Callable[[int], int]) -> Ints:
    unique, where = np.unique(days, return_inverse=True)
    changed = [NONE if day == NONE else change(int(day)) for day in unique]
    return np.array(changed, dtype=np.int64)[where]


def _plain(day: int, count: int, unit: Unit) -> int:
    if unit != "month":
        return day + count
    start = date.fromordinal(day)
    years, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + years, month + 1
    return start.replace(
        year=year, month=month, day=min(start.day, monthrange(year, month)[1])
    ).toordinal()


def _rolled(day: int, calendar: Calendar) -> int:
    """A term that would end on a day of rest ends on the next working day (民法典第二百零三条)."""
    end = date.fromordinal(day)
    while not calendar.is_workday(end):
        end += timedelta(days=1)
    return end.toordinal()


def _published_from(start: Ints, frame: Frame, policy: Policy) -> Ints:
    for kind, deadline in policy.deadlines.items():
        if deadline.counted_from == "formed_on":
            formed = frame.days("formed_on")
            start = np.where(_is(frame, kind) & (formed != NONE), formed, start)
    formed = frame.days("formed_on")
    from_forming = policy.clean_spot_check.counted_from == "formed_on"
    return np.where(_clean(frame, policy) & from_forming & (formed != NONE), formed, start)


def _by_kind(start: Ints, frame: Frame, policy: Policy, calendar: Calendar) -> Ints:
    until = start
    for kind, deadline in policy.deadlines.items():
        last = _after(start, deadline.days, deadline.unit, calendar)
        until = np.where(_is(frame, kind), last, until)
    rule = policy.clean_spot_check
    last = _after(start, rule.days, rule.unit, calendar)
    return np.where(_clean(frame, policy), last, until)


def _clean(frame: Frame, policy: Policy) -> Bools:
    """Clean spot checks, which have a deadline of their own."""
    spot, results = policy.spot_check, frame.texts("inspection_result").tolist()
    pairs = zip(frame.texts("case_name").tolist(), results, strict=True)
    clean = (bool(result) and spot.is_clean(name, result) for name, result in pairs)
    known: Bools = np.fromiter(clean, dtype=bool, count=len(frame))
    return known & _is(frame, Kind.INSPECTION)


def _is(frame: Frame, kind: Kind) -> Bools:
    return frame.tests("kind", f"is {kind.value}", kind.value.__eq__)
