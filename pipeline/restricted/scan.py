"""Looks for very many values in very much text.

Numbers are looked up: the runs of digits of a text are few. Everything else goes through
tables of its hashed first characters, two to six, computed for a whole text at
once; only what passes all is compared. A trie over 100,000 values costs a jump through memory for
each character, and this about fifteen passes of a vector unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.restricted.forms import BOUNDARY, Codes, fold, text_of
from pipeline.restricted.visible import shapes

# Digits and what people put between them; an X is the last character of an identity number.
_RUN = re.compile(r"[0-9](?:[\s\-._,/()·]{0,3}[0-9x]){6,}")
_TOKEN = re.compile(r"[0-9]+x?|x")
_NARROW = re.compile(r"[0-9x]+(?:[\s\-][0-9x]+)*")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-](?=[\dx])")
_NUMBER = re.compile(r"[0-9]+x?")
#: From this length on no other number happens to contain one of ours.
_LONG = 15
#: So many digits of a number tell whether it could be one of ours.
HEAD = 7
#: From this length on it may be written with any separators.
_FAIR = 11
#: A word of up to three characters across the end of a line or a column is chance.
_SHORT_WORD = 3

_BLANK = np.zeros(0x110000, np.bool_)
_BLANK[[*range(9, 14), *range(28, 33), 45, 0x85, 0x2028, 0x2029, ord(BOUNDARY)]] = True
_BOUNDARY_CODE = ord(BOUNDARY)
#: How many characters of a word are hashed, as many as it has, and the size of the tables.
_HEADS, _HASH_BITS = (2, 3, 4, 6), 21
_SHIFT = np.uint32(32 - _HASH_BITS)


class Finder:
    """Finds the given values, compact as :func:`pipeline.restricted.visible.compact` makes them."""

    def __init__(self, values: Iterable[str]) -> None:
        self._numbers: set[str] = set()
        self._words: set[str] = set()
        for value in values:
            if len(value) > 1:
                (self._numbers if is_number(value) else self._words).add(value)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[: _head(word)], set()).add(len(word))
        self._lengths = {begin: sorted(found) for begin, found in lengths.items()}
        self._long = sorted({len(n) for n in self._numbers if len(n) >= _LONG})
        self._longest = max(map(len, self._numbers), default=0)
        self._begins = {number[:HEAD] for number in self._numbers}
        self._all_long = min(map(len, self._numbers), default=HEAD) >= HEAD
        self._pairs, self._heads = _tables(self._words)

    def in_text(self, text: str) -> set[str]:
        """Which values stand in ``text``."""
        scanned = Scanned(fold(text))
        if self._numbers:
            return self.look(scanned).values
        return {word for word, _ in self.words_in(scanned)}

    def look(self, text: Scanned) -> Found:
        """Values and personal shapes in a text that may hold :data:`BOUNDARY`."""
        found = {word for word, _ in self.words_in(text)}
        shaped: set[tuple[str, str]] = set()
        for run, heads in text.runs.alone.items():
            if not (self._all_long and self._begins.isdisjoint(heads)):
                found.update(self._numbers_in(run))
        for window in text.runs.within:
            shaped.update(shapes(window))
            shaped.update(shapes(_BETWEEN_DIGITS.sub("", window)))
        return Found(found, shaped)

    def _numbers_in(self, run: str) -> Iterator[str]:
        tokens = list(_TOKEN.finditer(run))
        for at, first in enumerate(tokens):
            joined = ""
            for token in tokens[at : at + self._longest + 2]:  # a token has a digit at least
                joined += token[0]
                if len(joined) > self._longest + 1:
                    break
                written = run[first.start() : token.end()]
                for value in {joined, joined.removesuffix("x")} & self._numbers:
                    if len(value) >= _FAIR or _NARROW.fullmatch(written):
                        yield value
            if len(first[0]) > _LONG:
                yield from self._inside(first[0])

    def _inside(self, token: str) -> Iterator[str]:
        for length in self._long:
            for start in range(len(token) - length + 1):
                if (part := token[start : start + length]) in self._numbers:
                    yield part

    def words_in(self, text: Scanned) -> Iterator[tuple[str, int]]:
        """The values that are no numbers, and where in a folded text each begins."""
        if not self._words or text.dense.size < 2:
            return
        dense = text.dense
        pairs = text.pairs >> _SHIFT
        starts = np.flatnonzero(self._pairs[pairs])
        hashes, likely = pairs[starts], np.zeros(starts.size, np.bool_)
        for length in range(2, _HEADS[-1] + 1):
            if length > 2:
                hashes = _longer_hash(hashes, dense[np.minimum(starts + length, dense.size) - 1])
            if length in self._heads:
                likely |= self._heads[length][hashes]
        starts = starts[likely]
        if not starts.size:
            return
        whole = text_of(dense)
        for start in starts.tolist():
            for head in self._heads:
                for length in self._lengths.get(whole[start : start + head], ()):
                    word = whole[start : start + length]
                    if word in self._words and _holds(word, text, start):
                        yield word, int(text.at[start])


class Found(NamedTuple):
    """Known values, and (kind, value) of personal shapes."""

    values: set[str]
    shapes: set[tuple[str, str]]


class Runs(NamedTuple):
    """Digits with what may stand between them, each once.

    ``alone``: a run and the first :data:`HEAD` digits of every number that may begin in it;
    ``within``: runs with the characters on both sides.
    """

    alone: dict[str, list[str]]
    within: set[str]


class Scanned:
    """A folded text, and what is asked of it more than once."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes

    @cached_property
    def at(self) -> npt.NDArray[np.intp]:
        """Where in the text the characters of :attr:`dense` stand."""
        return np.flatnonzero(~_BLANK[self.codes])

    @cached_property
    def dense(self) -> Codes:
        """What of the text words are looked for in: no blanks, hyphens and boundaries."""
        return self.codes[self.at]

    @cached_property
    def pairs(self) -> Codes:
        """The hashes of all pairs of neighbouring characters of :attr:`dense`."""
        return mixed(self.dense[:-1], self.dense[1:])

    @cached_property
    def runs(self) -> Runs:
        """Its runs of digits, within tags' boundaries and across them."""
        bounded = text_of(self.codes)
        found = Runs({}, set())
        for text in {bounded, bounded.replace(BOUNDARY, "")}:
            for run in _RUN.finditer(text):
                begin, end = run.span()
                found.within.add(text[max(begin - 1, 0) : end + 1])
                if run[0] not in found.alone:
                    found.alone[run[0]] = heads(run[0])
        return found


