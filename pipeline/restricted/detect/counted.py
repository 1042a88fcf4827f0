"""Names written together and counted: 何勇刘忠强罗小兵三人. The number says where each ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.restricted.detect.edges import cues, given_lengths, left
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN, is_word

NAME = "counted"
_COUNT = re.compile("([二两三四五六])(?:人|兄弟|姐妹|兄妹|姐弟|夫妇|位)(?!员|民|次|份)")
_NUMBERS = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_RUN = re.compile(f"[{HAN}]+$")
_LONGEST = 4
_FITS = 1.2


def find(sheet: Sheet) -> Iterator[Finding]:
    """As many names as are counted, when the characters before the number divide so."""
    text = sheet.text
    for match in _COUNT.finditer(text):
        count = _NUMBERS[match[1]]
        run = _RUN.search(text, max(0, match.start() - count * _LONGEST - 1), match.start())
        if run is None:
            continue
        for lengths in _divisions(run.group(), count):
            start = match.start() - sum(lengths)
            if left(text[max(0, start - 8) : start]) >= _FITS:
                for length in lengths:
                    yield Finding(start, start + length, "name", NAME, 86)
                    start += length
                break


@cache
def _no_names() -> frozenset[str]:
    table = cues()
    return table["stop"] | table["roles"] | table["labels"] | table["verbs"] | table["after"]


def _divisions(run: str, count: int) -> Iterator[tuple[int, ...]]:
    """How ``count`` names can end ``run``, those of the most characters first."""
    yield from sorted(_ways(run, count), key=lambda lengths: (-sum(lengths), lengths))


def _ways(run: str, count: int) -> list[tuple[int, ...]]:
    if count == 0:
        return [()]
    return [
        (*before, length)
        for length in (4, 3, 2)
        if length <= len(run) and _is_name(run[-length:])
        for before in _ways(run[:-length], count - 1)
    ]


def _is_name(text: str) -> bool:
    if len(text) not in given_lengths(text):
        return False
    return not (is_word(text) or text in _no_names() or text[:2] in _no_names())


EXAMPLES = (
    ("工人有何勇刘忠强罗小兵三人,均", ("何勇", "刘忠强", "罗小兵")),
    ("作业人员张伟李强二人未", ("张伟", "李强")),
)
COUNTER_EXAMPLES = ("当事人经营者二人", "执法人员两人到场", "由工作人员三人搬运")
