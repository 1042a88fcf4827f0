"""The removal report: what a run takes down, where it stood, and where its name still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

import msgspec

from pipeline.model import Entry
from pipeline.public import store
from pipeline.public.released.reading import Reading, in_order, read
from pipeline.public.released.release import listed
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


def names(found: Iterable[TakenDown]) -> dict[str, tuple[str, str]]:
    """By what a file names each: its address and its number."""
    return {one.slug: (one.slug, one.number) for one in found}


def looked_through(folder: Path, found: Iterable[TakenDown], known: Mapping[int, str]) -> Reading:
    """The files to be released in ``folder``, and which of them name what is taken down.

    ``known``: SHA-256 by inode of those that stand in the release before, too.
    """
    reading = read(folder, known, names(found))
    return reading._replace(digests=listed(reading.digests))


def traced(
    found: Sequence[TakenDown], before: Reading, after: Reading, same: Set[str]
) -> list[TakenDown]:
    """``found`` with every file that named each in the release before, and in the new one.

    Both were read for their :func:`names`, the new one perhaps without files that are the
    ``same`` in both. Of a decision past its term the new release has the gone-list and the
    feeds' tombstones left, which know its address alone.
    """
    slugs = [one.slug for one in found]
    was, new = before.naming(slugs), after.naming(slugs)
    return [
        msgspec.structs.replace(
            one,
            named_before=was[one.slug],
            named_now=sorted({*new[one.slug], *(same & {*was[one.slug]})}, key=in_order),
        )
        for one in found
    ]
