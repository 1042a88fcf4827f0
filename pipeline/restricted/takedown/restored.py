"""A ledger that came back from a backup does not bring back what was taken down since.

The public store beside the ledger still knows what the last release had taken down. What
it lists as gone while this ledger has no line of its going was taken down after the
backup was made: withdrawn decisions are withdrawn again, as the notice said; anything else
that would be public waits until a person approves it once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipeline.events import State
from pipeline.model import Withdrawal
from pipeline.public import store
from pipeline.restricted.assess import Assessment
from pipeline.restricted.ledger import Approval, Ledger
from pipeline.restricted.review import digest

_PERSON = "恢复备份"


def reconcile(
    ledger: Ledger, assessments: Iterable[Assessment], released: Path, today: date
) -> int:
    """Take down again what ``released`` (the last release's store) lists as gone.

    Returns how many decisions that were; judge anew when it is not 0.
    """
    if not released.is_file():
        return 0
    known = {found for _, _, found, _ in ledger.lines("take_down")}
    lost = {one.slug for one in store.gone(released) if one.slug not in known and not one.expired}
    back = [one for one in assessments if one.kept.slug in lost and one.state is State.PUBLIC]
    if not back:
        return 0
    notices = {e.decision.slug: e.withdrawal for e in store.read(released) if e.withdrawal}
    for one in back:
        notice = notices.get(one.kept.slug)
        if notice:
            _withdraw(ledger, one, notice)
        else:
            word = Approval(
                digest(one.redacted), "refuse", _PERSON, today, "此前已撤下，须重新批准"
            )
            ledger.decide({one.kept.slug: word})
    return len(back)


def _withdraw(ledger: Ledger, one: Assessment, notice: Withdrawal) -> None:
    ledger.withdraw(one.kept.slug, notice, _PERSON)
