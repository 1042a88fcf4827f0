"""Complaints (投诉举报): whom to call, by when an answer must come, and a form to print.

The dates of a day the visitor enters are counted in the browser, by the same rules and
the same calendar as everywhere else; without a script the page shows them for the day of
its making. Nothing that is typed leaves the browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pipeline.calendar import Calendar, Day
from pipeline.policy import Complaint, Period
from pipeline.public.page import File, Page, below
from pipeline.public.pages.qr import qr
from pipeline.public.pages.vcard import short, vcard

if TYPE_CHECKING:
    from pipeline.public.content import Content, Folder

PORTAL = "complaint/"
CALENDAR = "complaint/calendar.json"


class Limits(NamedTuple):
    """By when what must happen to a complaint received on a day."""

    received: date
    accept: Day
    close: Day
    extended: Day


def limits(received: date, rules: Complaint, calendar: Calendar) -> Limits:
    """The last lawful days of a complaint received on ``received``, if it is taken up on the
    last day for that; the day of an act is not counted, and a day of rest moves the end on."""
    accept = calendar.after(received, _period(rules, rules.accept_working_days, "working_day"))

    def closed(days: int) -> Day:
        last = calendar.after(accept.date, _period(rules, days, "calendar_day"))
        return Day(last.date, last.provisional or accept.provisional)

    days = rules.close_calendar_days
    return Limits(received, accept, closed(days), closed(days + rules.extension_calendar_days))


def _period(rules: Complaint, days: int, unit: str) -> Period:
    return msgspec.convert({"days": days, "unit": unit, "source": rules.source}, Period)


def pages(content: Content, today: date) -> Iterator[Page]:
    """Every agency's complaint page and form, and the list of all hotlines."""
    for folder in content.folders.values():
        told = _page(folder, limits(today, folder.policy.complaint, content.calendar))
        yield told
        yield _form(folder, told)
    yield Page(
        url=PORTAL,
        template="complaints",
        title="监督与投诉",
        values={"folders": content.folders},
        section=PORTAL,
    )


def _page(folder: Folder, example: Limits) -> Page:
    agency = folder.agency
    return below(
        agency,
        "complaint/",
        "complaint",
        "监督与投诉",
        {
            "limits": folder.policy.complaint,
            "example": example,
            "document": folder.complaint,
            "code": qr(short(agency), f"扫码存入{agency.short_name}投诉电话"),
            "calendar": CALENDAR,
        },
        section=PORTAL,
    )


def _form(folder: Folder, after: Page) -> Page:
    return below(
        folder.agency,
        "complaint/form/",
        "complaint_form",
        "投诉举报登记表",
        {"limits": folder.policy.complaint},
        after=after,
        section=PORTAL,
    )


def files(content: Content, today: date) -> Iterator[File]:
    """The working days that the browser counts by, and each agency's contact as a vCard."""
    yield File(CALENDAR, msgspec.json.encode(workdays(content.calendar, today), order="sorted"))
    for slug, folder in content.folders.items():
        yield File(f"agencies/{slug}/complaint/contact.vcf", vcard(folder.agency))


def workdays(calendar: Calendar, today: date) -> dict[str, dict[str, list[str]]]:
    """For every known year from last year on: weekdays that are free, weekends that are worked.

    A year that is missing is not known: what is counted into it is provisional.
    """
    known = {}
    for year in range(today.year - 1, today.year + 3):
        if calendar.knows(year):
            days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
            days = [day for day in days if day.year == year]
            known[str(year)] = {
                "off": _days(calendar, days, worked=False),
                "on": _days(calendar, days, worked=True),
            }
    return known


def _days(calendar: Calendar, days: Sequence[date], *, worked: bool) -> list[str]:
    """The days of which the weekend alone would say the opposite."""
    strange = (day for day in days if calendar.is_workday(day) is worked)
    return [day.isoformat() for day in strange if (day.weekday() < 5) is not worked]
