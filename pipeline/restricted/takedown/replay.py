"""What the history says happened to each decision, as events that a day can be asked of."""

from __future__ import annotations

from datetime import date

from pipeline.events import Act, Event
from pipeline.restricted.assess import withdrawal
from pipeline.restricted.ledger import Kept, Ledger

#: The acts of the history that move a decision. A document or a ruling changes its text.
ACTS = {
    "approve": Act.APPROVE,
    "refuse": Act.REFUSE,
    "change": Act.CHANGE,
    "attach": Act.CHANGE,
    "rule": Act.CHANGE,
    "unrule": Act.CHANGE,
    "publish": Act.PUBLISH,
    "withdraw": Act.WITHDRAW,
    "purge": Act.PURGE,
}


#: The same where an approval counts from its second signature only.
_ACTS_OF_TWO = {act: event for act, event in ACTS.items() if act != "approve"} | {
    "second": Act.APPROVE
}


def events(ledger: Ledger, kept: Kept, *, two: bool = False) -> list[Event]:
    """Of one decision, by day; a withdrawal that its export brought has no line of its own.

    ``two``: its approval needs a second signature.
    """
    acts = _ACTS_OF_TWO if two else ACTS
    query = "SELECT day, act, detail FROM history WHERE slug = ? ORDER BY seq"
    found = [
        _event(date.fromisoformat(day), acts[act], detail)
        for day, act, detail in ledger.ask(query, (kept.slug,))
        if act in acts
    ]
    notice = withdrawal(kept)
    if notice and all(event.act is not Act.WITHDRAW for event in found):
        found.append(Event(kept.learned_on or notice.on, Act.WITHDRAW))
    return sorted(found, key=lambda event: event.day)


def _event(day: date, act: Act, detail: str) -> Event:
    return Event(day, act, date.fromisoformat(detail) if act is Act.PUBLISH else None)
