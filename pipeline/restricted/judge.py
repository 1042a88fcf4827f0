"""The whole ledger on one day: the state of every decision, and what the public may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.model import Entry
from pipeline.progress import SILENT, Steps
from pipeline.restricted import objections
from pipeline.restricted.assess import Assessment, assess
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.redact import Redacted
from pipeline.restricted.takedown.successors import linked


class Judged(NamedTuple):
    """What the ledger holds, judged on one day; ``orphans`` belong to no known agency.

    ``contested``: slugs of entries that say that an objection is under examination.
    """

    assessments: tuple[Assessment, ...]
    orphans: int
    contested: frozenset[str] = frozenset()

    @property
    def entries(self) -> list[Entry]:
        """What the public may read on that day."""
        found = [entry for one in self.assessments if (entry := one.entry)]
        return linked(found, self.contested)

    @property
    def first_days(self) -> dict[str, date]:
        """The first day of everything that is shown, by slug."""
        shown = (one for one in self.assessments if one.entry)
        return {one.kept.slug: one.publication.first_day for one in shown}


def judge(
    ledger: Ledger,
    redacted: Mapping[str, Redacted],
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
    steps: Steps = SILENT,
    kept: Iterable[Kept] | None = None,
) -> Judged:
    """The state of every decision of the ledger on ``today``.

    ``kept``: those decisions, where they are read already.
    """
    words = ledger.approvals()
    rows = list(ledger.decisions() if kept is None else kept)
    steps.expect(len(rows), "件")
    assessments = tuple(
        assess(
            one,
            redacted[one.slug],
            words.get(one.slug),
            agency=(agency := agencies[one.raw.agency]),
            policy=policy.load(agency.policy),
            calendar=calendar,
            today=today,
        )
        for one in steps.through(rows)
        if one.raw.agency in agencies
    )
    open_ones = objections.contested(objections.read(ledger), agencies)
    return Judged(assessments, len(rows) - len(assessments), open_ones)
