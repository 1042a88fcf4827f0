"""An office's nights without the site: the ledger, the reviewer's word, the judgement, the release.

Everything but Pelican is the real thing; a night takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pipeline.agencies import load_agencies
from pipeline.calendar import Calendar
from pipeline.events import State
from pipeline.model import Kind, PartyType
from pipeline.public import store
from pipeline.restricted import review
from pipeline.restricted.judge import Judged, judge
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.takedown import removals, restored
from pipeline.restricted.takedown.purge import purge
from tests.conftest import ROOT

AGENCIES = load_agencies(ROOT / "content")
CALENDAR = Calendar()
#: An invented identity number with a right check digit.
IDENTITY = "500000199003079906"


def row(number: int, *, person: bool = False, **values: str) -> RawDecision:
    """A row of an export; ``values`` replace or add to its ordinary ones."""
    written = f"石壕罚决〔2026〕{number}号"
    ordinary = {
        "number": written,
        "party": "覃测乐" if person else "綦江测试砂石有限公司",
        "facts": f"将建筑垃圾倾倒在村道旁的第{number}块空地上。",
        "decided_on": "2026-09-18",
        "authority": "重庆市綦江区石壕镇人民政府",
    }
    if person:
        ordinary |= {"id_number": IDENTITY, "address": f"测试村{number}组{number}号院"}
    values = {**ordinary, **values}
    return RawDecision(
        agency="shihao",
        kind=Kind.PENALTY,
        number=written,
        decided_on=date.fromisoformat(values["decided_on"]),
        party_type=PartyType.PERSON if person else PartyType.ORGANISATION,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("覃测乐.xlsx" if person else "a.xlsx", "Sheet1", number),
    )


class Office:
    """A ledger and the public store beside it."""

    def __init__(self, folder: Path) -> None:
        self.private = folder / "private"
        self.store = self.private / "store.db"
        self.ledger = Ledger(self.private / "ledger.db")

    def night(
        self, today: date, rows: Iterable[RawDecision] = (), *, approve: bool = True
    ) -> Judged:
        """One run: what it judged; ``purged`` and ``restored`` say what else it did."""
        self.ledger.take_over(rows, today)
        redacted = redact_ledger(self.ledger, AGENCIES)
        if approve:
            words = self.ledger.approvals()
            self.ledger.decide(review.approve_clear(redacted.values(), words, "测试审查员", today))
        judged = judge(self.ledger, redacted, AGENCIES, CALENDAR, today)
        self.restored = restored.reconcile(self.ledger, judged.assessments, self.store, today)
        if self.restored:
            judged = judge(self.ledger, redacted, AGENCIES, CALENDAR, today)
        gone = removals.gone(self.ledger, judged.assessments, today)
        removals.record(self.ledger, gone, today)
        shown = [one for one in judged.assessments if one.entry]
        days = {one.kept.slug: one.publication.first_day for one in shown}
        self.ledger.record_release(days, today, "manifest")
        store.write(self.store, judged.entries, today=today, gone=gone)
        self.purged = purge(self.ledger, judged.assessments, AGENCIES, today)
        return judged


def states(judged: Judged) -> Mapping[str, State]:
    """The state of each decision, by its number as the ledger has it."""
    return {one.kept.raw.number: one.state for one in judged.assessments}
