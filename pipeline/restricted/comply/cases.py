"""The decisions of the ledger as frames, one an agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.agencies import Agency
from pipeline.fields import dictionary
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.ledger import Kept

#: What a case has beside the columns of its export.
_OWN = ("slug", "kind", "party_type", "number", "decided_on", "public_on", "unit")


def keys_of(checks: Iterable[Check]) -> frozenset[str]:
    """Every column of a case that these checks look at."""
    found = {"handling_unit", "formed_on", "published_on", "case_name", "inspection_result"}
    for check in checks:
        if check.over == "case":
            found.update(check.fields, (c.field for c in check.when), (check.extension_field,))
    return frozenset(found & dictionary().keys())


def frame_of(
    cases: list[Kept], keys: frozenset[str], exempt: frozenset[str], agency: Agency
) -> Frame:
    """The cases of one agency; ``exempt`` are those that lawfully stay unpublished.

    A column about the handling of a case is there when the row brings it, be it empty. Any
    other is there when some row of the same sheet fills it: readers drop empty cells.
    """
    filled = _filled(cases, keys)
    columns: dict[str, list[str | None]] = {
        key: _column(cases, key, filled) for key in keys.difference(_OWN)
    }
    columns |= {
        "slug": [one.slug for one in cases],
        "kind": [one.raw.kind.value for one in cases],
        "party_type": [one.raw.party_type.value for one in cases],
        "number": [one.raw.number for one in cases],
        "decided_on": [one.raw.decided_on.isoformat() for one in cases],
        "public_on": [_public_on(one, exempt, agency.site_start) for one in cases],
        "unit": [one.raw.text("handling_unit") or agency.short_name for one in cases],
    }
    return Frame(columns, len(cases))


def _column(
    cases: Iterable[Kept], key: str, filled: Mapping[tuple[str, str], set[str]]
) -> list[str | None]:
    process = dictionary()[key].process
    column: list[str | None] = []
    for one in cases:
        secret = one.raw.values.get(key)
        if secret is not None:
            column.append(secret.reveal())
        else:
            origin = one.raw.origin
            there = not process and key in filled[origin.file, origin.sheet]
            column.append("" if there else None)
    return column


def _public_on(one: Kept, exempt: frozenset[str], site_start: date) -> str | None:
    """The first day in public; None, hence not assessable, where the law keeps it back, and
    for what was decided before there was a site to publish it on."""
    day = one.first_day.isoformat() if one.first_day else one.raw.text("published_on")
    return None if not day and (one.slug in exempt or one.raw.decided_on < site_start) else day


def _filled(cases: Iterable[Kept], keys: frozenset[str]) -> Mapping[tuple[str, str], set[str]]:
    sheets: dict[tuple[str, str], set[str]] = {}
    for one in cases:
        origin = one.raw.origin
        sheets.setdefault((origin.file, origin.sheet), set()).update(keys & one.raw.values.keys())
    return sheets
