"""How many decisions were published in time: counts by agency, kind and month.

Left out: what must not be published; what is not due yet; and the backlog an office
brought along, whose first publication is presumed by policy and proves nothing. The
ledger forgets a row some time after it was taken down, two years after its publication at
the earliest: the last ``MONTHS`` are always whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.agencies import Agency
from pipeline.model import Kind, Timeliness
from pipeline.restricted.assess import Assessment, State

MONTHS = 24
_PUBLISHED = frozenset({State.PUBLIC, State.WITHDRAWN, State.EXPIRED})
_WAITING = frozenset({State.WAITING, State.HELD})


def tally(
    assessments: Iterable[Assessment], agencies: Mapping[str, Agency], today: date
) -> list[Timeliness]:
    """The counts for ``today``, months of the last two years only, in a fixed order."""
    since = f"{today.year - MONTHS // 12}-{today:%m}"
    counts: dict[tuple[str, Kind, str], Counter[str]] = {}
    for one in assessments:
        raw = one.kept.raw
        month, standing = _month(raw.decided_on), standing_of(one, agencies, today)
        if standing and month > since:
            counts.setdefault((raw.agency, raw.kind, month), Counter())[standing] += 1
    return [
        Timeliness(agency=agency, kind=kind, month=month, **found)
        for (agency, kind, month), found in sorted(counts.items())
    ]


def standing_of(one: Assessment, agencies: Mapping[str, Agency], today: date) -> str:
    """``on_time``, ``late``, ``missing`` or ``provisional``; "" when it is not counted."""
    publication, raw = one.publication, one.kept.raw
    published_on = raw.text("published_on")
    if publication.due < agencies[raw.agency].site_start and not published_on:
        return ""
    shown = one.state in _PUBLISHED and bool(one.entry or one.kept.first_day or published_on)
    missing = one.state in _WAITING and today > publication.due
    if not (shown or missing):
        return ""
    if publication.due_provisional:
        return "provisional"
    if missing:
        return "missing"
    return "late" if publication.first_day > publication.due else "on_time"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
