"""What a number is, by the nearest word to its left that says so."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pipeline.restricted.detect.branched import branched

_REACH = 22
_NEAR = 12
_CLAUSE_END = re.compile(r"[,)]")
_NUMBERED = re.compile(r"\d\)$")
_WORDS = re.compile(r"[\u4e00-\u9fff]\D*$")  # and not the rest of a list of numbers
_STOPS = re.compile(r"[。;!?\x1f]")


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    table = tomllib.loads((Path(__file__).parent / "numbers.toml").read_text(encoding="utf-8"))
    kinds = {word: kind for kind, words in table.items() for word in words}
    return re.compile(branched(kinds)), kinds


def label_before(text: str, start: int, reach: int = _REACH) -> str:
    """The kind that the nearest label in the ``reach`` characters before ``start`` names.

    A sentence's end cuts the search off; "" when nothing is said.
    """
    before = text[max(0, start - reach) : start]
    stop = list(_STOPS.finditer(before))
    if stop:
        before = before[stop[-1].end() :]
    pattern, kinds = _words()
    found = ""
    for match in pattern.finditer(before):
        found = kinds[match.group()]
    return found


def apart(text: str, start: int) -> bool:
    """Whether the label before ``start`` has its number already: 案号12,李某138…, (工号12)138…

    Words of their own, and no label, stand between.
    """
    before = text[max(0, start - _NEAR) : start]
    words = _CLAUSE_END.split(before)[-1]
    said = _WORDS.search(words) and not label_before(words, len(words))
    return bool(said or _NUMBERED.search(before))
