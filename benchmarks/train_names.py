"""Trains the model of ``pipeline.restricted.detect.crf`` and measures it by cross validation.

    python -m benchmarks.train_names              train and write the model
    python -m benchmarks.train_names --check      five folds by document, and the second
                                                  part of the corpus after the first
Same seed, same model. Training data: the development corpus with other names put in, and
invented sentences.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pycrfsuite

from benchmarks import invent_names
from benchmarks.corpus import Case, load
from benchmarks.invent_sentences import Writer, reworded, sentence
from pipeline.restricted.detect import NAMES, SHIELDS, again, crf, lexicon, listed, plain
from pipeline.restricted.detect.edges import cues, is_office
from pipeline.restricted.detect.finding import Sheet
from pipeline.restricted.detect.surnames import begins_like_a_name
from pipeline.restricted.normalise import normalise

SEED = 20250630
COPIES = 6
SENTENCES = 12_000
PEOPLE = frozenset({"name", "officer", "legalrep"})
_MARK = re.compile(r"⟦([a-z_]+)\|([^⟦⟧]*)⟧")
_BODY = re.compile(r"(?:公司|厂|店|站|场|合作社|协会|行|馆|院|部)$")
_AREA = re.compile(r"^[\u4e00-\u9fff]{2,10}(?:村|镇|乡|县|路|街|巷|屯|坞|小区)$")
PARAMS = {"c1": 0.1, "c2": 0.02, "max_iterations": 100, "feature.minfreq": 2, "epsilon": 1e-4}


@dataclass(frozen=True)
class Marked:
    """A text and where the names in it stand."""

    text: str
    names: tuple[tuple[int, int], ...]


def unmark(marked: str) -> Marked:
    """The text without its marks, and the names of people that were marked."""
    pieces: list[str] = []
    names: list[tuple[int, int]] = []
    at = length = 0
    for match in _MARK.finditer(marked):
        pieces += (marked[at : match.start()], match[2])
        length += match.start() - at + len(match[2])
        at = match.end()
        if match[1] in PEOPLE and len(match[2]) > 1:
            names.append((length - len(match[2]), length))
    return Marked("".join((*pieces, marked[at:])), tuple(names))


def of_case(case: Case, pick: Sequence[str | None] | None = None) -> str:
    """A document of the corpus with its marks; ``pick`` replaces the marked stretches."""
    out: list[str] = []
    at = 0
    for i, gold in enumerate(case.gold):
        text = case.text[gold.start : gold.end]
        new = pick[i] if pick else None
        if new is None:
            new = (
                "".join(f"⟦{gold.kind}|{p}⟧" for p in _split(text)) if gold.kind in PEOPLE else text
            )
        out += (case.text[at : gold.start], new)
        at = gold.end
    return "".join((*out, case.text[at:]))


def _split(run: str) -> list[str]:
    """Names written together, one by one."""
    ends = begins_like_a_name(run[-2:]) or begins_like_a_name(run[-3:])
    if len(run) < 5 or not ends or not re.fullmatch(r"[\u4e00-\u9fff]+", run):
        return [run]
    for first in (3, 2):
        rest = run[first:]
        tier = invent_names.tiers()["surnames"]
        if rest[:1] in tier["most"] + tier["many"] and begins_like_a_name(run):
            tail = _split(rest)
            if all(2 <= len(t) <= 4 for t in tail):
                return [run[:first], *tail]
    return [run]


def varied(case: Case, rng: random.Random) -> str:
    """The document with other names, bodies, places, words for people and line breaks."""
    writer = Writer(rng)
    others: dict[str, str] = {}
    people = [re.sub(r"\s", "", case.text[g.start : g.end]) for g in case.gold if g.kind in PEOPLE]
    for person in people:
        parts = _split(person)
        fresh = invent_names.han_name if len(parts) > 1 else invent_names.name
        others[person] = "".join(f"⟦name|{_broken(fresh(rng), rng)}⟧" for _ in parts)
    if others and rng.random() < 0.2 and (words := _words(case)):
        others[rng.choice(sorted(others))] = f"⟦name|{rng.choice(words)}⟧"
    picked: list[str | None] = []
    for gold in case.gold:
        text = re.sub(r"\s", "", case.text[gold.start : gold.end])
        if gold.kind in PEOPLE:
            picked.append(others[text])
        elif gold.kind == "keep" and rng.random() < 0.4 and _BODY.search(text):
            picked.append(rng.choice((writer.org, writer.shop))())
        elif gold.kind == "keep" and rng.random() < 0.4 and _AREA.match(text):
            picked.append(rng.choice((writer.place, writer.road))())
        else:
            picked.append(None)
    marked = _mutated(of_case(case, picked), rng)
    share = rng.choice((0.0, 0.1, 0.2))
    pieces = re.split(r"([^⟦⟧]{0,4}⟦[^⟧]*⟧[^⟦⟧]{0,4})", marked)
    return "".join(p if "⟦" in p else reworded(p, rng, share) for p in pieces)


def _words(case: Case) -> list[str]:
    """Words of the document that could be somebody's name: 安全, but not 查明."""
    spans = [(gold.start, gold.end) for gold in case.gold]
    found, end = set(), 0
    for word in lexicon.cut(case.text):
        start, end = end, end + len(word)
        outside = all(end <= first or last <= start for first, last in spans)
        if outside and 2 <= len(word) <= 3 and lexicon.is_word(word) and begins_like_a_name(word):
            found.add(word)
    return sorted(word for word in found if not is_office(word))


