"""Documents leave a bucket of postings; what stands there of others is not written anew.

Nearly every bucket of a site holds something of the documents that a night takes down, and
of thousands of others: the streams of numbers are cut where the leaving ones stand, and only
the gaps between documents, and how many there are of each term, are computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.public.search.buckets import APART, MEMBERS, gaps_of, ungapped
from pipeline.public.search.document import FIELDS
from pipeline.public.search.encode import integers, read_integers, streamed
from pipeline.public.search.postings import Bytes, Integers, Says

_Kept = npt.NDArray[np.bool_]


class Leaving:
    """The documents of a part that leave, but for what each still says."""

    def __init__(self, remaining: Mapping[int, Says], count: int) -> None:
        self._remaining = {number: says for number, says in remaining.items() if says}
        self._leaves = np.zeros(count, bool)
        self._leaves[list(remaining)] = True
        self._speaks = np.zeros(count, bool)
        self._speaks[list(self._remaining)] = True

    def without(self, data: bytes) -> bytes | None:
        """An unpacked bucket with no more of these documents than they still say.

        None if nothing has to leave. A term that stood in no other document goes with them.
        """
        opened = _opened(data)
        leaves = self._leaves[opened.documents]
        if not leaves.any():
            return None
        kept = ~leaves
        rows = np.flatnonzero(self._speaks[opened.documents])
        kept[rows] = list(self._still_said(opened, rows))
        return None if kept.all() else _written(opened, kept)

    def _still_said(self, opened: _Opened, rows: Integers) -> Iterator[bool]:
        terms = opened.terms.decode().split(APART)
        ends = np.cumsum(opened.counts)
        for row in rows.tolist():
            term, field = divmod(int(opened.groups[row]), len(FIELDS))
            said = self._remaining[int(opened.documents[row])].get((terms[term], field))
            if opened.layout == MEMBERS:
                yield said is not None
            else:
                follows = opened.follows[ends[row] - opened.counts[row] : ends[row]] & 127
                yield said == follows.tobytes()


class _Opened(NamedTuple):
    """A bucket as far as it must be read; of ``lengths`` the bytes, and where each ends."""

    layout: int
    terms: bytes
    groups: Integers
    documents: Integers
    counts: Integers
    lengths: Bytes
    ends: Integers
    follows: Bytes


def _opened(data: bytes) -> _Opened:
    (layout, length), rest = read_integers(data, 2)
    terms, rest = rest[:length], rest[length:]
    number = terms.count(APART.encode()) + 1 if terms else 0
    sizes, rest = read_integers(rest, number * len(FIELDS))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    gaps, rest = read_integers(rest, len(groups))
    documents = ungapped(groups, gaps)
    if layout == MEMBERS:
        none = np.zeros(0, np.int64)
        nothing = np.zeros(0, np.uint8)
        return _Opened(MEMBERS, terms, groups, documents, none, nothing, none, nothing)
    counts, rest = read_integers(rest, len(groups))
    lengths, ends = streamed(rest, len(groups))
    follows = np.frombuffer(rest, np.uint8)[len(lengths) :]
    return _Opened(int(layout), terms, groups, documents, counts + 1, lengths, ends, follows)


def _written(opened: _Opened, kept: _Kept) -> bytes:
    groups = opened.groups[kept]
    terms = opened.terms
    living, places = np.unique(groups // len(FIELDS), return_inverse=True)
    if len(living) <= int(opened.groups[-1]) // len(FIELDS):
        named = terms.split(APART.encode())
        terms = APART.encode().join(named[at] for at in living)
        groups = places * len(FIELDS) + groups % len(FIELDS)
    parts = [
        integers([opened.layout, len(terms)]),
        terms,
        integers(np.bincount(groups, minlength=len(living) * len(FIELDS))),
        integers(gaps_of(groups, opened.documents[kept])),
    ]
    if opened.layout != MEMBERS:
        widths = np.diff(opened.ends, prepend=-1)
        parts.append(integers(opened.counts[kept] - 1))
        parts.append(opened.lengths[np.repeat(kept, widths)].tobytes())
        parts.append(opened.follows[np.repeat(kept, opened.counts)].tobytes())
    return b"".join(parts)