def is_number(value: str) -> bool:
    """Whether a compact value is looked for among the numbers of a text."""
    return _NUMBER.fullmatch(value) is not None


def heads(run: str) -> list[str]:
    """The first digits of every number that may begin in a run."""
    tokens = _TOKEN.findall(run)
    digits = "".join(tokens)
    last = len(digits) - HEAD
    begins = accumulate(map(len, tokens), initial=0)
    found = [digits[begin : begin + HEAD] for begin in begins if begin <= last]
    for token in tokens:
        found += (token[at : at + HEAD] for at in range(1, len(token) - _LONG + 1))
    return found


def _holds(word: str, text: Scanned, start: int) -> bool:
    """Whether what lies between the characters of a short word may lie within a name."""
    if len(word) > _SHORT_WORD:
        return True
    first, last = int(text.at[start]), int(text.at[start + len(word) - 1])
    between = set(text.codes[first : last + 1].tolist()) - set(map(ord, word))
    return between <= {32, _BOUNDARY_CODE}


def mixed(one: Codes, two: Codes) -> Codes:
    """A hash of each pair of neighbouring characters, over all 32 bits."""
    found: Codes = one * np.uint32(0x9E3779B1) + two * np.uint32(0x85EBCA77)
    return found


def _pair_hash(one: Codes, two: Codes) -> Codes:
    return mixed(one, two) >> _SHIFT


def _longer_hash(shorter: Codes, last: Codes) -> Codes:
    found: Codes = shorter * np.uint32(0xC2B2AE3D) + last * np.uint32(0x27D4EB2F)
    return found >> _SHIFT


Table = npt.NDArray[np.bool_]


def _tables(words: Iterable[str]) -> tuple[Table, dict[int, Table]]:
    """The hashes of the first two characters of all words; by length, those of their heads."""
    begins, by_length = _table(), {length: _table() for length in _HEADS}
    for length, table in by_length.items():
        headed = [word for word in words if _head(word) == length]
        columns = [np.array([ord(word[i]) for word in headed], np.uint32) for i in range(length)]
        hashes = _pair_hash(columns[0], columns[1])
        begins[hashes] = True
        for column in columns[2:]:
            hashes = _longer_hash(hashes, column)
        table[hashes] = True
    return begins, by_length


def _head(word: str) -> int:
    return max(length for length in _HEADS if length <= len(word))


def _table() -> Table:
    return np.zeros(1 << _HASH_BITS, np.bool_)
