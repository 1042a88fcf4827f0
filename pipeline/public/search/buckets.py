"""The postings cut into small files, in the order of their terms.

A bucket holds neighbouring terms, about ``target`` bytes of them. In a bucket, after
its layout: the terms, how many postings each has in each field, then three streams over
all postings: gaps between documents, counts, lengths of the fields they stand in; and a
byte for each occurrence: what follows it (see ``postings``), marked by 128.

A term with very many postings says little about relevance and would cost a visitor much
to load: it keeps only the documents it stands in (layout ``MEMBERS``), enough to demand it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.public.search.document import FIELDS
from pipeline.public.search.encode import integers, packed, read_integers
from pipeline.public.search.postings import Bytes, Counts, Integers, Postings

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


class Content(NamedTuple):
    """What a bucket says: ``groups`` number the term and field of each posting.

    Of a common term (``lengths`` empty) only the documents are known.
    """

    terms: Sequence[str]
    groups: Integers
    documents: Integers
    counts: Integers | Counts
    lengths: Integers | Counts
    follows: Bytes

    @property
    def common(self) -> bool:
        """Whether only the documents are known."""
        return len(self.lengths) < len(self.documents)


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
        fields, documents = postings.fields[low:high], postings.documents[low:high]
        content = Content(
            terms=texts[first:last],
            groups=np.repeat(np.arange(last - first), found[first:last]) * len(FIELDS) + fields,
            documents=documents.astype(np.int64),
            counts=postings.counts[low:high],
            lengths=_NONE if common else postings.lengths[fields, documents],
            follows=postings.follows[occurrences[low] : occurrences[high]],
        )
        yield Bucket(texts[first], texts[last - 1], packed(encoded(content)), common)


_NONE = np.zeros(0, np.int64)


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


def encoded(content: Content) -> bytes:
    """The bytes of a bucket, not yet packed."""
    named = APART.join(content.terms).encode()
    sizes = np.bincount(content.groups, minlength=len(content.terms) * len(FIELDS))
    parts = [
        integers([MEMBERS if content.common else SCORED, len(named)]),
        named,
        integers(sizes),
        integers(gaps_of(content.groups, content.documents)),
    ]
    if not content.common:
        parts.append(integers(content.counts - 1))
        parts.append(integers(content.lengths))
        parts.append((content.follows | 128).tobytes())
    return b"".join(parts)


def decoded(data: bytes) -> Content:
    """What :func:`encoded` was given."""
    (layout, length), rest = read_integers(data, 2)
    terms = rest[:length].decode().split(APART) if length else []
    sizes, rest = read_integers(rest[length:], len(terms) * len(FIELDS))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    gaps, rest = read_integers(rest, len(groups))
    documents = ungapped(groups, gaps)
    if layout == MEMBERS:
        return Content(terms, groups, documents, _NONE, _NONE, np.zeros(0, np.uint8))
    counts, rest = read_integers(rest, len(groups))
    lengths, rest = read_integers(rest, len(groups))
    follows = (np.frombuffer(rest, np.uint8) & 127).astype(np.uint8)
    return Content(terms, groups, documents, counts + 1, lengths, follows)


def gaps_of(groups: Integers, documents: npt.NDArray[np.int64]) -> Integers:
    """Documents skipped since the one before in the same term and field."""
    if not len(documents):
        return documents
    before = np.empty_like(documents)
    before[0], before[1:] = -1, documents[:-1]
    before[1:][groups[1:] != groups[:-1]] = -1
    return documents - before - 1


def ungapped(groups: Integers, gaps: Integers) -> Integers:
    """Undo :func:`gaps_of`."""
    if not len(gaps):
        return gaps
    running = np.cumsum(gaps + 1)
    first = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    before = np.append(0, running[first[1:] - 1]) if len(first) > 1 else np.zeros(1, np.int64)
    return running - np.repeat(before, np.diff(np.append(first, len(gaps)))) - 1
