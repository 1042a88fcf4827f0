"""The removal report: what a run takes down, where it stood, and where its name still stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from pipeline.model import Entry
from pipeline.public import store
from pipeline.public.released.naming import files_naming
from pipeline.public.released.release import in_order
from pipeline.report import TakenDown


def taken_down(
    previous: Path, entries: Iterable[Entry], states: Mapping[str, str]
) -> list[TakenDown]:
    """What the store at ``previous`` showed and ``entries`` do not, or only as a notice.

    ``states``: for each slug of the ledger its state now, in words.
    """
    if not previous.is_file():
        return []
    now = {entry.decision.slug: entry.withdrawal for entry in entries}
    numbers = store.numbers(previous)
    noticed = sorted(slug for slug in numbers if now.get(slug))
    known = {one.decision.slug for one in store.only(previous, noticed) if one.withdrawal}
    return [
        TakenDown(slug, number, states.get(slug, "已移除"))
        for slug, number in numbers.items()
        if slug not in now or (now[slug] and slug not in known)
    ]


def traced(
    found: Iterable[TakenDown], before: Path, after: Path, same: Collection[str]
) -> list[TakenDown]:
    """``found`` with every file that named each in the release before, and in the new one.

    ``same``: the files that are the same in both; they are read once.
    Named is a decision by address or number. Of one past its term the new release has the
    gone-list and the feeds' tombstones left, which know its address alone.
    """
    listed = list(found)
    names = {one.slug: (one.slug, one.number) for one in listed}
    was, new = files_naming(before, names), files_naming(after, names, same)
    return [
        msgspec.structs.replace(
            one,
            named_before=was[one.slug],
            named_now=sorted(
                (*new[one.slug], *(name for name in was[one.slug] if name in same)), key=in_order
            ),
        )
        for one in listed
    ]
