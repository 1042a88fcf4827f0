"""From texts to postings: which term stands how often in which field of which document.

A posting is one 64-bit key, ``term · field · document``, so that sorting the keys is all
it takes. A term is a number too: words by their rank, pairs of ideographs by their two
code points, which sorts them as their text does, words first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigurationError
from pipeline.public.search import text
from pipeline.public.search.document import FIELDS

Integers = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

_DOCUMENT_BITS, _FIELD_BITS, _CHARACTER_BITS = 20, 3, 18
_BELOW_TERM = _DOCUMENT_BITS + _FIELD_BITS
_PAIR = 1 << (2 * _CHARACTER_BITS)  # marks a pair of ideographs
MOST = 1 << _DOCUMENT_BITS  # documents an index can hold
_NEWLINE = 10


class Postings(NamedTuple):
    """Sorted by term, field, document; parallel arrays but ``lengths`` [field, document]."""

    terms: Integers
    fields: Counts
    documents: Counts
    counts: Counts
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
        self._blocks: list[tuple[Integers, Counts]] = []
        self._lengths: list[Counts] = []
        self._words: dict[str, int] = {}
        self._size = 0

    def add(self, block: Sequence[Mapping[str, str]]) -> None:
        """Take in the fields of the next documents, in the order they are numbered."""
        keys = [self._field_keys(at, block) for at in range(len(FIELDS))]
        self._lengths.append(np.stack([_lengths(k, self._size, len(block)) for k in keys]))
        found, counts = np.unique(np.concatenate(keys), return_counts=True)
        self._blocks.append((found, counts.astype(np.int32)))
        self._size += len(block)
        if self._size > MOST:
            raise ConfigurationError([f"检索索引最多容纳 {MOST} 个页面。"])

    def _field_keys(self, field: int, block: Sequence[Mapping[str, str]]) -> Integers:
        name = FIELDS[field].name
        whole = "\n".join(text.normalise(document.get(name, "")) for document in block)
        points = np.frombuffer(whole.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
        owners = np.cumsum(points == _NEWLINE) + self._size
        pairs, heads = _pairs(points)
        words, starts = self._word_terms(whole)
        terms = np.concatenate((pairs, words))
        documents = np.concatenate((owners[heads], owners[starts]))
        return terms << _BELOW_TERM | field << _DOCUMENT_BITS | documents

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
        """All postings in term order, about ``most`` at a time, no term cut in two."""
        words = sorted(self._words)
        ranks = np.empty(len(words) + 1, np.int64)
        ranks[[self._words[word] for word in words]] = np.arange(len(words))
        lengths = np.concatenate(self._lengths, axis=1)
        blocks = [_ranked(keys, counts, ranks) for keys, counts in self._blocks]
        self._blocks.clear()
        for low, high in _ranges([keys for keys, _ in blocks], most):
            parts = [
                (keys[start:stop], counts[start:stop])
                for keys, counts in blocks
                for start, stop in [np.searchsorted(keys, (low, high))]
            ]
            keys = np.concatenate([keys for keys, _ in parts])
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            yield Postings(
                terms=keys >> _BELOW_TERM,
                fields=(keys >> _DOCUMENT_BITS & ((1 << _FIELD_BITS) - 1)).astype(np.int32),
                documents=(keys & (MOST - 1)).astype(np.int32),
                counts=np.concatenate([counts for _, counts in parts])[order],
                words=words,
                lengths=lengths,
            )


def collect(documents: Sequence[Mapping[str, str]]) -> Postings:
    """All postings of a few documents at once."""
    collector = Collector()
    collector.add(documents)
    (found,) = collector.slices(1 << 62)
    return found


def _pairs(points: Integers) -> tuple[Integers, Integers]:
    """The term every ideograph starts, and where."""
    wide = np.zeros(len(points) + 1, bool)  # one more: the last has no successor
    for first, last in text.IDEOGRAPHS:
        wide[:-1] |= (points >= first) & (points <= last)
    heads = np.flatnonzero(wide)
    after = np.append(points, 0)
    seconds = np.where(wide[heads + 1], after[heads + 1], 0)
    return _PAIR | after[heads] << _CHARACTER_BITS | seconds, heads


def _lengths(keys: Integers, first: int, size: int) -> Counts:
    documents = (keys & (MOST - 1)) - first
    return np.bincount(documents, minlength=size).astype(np.int32)


def _ranked(keys: Integers, counts: Counts, ranks: Integers) -> tuple[Integers, Counts]:
    """The block with words numbered by rank, sorted again."""
    cut = int(np.searchsorted(keys, _PAIR << _BELOW_TERM))
    low = keys[:cut]
    words = ranks[low >> _BELOW_TERM] << _BELOW_TERM | low & ((1 << _BELOW_TERM) - 1)
    order = np.argsort(words)
    counted = np.concatenate((counts[:cut][order], counts[cut:]))
    return np.concatenate((words[order], keys[cut:])), counted


def _ranges(blocks: Sequence[Integers], most: int) -> Iterator[tuple[int, int]]:
    """Key ranges that start at a term and hold about ``most`` postings each."""
    total = sum(map(len, blocks))
    steps = max(1, -(-total // most))
    sample = np.sort(np.concatenate([keys[:: max(1, len(keys) // 4096)] for keys in blocks]))
    cuts = sample[np.arange(1, steps) * len(sample) // steps] >> _BELOW_TERM << _BELOW_TERM
    edges = [0, *sorted(set(cuts.tolist()) - {0}), 1 << 62]
    yield from zip(edges, edges[1:], strict=False)
