"""Where a value could stand, known without reading the text again.

Of a text that was looked through, its marks are kept: the hashes of all pairs of
neighbouring characters, of three ideographs in a row (most names: each of their pairs
stands somewhere in a long text, hardly ever the three) and of an ideograph with two Latin
letters or digits behind it, the first a letter (how a number plate begins), and of the
beginnings of all numbers.
A value can stand only where each of its own marks does, by the very rules of :mod:`scan`. The
marks of many texts stand in one file, a run of numbers each, read one after the other.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.restricted.forms import Codes
from pipeline.restricted.scan import HEAD, Scanned, is_number, mixed

Marks = npt.NDArray[np.uint32]

_SIZE = 4  # bytes of a mark
_BITS = 21
_SHIFT = np.uint32(32 - _BITS)
#: Of the ideographs.
_FIRST, _LAST = np.uint32(0x4E00), np.uint32(0x9FFF)
#: Letters are folded to small ones.
_A, _Z, _NOUGHT, _NINE = map(np.uint32, b"az09")


def of_text(text: Scanned) -> Marks:
    """The marks of a text, each once."""
    heads = {_hashed(head) for found in text.runs.alone.values() for head in found}
    numbers = np.fromiter(heads, np.uint32, len(heads))
    found = (text.pairs, _threes(text.dense, text.pairs), numbers)
    return np.unique(np.concatenate(found), sorted=False)


def of_value(value: str) -> frozenset[int]:
    """The marks without which a compact value cannot stand in a text; none: it always could."""
    if is_number(value):
        return frozenset({_hashed(value[:HEAD])} if len(value) >= HEAD else ())
    codes = np.array([*map(ord, value)], np.uint32)
    pairs = mixed(codes[:-1], codes[1:])
    return frozenset((*pairs.tolist(), *_threes(codes, pairs).tolist()))


def _threes(codes: Codes, pairs: Codes) -> Codes:
    """The hashes of three ideographs in a row, and of the beginnings of number plates."""
    # Below the first, the differences are huge.
    ideographs = codes - _FIRST <= _LAST - _FIRST
    letters = codes - _A <= _Z - _A
    latin = letters | (codes - _NOUGHT <= _NINE - _NOUGHT)
    names = ideographs[1:-1] & ideographs[2:]
    plates = letters[1:-1] & latin[2:]
    (starts,) = np.nonzero(ideographs[:-2] & (names | plates))
    return mixed(pairs[starts], codes[starts + 2])


class Suspicion:
    """Which of the given values could stand in a text, by its marks."""

    def __init__(self, values: Iterable[str]) -> None:
        self._wanted = {of_value(value) for value in values}
        each = {mark for wanted in self._wanted for mark in wanted}
        self._each = np.array(sorted(each), np.uint32)
        self._likely = np.zeros(1 << _BITS, np.bool_)
        self._likely[self._each >> _SHIFT] = True

    def could_stand(self, marks: Marks) -> bool:
        """Whether one of them could."""
        likely = marks[self._likely[marks >> _SHIFT]]
        there = set(likely[np.isin(likely, self._each)].tolist())
        return any(wanted <= there for wanted in self._wanted)


class Writer:
    """Writes the marks of one text after the other; the place of each is its number."""

    def __init__(self, path: Path) -> None:
        self._file, self._count = path.open("wb"), 0

    def add(self, marks: Marks) -> int:
        """Write the marks of a text; its place."""
        self._file.write(np.uint32(marks.size).tobytes())
        self._file.write(marks.tobytes())
        self._count += 1
        return self._count - 1

    def close(self) -> None:
        """Nothing more will be written."""
        self._file.close()


def read(path: Path) -> Iterator[Marks]:
    """The marks of each text, in order."""
    with path.open("rb") as file:
        while size := file.read(_SIZE):
            count = int(np.frombuffer(size, np.uint32)[0])
            yield np.frombuffer(file.read(count * _SIZE), np.uint32)


def _hashed(head: str) -> int:
    return zlib.crc32(head.encode())
