"""The judge of the other layers: a linear-chain CRF over characters, small and our own.

Trained by ``benchmarks/train_names.py`` on invented texts only. It looks at characters, at
the words a dictionary knows around them, at the words for people in cues.toml and at what
the layers by rule propose; it has learnt how far each is to be believed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from operator import add
from pathlib import Path
from typing import Any, TypeVar

import pycrfsuite

from pipeline.restricted.detect import lexicon
from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.surnames import COMPOUND, SINGLE

MODEL = Path(__file__).parent / "names.crfsuite"
#: Candidates less likely than this are not worth handing on.
LEAST = 0.2
#: Likelihoods below this are not followed.
_HARDLY = 0.05
_LONGEST = 16
_CACHE_SIZE = 50_000
_WINDOWS = 200_000
# Characters that the features of one look at before and behind it.
_BEFORE_IT, _BEHIND_IT = 4, 8
#: So much longer than a stretch is what :func:`items` is shown of it.
AROUND = _BEFORE_IT + _BEHIND_IT

Span = tuple[int, int, float]
Item = Sequence[bytes]
_T = TypeVar("_T")


class _Seen(dict[str, _T]):
    """What the features say of a few characters, worked out when first met."""

    def __init__(self, work_out: Callable[[str], _T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, window: str) -> _T:
        if len(self) > _WINDOWS:
            self.clear()
        value = self[window] = self._work_out(window)
        return value


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


@lru_cache(_WINDOWS)
def _kind_of_word(word: str) -> str:
    """Part of speech of a dictionary word and whether it is a common one; "" when none."""
    tag = lexicon.tag(word)
    return tag[:2] + ("+" if lexicon.frequency(word) >= 300 else "") if tag else ""


def _ends(window: str) -> str:
    """What stands before a place: the word for a person, else the dictionary's word."""
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


def _begins(window: str) -> str:
    """What stands behind a place: a word that follows people, else the dictionary's word."""
    first = window[0]
    if not first.isalpha() or first in "Aa":
        return first
    heads = window, window[:3], window[:2]
    if not _followers().isdisjoint(heads):
        return "V"
    return _kind(heads) or (first if first in _BORDERS else "1" + _kind_of_word(first))


def _tails(window: str) -> tuple[str, ...]:
    return window, window[-3:], window[-2:], window[-1:]


def _kind(words: Iterable[str]) -> str:
    """The kind of the first of ``words`` that is one and has two characters at least."""
    for word in words:
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


def _joined(pair: str) -> str:
    """How firmly the dictionary holds two characters together."""
    tag = lexicon.tag(pair)
    if not tag:
        return "0"
    frequency = lexicon.frequency(pair)
    rank = "3" if frequency >= 1000 else "2" if frequency >= 50 else "1"
    return ("r" if tag.startswith("nr") else "w") + rank


def _parts(pair: str) -> str:
    """A surname and a character of a given name: how common each is."""
    if pair in _COMPOUNDS:
        return "C"
    return _SURNAME.get(pair[0], "0") + _GIVEN.get(pair[1], "0")


def _spelt(marks: str, what: str) -> tuple[bytes, ...]:
    """``what`` behind each of ``marks``, the letters by which the model knows its features."""
    said = what.encode()
    return tuple(mark.encode() + said for mark in marks)


def _characters(pair: str) -> tuple[tuple[bytes, ...], ...]:
    """The features that a pair makes for a character two, one, none ahead of it and behind."""
    first = pair[0]
    b, c, d = _spelt("bcd", first)
    f, g, h, i = _spelt("fghi", pair)
    return (f,), (b, g), (c, h), (d, i)


def _before(kind: str) -> tuple[bytes, ...]:
    return *_spelt("l", kind), *_spelt("stv", kind + "|")


def _behind(kind: str) -> tuple[bytes, ...]:
    return *_spelt("m", kind), (kind + "|").encode(), kind.encode()


_KIND_BEFORE, _KIND_BEHIND = _Seen(_before), _Seen(_behind)
_BEFORE = _Seen(lambda window: _KIND_BEFORE[_ends(window)])
_BEHIND = _Seen(lambda window: _KIND_BEHIND[_begins(window)])
_PAIRS = _Seen(_characters)
_JOINED, _PARTS = _Seen(_joined), _Seen(_parts)
_RANK = _Seen(lambda c: _GIVEN.get(c, "0") if c.isalpha() else ".")
_HELD = _Seen(lambda ranks: _spelt("n", ranks)[0])
_NAMED = _Seen(lambda ranks: _spelt("pqr", ranks))
_PLAIN = _Seen(str.encode)
_SAID = _Seen(lambda rules: _spelt("D", rules)[0])


#: What a proposal of each rule is called in the features; declared names stand apart.
_RULES = {"label": "l", "role": "r", "saying": "s", "script": "c", "listed": "i", "again": "k"}


