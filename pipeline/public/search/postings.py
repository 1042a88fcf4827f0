"""From texts to postings: which term stands how often in which field of which document.

Every occurrence is one 64-bit key, ``term · field · document of its block · what follows``,
so that sorting keys is all it takes. A term is a number too: words by their rank, pairs
of ideographs by their two code points, which sorts them as their text does, words first.

What follows: four and three bits of the next two ideographs (or starts of words), whatever
separators stand between. With them one pair of a phrase vouches for the next two
characters, and few pairs have to be loaded for a phrase.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.public.search import text
from pipeline.public.search.document import FIELDS

Integers = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Says = Mapping[tuple[str, int], bytes]
"""What a document says: by term and number of the field, a byte of what follows for each
occurrence, in order."""

BLOCK = 1 << 12  # documents of a block, but the last
_FOLLOW_BITS, _DOCUMENT_BITS, _FIELD_BITS, _CHARACTER_BITS = 7, 12, 3, 18
_BELOW_FIELD = _FOLLOW_BITS + _DOCUMENT_BITS
_BELOW_TERM = _BELOW_FIELD + _FIELD_BITS
_PAIR = 1 << (2 * _CHARACTER_BITS)  # marks a pair of ideographs
_NEWLINE = 10
#: Hashes of the two characters that follow (0 for none): by these divisors the Chinese
#: numerals differ most, which tell one article or number from another.
_NEXT, _AFTER_NEXT = (41, 15), (99, 7)


class Postings(NamedTuple):
    """Sorted by term, field, document; parallel arrays but the last three.

    ``follows`` has a byte for each occurrence, ``counts`` of them a posting;
    ``lengths`` is terms by [field, document].
    """

    terms: Integers
    fields: Counts
    documents: Counts
    counts: Counts
    follows: Bytes
    words: Sequence[str]
    lengths: Counts

    def texts(self, terms: Integers) -> list[str]:
        """The terms as text."""
        mask = (1 << _CHARACTER_BITS) - 1
        found = []
        for term in terms.tolist():
            if term < _PAIR:
                found.append(self.words[term])
            else:
                second = term & mask
                found.append(chr(term >> _CHARACTER_BITS & mask) + (chr(second) if second else ""))
        return found


class Collector:
    """Takes documents in blocks, gives all postings in slices of the sorted terms."""

    def __init__(self) -> None:
        self._blocks: list[Integers] = []
        self._lengths: list[Counts] = []
        self._words: dict[str, int] = {}

    def add(self, block: Sequence[Mapping[str, str]]) -> None:
        """Take in the fields of the next ``BLOCK`` documents (fewer: the last ones)."""
        keys = [self._keys(at, block) for at in range(len(FIELDS))]
        self._lengths.append(np.stack([_lengths(found, len(block)) for found in keys]))
        self._blocks.append(np.sort(np.concatenate(keys)))

    def _keys(self, field: int, block: Sequence[Mapping[str, str]]) -> Integers:
        name = FIELDS[field].name
        whole = "\n".join(text.normalise(document.get(name, "")) for document in block)
        points = np.frombuffer(whole.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
        owners = np.cumsum(points == _NEWLINE)
        pairs, heads, follows = _pairs(points)
        words, starts = self._word_terms(whole)
        below = field << _BELOW_FIELD
        return np.concatenate(
            (
                pairs << _BELOW_TERM | below | owners[heads] << _FOLLOW_BITS | follows,
                words << _BELOW_TERM | below | owners[starts] << _FOLLOW_BITS,
            )
        )

    def _word_terms(self, whole: str) -> tuple[Integers, Integers]:
        """Numbers (in order of first sight) of all words, and where each starts."""
        numbers, starts = [], []
        known = self._words
        previous, end = "", 0
        for match in text.WORD_RUN.finditer(whole):
            word = match[0][: text.LONGEST]
            found = [word]
            if tail := text.own_code(word):
                found.append(tail)
            if previous and text.together(whole[end : match.start()]):
                found.append(text.joined(previous, word))
            for term in found:
                numbers.append(known.setdefault(term, len(known)))
                starts.append(match.start())
            previous, end = word, match.end()
        return np.array(numbers, np.int64), np.array(starts, np.int64)

    def slices(self, most: int) -> Iterator[Postings]:
        """All postings in term order, about ``most`` occurrences at a time, no term cut in two."""
        words = sorted(self._words)
        ranks = np.empty(len(words) + 1, np.int64)
        ranks[[self._words[word] for word in words]] = np.arange(len(words))
        lengths = np.concatenate(self._lengths, axis=1)
        for keys in self._blocks:
            _rank_words(keys, ranks)
        for low, high in _ranges(self._blocks, most):
            parts = [keys[slice(*np.searchsorted(keys, (low, high)))] for keys in self._blocks]
            yield _merged(parts, words, lengths)


def collect(documents: Sequence[Mapping[str, str]]) -> Postings:
    """All postings of a few documents (at most ``BLOCK``) at once."""
    collector = Collector()
    collector.add(documents)
    (found,) = collector.slices(1 << 62)
    return found


def says(fields: Mapping[str, str]) -> Says:
    """What a document with these fields says."""
    postings = collect([fields])
    ends = np.cumsum(postings.counts)
    places = zip(
        postings.texts(postings.terms),
        postings.fields.tolist(),
        (ends - postings.counts).tolist(),
        ends.tolist(),
        strict=True,
    )
    return {(term, field): postings.follows[a:b].tobytes() for term, field, a, b in places}


def _pairs(points: Integers) -> tuple[Integers, Integers, Integers]:
    """The term every ideograph starts, where, and what follows the term in its document."""
    wide, word = (_within(points, ranges) for ranges in (text.IDEOGRAPHS, text.LETTERS))
    starts = word & ~np.append(False, word[:-1])
    units = np.flatnonzero(wide | starts | (points == _NEWLINE))
    places = np.append(units, (len(points),) * 3)  # behind the end: nothing follows
    ends = np.append(np.where(points == _NEWLINE, 0, points), 0)
    first = np.flatnonzero(wide[units])
    second = first + 1
    paired = (places[second] == units[first] + 1) & np.append(wide, False)[places[second]]
    term_ends = np.where(paired, second + 1, second)
    three = ends[places[term_ends]]
    four = np.where(three > 0, ends[np.append(places, len(points))[term_ends + 1]], 0)
    heads = units[first]
    terms = _PAIR | points[heads] << _CHARACTER_BITS | np.where(paired, ends[places[second]], 0)
    return terms, heads, _hashed(three, _NEXT) << 3 | _hashed(four, _AFTER_NEXT)


def _within(points: Integers, ranges: Sequence[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(points), bool)
    for first, last in ranges:
        found |= (points >= first) & (points <= last)
    return found


def _hashed(points: Integers, divisors: tuple[int, int]) -> Integers:
    return np.where(points > 0, 1 + points % divisors[0] % divisors[1], 0)


def _lengths(keys: Integers, size: int) -> Counts:
    documents = keys >> _FOLLOW_BITS & (BLOCK - 1)
    return np.bincount(documents, minlength=size).astype(np.int32)


def _rank_words(keys: Integers, ranks: Integers) -> None:
    """Number the words of a block by rank, in place."""
    words = keys[: np.searchsorted(keys, _PAIR << _BELOW_TERM)]
    words[:] = ranks[words >> _BELOW_TERM] << _BELOW_TERM | words & ((1 << _BELOW_TERM) - 1)
    words.sort()


def _ranges(blocks: Sequence[Integers], most: int) -> Iterator[tuple[int, int]]:
    """Key ranges that start at a term and hold about ``most`` occurrences each."""
    steps = max(1, -(-sum(map(len, blocks)) // most))
    sample = np.sort(np.concatenate([keys[:: max(1, len(keys) // 4096)] for keys in blocks]))
    cuts = sample[np.arange(1, steps) * len(sample) // steps] >> _BELOW_TERM << _BELOW_TERM
    edges = [0, *sorted(set(cuts.tolist()) - {0}), 1 << 62]
    yield from pairwise(edges)


def _merged(parts: Sequence[Integers], words: Sequence[str], lengths: Counts) -> Postings:
    """The same range of all blocks as postings."""
    keys = np.concatenate(parts)
    blocks = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    documents = (blocks * BLOCK + (keys >> _FOLLOW_BITS & (BLOCK - 1))).astype(np.int32)
    groups = keys >> _BELOW_FIELD
    order = np.argsort(groups, kind="stable")  # documents rise from block to block
    groups, documents = groups[order], documents[order]
    new = np.ones(len(keys), bool)
    new[1:] = (groups[1:] != groups[:-1]) | (documents[1:] != documents[:-1])
    starts = np.flatnonzero(new)
    return Postings(
        terms=groups[starts] >> _FIELD_BITS,
        fields=(groups[starts] & ((1 << _FIELD_BITS) - 1)).astype(np.int32),
        documents=documents[starts],
        counts=np.diff(starts, append=len(keys)).astype(np.int32),
        follows=(keys[order] & ((1 << _FOLLOW_BITS) - 1)).astype(np.uint8),
        words=words,
        lengths=lengths,
    )
