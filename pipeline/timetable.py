"""Is this public on that day, and by when must it be? Pure functions of their arguments.

Days are dates in Asia/Shanghai. A window of n years from its first publication
ends on the corresponding day (29 February clamps to the 28th): the entry may be
read on that day and is gone from the next midnight (民法典第二百零一、二百零二条).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pipeline.calendar import Calendar, Day
from pipeline.model import Kind, PartyType, Publication
from pipeline.policy import Deadline, Policy


class Standing(StrEnum):
    """Where an approved decision stands on a given day."""

    NOT_YET = "not_yet"
    PUBLIC = "public"
    EXPIRED = "expired"


class Facts(NamedTuple):
    """What the timetable needs to know of a decision.

    ``published_on`` is the export's own 公示日期; ``recorded_first_day`` what the
    ledger recorded when the entry was first released; ``clean_spot_check`` see
    :class:`pipeline.policy.SpotCheck`.
    """

    kind: Kind
    party_type: PartyType
    decided_on: date
    formed_on: date | None = None
    published_on: date | None = None
    recorded_first_day: date | None = None
    clean_spot_check: bool = False


def deadline(facts: Facts, policy: Policy) -> Deadline:
    """By which deadline of the policy a decision is to be published."""
    clean = facts.kind is Kind.INSPECTION and facts.clean_spot_check
    return policy.clean_spot_check if clean else policy.deadlines[facts.kind]


def due(facts: Facts, policy: Policy, calendar: Calendar) -> Day:
    """The last lawful day of first publication under the policy's deadline for the kind."""
    rule = deadline(facts, policy)
    formed = facts.formed_on if rule.counted_from == "formed_on" else None
    return calendar.after(formed or facts.decided_on, rule)


def first_day(
    facts: Facts, policy: Policy, calendar: Calendar, *, site_start: date, today: date
) -> date:
    """The day of first publication, from which every window is counted.

    In this order: the day the ledger recorded; the export's own 公示日期; for a
    decision whose last lawful day lies before the site's start, that day or the
    start, as ``policy.backlog`` says; else today.
    """
    if facts.recorded_first_day:
        return facts.recorded_first_day
    if facts.published_on:
        return facts.published_on
    last_lawful = due(facts, policy, calendar).date
    if last_lawful < site_start:
        by_site_start = policy.backlog.first_publication == "site_start"
        return site_start if by_site_start else last_lawful
    return max(today, facts.decided_on)


def publication(
    facts: Facts, policy: Policy, calendar: Calendar, *, site_start: date, today: date
) -> Publication:
    """First day, last day and deadline of a decision, each with the rule that set it."""
    window = policy.windows[facts.party_type]
    begin = first_day(facts, policy, calendar, site_start=site_start, today=today)
    rule = deadline(facts, policy)
    last_lawful = due(facts, policy, calendar)
    unit = "个工作日" if rule.unit == "working_day" else "日"
    start = "决定作出" if rule.counted_from == "decided_on" else "信息形成"
    return Publication(
        first_day=begin,
        last_day=None if window.years is None else years_after(begin, window.years),
        window_rule=window.rule,
        window_source=window.source,
        due=last_lawful.date,
        due_provisional=last_lawful.provisional,
        due_rule=f"自{start}之日起{rule.days}{unit}内公开",
        due_source=rule.source,
    )


def standing(publication: Publication, decided_on: date, today: date) -> Standing:
    """Whether an approved decision may be read on ``today``."""
    if today < max(publication.first_day, decided_on):
        return Standing.NOT_YET
    if publication.last_day is not None and today > publication.last_day:
        return Standing.EXPIRED
    return Standing.PUBLIC


def years_after(day: date, years: int) -> date:
    """The corresponding day ``years`` later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age_on(birth: date, day: date) -> int:
    """Full years of age on ``day``, reached on the birthday itself."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
