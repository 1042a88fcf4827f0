"""Trains the model of ``pipeline.restricted.detect.judge``, and measures it on what it was not shown.

    python -m benchmarks.train_names             train on the development corpus, write the model
    python -m benchmarks.train_names --fold 2    leave every fifth document out, from the third
                                                 on, and print what the engine does with those

Needs ``pip install .[train]``. Same seed and machine, same model; about a quarter of an hour.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import optax
from numpy.typing import NDArray

from benchmarks import redaction
from benchmarks.corpus import Case, load
from benchmarks.name_texts import Lesson, lessons, names_of
from pipeline.restricted.detect import judge, told

SEED = 20261122
PROCESSES = 2
COPIES, SENTENCES = 10, 16_000
EPOCHS = 8
WIDTH, STEPS_APART = 96, (1, 2, 4, 1)
_LEAST = {"char": 5}  # so often a word must be met to have a number; others:
_LEAST_OF_OTHERS = 8
_WINDOW, _BATCH = 256, 32  # characters of a stretch, stretches of a step
_RATE, _WARM, _COOL = 2e-3, 200, 0.03
_DROP = 0.15  # of the states
_UNSEEN, _UNSEEN_IN_NAMES = 0.03, 0.2  # of the characters, so that others are learnt from
_SELDOM_ASKED = 0.3  # how much a character counts about which the engine does not ask
_BESIDE = sum(STEPS_APART)

Params = dict[str, Any]


class Data(NamedTuple):
    """All lessons in a row: the numbers of each feature, the answers, how much each counts."""

    numbers: NDArray[np.uint16]
    answers: NDArray[np.uint8]
    weights: NDArray[np.float32]
    words: tuple[tuple[str, ...], ...]


# The same words stand for millions of characters: each is made once.
_ENDS, _BEGINS, _WORDS = map(cache, (told.ends, told.begins, told.words))
_JOINED, _PARTS = map(cache, (told.joined, told.parts))


def features(one: Lesson) -> tuple[list[str], ...]:
    """What the judge is told of each character, in the order of ``judge.FEATURES``."""
    like, width = told.framed(one.text), told.WINDOW
    places = range(width, width + len(one.text))
    return (
        [like[at] for at in places],
        [_ENDS(like[at - width : at]) for at in places],
        [_BEGINS(like[at : at + width]) for at in places],
        [_WORDS(like[at : at + width]) for at in places],
        [_JOINED(like[at : at + 2]) for at in places],
        [_PARTS(like[at : at + 2]) for at in places],
        one.rules,
    )


def _part(task: tuple[Sequence[Case], Sequence[str], int]) -> list[tuple[Any, ...]]:
    cases, known, seed = task
    made = lessons(cases, known, seed, copies=COPIES, sentences=SENTENCES // PROCESSES)
    return [(features(one), one.answers, one.asked) for one in made]


def data(cases: Sequence[Case]) -> Data:
    """What is to be learnt from ``cases``."""
    tasks = [(cases[n::PROCESSES], names_of(cases), SEED + n) for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        made = [one for part in pool.map(_part, tasks) for one in part]
    words = []
    for nth, feature in enumerate(judge.FEATURES):
        counts = Counter(word for told_of, _, _ in made for word in told_of[nth])
        least = _LEAST.get(feature, _LEAST_OF_OTHERS)
        words.append(tuple(word for word, count in counts.most_common() if count >= least))
    numbers = [{word: n for n, word in enumerate(known, start=2)} for known in words]
    rows = [
        _laid([[known.get(word, 1) for word in told_of[nth]] for told_of, _, _ in made])
        for nth, known in enumerate(numbers)
    ]
    answers = _laid([one for _, one, _ in made])
    weights = _laid([[1.0 if a else _SELDOM_ASKED for a in asked] for _, _, asked in made])
    return Data(
        np.array(rows, np.uint16),
        np.array(answers, np.uint8),
        np.array(weights, np.float32),
        tuple(words),
    )


def _laid(texts: Iterable[Sequence[float]]) -> list[float]:
    """The texts in a row, with room between two: there nothing stands, and counts nothing."""
    return [one for text in texts for one in (*text, *([0] * _BESIDE))]


def _begun(sizes: Sequence[int], rng: np.random.Generator) -> Params:
    def drawn(deviation: float, *shape: int) -> Any:
        return jnp.asarray(rng.normal(0, deviation, shape).astype(np.float32))

    layers = [
        (drawn((2 / (3 * WIDTH)) ** 0.5, 3 * WIDTH, WIDTH), jnp.zeros(WIDTH)) for _ in STEPS_APART
    ]
    meanings = [drawn(0.2, size, WIDTH) for size in sizes]
    return {
        "meanings": meanings,
        "layers": layers,
        "answers": (drawn(0.05, WIDTH, 4), jnp.zeros(4)),
    }


def _answered(params: Params, numbers: Any, key: Any) -> Any:
    """As ``judge.Model`` reckons it, with some states dropped."""
    keys = jax.random.split(key, len(STEPS_APART))

    def dropped(states: Any, nth: int) -> Any:
        kept = jax.random.bernoulli(keys[nth], 1 - _DROP, states.shape)
        return jnp.where(kept, states / (1 - _DROP), 0)

    states = dropped(sum(meaning[numbers[n]] for n, meaning in enumerate(params["meanings"])), 0)
    for nth, ((weights, bias), step) in enumerate(zip(params["layers"], STEPS_APART, strict=True)):
        none = jnp.zeros_like(states[:, :step])
        before = jnp.concatenate([none, states[:, :-step]], 1)
        behind = jnp.concatenate([states[:, step:], none], 1)
        made = jax.nn.relu(jnp.concatenate([before, states, behind], -1) @ weights + bias)
        states = states + made if nth else made
        if nth + 1 < len(STEPS_APART):
            states = dropped(states, nth + 1)
    weights, bias = params["answers"]
    return states @ weights + bias


def _loss(params: Params, numbers: Any, answers: Any, weights: Any, key: Any) -> Any:
    found = _answered(params, numbers, key)
    wrong = optax.softmax_cross_entropy_with_integer_labels(found, answers)
    return (wrong * weights).sum() / weights.sum()


def train(known: Data) -> Params:
    """The network, averaged over its last steps."""
    rng, key = np.random.default_rng(SEED), jax.random.PRNGKey(SEED)
    params = _begun([len(words) + 2 for words in known.words], rng)
    steps = int(EPOCHS * known.answers.size / (_WINDOW * _BATCH))
    rate = optax.warmup_cosine_decay_schedule(0, _RATE, _WARM, steps, _RATE * _COOL)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=1e-4))

    @jax.jit
    def step(params: Params, state: Any, mean: Params, shown: Any, key: Any, keep: Any) -> Any:
        loss, slope = jax.value_and_grad(_loss)(params, *shown, key)
        change, state = optimiser.update(slope, state, params)
        params = optax.apply_updates(params, change)
        mean = jax.tree.map(lambda old, new: old * keep + new * (1 - keep), mean, params)
        return params, state, mean, loss

    state, mean, total, begun = optimiser.init(params), params, 0.0, time.monotonic()
    for n in range(steps):
        starts = rng.integers(0, known.answers.size - _WINDOW, _BATCH)
        at = starts[:, None] + np.arange(_WINDOW)
        numbers, answers = known.numbers[:, at].astype(np.int32), known.answers[at].astype(np.int32)
        unseen = np.where(answers > 0, _UNSEEN_IN_NAMES, _UNSEEN)
        hidden = rng.random(answers.shape) < unseen
        numbers[0] = np.where(hidden, np.minimum(numbers[0], 1), numbers[0])
        key, own = jax.random.split(key)
        shown = (numbers, answers, known.weights[at])
        keep = min(0.999, (1 + n) / (10 + n))
        params, state, mean, loss = step(params, state, mean, shown, own, keep)
        total += float(loss)
        if n % 200 == 199:
            print(
                f"  step {n + 1} of {steps}: {total / 200:.4f}, {time.monotonic() - begun:.0f} s",
                flush=True,
            )
            total = 0.0
    return mean


def write(params: Params, words: tuple[tuple[str, ...], ...], path: Path) -> None:
    """Write the model as ``judge.Model`` reads it."""
    weights = judge.Weights.of
    found = jax.tree.map(np.asarray, params)
    layers = zip(STEPS_APART, found["layers"], strict=True)
    stored = judge.Stored(
        words=words,
        meanings=tuple(map(weights, found["meanings"])),
        layers=tuple(
            judge.Layer(step, weights(one), weights(bias)) for step, (one, bias) in layers
        ),
        answers=weights(found["answers"][0]),
        bias=weights(found["answers"][1]),
    )
    path.write_bytes(msgspec.msgpack.encode(stored))


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fold", type=int, choices=range(5))
    options.add_argument("--to", type=Path, default=judge.MODEL)
    asked = options.parse_args()
    cases, fold, path = load("dev"), asked.fold, asked.to
    if fold is not None:
        path = Path(tempfile.mkdtemp()) / "names.model"
    shown = [case for n, case in enumerate(cases) if fold is None or n % 5 != fold]
    known = data(shown)
    print(f"{len(shown)} documents, {known.answers.size:,} characters", flush=True)
    write(train(known), known.words, path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    if fold is not None:
        trained = judge.Model(path)
        judge.model = lambda: trained  # type: ignore[assignment]
        redaction.score(*redaction.part(cases[fold::5]))


if __name__ == "__main__":
    main()