def _broken(name: str, rng: random.Random) -> str:
    chance = rng.random()
    if len(name) < 5 and chance < 0.03:
        return rng.choice(" 　").join(name)
    if chance > 0.985 and len(name) > 1:
        at = rng.randint(1, len(name) - 1)
        return name[:at] + "\n" + name[at:]
    return name


def _mutated(marked: str, rng: random.Random) -> str:
    """Other words for people before names, other deeds behind them, lines broken elsewhere."""
    roles = sorted(cues()["roles"])
    verbs = sorted(v for v in cues()["verbs"] if len(v) > 1)

    def before(match: re.Match[str]) -> str:
        if rng.random() > 0.3:
            return match[0]
        for length in (5, 4, 3, 2):
            if match[1][-length:] in cues()["roles"]:
                return match[1][:-length] + rng.choice(roles) + "⟦"
        return match[0]

    def behind(match: re.Match[str]) -> str:
        if rng.random() > 0.3:
            return match[0]
        for length in (4, 3, 2):
            if match[1][:length] in cues()["verbs"]:
                return "⟧" + rng.choice(verbs) + match[1][length:]
        return match[0]

    marked = re.sub(r"([\u4e00-\u9fff]{2,5})⟦(?=name\|)", before, marked)
    marked = re.sub(r"⟧([\u4e00-\u9fff]{2,4})", behind, marked)
    if rng.random() < 0.2:
        marked = re.sub(
            r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])",
            lambda _: "\n" if rng.random() < 0.01 else "",
            marked,
        )
    return marked


class Heard(NamedTuple):
    """A normalised text, where names could hide in it, and what the rules say of it."""

    text: str
    where: list[tuple[int, int]]
    rules: list[str]


def heard(text: str, known: Iterable[str] = ()) -> Heard:
    """What the judge is told of a normalised text, beside the text itself.

    ``known``: names that were found in it before.
    """
    sheet = Sheet(text)
    marks = bytearray(len(text))
    for shield in (f for detector in SHIELDS for f in detector.find(sheet)):
        marks[shield.start : shield.end] = b"\x01" * (shield.end - shield.start)
    found = [f for detector in NAMES for f in detector.find(sheet)]
    found += listed.beside(text, found)
    there = list(again.find(text, known))
    where = plain.unclear(text, marks, ((f.start, f.end) for f in there))
    return Heard(text, where, crf.proposed(len(text), [*found, *there]))


def labelled(
    marked: Iterable[str], rng: random.Random
) -> Iterator[tuple[list[crf.Item], list[str]]]:
    """Each unclear stretch of the marked texts as the model is to learn it.

    Now and then the rules are silent: the model must not lean on them alone.
    """
    for text in marked:
        bare = unmark(text)
        normal = normalise(bare.text)
        known = {bare.text[s:e] for s, e in bare.names if rng.random() < 0.8}
        told = heard(normal.text, sorted(known))
        labels = _labels(bare, normal.places or range(len(bare.text)))
        like = crf.framed(normal.text)
        for start, end in told.where:
            rules = told.rules[start:end] if rng.random() > 0.3 else [""] * (end - start)
            yield crf.items(like[start : end + crf.AROUND], rules), labels[start:end]


def _labels(plain: Marked, places: Sequence[int]) -> list[str]:
    inside = {i: start for start, end in plain.names for i in range(start, end)}
    owners = [inside.get(p) for p in places]
    labels = ["O"] * len(owners)
    for i, owner in enumerate(owners):
        if owner is None:
            continue
        first = i == 0 or owners[i - 1] != owner
        last = i == len(owners) - 1 or owners[i + 1] != owner
        labels[i] = "B" if first else "E" if last else "M"
    return labels


