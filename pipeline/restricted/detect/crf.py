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
from typing import Any

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
_WINDOWS = 400_000
# Characters that the features of one look at before and behind it.
_BEFORE_IT, _BEHIND_IT = 4, 8
#: So much longer than a stretch is what :func:`items` is shown of it.
AROUND = _BEFORE_IT + _BEHIND_IT

Span = tuple[int, int, float]
Item = Sequence[str]


class _Seen(dict[str, str]):
    """What a feature says of a window of characters, worked out when first met."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, window: str) -> str:
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
        before = window[:-1].rstrip()
        if last in ": (" and any(before.endswith(w) for w in _endings()[0].get(before[-1:], ())):
            return "L" + last
        return last
    for word in _endings()[1].get(last, ()):
        if window.endswith(word):
            return "-"
    for word in _endings()[0].get(last, ()):
        if window.endswith(word):
            return "R"
    for length in (4, 3, 2):
        kind = _kind_of_word(window[-length:])
        if kind:
            return kind
    return last if last in _BORDERS else "1" + _kind_of_word(last)


def _begins(window: str) -> str:
    """What stands behind a place: a word that follows people, else the dictionary's word."""
    first = window[0]
    if not first.isalpha() or first in "Aa":
        return first
    follows = _followers().get(first, ())
    if any(window.startswith(word) for word in follows):
        return "V"
    for length in (4, 3, 2):
        kind = _kind_of_word(window[:length])
        if kind:
            return kind
    return first if first in _BORDERS else "1" + _kind_of_word(first)


@cache
def _endings() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    lists = cues()
    return (
        _by(lambda w: w[-1], lists["roles"] | lists["labels"]),
        _by(lambda w: w[-1], {w for w in lists["not_roles"] if len(w) > 1}),
    )


@cache
def _followers() -> dict[str, tuple[str, ...]]:
    return _by(lambda w: w[0], {w for w in cues()["verbs"] | cues()["after"] if len(w) > 1})


def _by(key: Callable[[str], str], words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for word in sorted(words):
        table.setdefault(key(word), []).append(word)
    return {first: tuple(found) for first, found in table.items()}


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


_BEFORE, _BEHIND = _Seen(_ends), _Seen(_begins)
_JOINED, _PARTS = _Seen(_joined), _Seen(_parts)
_RANK = _Seen(lambda c: _GIVEN.get(c, "0") if c.isalpha() else ".")


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
    before = [_BEFORE[like[k : k + 4]] for k in range(n)]
    behind = [_BEHIND[like[k : k + 4]] for k in range(4, n + 8)]
    joined = list(map(_JOINED.__getitem__, pairs))
    parts = list(map(_PARTS.__getitem__, pairs))
    rank = list(map(_RANK.__getitem__, like))
    return [
        (
            "b" + like[i - 1],
            "c" + like[i],
            "d" + like[i + 1],
            "f" + pairs[i - 2],
            "g" + pairs[i - 1],
            "h" + pairs[i],
            "i" + pairs[i + 1],
            "l" + before[k],
            "m" + behind[k + 1],
            "n" + joined[i - 1] + joined[i],
            "p" + parts[i] + rank[i + 2],
            "q" + parts[i - 1] + rank[i + 1],
            "r" + parts[i - 2] + rank[i],
            "s" + before[k] + "|" + behind[k + 2] + "|" + parts[i],
            "t" + before[k] + "|" + behind[k + 3] + "|" + parts[i],
            "v" + before[k] + "|" + behind[k],
            "D" + rules[k],
        )
        for k, i in enumerate(range(4, n + 4))
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
