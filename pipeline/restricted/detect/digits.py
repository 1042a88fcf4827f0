"""Digits as people write them: grouped, broken over lines, in Chinese numerals.

A run is a stretch of digits with at most three separators between two of them. The
number detectors look at its bare digits and ask where a number may begin and end: at a
separator, and where the digits go over from one script to another (1164一次).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_NUMERALS = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
_AS_DIGITS = str.maketrans(_NUMERALS + "x", "000" + "123456789" * 2 + "1X")
_DIGIT = rf"[0-9{_NUMERALS}]"
_GAP = r"[ \t\n\-_.·•|/,、'*~]{0,3}"
# The year of a date that begins after a number goes with the date.
_YEAR = r"[ \t]*[\n\t,、][ \t]*(?:(?:18|19|20)\d\d|[一二][〇○零一二三四五六七八九]{3}) ?年"
_RUN = re.compile(rf"{_DIGIT}(?:(?!{_YEAR}){_GAP}{_DIGIT})*(?:{_GAP}[Xx](?![A-Za-z0-9]))?")
_BARE = re.compile(rf"{_DIGIT}|[Xx]")

SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Run:
    """``digits`` bare, ``raw`` as written; ``at[i]`` where, ``gaps[i]`` what before the i-th."""

    digits: str
    raw: str
    at: tuple[int, ...]
    gaps: tuple[str, ...]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Text offsets of ``digits[first:last]``."""
        return self.at[first], self.at[last - 1] + 1

    def border(self, at: int) -> bool:
        """Whether a number may begin or end before the digit ``at``."""
        if at in {0, len(self.digits)} or self.gaps[at]:
            return True
        return self.digits[at] != "X" and self.raw[at - 1].isascii() != self.raw[at].isascii()

    def whole(self, first: int, last: int) -> bool:
        """Whether no digit touches ``digits[first:last]`` on either side."""
        return self.border(first) and self.border(last)

    def even(self, first: int, last: int) -> bool:
        """Whether one and the same separator (or none) divides ``digits[first:last]``."""
        return len({gap.strip(" ") or " " for gap in self.gaps[first + 1 : last] if gap}) <= 1


def runs(text: str) -> Iterator[Run]:
    """Every run of at least :data:`SHORTEST` digits in ``text``."""
    for match in _RUN.finditer(text):
        if match.end() - match.start() < SHORTEST:
            continue
        run = _run(text, match.start(), match.end())
        if len(run.digits) >= SHORTEST:
            yield run


def _run(text: str, start: int, end: int) -> Run:
    piece = text[start:end]
    if piece.isdecimal() and piece.isascii():
        return Run(piece, piece, tuple(range(start, end)), ("",) * len(piece))
    at = tuple(start + m.start() for m in _BARE.finditer(piece))
    gaps = ("", *(text[a + 1 : b] for a, b in pairwise(at)))
    raw = "".join(text[i] for i in at)
    return Run(raw.translate(_AS_DIGITS), raw, at, gaps)