def material(cases: Sequence[Case], seed: int) -> Iterator[str]:
    """Every marked text the model is trained on."""
    rng = random.Random(seed)
    for case in cases:
        yield of_case(case)
        for _ in range(COPIES):
            yield varied(case, rng)
    for _ in range(SENTENCES):
        yield "".join(sentence(rng) for _ in range(rng.choice((1, 1, 2))))


def train(cases: Sequence[Case], path: Path, seed: int = SEED) -> None:
    """Train on ``cases`` and invented sentences; write the model to ``path``."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=PARAMS, verbose=False)
    rng = random.Random(seed)
    for xs, ys in labelled(material(cases, seed), rng):
        trainer.append(xs, ys)
    trainer.train(str(path))


@dataclass
class Score:
    """Counts over documents; shown in percent."""

    gold: int = 0
    covered: int = 0
    exact: int = 0
    spans: int = 0
    right: int = 0
    keeps: int = 0
    harmed: int = 0

    def __str__(self) -> str:
        def share(part: int, whole: int) -> str:
            return f"{100 * part / max(1, whole):6.2f}"

        return (
            f"covered {share(self.covered, self.gold)} ({self.gold - self.covered} of {self.gold} not)"
            f"  exact {share(self.exact, self.gold)}  precise {share(self.right, self.spans)}"
            f"  kept harmed {share(self.harmed, self.keeps)} ({self.harmed})"
        )


def score(
    case: Case, spans: Iterable[tuple[int, int]], into: Score, kinds: frozenset[str] = PEOPLE
) -> list[str]:
    """Add a document's counts to ``into``; returns what was missed or harmed."""
    spans = sorted(set(spans))
    mask = bytearray(len(case.text))
    for start, end in spans:
        mask[start:end] = b"\x01" * (end - start)
    notes: list[str] = []
    for g in case.gold:
        letters = [i for i in range(g.start, g.end) if case.text[i].isalpha()]
        around = case.text[max(0, g.start - 8) : g.end + 8].replace("\n", "/")
        if g.kind in kinds:
            into.gold += 1
            whole = all(mask[i] for i in letters)
            into.covered += whole
            into.exact += (g.start, g.end) in spans
            if not whole:
                notes.append(f"MISS {case.name} {case.text[g.start : g.end]!r} in {around}")
        elif g.kind == "keep":
            into.keeps += 1
            if any(mask[i] for i in letters):
                into.harmed += 1
                notes.append(f"HARM {case.name} {case.text[g.start : g.end]!r} in {around}")
    people = [g for g in case.gold if g.kind in PEOPLE]
    for start, end in spans:
        into.spans += 1
        hit = any(g.start < end and start < g.end for g in people)
        into.right += hit
        if not hit:
            notes.append(
                f"FALSE {case.name} {case.text[start:end]!r} in {case.text[max(0, start - 8) : end + 8]!r}"
            )
    return notes


def predict(model: crf.Model, case: Case, least: float) -> list[tuple[int, int]]:
    """The model's names in a document, as offsets in its text."""
    normal = normalise(case.text)
    told = heard(normal.text)
    return [normal.back(s, e) for s, e, _ in model.names(*told, least)]


def folds(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case], list[Case]]]:
    """Five folds by document, then: the second part of the corpus after the first."""
    for k in range(5):
        yield f"fold{k}", [c for i, c in enumerate(cases) if i % 5 != k], list(cases[k::5])
    first = [c for c in cases if c.name < "1"]
    yield "later", first, [c for c in cases if c.name >= "1"]


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--only", default="")
    options.add_argument("--models", type=Path, help="where the models of --check go")
    chosen = options.parse_args()
    cases = load("dev")
    begun = time.process_time()
    if not chosen.check:
        train(cases, crf.MODEL)
        print(
            f"{crf.MODEL.name}: {crf.MODEL.stat().st_size / 1e6:.1f} MB, {time.process_time() - begun:.0f} s"
        )
        return
    folder = chosen.models or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    levels = (0.2, 0.35, 0.5, 0.7, 0.9)
    total = {level: Score() for level in levels}
    for name, known, new in folds(cases):
        if chosen.only and name not in chosen.only.split(","):
            continue
        path = folder / f"{name}.crfsuite"
        train(known, path)
        model = crf.Model(path)
        own = total if name != "later" else {level: Score() for level in levels}
        for level in levels:
            for case in new:
                notes = score(case, predict(model, case, level), own[level])
                if level == 0.5:
                    print(*notes, sep="\n", file=sys.stderr)
        print(
            name,
            f"{time.process_time() - begun:.0f} s, {path.stat().st_size / 1e6:.1f} MB",
            flush=True,
        )
        for level in levels:
            print(f"  at {level}: {own[level]}", flush=True)


if __name__ == "__main__":
    main()
