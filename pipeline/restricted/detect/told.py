"""What the judge is told of each character: itself, and what a dictionary, the surnames, the
words for people in cues.toml and the layers by rule say of the place.

Each of it is a short word (``FEATURES`` names them); the judge's model knows each by a number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from pipeline.restricted.detect import lexicon
from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.surnames import COMPOUND, SINGLE

#: The longest window that a feature looks at.
WINDOW = 4
_CACHE_SIZE = 200_000
_COMMON, _VERY_COMMON = 300, 3000


def _tiers() -> dict[str, dict[str, str]]:
    path = Path(__file__).parent / "name_parts.toml"
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    ranks = {"most": "4", "many": "3", "some": "2"}
    table: dict[str, dict[str, str]] = {"surnames": dict.fromkeys(SINGLE, "1"), "given": {}}
    for part, tiers in parts.items():
        for tier in ("some", "many", "most"):
            table[part].update(dict.fromkeys(tiers[tier], ranks[tier]))
    return table


_TIERS = _tiers()
_SURNAME, _GIVEN = _TIERS["surnames"], _TIERS["given"]


def is_family_name(char: str) -> bool:
    """Whether a character is a surname of many and seldom stands in a given name."""
    return _SURNAME.get(char, "0") > "1"


_COMPOUNDS = frozenset(COMPOUND.split("|"))
_LIKE = str.maketrans(
    {**dict.fromkeys("0123456789", "0"), "\t": " ", "•": "·", "・": "·", "‧": "·", "∙": "·"}
    | {chr(c): "A" for c in range(65, 91)}
    | {chr(c): "a" for c in range(97, 123)}
)
_BORDERS = "经由向对与和及将给被让找叫跟同为是的在"


def framed(text: str) -> str:
    """The text as the features see it, with room for a window before and behind it."""
    return "\x02" * WINDOW + text.translate(_LIKE) + "\x03" * WINDOW


@lru_cache(_CACHE_SIZE)
def _kind_of_word(word: str) -> str:
    """Part of speech of a dictionary word and whether it is a common one; "" when none."""
    tag = lexicon.tag(word)
    return tag[:2] + ("+" if lexicon.frequency(word) >= _COMMON else "") if tag else ""


def ends(window: str) -> str:
    """What stands before a place: the word for a person, else the dictionary's word.

    ``window``: the four characters before it.
    """
    last = window[-1]
    if not last.isalpha() or last in "Aa":
        told = last in ": (" and not _roles().isdisjoint(_tails(window[:-1].rstrip()))
        return "L" + last if told else last
    tails = _tails(window)
    if not _no_roles().isdisjoint(tails):
        return "-"
    if not _roles().isdisjoint(tails):
        return "R"
    return _kind(tails) or (last if last in _BORDERS else "1" + _kind_of_word(last))


def begins(window: str) -> str:
    """What begins at a place: a word that follows people, else the dictionary's word.

    ``window``: the four characters from there.
    """
    first = window[0]
    if not first.isalpha() or first in "Aa":
        return first
    heads = window, window[:3], window[:2]
    if not _followers().isdisjoint(heads):
        return "V"
    return _kind(heads) or (first if first in _BORDERS else "1" + _kind_of_word(first))


def words(window: str) -> str:
    """Which dictionary words of four, three and two characters begin at a place."""
    return "|".join(_sort_of_word(window[:length]) for length in (4, 3, 2))


def joined(pair: str) -> str:
    """How firmly the dictionary holds two characters together."""
    tag = lexicon.tag(pair)
    if not tag:
        return "0"
    frequency = lexicon.frequency(pair)
    rank = "3" if frequency >= 1000 else "2" if frequency >= 50 else "1"
    return ("r" if tag.startswith("nr") else "w") + rank


def parts(pair: str) -> str:
    """How common the first character is as a surname, and as one of a given name."""
    char = pair[0]
    given = _GIVEN.get(char, "0") if char.isalpha() else "."
    return ("C" if pair in _COMPOUNDS else "") + _SURNAME.get(char, "0") + given


def _sort_of_word(word: str) -> str:
    tag = lexicon.tag(word)
    if not tag:
        return "-"
    frequency = lexicon.frequency(word)
    common = "*" if frequency >= _VERY_COMMON else "+" if frequency >= _COMMON else ""
    return (tag[:2] if tag[0] == "n" else tag[0]) + common


def _tails(window: str) -> tuple[str, ...]:
    return window, window[-3:], window[-2:], window[-1:]


def _kind(candidates: Iterable[str]) -> str:
    """The kind of the first that is a word and has two characters at least."""
    for word in candidates:
        kind = _kind_of_word(word)
        if kind and len(word) > 1:
            return kind
    return ""


@cache
def _roles() -> frozenset[str]:
    return cues()["roles"] | cues()["labels"]


@cache
def _no_roles() -> frozenset[str]:
    return frozenset(word for word in cues()["not_roles"] if len(word) > 1)


@cache
def _followers() -> frozenset[str]:
    return frozenset(word for word in cues()["verbs"] | cues()["after"] if len(word) > 1)


#: What a proposal of each rule is called; declared names stand apart.
_RULES = {"label": "l", "role": "r", "saying": "s", "script": "c", "listed": "i", "again": "k"}


def proposed(length: int, found: Iterable[Finding]) -> list[str]:
    """What the layers by rule say of each of ``length`` characters."""
    rules = [""] * length
    for finding in sorted(found, key=lambda f: (f.start, f.end, f.by)):
        if finding.by in _RULES:
            for i in range(finding.start, finding.end):
                rules[i] += _RULES[finding.by] + _place(i, finding.start, finding.end)
    return rules


def pointed_at(found: Iterable[Finding]) -> list[tuple[int, int]]:
    """Where a label or a role says that a name stands: the judge looks even at plain words."""
    return [(f.start, f.end) for f in found if f.by in _POINTING]


_POINTING = frozenset({"label", "role", "again"})


def _place(i: int, start: int, end: int) -> str:
    if i == start:
        return "B"
    return "E" if i == end - 1 else "M"
