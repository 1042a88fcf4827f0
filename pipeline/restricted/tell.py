"""What a run's report says of the decisions: where they stand, what is late, what the law asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.report import RunReport
from pipeline.restricted import objections
from pipeline.restricted.agenda import channels
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.judge import Judged
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.takedown.clocks import clocks


def tell(
    report: RunReport,
    judged: Judged,
    ledger: Ledger,
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> None:
    """Count the decisions of the day into ``report``, and what else is owed."""
    all_of = judged.assessments
    report.states = dict(sorted(Counter(one.state.value for one in all_of).items()))
    report.late = sum(_is_late(one, today) for one in all_of)
    report.provisional = sum(one.publication.due_provisional for one in all_of)
    report.backlog = sum(_is_backlog(one, today) for one in all_of)
    report.other_channels = channels(agencies)
    # What the law asks beside publishing: take-downs in time, objections answered.
    report.late_take_downs = [
        f"{one.number}（应于 {one.due} 前撤下）"
        for one in clocks(ledger, all_of, agencies, calendar, today)
        if one.late_on(today)
    ]
    report.objections = sum(not one.answered for one in objections.read(ledger))


def _is_late(one: Assessment, today: date) -> bool:
    """Published after its last lawful day, or past that day and still waiting."""
    if one.state in (State.PUBLIC, State.WITHDRAWN):
        return one.publication.first_day > one.publication.due
    return one.state in (State.WAITING, State.HELD) and today > one.publication.due


def _is_backlog(one: Assessment, today: date) -> bool:
    """Due before the site began, so that its window counts from its last lawful day."""
    untold = one.kept.first_day is None and not one.kept.raw.text("published_on")
    return untold and one.publication.first_day == one.publication.due < today
