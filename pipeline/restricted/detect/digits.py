"""Digits as people write them: grouped, broken over lines, in Chinese numerals.

A run is a stretch of digits with at most three separators between two of them. The
number detectors look at its bare digits and ask where the separators stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_NUMERALS = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
_AS_DIGITS = str.maketrans(_NUMERALS + "x", "000" + "123456789" * 2 + "1X")
_DIGIT = rf"[0-9{_NUMERALS}①-⑨⓪]"
_GAP = r"[ \t\n\-_.·•|/,、'*~]{0,3}"
# The year of a date that begins after a number goes with the date.
_YEAR = r"[ \t]*[\n\t,、][ \t]*(?:(?:18|19|20)\d\d|[一二][〇○零一二三四五六七八九]{3}) ?年"
_RUN = re.compile(rf"{_DIGIT}(?:(?!{_YEAR}){_GAP}{_DIGIT})*(?:{_GAP}[Xx](?![A-Za-z0-9]))?")
_BARE = re.compile(rf"{_DIGIT}|[Xx]")
_CIRCLED = str.maketrans("①②③④⑤⑥⑦⑧⑨⓪", "1234567890")

SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Run:
    """``digits`` bare; ``at[i]`` where the i-th stands; ``gaps[i]`` what stood before it."""

    digits: str
    at: tuple[int, ...]
    gaps: tuple[str, ...]
    numerals: bool

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Text offsets of ``digits[first:last]``."""
        return self.at[first], self.at[last - 1] + 1

    def whole(self, first: int, last: int) -> bool:
        """Whether no digit touches ``digits[first:last]`` on either side."""
        before = first == 0 or bool(self.gaps[first])
        return before and (last == len(self.digits) or bool(self.gaps[last]))

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
        return Run(piece, tuple(range(start, end)), ("",) * len(piece), numerals=False)
    at = tuple(start + m.start() for m in _BARE.finditer(piece))
    gaps = ("", *(text[a + 1 : b] for a, b in pairwise(at)))
    raw = "".join(text[i] for i in at)
    digits = raw.translate(_AS_DIGITS).translate(_CIRCLED)
    return Run(digits, at, gaps, numerals=not raw.upper().rstrip("X").isascii())