def proposed(length: int, found: Iterable[Finding]) -> list[str]:
    """What the layers by rule say of each of ``length`` characters."""
    rules = [""] * length
    for finding in sorted(found, key=lambda f: (f.start, f.end, f.by)):
        if finding.by in _RULES:
            for i in range(finding.start, finding.end):
                rules[i] += _RULES[finding.by] + _place(i, finding.start, finding.end)
    return rules


def _place(i: int, start: int, end: int) -> str:
    if i == start:
        return "B"
    return "E" if i == end - 1 else "M"


def framed(text: str) -> str:
    """The text as the features see it, with room before and behind it."""
    return "\x02" * _BEFORE_IT + text.translate(_LIKE) + "\x03" * _BEHIND_IT


def items(like: str, rules: Sequence[str]) -> list[Item]:
    """What the model is told of each character of a stretch.

    ``like``: the stretch, cut from a :func:`framed` text with what stands around it.
    ``rules``: what :func:`proposed` says of its characters.
    """
    n = len(rules)
    pairs = list(map(add, like, like[1:]))
    letters = list(map(_PAIRS.__getitem__, pairs))
    before = [_BEFORE[like[k : k + 4]] for k in range(n)]
    behind = [_BEHIND[like[k : k + 4]] for k in range(4, n + 8)]
    joined = list(map(_JOINED.__getitem__, pairs))
    held = list(map(_HELD.__getitem__, map(add, joined[3:], joined[4:])))
    parts = list(map(_PARTS.__getitem__, pairs))
    ranks = map(_RANK.__getitem__, like[4:])
    named = list(map(_NAMED.__getitem__, map(add, parts[2:], ranks)))
    plain = list(map(_PLAIN.__getitem__, parts[4:]))
    said = map(_SAID.__getitem__, rules)
    return [
        letters[k + 2][0]
        + letters[k + 3][1]
        + letters[k + 4][2]
        + letters[k + 5][3]
        + (
            kind,
            behind[k + 1][0],
            held[k],
            named[k + 2][0],
            named[k + 1][1],
            named[k][2],
            two + behind[k + 2][1] + plain[k],
            three + behind[k + 3][1] + plain[k],
            none + behind[k][2],
            rule,
        )
        for k, ((kind, two, three, none), rule) in enumerate(zip(before, said, strict=True))
    ]


class Model:
    """A trained model. Loading takes milliseconds; stretches read before are remembered."""

    def __init__(self, path: Path = MODEL) -> None:
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._known: dict[tuple[str, str], tuple[Span, ...]] = {}

    def names(
        self,
        text: str,
        where: Iterable[tuple[int, int]],
        rules: Sequence[str],
        least: float = LEAST,
    ) -> list[Span]:
        """See :func:`names`."""
        like = framed(text)
        return [
            (start + first, start + last, chance)
            for start, end in where
            for first, last, chance in self._of(like[start : end + AROUND], rules[start:end])
            if chance >= least
        ]

    def _of(self, like: str, rules: Sequence[str]) -> tuple[Span, ...]:
        key = like, "/".join(rules)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            found = self._known[key] = self.read(like, rules)
        return found

    def read(self, like: str, rules: Sequence[str]) -> tuple[Span, ...]:
        """The candidates of one stretch with their chances, none overlapping."""
        n = len(rules)
        self._tagger.set(items(like, rules))
        if self._tagger.probability(["O"] * n) > 1 - _HARDLY:
            return ()  # no stretch of it can be likelier than what is left
        chance = self._tagger.marginal
        found: list[Span] = []
        for start in range(n):
            first = chance("B", start)
            if first >= _HARDLY:
                found += _grown(chance, start, first, n)
        found.sort(key=lambda s: (-s[2], s[0] - s[1]))
        taken = bytearray(n)
        best: list[Span] = []
        for span in found:
            if not any(taken[span[0] : span[1]]):
                taken[span[0] : span[1]] = b"\x01" * (span[1] - span[0])
                best.append(span)
        return tuple(sorted(best))


def _grown(chance: Callable[[str, int], float], start: int, first: float, n: int) -> Iterator[Span]:
    """Every stretch from ``start`` that could be a name; its weakest link is its chance."""
    inner = first
    for last in range(start + 1, min(n, start + _LONGEST)):
        whole = min(inner, chance("E", last))
        if whole >= _HARDLY:
            yield start, last + 1, whole
        inner = min(inner, chance("M", last))
        if inner < _HARDLY:
            return


@cache
def model() -> Model:
    """The one model of the process."""
    return Model()


def names(
    text: str, where: Iterable[tuple[int, int]], rules: Sequence[str], least: float = LEAST
) -> list[Span]:
    """Likely names in the stretches ``where`` of a normalised text: start, end, chance (0 to 1).

    They do not overlap and come in order; those below ``least`` are left out. ``rules``: what
    the layers by rule say of each character (:func:`proposed`).
    """
    return model().names(text, where, rules, least)
