"""The yearly figures of all that was ever public: numbers, handed over the wall to be shown.

A decision that came down stays counted. When its row is forgotten, its amounts and kinds
of penalty are added to sums that name no decision (:mod:`counted_sums`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from pipeline.agencies import Agency
from pipeline.model import Kind, PublicDecision, Tally
from pipeline.restricted import counted_sums
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.timeliness import standing_of

#: Public fields whose amounts are summed up.
AMOUNTS = ("fine", "confiscated", "levy_amount")
#: Kinds of penalty (行政处罚法第九条), by the words that say so in 处罚类别.
PENALTIES = {
    "警告": ("警告",),
    "通报批评": ("通报批评",),
    "罚款": ("罚款",),
    "没收": ("没收",),
    "暂扣、吊销许可证件": ("暂扣", "吊销", "降低资质"),
    "责令停产停业、限制经营": ("停产停业", "限制开展", "责令关闭", "限制从业"),
    "行政拘留": ("拘留",),
}
_OTHER = "其他处罚"
_KEYS = ("penalty_kinds", "penalty_kinds_2")
_STATES = {State.PUBLIC: "shown", State.EXPIRED: "ended", State.WITHDRAWN: "revoked"}


def tally(
    ledger: Ledger, assessments: Iterable[Assessment], agencies: Mapping[str, Agency], today: date
) -> list[Tally]:
    """The counts on ``today``, in a fixed order."""
    counts: dict[counted_sums.Place, Counter[str]] = {}
    sums: dict[counted_sums.Place, Counter[str]] = {
        place: Counter(found)
        for place, found in counted_sums.read(ledger.ask("SELECT * FROM counted")).items()
    }
    for one in assessments:
        if not _was_public(one):
            continue
        own = counts.setdefault(_place(one), Counter())
        own["published"] += 1
        own[_STATES[one.state]] += 1
        if (standing := standing_of(one, agencies, today)) in ("on_time", "late"):
            own[standing] += 1
        if one.state is not State.WITHDRAWN and not one.kept.purged_on:
            sums.setdefault(_place(one), Counter()).update(sums_of(one.redacted.decision))
    return [
        Tally(
            agency=agency,
            kind=Kind(kind),
            month=month,
            sums=dict(sorted(sums.get((agency, kind, month), {}).items())),
            **own,
        )
        for (agency, kind, month), own in sorted(counts.items())
    ]


def remember(db: sqlite3.Connection, one: Assessment) -> None:
    """Add to the sums what ``one`` says, before it is forgotten."""
    if _was_public(one) and one.state is not State.WITHDRAWN:
        counted_sums.add(db, _place(one), sums_of(one.redacted.decision))


def sums_of(decision: PublicDecision) -> dict[str, int]:
    """Amounts in 分 and, for a penalty, one for each of its kinds."""
    found = {key: fen for key in AMOUNTS if (fen := _fen(decision.details.get(key, "")))}
    if decision.kind is Kind.PENALTY:
        words = "".join(decision.details.get(key, "") for key in _KEYS)
        kinds = [kind for kind, signs in PENALTIES.items() if any(s in words for s in signs)]
        found |= dict.fromkeys(kinds or [_OTHER], 1)
    return found


def _was_public(one: Assessment) -> bool:
    """Shown now, or released before: what expired before the site began is not counted."""
    return one.state in _STATES and bool(one.kept.first_day or one.entry)


def _place(one: Assessment) -> counted_sums.Place:
    raw = one.kept.raw
    return raw.agency, raw.kind.value, f"{raw.decided_on:%Y-%m}"


def _fen(text: str) -> int:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return 0
    return int((amount * 100).to_integral_value()) if amount.is_finite() else 0
