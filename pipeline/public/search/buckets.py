"""The postings cut into small files, in the order of their terms.

A bucket holds neighbouring terms, about ``target`` bytes of them. In a bucket, after
its layout: the terms, how many postings each has in each field, then three streams over
all postings: gaps between documents, counts, lengths of the fields they stand in; and a
byte for each occurrence: what follows it (see ``postings``), marked by 128.

A term with very many postings says little about relevance and would cost a visitor much
to load: it keeps only the documents it stands in (layout ``MEMBERS``), enough to demand it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipeline.public.search.document import FIELDS
from pipeline.public.search.encode import integers, packed
from pipeline.public.search.postings import Counts, Integers, Postings

SCORED, MEMBERS = 0, 1
#: From so many postings on, a term keeps its documents only.
COMMON = 12_000
#: Between terms: neither white space nor a hyphen, so that two numbers never read as one.
APART = "\0"
#: Bytes of a posting before compression, and what compression leaves; they only steer
#: where buckets are cut.
_POSTING, _TERM, _LEFT = 4.4, 14, 0.6


class Bucket(NamedTuple):
    """One file: its first and last term, its packed bytes, whether its term is common."""

    first: str
    last: str
    data: bytes
    common: bool


def target(documents: int) -> int:
    """Packed bytes a bucket should have: larger sites load fewer, larger ones."""
    return 2_500 if documents <= 4_000 else 8_000


def buckets(postings: Postings, size: int) -> Iterator[Bucket]:
    """``postings`` (whole terms) as buckets of about ``size`` packed bytes."""
    terms, starts, found = np.unique(postings.terms, return_index=True, return_counts=True)
    texts = postings.texts(terms)
    ends = starts + found
    occurrences = np.concatenate(([0], np.cumsum(postings.counts)))
    for first, last in _cuts(found, size / _LEFT):
        common = last - first == 1 and int(found[first]) >= COMMON
        low, high = int(starts[first]), int(ends[last - 1])
        part = Postings(
            terms=postings.terms[low:high],
            fields=postings.fields[low:high],
            documents=postings.documents[low:high],
            counts=postings.counts[low:high],
            follows=postings.follows[occurrences[low] : occurrences[high]],
            words=texts[first:last],
            lengths=postings.lengths,
        )
        data = packed(_encoded(part, found[first:last], common))
        yield Bucket(texts[first], texts[last - 1], data, common)


def _cuts(found: Integers, size: float) -> Iterator[tuple[int, int]]:
    """Ranges of terms; a common term always gets a bucket of its own."""
    start, filled = 0, 0.0
    for at, cost in enumerate((found * _POSTING + _TERM).tolist()):
        alone = found[at] >= COMMON or found[at - 1] >= COMMON
        if at > start and (filled + cost > size * 1.15 or alone):
            yield start, at
            start, filled = at, 0.0
        filled += cost
    if len(found):
        yield start, len(found)


def _encoded(part: Postings, found: Integers, common: bool) -> bytes:
    """The bucket of ``part``, whose ``words`` are its terms, ``found`` postings each."""
    fields, documents = part.fields, part.documents
    group = np.repeat(np.arange(len(found)), found) * len(FIELDS) + fields
    named = APART.join(part.words).encode()
    parts = [
        integers([MEMBERS if common else SCORED, len(named)]),
        named,
        integers(np.bincount(group, minlength=len(found) * len(FIELDS))),
        integers(_gaps(group, documents)),
    ]
    if not common:
        parts.append(integers(part.counts - 1))
        parts.append(integers(part.lengths[fields, documents]))
        parts.append((part.follows | 128).tobytes())
    return b"".join(parts)


def _gaps(group: Integers, documents: Counts) -> Counts:
    """Documents skipped since the one before in the same term and field."""
    before = np.empty_like(documents)
    before[0], before[1:] = -1, documents[:-1]
    before[1:][group[1:] != group[:-1]] = -1
    return documents - before - 1
