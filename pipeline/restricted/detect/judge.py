"""The judge of the other layers: a convolutional network over characters, small and our own.

Trained by ``benchmarks/train_names`` on invented texts only. It is told what :mod:`told`
says of each character and has learnt how far each witness is to be believed. A character's
answer depends on it and the ``REACH`` characters on each side, so that stretches can be read
alone and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipeline.restricted.detect import told
from pipeline.restricted.detect.told import WINDOW, framed

MODEL = Path(__file__).parent / "names.model"
#: The features a model has numbers for, in its order; "rule" is what the other layers say.
FEATURES = ("char", "ends", "begins", "words", "joined", "parts", "rule")
#: Candidates less likely than this are none: the judge thinks nothing of them.
LEAST = 0.1
#: Likelihoods below this are not followed.
_HARDLY = 0.05
_LONGEST = 16
_CACHE_SIZE = 50_000
_WINDOWS = 200_000
_AT_ONCE = 4096  # characters that are read at once
_NONE, _UNKNOWN = 0, 1  # the numbers of what stands outside a text, and of what is not known
_B, _M, _E = 1, 2, 3  # a name's first character, one within, its last; 0 is none of a name

Span = tuple[int, int, float]
_Floats = NDArray[np.float32]


class Weights(msgspec.Struct, frozen=True):
    """A layer as the file keeps it: half-precision numbers, row by row."""

    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, array: NDArray[np.floating]) -> Weights:
        """``array`` as the file keeps it."""
        return cls(array.shape, array.astype("<f2").tobytes())

    def array(self) -> _Floats:
        """The numbers, ready to be reckoned with."""
        return np.frombuffer(self.data, "<f2").reshape(self.shape).astype(np.float32)


class Layer(msgspec.Struct, frozen=True):
    """A convolution over three characters that stand ``step`` apart."""

    step: int
    weights: Weights
    bias: Weights


class Stored(msgspec.Struct, frozen=True):
    """A model as its file holds it: for each feature the words it knows, in order, from
    number 2 on, and what each number means; the layers; the four answers."""

    words: tuple[tuple[str, ...], ...]
    meanings: tuple[Weights, ...]
    layers: tuple[Layer, ...]
    answers: Weights
    bias: Weights


class _Numbers(dict[str, int]):
    """The numbers of a feature's words by the windows that show them, as they are met."""

    def __init__(self, words: Sequence[str], say: Callable[[str], str]) -> None:
        super().__init__()
        self._known = {word: number for number, word in enumerate(words, start=2)}
        self._say = say

    def __missing__(self, window: str) -> int:
        if len(self) > _WINDOWS:
            self.clear()
        number = self[window] = self._known.get(self._say(window), _UNKNOWN)
        return number


class _Convolution(NamedTuple):
    step: int
    weights: _Floats
    bias: _Floats

    def over(self, states: _Floats) -> _Floats:
        """What the layer makes of each character's state and those ``step`` away."""
        length, width = states.shape
        beside = np.zeros((length + 2 * self.step, width), np.float32)
        beside[self.step : self.step + length] = states
        before, behind = beside[:length], beside[2 * self.step :]
        made = np.concatenate((before, states, behind), axis=1) @ self.weights
        made += self.bias
        return np.maximum(made, 0, out=made)


