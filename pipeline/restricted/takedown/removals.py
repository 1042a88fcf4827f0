"""What was public once and is not any more: read from the history, which forgets nothing.

The history says when a decision was first released (``publish``); this module adds when a
run found it gone (``take_down``) and when one put it back (``put_back``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from pipeline.model import Gone
from pipeline.restricted.assess import Assessment, State, withdrawal
from pipeline.restricted.ledger import Ledger

_TAKEN_DOWN, _PUT_BACK = "take_down", "put_back"


def gone(ledger: Ledger, assessments: Iterable[Assessment], today: date) -> list[Gone]:
    """Every decision that was public before ``today`` and is not, by slug.

    Also those the ledger no longer holds, and those of an agency the site no longer has.
    """
    known = {one.kept.slug: one for one in assessments}
    found = dict.fromkeys((slug for _, _, slug, _ in ledger.lines("publish")), today)
    found |= {slug: day for slug, (act, day) in _latest(ledger).items() if act == _TAKEN_DOWN}
    return [
        _gone(slug, known.get(slug), found[slug]) for slug in sorted(found) if _is_gone(slug, known)
    ]


def record(ledger: Ledger, found: Iterable[Gone], today: date) -> None:
    """Write into the history what a release takes down and what it puts back."""
    last = {slug: act for slug, (act, _) in _latest(ledger).items()}
    now = {one.slug: "expired" if one.expired else "other" for one in found}
    fresh = {slug: why for slug, why in now.items() if last.get(slug) != _TAKEN_DOWN}
    back = {slug: "" for slug, act in last.items() if act == _TAKEN_DOWN and slug not in now}
    ledger.note(_TAKEN_DOWN, fresh, today)
    ledger.note(_PUT_BACK, back, today)


def _latest(ledger: Ledger) -> dict[str, tuple[str, date]]:
    return {slug: (act, day) for day, act, slug, _ in ledger.lines(_TAKEN_DOWN, _PUT_BACK)}


def _is_gone(slug: str, known: dict[str, Assessment]) -> bool:
    return slug not in known or known[slug].state is not State.PUBLIC


def _gone(slug: str, one: Assessment | None, recorded: date) -> Gone:
    """``recorded``: the day a run found it gone; the law's own day wins where there is one."""
    agency = slug.rsplit("-", 2)[0]
    if one and one.state is State.EXPIRED and one.publication.last_day:
        day = one.publication.last_day + timedelta(days=1)
        return Gone(slug=slug, agency=agency, on=day, expired=True)
    event = withdrawal(one.kept) if one else None
    notice = one is not None and one.state is State.WITHDRAWN
    on = event.on if notice and event else recorded
    return Gone(slug=slug, agency=agency, on=on, expired=False, notice=notice)
