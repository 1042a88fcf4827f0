"""How text becomes terms. ``theme/static/search/text.js`` does the same to queries.

Ideographs become overlapping pairs, so that a piece of a name finds it whatever a
dictionary thinks of it; runs of letters and digits stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

#: Scripts written without spaces: 〇, kana, Han, Hangul and further planes.
#: All of them lie above every word character, which the order of terms relies on.
IDEOGRAPHS = (
    (0x3007, 0x3007),
    (0x3041, 0x30FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0x20000, 0x3FFFF),
)
#: Digits and (lower case) letters of scripts written with spaces.
LETTERS = ((0x30, 0x39), (0x61, 0x7A), (0xDF, 0xF6), (0xF8, 0x1FFF))


def _class(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


#: A run of letters and digits, or one of ideographs.
RUN = re.compile(f"([{_class(LETTERS)}]+)|([{_class(IDEOGRAPHS)}]+)")
WORD_RUN = re.compile(f"[{_class(LETTERS)}]+")

LONGEST = 64  # characters of a word that count
#: Between two words that belong together (〔2024〕15, 3-1, 〕第): at most so many characters.
_GAP = 3
#: In a credit code the organisation's own code starts here; people quote it alone.
_OWN_CODE = 8
_CREDIT_CODE = 18
#: 第 and 号 are written or left out at will around numbers; words of two lines stay apart.
_SEPARATORS = {"第": "、", "号": "、", "\n": "、" * (_GAP + 1)}
_JOINED = "."  # no white space and no hyphen: two numbers must not read as a longer one


@cache
def variants() -> dict[str, str]:
    """Traditional characters with the simplified one each is searched as."""
    pairs = (Path(__file__).parent / "variants.txt").read_text(encoding="utf-8").split()
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


@cache
def _table() -> dict[int, str]:
    return str.maketrans({**variants(), **_SEPARATORS})


def normalise(text: str) -> str:
    """NFKC, lower case, simplified characters, 第 and 号 as separators."""
    return unicodedata.normalize("NFKC", text).lower().translate(_table())


def is_ideograph(character: str) -> bool:
    """Whether a character is one of the scripts written without spaces."""
    return any(first <= ord(character) <= last for first, last in IDEOGRAPHS)


def together(gap: str) -> bool:
    """Whether two words with ``gap`` between them (normalised) belong together."""
    return len(gap) <= _GAP and "\n" not in gap and not RUN.search(gap)


def joined(first: str, second: str) -> str:
    """The term of two words that belong together."""
    return first + _JOINED + second


def own_code(word: str) -> str:
    """The organisation's own part of a unified social credit code, "" for other words."""
    return word[_OWN_CODE:] if len(word) == _CREDIT_CODE else ""


def terms(text: str) -> list[str]:
    """All terms of a text, repeated as often as they stand in it.

    Every ideograph starts exactly one term: the pair with its successor, or itself alone
    at the end of a run. So all texts with 某 are those with a term that starts with 某.
    """
    return list(_terms(normalise(text)))


def _terms(text: str) -> Iterator[str]:
    previous, end = "", 0
    for match in RUN.finditer(text):
        if match[2]:
            run = match[2]
            yield from (run[at : at + 2] for at in range(len(run)))
            continue
        word = match[1][:LONGEST]
        yield word
        if tail := own_code(word):
            yield tail
        if previous and together(text[end : match.start()]):
            yield joined(previous, word)
        previous, end = word, match.end()