class Model:
    """A trained model. Loading takes milliseconds; stretches read before are remembered."""

    def __init__(self, path: Path = MODEL) -> None:
        # For matrices as small as these, threads cost more than they bring.
        threadpool_limits(1, user_api="blas")
        stored = msgspec.msgpack.decode(path.read_bytes(), type=Stored)
        numbers = dict(zip(FEATURES, stored.words, strict=True))
        self._char = _Numbers(numbers["char"], str)
        self._ends = _Numbers(numbers["ends"], told.ends)
        self._begins = _Numbers(numbers["begins"], told.begins)
        self._words = _Numbers(numbers["words"], told.words)
        self._joined = _Numbers(numbers["joined"], told.joined)
        self._parts = _Numbers(numbers["parts"], told.parts)
        self._rule = _Numbers(numbers["rule"], str)
        meanings = [meaning.array() for meaning in stored.meanings]
        firsts = [0, *accumulate(len(meaning) for meaning in meanings[:-1])]
        self._firsts = np.array(firsts, np.intp)[:, None]
        self._meanings = np.concatenate(meanings)
        self._layers = [
            _Convolution(one.step, one.weights.array(), one.bias.array()) for one in stored.layers
        ]
        self._answers, self._bias = stored.answers.array(), stored.bias.array()
        #: How many characters on each side an answer depends on.
        self.reach = sum(layer.step for layer in self._layers)
        self._known: dict[tuple[str, str], tuple[Span, ...]] = {}

    def names(
        self,
        text: str,
        where: Iterable[tuple[int, int]],
        rules: Sequence[str],
        least: float = LEAST,
    ) -> list[Span]:
        """See :func:`names`."""
        like, stretches = framed(text), list(where)
        keys = [self._key(like, rules, *stretch) for stretch in stretches]
        new = {key: s for key, s in zip(keys, stretches, strict=True) if key not in self._known}
        if len(self._known) + len(new) > _CACHE_SIZE:
            self._known.clear()
            new = dict(zip(keys, stretches, strict=True))
        self._known |= dict(zip(new, self._read(like, rules, list(new.values())), strict=True))
        return [
            (start + first, start + last, chance)
            for (start, _), key in zip(stretches, keys, strict=True)
            for first, last, chance in self._known[key]
            if chance >= least
        ]

    def _key(self, like: str, rules: Sequence[str], start: int, end: int) -> tuple[str, str]:
        """All that the answers for a stretch depend on."""
        first, last = max(0, start - self.reach), end + self.reach
        shown = like[first : last + 2 * WINDOW]
        return f"{start - first} {end - first} {shown}", "/".join(rules[first:last])

    def _read(
        self, like: str, rules: Sequence[str], stretches: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[Span, ...]]:
        """The candidates of each stretch with their chances, none overlapping."""
        for group in _groups(_runs(stretches, 2 * self.reach), 2 * self.reach):
            numbers = [self._numbers(like, rules, *run.ends) for run in group]
            answers = self._answered(np.concatenate(numbers, axis=1))
            at = self.reach
            for (first, last), within in group:
                for start, end in within:
                    yield _candidates(answers[at + start - first : at + end - first])
                at += last - first + 2 * self.reach

    def _numbers(self, like: str, rules: Sequence[str], start: int, end: int) -> NDArray[np.intp]:
        """What the model is told of a stretch and of what stands around it, in numbers."""
        length = len(like) - 2 * WINDOW
        first, last = max(0, start - self.reach), min(length, end + self.reach)
        told_of = np.full((len(FEATURES), end - start + 2 * self.reach), _NONE, np.intp)
        ends, begins, words = self._ends, self._begins, self._words
        joined, parts = self._joined, self._parts
        pairs = [like[k : k + 2] for k in range(first + WINDOW, last + WINDOW)]
        fours = [like[k : k + 4] for k in range(first, last + WINDOW)]
        here = fours[WINDOW:]
        at = first - (start - self.reach)
        told_of[:, at : at + last - first] = (
            [self._char[pair[0]] for pair in pairs],
            [ends[four] for four in fours[: last - first]],
            [begins[four] for four in here],
            [words[four] for four in here],
            [joined[pair] for pair in pairs],
            [parts[pair] for pair in pairs],
            [self._rule[rule] for rule in rules[first:last]],
        )
        return told_of

    def _answered(self, numbers: NDArray[np.intp]) -> _Floats:
        """How likely each character is none of a name, its first, one within, its last."""
        states: _Floats = self._meanings[numbers + self._firsts].sum(axis=0)
        first, *others = self._layers
        states = first.over(states)
        for layer in others:
            states += layer.over(states)
        answers: _Floats = states @ self._answers + self._bias
        np.exp(answers - answers.max(axis=1, keepdims=True), out=answers)
        answers /= answers.sum(axis=1, keepdims=True)
        return answers


class _Run(NamedTuple):
    """Stretches so near each other that they are read as one, and where they begin and end."""

    ends: tuple[int, int]
    within: list[tuple[int, int]]


def _runs(stretches: Iterable[tuple[int, int]], near: int) -> Iterator[_Run]:
    """``stretches``, in order, with what lies between them where that is less than ``near``."""
    run: _Run | None = None
    for start, end in stretches:
        if run and run.ends[0] <= start <= run.ends[1] + near:
            run.within.append((start, end))
            run = run._replace(ends=(run.ends[0], max(run.ends[1], end)))
        else:
            if run:
                yield run
            run = _Run((start, end), [(start, end)])
    if run:
        yield run


def _groups(runs: Iterable[_Run], beside: int) -> Iterator[list[_Run]]:
    """Runs that are read at once, with ``beside`` more characters each."""
    group: list[_Run] = []
    size = 0
    for run in runs:
        group.append(run)
        size += run.ends[1] - run.ends[0] + beside
        if size >= _AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


def _candidates(answers: _Floats) -> tuple[Span, ...]:
    """What could be names in a stretch; of those that overlap the likeliest."""
    starts = np.flatnonzero(answers[:, _B] >= _HARDLY).tolist()
    if not starts:
        return ()
    chances: Mapping[int, list[float]] = {n: answers[:, n].tolist() for n in (_B, _M, _E)}
    found = [span for start in starts for span in _grown(chances, start)]
    found.sort(key=lambda s: (-s[2], s[0] - s[1]))
    taken = bytearray(len(answers))
    best: list[Span] = []
    for span in found:
        if not any(taken[span[0] : span[1]]):
            taken[span[0] : span[1]] = b"\x01" * (span[1] - span[0])
            best.append(span)
    return tuple(sorted(best))


def _grown(chances: Mapping[int, Sequence[float]], start: int) -> Iterator[Span]:
    """Every stretch from ``start`` that could be a name; its weakest link is its chance."""
    within, ending = chances[_M], chances[_E]
    inner = chances[_B][start]
    for last in range(start + 1, min(len(within), start + _LONGEST)):
        whole = min(inner, ending[last])
        if whole >= _HARDLY:
            yield start, last + 1, whole
        inner = min(inner, within[last])
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
    the layers by rule say of each character (:func:`told.proposed`).
    """
    return model().names(text, where, rules, least)
